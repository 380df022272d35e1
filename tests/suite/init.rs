//! `bugle init`: the workspace it writes works as it is, and nothing of the user's is overwritten.

use std::path::Path;
use std::process::Command;

use super::tool::Tool;

const WRITTEN: &str = "
    wrote 15 files into `letters`
      .githooks/pre-commit
      .github/workflows/campaigns.yml
      .gitignore
      .vscode/settings.json
      campaigns/demo-request.yaml
      campaigns/emails/demo-reminder.md
      campaigns/emails/demo-thanks.md
      campaigns/emails/monthly-letter.md
      campaigns/monthly-letter.yaml
      campaigns/schema/campaign.schema.json
      campaigns/schema/program.schema.json
      campaigns/schema/workspace.schema.json
      campaigns/workspace.yaml
      events.jsonl
      people.csv

    next:
      cd letters && bugle campaign test
      bugle campaign load
      bugle person load people.csv --list \"Newsletter readers\"
      bugle campaign replay-events events.jsonl
    ";

/// Makes a folder with a workspace in `letters`.
fn letters() -> Tool {
    let mut tool = Tool::new();
    tool.done("init letters");
    tool
}

/// Runs a script in a folder, with the program on its path; returns whether it succeeded and everything it printed.
fn shell(folder: &Path, script: &str) -> (bool, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_bugle")).parent().unwrap();
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("exec 2>&1\n{script}"))
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", program.display()))
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    (output.status.success(), printed)
}

#[test]
fn the_files_and_the_next_commands_are_named() {
    Tool::new()
        .run("init letters")
        .stdout(WRITTEN)
        .code(0)
        .done("campaign validate letters/campaigns --deny-warnings");
}

#[test]
fn the_next_commands_work_one_after_the_other() {
    let mut tool = Tool::new();
    let said = tool.text("init 'my letters'");
    let (_, next) = said.split_once("next:\n").unwrap();
    assert_eq!(next.lines().count(), 4);
    let script = format!("set -e\n{next}");
    let (succeeded, printed) = shell(&tool.path(""), &script);
    assert!(succeeded, "{printed}");
    assert!(printed.contains("note: 4 tests passed\n"), "{printed}");
    assert!(
        printed.contains("entries                  2  into campaigns\n"),
        "{printed}"
    );
}

#[test]
fn without_a_folder_the_workspace_goes_into_the_current_one() {
    let mut tool = Tool::new().file("README.md", "mine\n");
    let summary = tool.text("init -f json");
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(summary["folder"], ".");
    assert_eq!(summary["next"][0], "bugle campaign test");
    for file in summary["files"].as_array().unwrap() {
        assert!(tool.path(file.as_str().unwrap()).is_file(), "{file}");
    }
    tool.load()
        .done("person load people.csv --list 'Newsletter readers'");
    let summary = tool.rows("campaign run 'Monthly letter' --dry-run");
    assert_eq!(summary[0]["qualified"], 4);
}

#[test]
fn a_folder_that_has_such_files_is_refused_and_they_are_named() {
    let tool = &mut Tool::new()
        .file("home/.gitignore", "mine\n")
        .file("home/campaigns/old/trial.yaml", "name: Trial\n")
        .file("home/people.csv", "mine\n");
    tool.run("init home")
        .stderr(
            "
            error: `home` has files of a workspace, and nothing is overwritten: `.gitignore`, `campaigns/old/trial.yaml`, `people.csv`
            help: name another folder, `bugle init my-campaigns`, or move these files away
            ",
        )
        .code(4);
    let (_, files) = shell(&tool.path("home"), "find . -type f | sort");
    assert_eq!(
        files,
        "./.gitignore\n./campaigns/old/trial.yaml\n./people.csv\n"
    );
    assert_eq!(
        std::fs::read(tool.path("home/people.csv")).unwrap(),
        b"mine\n"
    );
}

#[test]
fn a_second_time_is_refused() {
    let said = letters().error("init letters");
    assert!(said.contains("`campaigns/monthly-letter.yaml`"), "{said}");
}

#[cfg(unix)]
#[test]
fn what_was_written_before_a_fault_is_taken_away_again() {
    let mut tool = Tool::new().file(
        "home/campaigns/emails",
        "a file, where a folder is needed\n",
    );
    let said = tool.error("init home");
    assert!(
        said.starts_with("error: cannot write `home/campaigns/emails`: "),
        "{said}"
    );
    let (_, files) = shell(&tool.path("home"), "find . -type f");
    assert_eq!(files, "./campaigns/emails\n");
}

