//! A plan that is kept, and runs that do exactly that or refuse.

use super::{change, tool};
use crate::tool::Tool;

/// A change that is planned, kept in `letter.plan`, and loaded.
fn planned() -> Tool {
    let mut tool = tool();
    change(&tool, "at_least: 50 }\n    -", "at_least: 40 }\n    -");
    tool.done("campaign plan new --out letter.plan");
    tool
}

#[test]
fn what_was_planned_runs() {
    let mut tool = planned();
    tool.done("campaign load new");
    let run = tool.row("campaign run Letter --plan letter.plan --now 2026-11-02T11:00:00Z");
    assert_eq!(run["qualified"], 4);
    // The same command repeats nothing, and the plan is not asked again.
    tool.run("campaign run Letter --plan letter.plan --now 2026-11-02T11:00:00Z")
        .any_stdout()
        .any_stderr()
        .code(0);
}

#[test]
fn definitions_that_are_not_those_of_the_plan_are_refused() {
    let mut tool = planned();
    tool.run("campaign run Letter --plan letter.plan")
        .stderr(
            "
            error: `Letter` is not as planned at 2026-11-02T10:00:00Z: its definition is another one
            help: `bugle campaign plan --out` plans it anew
            ",
        )
        .code(7);
    assert_eq!(tool.query("SELECT count(*) FROM run"), "0\n");
    tool.done("campaign load new");
    tool.done("campaign deactivate Follow");
    tool.run("campaign run Letter --plan letter.plan")
        .stderr(
            "
            error: `Letter` is not as planned at 2026-11-02T10:00:00Z: `Follow`, which it may start, is not active
            help: `bugle campaign plan --out` plans it anew
            ",
        )
        .code(7);
}

#[test]
fn another_audience_is_refused_and_said_to_be_another_one() {
    let mut tool = planned();
    tool.done("campaign load new");
    tool.write_bytes(
        "later.csv",
        "id,lead_score,state\nann,20,CA\nbob,55,CA\neve,41,CA\ncid,45,CA\n",
    );
    tool.done("person load later.csv --key id");
    tool.run("campaign run Letter --plan letter.plan")
        .stderr(
            "
            error: `Letter` is not as planned at 2026-11-02T10:00:00Z: 1 person qualifies now (#5)
            error: `Letter` is not as planned at 2026-11-02T10:00:00Z: 1 person no longer qualifies (#1)
            error: `Letter` is not as planned at 2026-11-02T10:00:00Z: 1 person has changed in what it reads of them (#2)
            help: `bugle campaign plan --out` plans it anew
            ",
        )
        .code(7);
    assert_eq!(tool.query("SELECT count(*) FROM run"), "0\n");
}

#[test]
fn what_the_campaign_does_not_read_may_change() {
    let mut tool = planned();
    tool.done("campaign load new");
    tool.write_bytes("later.csv", "id,city\nann,Berlin\n");
    tool.done("person load later.csv --key id");
    tool.run("campaign run Letter --plan letter.plan")
        .any_stdout()
        .code(0);
}

#[test]
fn what_is_no_plan_is_refused() {
    let mut tool = planned();
    tool.run("campaign run Letter --plan people.csv")
        .stderr(
            "
            error: `people.csv` is no saved plan
            help: `bugle campaign plan --out FILE` writes one
            ",
        )
        .code(2);
    tool.run("campaign run Letter --plan gone.plan")
        .any_stderr()
        .code(3);
    tool.run("campaign plan new --out new/all.yaml")
        .any_stderr()
        .code(2);
}
