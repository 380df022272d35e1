//! `--against-git REV`: the files of a commit, read with the `git` program.

use std::process::Command;

use super::{BEFORE, causes, change, counts, tool};
use crate::tool::Tool;

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn say(what: &str) {
    eprintln!("{what}");
}

/// Runs git in the folder of a tool; returns whether it is there and has done it.
fn git(tool: &Tool, line: &str) -> bool {
    let done = Command::new("git")
        .current_dir(tool.path(""))
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.com"])
        .args([
            "-c",
            "commit.gpgsign=false",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(line.split(' '))
        .output();
    let Ok(output) = done else {
        say("skipped: there is no program `git`");
        return false;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {line}: {said}");
    true
}

#[test]
fn the_files_of_a_commit_are_what_a_change_is_compared_with() {
    let mut tool = tool();
    tool.write_bytes(
        "new/gone.yaml",
        "name: Gone\nsmart_list: { filters: [ state: CA ] }\nflow: [ change_score: +1 ]\n",
    );
    if !git(&tool, "init -q") {
        return;
    }
    git(&tool, "add new");
    git(&tool, "commit -q -m first");
    std::fs::remove_file(tool.path("new/gone.yaml")).unwrap();
    change(&tool, "at_least: 50 }\n    -", "at_least: 40 }\n    -");
    let plan = tool.row("campaign plan new --against-git HEAD --prune");
    assert_eq!(plan["against"], "HEAD");
    assert_eq!(counts(&plan, "Letter"), "2 4 2 0 0");
    assert_eq!(
        causes(&plan, "Gone"),
        "definition | - | in use | pruned 0 3 0\n"
    );
    // The workspace lies above the file that is named.
    let plan = tool.row("campaign plan new/all.yaml --against-git HEAD");
    assert_eq!(counts(&plan, "Letter"), "2 4 2 0 0");
    tool.write_bytes("new/all.yaml", BEFORE);
    let plan = tool.row("campaign plan new/all.yaml --against-git HEAD");
    assert_eq!(plan["campaigns"], serde_json::json!([]));
}

#[test]
fn what_git_does_not_have_is_an_error() {
    let mut tool = tool();
    if !git(&tool, "init -q") {
        return;
    }
    git(&tool, "add campaigns");
    git(&tool, "commit -q -m first");
    tool.run("campaign plan campaigns --against-git nowhere")
        .stderr(
            "
            error: cannot read `nowhere` with git: it is not there
            help: write a commit, a branch or a tag of the repository of the current folder
            ",
        )
        .code(3);
    tool.run("campaign plan new --against-git HEAD")
        .stderr(
            "
            error: there is no `new` in `HEAD`
            help: `git ls-tree -r --name-only REV` lists what is there
            ",
        )
        .code(3);
    tool.run("campaign plan ../campaigns --against-git HEAD")
        .any_stderr()
        .code(2);
    tool.run("campaign plan campaigns --against-git=--help")
        .any_stderr()
        .code(2);
}
