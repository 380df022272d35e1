//! Completion in a shell: names of the database, opt-in people, and nothing that is hidden.

use super::tool::Tool;

/// Returns what a shell is offered for a command line whose last word is being typed, as fish asks for it.
fn offered(tool: &Tool, variable: &str, words: &[&str]) -> Vec<String> {
    let output = tool
        .command()
        .env(variable, "fish")
        .args(["--", "bugle"])
        .args(words)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let offered = String::from_utf8(output.stdout).unwrap();
    let name = |line: &str| line.split('\t').next().unwrap().to_owned();
    offered.lines().map(name).collect()
}

fn workspace() -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-02T09:00:00Z")
        .file(
            "campaigns/workspace.yaml",
            "
            lists: [Readers, Old readers]
            emails: { welcome: { subject: Hello, from: a@example.com, body: Hello } }
            smart_lists: { Rich: { filters: [ lead_score: { at_least: 50 } ] } }
            ",
        )
        .file(
            "campaigns/letter.yaml",
            "
            name: Monthly letter
            smart_list: { filters: [ member_of_list: Readers ] }
            flow: [ send_email: welcome, remove_from_list: Old readers ]
            ",
        )
        .file(
            "people.csv",
            "email,id\nann@example.com,a1\nben@example.com,\n",
        )
        .loaded();
    tool.done("person load people.csv --list Readers");
    tool
}

#[test]
fn names_come_from_the_database() {
    let tool = workspace();
    let offered = |words: &[&str]| offered(&tool, "BUGLE_COMPLETE", words);
    assert_eq!(offered(&["campaign", "show", "mon"]), ["monthly-letter"]);
    assert_eq!(offered(&["campaign", "run", ""])[0], "monthly-letter");
    assert!(
        offered(&["person", "load", "people.csv", "--list", "R"]).contains(&"Readers".to_owned())
    );
    assert_eq!(offered(&["person", "list", "--smart-list", "r"]), ["Rich"]);
    assert_eq!(offered(&["outbox", "list", "--email", "w"]), ["welcome"]);
    assert_eq!(
        offered(&["campaign", "log", "monthly-letter", "--type", "send_e"]),
        ["send_email"]
    );
    assert_eq!(offered(&["explain", "unknown-fie"]), ["unknown-field"]);
}

#[test]
fn people_are_offered_only_where_that_was_asked_for() {
    let tool = workspace();
    let words = ["person", "log", "a"];
    assert_eq!(offered(&tool, "BUGLE_COMPLETE", &words), [""; 0]);
    assert_eq!(
        offered(&tool, "BUGLE_COMPLETE_PEOPLE", &words),
        ["ann@example.com"]
    );
}

#[test]
fn another_database_is_asked_if_it_is_named_and_none_is_no_error() {
    let tool = workspace();
    std::fs::rename(tool.path("bugle.db"), tool.path("other.db")).unwrap();
    let words = ["campaign", "show", "m"];
    assert_eq!(offered(&tool, "BUGLE_COMPLETE", &words), [""; 0]);
    let named = ["--db", "other.db", "campaign", "show", "m"];
    assert_eq!(offered(&tool, "BUGLE_COMPLETE", &named), ["monthly-letter"]);
    let tool = tool.variable("BUGLE_DB", "other.db");
    assert_eq!(offered(&tool, "BUGLE_COMPLETE", &words), ["monthly-letter"]);
}

#[test]
fn nothing_hidden_is_offered() {
    let tool = Tool::new();
    let options = offered(&tool, "BUGLE_COMPLETE", &["campaign", "list", "--"]);
    assert!(options.contains(&"--db".to_owned()), "{options:?}");
    assert!(!options.contains(&"--chunk".to_owned()), "{options:?}");
}

#[test]
fn each_shell_has_a_script_that_asks_the_program() {
    let mut tool = Tool::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = tool.text(["completions", shell]);
        assert!(script.contains("BUGLE_COMPLETE"), "{shell}:\n{script}");
        assert!(
            !script.contains("BUGLE_COMPLETE_PEOPLE"),
            "{shell}:\n{script}"
        );
        let script = tool.text(["completions", shell, "--people"]);
        assert!(
            script.contains("BUGLE_COMPLETE_PEOPLE"),
            "{shell}:\n{script}"
        );
    }
}

/// Returns what bash makes of the completion of a command line: the options that it is given for the words, and the words.
#[cfg(unix)]
fn completed_by_bash(tool: &mut Tool, words: &[&str]) -> String {
    let script = tool.text("completions bash");
    let bugle = std::path::Path::new(env!("CARGO_BIN_EXE_bugle"));
    let last = words.len();
    let line = format!(
        "compopt() {{ [[ $1 == +o ]] || echo compopt \"$1\" \"$2\"; }}
        {script}
        COMP_WORDS=(bugle {words}) COMP_CWORD={last}
        _clap_complete_bugle bugle '{typed}' ''
        printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words = words.join(" "),
        typed = words[last - 1],
    );
    let path = std::env::var_os("PATH").unwrap();
    let output = std::process::Command::new("bash")
        .args(["--norc", "-c", &line])
        .current_dir(tool.path(""))
        .env_clear()
        .env(
            "PATH",
            format!("{}:{}", bugle.parent().unwrap().display(), path.display()),
        )
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[cfg(unix)]
#[test]
fn bash_quotes_names_with_blanks() {
    let mut tool = workspace();
    let mut completed = |words: &[&str]| completed_by_bash(&mut tool, words);
    assert_eq!(
        completed(&["person", "load", "people.csv", "--list", "Old"]),
        "compopt -o filenames\nOld readers\n"
    );
    assert_eq!(
        completed(&["person", "load", "people.csv", "--list", "Rea"]),
        "Readers\n"
    );
}

#[test]
fn bash_breaks_no_address_where_people_are_offered() {
    let mut tool = workspace();
    let broken = "COMP_WORDBREAKS=";
    assert!(tool.text("completions bash --people").contains(broken));
    assert!(!tool.text("completions bash").contains(broken));
}

#[test]
fn programs_their_statuses_and_the_emails_of_an_explanation_are_offered() {
    let mut tool = workspace();
    tool.write(
        "campaigns/fair/program.yaml",
        "{ name: Spring fair, statuses: [ { name: Invited, step: 1 }, { name: Came, step: 2 } ] }",
    );
    tool.done("campaign load campaigns");
    let offered = |words: &[&str]| offered(&tool, "BUGLE_COMPLETE", words);
    let members = ["person", "load", "people.csv", "--as-members"];
    assert_eq!(offered(&[&members[..], &["s"]].concat()), ["Spring fair"]);
    let status = [&members[..], &["Spring fair", "--status", "in"]].concat();
    assert_eq!(offered(&status), ["Invited"]);
    assert_eq!(
        offered(&["person", "explain", "a1", "--email", "w"]),
        ["welcome"]
    );
}
