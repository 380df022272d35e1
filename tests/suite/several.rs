//! Several processes on one database: one writes, the others wait or say who is at work; readers never wait.

use std::process::{Child, Stdio};

use super::tool::Tool;

/// A monthly letter with a wait, and two people.
fn daily() -> Tool {
    Tool::new()
        .now("2026-11-01T00:00:00Z")
        .daily_letter()
        .file(
            "people.csv",
            "
            email
            ann@example.com
            ben@example.com
            ",
        )
        .loaded()
}

fn advance(tool: &Tool, until: &str) -> Child {
    tool.command()
        .args([
            "campaign", "advance", "--wait", "1 minute", "--until", until,
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_second_writer_leaves_and_says_who_is_writing_since_when() {
    let mut tool = daily();
    let writer = tool.writer();
    let advance = ["campaign", "advance", "--wait", "0 minutes"];
    writer.turns_away(&mut tool, advance);
    tool.done("campaign list -f csv");
    drop(writer);
    tool.done(advance);
}

#[test]
fn a_second_writer_waits_for_the_first() {
    let mut tool = daily();
    let writer = tool.writer();
    let mut second = advance(&tool, "2026-11-03");
    assert!(second.try_wait().unwrap().is_none(), "it waits");
    drop(writer);
    assert_eq!(second.wait().unwrap().code(), Some(0));
    tool.run("campaign runs -f csv")
        .stdout(
            "
            run_id,campaign,version,at,state,matched,excluded,qualified,blocked,waiting,allowed
            1,Letter,1,2026-11-02T09:00:00Z,waiting,2,0,2,0,2,[]
            ",
        )
        .code(0);
}

#[test]
fn schedulers_started_at_once_do_everything_once() {
    let mut alone = daily();
    assert_eq!(
        advance(&alone, "2026-11-20").wait().unwrap().code(),
        Some(0)
    );
    let expected = alone.dump();
    let mut tool = daily();
    let crowd: Vec<Child> = (0..8).map(|_| advance(&tool, "2026-11-20")).collect();
    for mut scheduler in crowd {
        assert_eq!(scheduler.wait().unwrap().code(), Some(0));
    }
    assert_eq!(tool.dump(), expected);
}
