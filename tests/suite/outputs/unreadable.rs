//! A campaign file that cannot be read is never taken for one that is gone.

use std::fs;
use std::os::unix::fs::symlink;

use super::workspace;
use crate::tool::Tool;

/// The stored campaigns, each with its status.
fn statuses(tool: &mut Tool) -> String {
    tool.text("campaign list -f csv")
}

/// Runs each command that reads campaign files; all must fail alike, and change nothing.
#[track_caller]
fn refused(tool: &mut Tool, error: &str, code: i32) {
    let before = statuses(tool);
    for command in [
        "campaign load --prune",
        "campaign load",
        "campaign validate",
        "campaign test",
    ] {
        tool.run(command).stderr(error).code(code);
    }
    assert_eq!(statuses(tool), before);
}

#[test]
fn a_link_that_leads_nowhere_is_an_error() {
    for name in ["sales/note.yaml", "workspace.yaml", "emails/hello.md"] {
        let mut tool = workspace();
        let path = format!("campaigns/{name}");
        fs::remove_file(tool.path(&path)).unwrap();
        symlink("nowhere", tool.path(&path)).unwrap();
        let error = format!(
            "error: cannot read `{path}`: it is a link, and nothing is where it leads\n\
             help: put the link right, or delete it if its campaigns are gone\n"
        );
        refused(&mut tool, &error, 3);
    }
}

#[test]
fn a_folder_in_place_of_a_file_is_an_error() {
    for name in ["sales/note.yaml", "workspace.yaml"] {
        let mut tool = workspace();
        let path = format!("campaigns/{name}");
        fs::remove_file(tool.path(&path)).unwrap();
        fs::create_dir(tool.path(&path)).unwrap();
        let error = format!(
            "error: cannot read `{path}`: it is not a file\n\
             help: give it another name: all that ends in `.yaml` or `.yml` is read\n"
        );
        refused(&mut tool, &error, 3);
    }
}

#[test]
fn a_broken_link_in_place_of_a_folder_hides_no_campaign() {
    let mut tool = workspace();
    fs::remove_dir_all(tool.path("campaigns/sales")).unwrap();
    symlink("nowhere", tool.path("campaigns/sales")).unwrap();
    let before = statuses(&mut tool);
    tool.run("campaign load --prune")
        .stderr(
            "
            error: cannot read `campaigns/sales`: it is a link, and nothing is where it leads
            help: put the link right, or delete it if its campaigns are gone
            ",
        )
        .code(3);
    assert_eq!(statuses(&mut tool), before);
}

#[test]
fn campaigns_behind_a_link_to_a_folder_are_not_gone() {
    let mut tool = workspace();
    fs::rename(tool.path("campaigns/sales"), tool.path("sales")).unwrap();
    symlink("../sales", tool.path("campaigns/sales")).unwrap();
    let before = statuses(&mut tool);
    tool.done("campaign load --prune");
    assert_eq!(statuses(&mut tool), before);
}

#[test]
fn a_file_that_is_gone_is_pruned() {
    let mut tool = workspace();
    fs::remove_dir_all(tool.path("campaigns/sales")).unwrap();
    let loaded = tool.text("campaign load --prune -f csv");
    assert!(loaded.contains("Note,"), "{loaded}");
    assert!(statuses(&mut tool).contains("inactive"));
}

#[test]
fn a_link_to_a_file_outside_its_folder_is_refused() {
    let mut tool = workspace().file("secret.yaml", "name: Secret of the house\n");
    symlink("../secret.yaml", tool.path("campaigns/link.yaml")).unwrap();
    let folder = tool.path("campaigns").canonicalize().unwrap();
    let error = format!(
        "error: `campaigns/link.yaml` is a link to a file outside of `{}`\n\
         help: put a copy of the file in its place; links within the folder are read\n",
        folder.display()
    );
    refused(&mut tool, &error, 1);
    tool.run("campaign validate campaigns/link.yaml")
        .stderr(&error)
        .code(1);
    fs::remove_file(tool.path("campaigns/link.yaml")).unwrap();
    symlink("../letter.yaml", tool.path("campaigns/emails/same.yaml")).unwrap();
    tool.done("campaign validate");
}