/// A change of each filter, step, choice and rule of the two campaigns, which a test of the workspace notices.
#[test]
fn the_tests_of_the_workspace_notice_a_change_of_every_part() {
    let changes = [
        (
            "monthly-letter",
            "member_of_list: Newsletter readers",
            "email: { contains: example }",
        ),
        ("monthly-letter", "    - unsubscribed: false\n", ""),
        ("monthly-letter", "  - send_email: monthly-letter\n", ""),
        ("monthly-letter", "wait: 3 days", "wait: 9 days"),
        ("monthly-letter", "change: +5", "change: +4"),
        (
            "monthly-letter",
            "{ opened_email: { email",
            "{ not_opened_email: { email",
        ),
        (
            "monthly-letter",
            "default: do_nothing",
            "default: { change: +1 }",
        ),
        (
            "demo-request",
            "fills_out_form: Demo",
            "fills_out_form: any",
        ),
        (
            "demo-request",
            "    - email: { is_not_empty: true }\n",
            "    - member_of_smart_list: All People\n",
        ),
        ("demo-request", "  - send_email: demo-thanks\n", ""),
        (
            "demo-request",
            "  - add_to_list: Interested in a demo\n",
            "",
        ),
        ("demo-request", "change_score: +10", "change_score: +9"),
        ("demo-request", "  - wait: 2 days\n", ""),
        ("demo-request", "do_nothing: true", "email: demo-thanks"),
        (
            "demo-request",
            "default: { email: demo-reminder }",
            "default: do_nothing",
        ),
        (
            "demo-request",
            "qualification: { once_every: 7 days }",
            "qualification: every_time",
        ),
    ];
    let mut tool = letters();
    for (campaign, from, to) in changes {
        let path = tool.path(&format!("letters/campaigns/{campaign}.yaml"));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{campaign}: {from}");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let said = tool.error("campaign test letters/campaigns");
        assert!(
            said.contains("tests failed") || said.contains("test failed"),
            "{campaign}: {from} => {to}\n{said}"
        );
        std::fs::write(&path, text).unwrap();
    }
}

#[test]
fn the_hook_checks_once_it_is_switched_on() {
    let tool = letters();
    let folder = tool.path("letters");
    let hook = folder.join(".githooks/pre-commit");
    let text = std::fs::read_to_string(&hook).unwrap();
    assert_eq!(
        shell(&folder, "./.githooks/pre-commit"),
        (true, String::new())
    );
    let (head, commands) = text.split_once("\n\n").unwrap();
    let switched_on = commands.replace("# ", "");
    std::fs::write(&hook, format!("{head}\n\n{switched_on}")).unwrap();
    let (succeeded, printed) = shell(&folder, "./.githooks/pre-commit");
    assert!(
        succeeded && printed.ends_with("note: 4 tests passed\n"),
        "{printed}"
    );
    let letter = folder.join("campaigns/monthly-letter.yaml");
    let broken = std::fs::read_to_string(&letter)
        .unwrap()
        .replace("+5", "+4");
    std::fs::write(&letter, broken).unwrap();
    let (succeeded, printed) = shell(&folder, "./.githooks/pre-commit");
    assert!(!succeeded, "{printed}");
}

#[test]
fn the_workflow_runs_by_hand_until_it_is_switched_on_and_its_commands_work() {
    let tool = letters();
    let folder = tool.path("letters");
    let path = folder.join(".github/workflows/campaigns.yml");
    let text = std::fs::read_to_string(path).unwrap();
    let read = |text: &str| -> serde_yaml::Value { serde_yaml::from_str(text).unwrap() };
    let triggers = |workflow: &serde_yaml::Value| -> Vec<String> {
        let on = workflow["on"].as_mapping().unwrap();
        on.keys()
            .map(|key| key.as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(triggers(&read(&text)), ["workflow_dispatch"]);
    let workflow = read(&text.replace("  # p", "  p"));
    assert_eq!(
        triggers(&workflow),
        ["workflow_dispatch", "push", "pull_request"]
    );
    let steps = workflow["jobs"]["check"]["steps"].as_sequence().unwrap();
    let commands: Vec<&str> = steps
        .iter()
        .filter_map(|step| step["run"].as_str())
        .filter(|command| command.starts_with("bugle "))
        .collect();
    assert_eq!(commands.len(), 3);
    let (succeeded, printed) = shell(&folder, &format!("set -e\n{}", commands.join("\n")));
    assert!(succeeded, "{printed}");
}

#[test]
fn the_editor_settings_name_schemas_that_are_there() {
    let tool = letters();
    let settings = std::fs::read_to_string(tool.path("letters/.vscode/settings.json")).unwrap();
    let settings: serde_json::Value = serde_json::from_str(&settings).unwrap();
    let schemas = settings["yaml.schemas"].as_object().unwrap();
    assert_eq!(schemas.len(), 3);
    for schema in schemas.keys() {
        assert!(tool.path("letters").join(schema).is_file(), "{schema}");
    }
}

#[test]
fn git_leaves_databases_alone() {
    let tool = letters();
    let folder = tool.path("letters");
    for file in ["bugle.db", "bugle.db-wal", "bugle.db-shm", "bugle.db.lock"] {
        std::fs::write(folder.join(file), "").unwrap();
    }
    let script = "git init -q . && git status --porcelain --untracked-files=all";
    let (succeeded, status) = shell(&folder, script);
    assert!(succeeded && status.contains("?? people.csv"), "{status}");
    assert!(!status.contains("bugle.db"), "{status}");
}
