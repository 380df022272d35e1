//! The flow of a campaign as a diagram, with counts from the log.

use crate::tool::Tool;

/// A flow with each thing that a diagram has: a choice that ends the flow, an email that not everyone gets, a wait.
fn tour() -> Tool {
    Tool::new()
        .now("2026-11-02T15:00:00Z")
        .file(
            "campaigns/tour.yaml",
            r#"
            name: Tour
            smart_list: { filters: [ member_of_smart_list: All People ] }
            flow:
              - remove_from_flow:
                  choices: [ { if: { state: "N<Y" }, campaign: this } ]
                  default: do_nothing
              - send_email: letter
              - wait: 3 days
              - change_score: +1
            qualification: every_time
            "#,
        )
        .file(
            "people.csv",
            "
            email,state,unsubscribed
            ann@example.com,TX,
            ben@example.com,TX,
            cleo@example.com,N<Y,
            dan@example.com,TX,true
            ",
        )
        .loaded()
}

#[test]
fn counts_say_who_went_which_way_and_why_steps_were_skipped() {
    let mut tool = tour();
    tool.done("campaign run tour");
    tool.run("campaign show tour --diagram mermaid --counts")
        .stdout(
            r#"
            flowchart TD
                start(["member of smart list is All People<br>4 entered"])
                s1{"1. remove from flow"}
                start -->|"4"| s1
                s1c1["remove from this flow"]
                s1 -->|"state is N&lt;Y<br>1"| s1c1
                s1c1 -->|"1"| left
                s1c0["do nothing"]
                s1 -->|"else<br>3"| s1c0
                s2["2. send email letter<br>1 skipped: unsubscribed"]
                s1c0 -->|"3"| s2
                s3["3. wait 3 days<br>3 wait here"]
                s2 -->|"3"| s3
                s4["4. change lead_score by +1"]
                s3 -->|"0"| s4
                finish(["end<br>0 finished"])
                s4 -->|"0"| finish
                left(["left the flow"])
            "#,
        )
        .code(0);
    tool.run("campaign show tour --diagram dot --counts")
        .stdout(
            r#"
            digraph flow {
                node [shape=box, style=rounded, fontname="sans-serif"]
                edge [fontname="sans-serif"]
                start [label="member of smart list is All People\n4 entered", shape=oval]
                s1 [label="1. remove from flow", shape=diamond]
                start -> s1 [label="4"]
                s1c1 [label="remove from this flow"]
                s1 -> s1c1 [label="state is N<Y\n1"]
                s1c1 -> left [label="1"]
                s1c0 [label="do nothing"]
                s1 -> s1c0 [label="else\n3"]
                s2 [label="2. send email letter\n1 skipped: unsubscribed"]
                s1c0 -> s2 [label="3"]
                s3 [label="3. wait 3 days\n3 wait here"]
                s2 -> s3 [label="3"]
                s4 [label="4. change lead_score by +1"]
                s3 -> s4 [label="0"]
                finish [label="end\n0 finished", shape=oval]
                s4 -> finish [label="0"]
                left [label="left the flow", shape=oval]
            }
            "#,
        )
        .code(0);
    tool.advance("2026-11-06T15:00:00Z");
    let picture = tool.text("campaign show tour --diagram svg --counts");
    assert!(picture.starts_with("<svg xmlns="), "{picture}");
    for part in [
        "4 entered",
        "3 finished",
        "if state is N&lt;Y",
        "1 skipped: unsubscribed",
    ] {
        assert!(picture.contains(part), "no `{part}` in {picture}");
    }
    assert!(!picture.contains("wait here"), "{picture}");
}

#[test]
fn entries_of_an_older_flow_are_not_counted() {
    let mut tool = tour();
    tool.done("campaign run tour");
    let counted = "campaign show tour --diagram mermaid --counts";
    let tour = std::fs::read_to_string(tool.path("campaigns/tour.yaml")).unwrap();
    let shorter = tour.replace("  - send_email: letter\n", "");
    tool.write("campaigns/tour.yaml", &shorter);
    tool.load();
    tool.done("campaign run tour --person ann@example.com");
    let picture = tool.text(counted);
    for part in ["<br>1 entered", "wait 3 days<br>1 wait here"] {
        assert!(picture.contains(part), "no `{part}` in {picture}");
    }
    tool.write("campaigns/tour.yaml", &tour);
    tool.load();
    let picture = tool.text(counted);
    assert!(picture.contains("<br>4 entered"), "{picture}");
}

#[test]
fn counts_belong_to_a_diagram() {
    tour()
        .run("campaign show tour --counts")
        .stderr(
            "
            error: the following required arguments were not provided:
              --diagram <LANGUAGE>

            Usage: bugle campaign show [OPTIONS] <NAME>

            For more information, try '--help'.
            ",
        )
        .code(2);
}
