//! `campaign fmt`: canonical layout of campaign files, written, compared and shown.

use super::tool::Tool;

const UNTIDY: &str = "\
# Letters.
name:   Trial
smart_list:
    filters:
    - state: [CA,   NY]   # two states


    - lead_score: {at_least: 5}
flow:
- send_email: 'letter'
";

const TIDY: &str = "\
# Letters.
name: Trial
smart_list:
  filters:
    - state: [CA, NY] # two states

    - lead_score: { at_least: 5 }
flow:
  - send_email: letter
";

fn untidy() -> Tool {
    Tool::new()
        .bytes("campaigns/trial.yaml", UNTIDY.as_bytes())
        .bytes("campaigns/tidy.yaml", TIDY.as_bytes())
}

fn read(tool: &Tool, name: &str) -> String {
    std::fs::read_to_string(tool.path(name)).unwrap()
}

#[test]
fn files_are_laid_out_and_only_the_changed_ones_are_named() {
    let mut tool = untidy();
    tool.run(["campaign", "fmt"])
        .stdout(
            "
            file                  change
            ───────────────────────────────
            campaigns/trial.yaml  formatted
            ",
        )
        .stderr("note: 1 of 2 files changed\n")
        .code(0);
    assert_eq!(read(&tool, "campaigns/trial.yaml"), TIDY);
    assert_eq!(read(&tool, "campaigns/tidy.yaml"), TIDY);
    tool.run(["campaign", "fmt"])
        .stderr("note: 2 files in canonical layout\n")
        .code(0);
}

#[test]
fn check_writes_nothing_and_fails_where_a_file_would_change() {
    let mut tool = untidy();
    tool.run(["campaign", "fmt", "--check"])
        .stdout(
            "
            file                  change
            ───────────────────────────────────
            campaigns/trial.yaml  not formatted
            ",
        )
        .stderr(
            "
            error: 1 of 2 files not in canonical layout
            help: `bugle campaign fmt` puts them into it
            ",
        )
        .code(1);
    assert_eq!(read(&tool, "campaigns/trial.yaml"), UNTIDY);
    tool.run(["campaign", "fmt", "--check", "campaigns/tidy.yaml"])
        .stderr("note: 1 file in canonical layout\n")
        .code(0);
}

#[test]
fn diff_shows_what_would_change() {
    let mut tool = Tool::new().file("t.yaml", "name:  Trial\nflow:\n");
    tool.run(["campaign", "fmt", "t.yaml", "--diff"])
        .stdout(
            "
            --- t.yaml
            +++ t.yaml
            @@ -1,2 +1,2 @@
            -name:  Trial
            +name: Trial
             flow:
            ",
        )
        .stderr("note: 1 of 1 file would change\n")
        .code(0)
        .run(["campaign", "fmt", "t.yaml", "--check", "-f", "json"])
        .stdout(
            "
            [
              {\"file\":\"t.yaml\",\"change\":\"not_formatted\",\"diff\":\"--- t.yaml\\n+++ t.yaml\\n@@ -1,2 +1,2 @@\\n-name:  Trial\\n+name: Trial\\n flow:\\n\"}
            ]
            ",
        )
        .any_stderr()
        .code(1);
    assert_eq!(read(&tool, "t.yaml"), "name:  Trial\nflow:\n");
}

#[test]
fn standard_input_goes_to_standard_output() {
    Tool::new()
        .stdin(UNTIDY)
        .run(["campaign", "fmt", "-"])
        .stdout(TIDY)
        .code(0);
    let mut tool = Tool::new().stdin(UNTIDY);
    tool.run(["campaign", "fmt", "-", "--check"]).code(1);
    let mut tool = Tool::new().stdin(TIDY);
    tool.run(["campaign", "fmt", "-", "--check"])
        .code(0)
        .run(["campaign", "fmt", "-", "campaigns"])
        .stderr(
            "
            error: `-` stands for one text and allows no other path
            help: write `bugle campaign fmt -` alone
            ",
        )
        .code(2);
}

#[test]
fn a_file_with_an_error_of_syntax_is_left_alone_and_the_others_are_laid_out() {
    let mut tool = untidy().file("campaigns/broken.yaml", "name:   Broken\nflow: [\n");
    let ran = tool.run(["campaign", "fmt", "-f", "csv"]);
    let said = ran.into_stderr();
    assert!(said.contains("campaigns/broken.yaml:2:7"), "{said}");
    assert_eq!(
        read(&tool, "campaigns/broken.yaml"),
        "name:   Broken\nflow: [\n"
    );
    assert_eq!(read(&tool, "campaigns/trial.yaml"), TIDY);
    tool.run(["campaign", "fmt", "-f", "csv"])
        .stdout("file,change,diff\ncampaigns/broken.yaml,faulty,\n")
        .any_stderr()
        .code(1);
}

#[test]
fn a_fault_of_meaning_does_not_stop_the_layout() {
    let mut tool = Tool::new().file("t.yaml", "nmae:   Trial\n");
    tool.run(["campaign", "fmt", "t.yaml"])
        .any_stdout()
        .any_stderr()
        .code(0);
    assert_eq!(read(&tool, "t.yaml"), "nmae: Trial\n");
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let mut tool = untidy();
    let file = tool.path("campaigns/trial.yaml");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    symlink("campaigns/trial.yaml", tool.path("link.yaml")).unwrap();
    tool.run(["campaign", "fmt", "link.yaml"])
        .any_stdout()
        .any_stderr()
        .code(0);
    assert_eq!(read(&tool, "campaigns/trial.yaml"), TIDY);
    assert!(tool.path("link.yaml").is_symlink());
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    let left = std::fs::read_dir(tool.path("campaigns")).unwrap().count();
    assert_eq!(left, 2, "a temporary file is left");
}

#[test]
fn a_read_only_file_is_not_replaced() {
    let mut tool = untidy();
    let file = tool.path("campaigns/trial.yaml");
    let mut permissions = file.metadata().unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&file, permissions).unwrap();
    tool.run(["campaign", "fmt", "campaigns/trial.yaml"])
        .stderr("error: cannot write `campaigns/trial.yaml`: permission denied\n")
        .code(3);
    assert_eq!(read(&tool, "campaigns/trial.yaml"), UNTIDY);
}

#[test]
fn the_samples_and_the_workspace_of_init_are_in_canonical_layout() {
    let mut tool = Tool::new().copy("campaigns").copy("fixtures");
    tool.run(["init", "letters"]).any_stdout().code(0);
    tool.run([
        "campaign",
        "fmt",
        "--check",
        "campaigns",
        "fixtures",
        "letters",
    ])
    .stderr("note: 31 files in canonical layout\n")
    .code(0);
}

#[test]
fn the_canonical_definitions_of_the_samples_do_not_change() {
    let mut tool = Tool::new().copy("campaigns");
    for entry in [
        "campaigns/california-newsletter.yaml",
        "campaigns/workspace.yaml",
    ] {
        let path = tool.path(entry);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(
            &path,
            text.replace(": ", ":   ")
                .replace(":   default", ": default"),
        )
        .unwrap();
    }
    tool.run(["campaign", "load"]).any_stdout().code(0);
    tool.run(["campaign", "fmt"])
        .any_stdout()
        .any_stderr()
        .code(0);
    let rows = tool.rows(["campaign", "load"]);
    let changed: Vec<_> = rows
        .iter()
        .filter(|row| row["change"] != "unchanged")
        .collect();
    assert_eq!(changed, Vec::<&serde_json::Value>::new());
}
