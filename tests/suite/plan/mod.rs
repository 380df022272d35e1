//! `campaign plan`: what a change of campaigns does to people.

mod causes;
mod git;
mod saved;

use serde_json::{Value as Json, json};

use crate::tool::Tool;

/// The campaigns before the change: a letter, and a trigger campaign that follows on it.
const BEFORE: &str = "
name: Letter
smart_list:
  filters:
    - lead_score: { at_least: 50 }
    - member_of_smart_list: Mailable
flow:
  - send_email: letter
  - change_score: { choices: [ { if: { state: CA }, change: +2 } ], default: +1 }
  - wait: 1 day
  - add_to_list: Readers
qualification: every_time
---
name: Follow
smart_list:
  triggers: [ visits_web_page: { web_page: /pricing } ]
  filters: [ lead_score: { at_least: 50 } ]
flow: [ send_email: follow ]
active: true
";

const WORKSPACE: &str = "
smart_lists: { Mailable: { filters: [ unsubscribed: false ] } }
emails: { letter: { subject: Hello }, follow: { subject: Still there? } }
lists: [Readers, Others]
";

/// Six people and the campaigns above, loaded; the change is to be written to `new`.
fn tool() -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-02T10:00:00Z")
        .bytes("campaigns/all.yaml", BEFORE)
        .bytes("campaigns/workspace.yaml", WORKSPACE)
        .bytes("new/all.yaml", BEFORE)
        .bytes("new/workspace.yaml", WORKSPACE)
        .bytes(
            "people.csv",
            "id,email,lead_score,state,unsubscribed\n\
             ann,a@example.com,60,CA,\n\
             bob,b@example.com,55,NY,\n\
             cid,c@example.com,45,CA,\n\
             dee,d@example.com,42,NY,\n\
             eve,e@example.com,10,CA,\n\
             flo,f@example.com,70,NY,true\n",
        )
        .bytes(
            "events.csv",
            "at,person,type,web_page\n\
             2026-11-01T10:00:00Z,ann,visits_web_page,/pricing\n\
             2026-11-01T11:00:00Z,cid,visits_web_page,/pricing\n\
             2026-11-01T12:00:00Z,bob,visits_web_page,/prices\n",
        );
    tool.load();
    tool.done("person load people.csv --key id");
    tool
}

/// Writes the change: a text of the campaigns, or of the workspace, is another one.
fn change(tool: &Tool, from: &str, to: &str) {
    for (file, text) in [("new/all.yaml", BEFORE), ("new/workspace.yaml", WORKSPACE)] {
        if text.contains(from) {
            tool.write_bytes(file, text.replace(from, to));
            return;
        }
    }
    panic!("nothing says `{from}`");
}

/// Returns the causes of one campaign, a line each.
fn causes(plan: &Json, campaign: &str) -> String {
    let campaigns = plan["campaigns"].as_array().unwrap();
    let found = campaigns.iter().find(|row| row["campaign"] == campaign);
    let causes = found.unwrap_or_else(|| panic!("no {campaign} in {plan}"))["causes"].as_array();
    let text = |value: &Json| value.as_str().unwrap_or("-").to_owned();
    let line = |cause: &Json| {
        let words = ["part", "number", "was", "now"].map(|key| text(&cause[key]));
        let counts = ["in", "out", "path"].map(|key| cause[key].to_string());
        format!("{} {}\n", words.join(" | "), counts.join(" "))
    };
    causes.unwrap().iter().map(line).collect()
}

/// Returns the counts of one campaign: before, after, in, out, path.
fn counts(plan: &Json, campaign: &str) -> String {
    let campaigns = plan["campaigns"].as_array().unwrap();
    let found = campaigns.iter().find(|row| row["campaign"] == campaign);
    let found = found.unwrap_or_else(|| panic!("no {campaign} in {plan}"));
    let counts = ["before", "after", "in", "out", "path"].map(|key| found[key].to_string());
    counts.join(" ")
}

#[test]
fn nothing_differs_where_nothing_was_changed() {
    let mut tool = tool();
    let before = tool.dump();
    let plan = tool.row("campaign plan new --events events.csv --until 2026-11-05");
    for key in [
        "definitions",
        "campaigns",
        "effects",
        "waiting",
        "guards",
        "not_evaluated",
    ] {
        assert_eq!(plan[key], json!([]), "{key}");
    }
    assert_eq!(
        plan["mail"],
        json!({
            "most_per_day": { "before": 1, "after": 1 },
            "most_per_7_days": { "before": 2, "after": 2 },
            "over_limit": { "before": 0, "after": 0 },
        })
    );
    tool.run("campaign plan new --fail-on-change")
        .any_stdout()
        .code(0);
    assert_eq!(tool.dump(), before, "the database stays as it is");
}

#[test]
fn who_comes_in_is_counted_by_the_filter_that_was_changed() {
    let mut tool = tool();
    change(&tool, "at_least: 50 }\n    -", "at_least: 40 }\n    -");
    let plan = tool.row("campaign plan new --show 1");
    assert_eq!(
        plan["definitions"],
        json!([{ "campaign": "Letter", "change": "changed", "parts": ["filters"] }])
    );
    assert_eq!(counts(&plan, "Letter"), "2 4 2 0 0");
    assert_eq!(
        causes(&plan, "Letter"),
        "filter | 1 | lead score at least 50 | lead score at least 40 2 0 0\n"
    );
    assert_eq!(
        plan["campaigns"][0]["causes"][0]["people"],
        json!(["c@example.com"])
    );
    assert_eq!(
        plan["effects"],
        json!([
            { "effect": "mail", "name": "letter", "before": 2, "after": 4 },
            { "effect": "score", "name": "lead_score", "before": 2, "after": 4 },
        ])
    );
    assert_eq!(plan["not_evaluated"], json!(["Follow"]));
    tool.run("campaign plan new --fail-on-change")
        .any_stdout()
        .code(7);
}

#[test]
fn it_reads_as_well() {
    let mut tool = tool();
    change(&tool, "at_least: 50 }\n    -", "at_least: 40 }\n    -");
    tool.run("campaign plan new --show 1 --until 2026-11-05")
        .stdout(
            "
            new  against what is loaded, at 2026-11-02 10:00:00 until 2026-11-05 00:00:00

            definitions
            campaign  change   parts
            ──────────────────────────
            Letter    changed  filters

            people
            campaign  before  after  + in  − out  ~ path
            ────────────────────────────────────────────
            Letter         2      4     2      0       0

            Letter
              +2  filter 1: lead score at least 40 (was at least 50)
                  c@example.com, …

            effects
            effect  name        before  after
            ─────────────────────────────────
            list    Readers          2      4
            mail    letter           2      4
            score   lead_score       2      4

            mail
              most for one person on one day  1
              most for one person in 7 days   1
              people over a limit             0

            not evaluated, for want of --events
              Follow
            ",
        )
        .code(0);
}

#[test]
fn a_comment_for_a_pull_request_is_markdown() {
    let mut tool = tool();
    change(&tool, "at_least: 50 }\n    -", "at_least: 40 }\n    -");
    tool.run("campaign plan new --format markdown")
        .stdout(
            "
            ## Plan for `new`

            against what is loaded, at 2026-11-02 10:00:00.

            ### People

            | campaign | before | after | + in | − out | ~ path |
            | --- | ---: | ---: | ---: | ---: | ---: |
            | Letter | 2 | 4 | 2 | 0 | 0 |

            Letter:

            - **+2** filter 1: lead score at least 40 (was at least 50)

            ### Effects

            | effect | name | before | after |
            | --- | --- | ---: | ---: |
            | mail | letter | 2 | 4 |
            | score | lead\\_score | 2 | 4 |

            ### Mail

            - most for one person on one day: 1
            - most for one person in 7 days: 1
            - people over a limit: 0

            ### Definitions

            | campaign | change | parts |
            | --- | --- | --- |
            | Letter | changed | filters |

            Not evaluated, for want of events: Follow.
            ",
        )
        .code(0);
}

#[test]
fn everyone_who_differs_has_a_row_in_the_file() {
    let mut tool = tool();
    change(&tool, "at_least: 50 }\n    -", "at_least: 40 }\n    -");
    tool.done("campaign plan new --people rows.csv");
    let rows = std::fs::read_to_string(tool.path("rows.csv")).unwrap();
    assert_eq!(
        rows,
        "campaign,person_id,email,id,person,change,part,number,was,now\n\
         Letter,3,c@example.com,cid,c@example.com,in,filter,1,lead score at least 50,lead score at least 40\n\
         Letter,4,d@example.com,dee,d@example.com,in,filter,1,lead score at least 50,lead score at least 40\n"
    );
}

#[test]
fn a_guard_that_is_broken_after_the_change_is_refused() {
    let mut tool = tool();
    change(
        &tool,
        "qualification: every_time",
        "qualification: every_time\nguard: { max_people: 1, min_people: 1 }",
    );
    let ran = tool.run("campaign plan new --format json").any_stderr();
    let plan: Json = serde_json::from_str(&ran.any_stdout().into_stdout()).unwrap();
    assert_eq!(
        plan["guards"],
        json!([
            { "campaign": "Letter", "guard": "max_people", "limit": "1", "actual": "2", "holds": false },
            { "campaign": "Letter", "guard": "min_people", "limit": "1", "actual": "2", "holds": true },
        ])
    );
    tool.run("campaign plan new").any_stdout().code(7);
}

#[test]
fn people_in_waits_are_said_to_go_on_or_to_lose_their_wait() {
    let mut tool = tool();
    tool.done("campaign run Letter --now 2026-11-02T09:00:00Z");
    change(
        &tool,
        "  - wait: 1 day\n",
        "  - send_alert: { email: letter, to: x@example.com }\n  - wait: 1 day\n",
    );
    let plan = tool.row("campaign plan new");
    assert_eq!(
        plan["waiting"],
        json!([{ "campaign": "Letter", "people": 2, "step": 3, "becomes": "goes_on", "to": 5 }])
    );
    change(&tool, "  - wait: 1 day\n", "");
    let plan = tool.row("campaign plan new");
    assert_eq!(
        plan["waiting"],
        json!([{ "campaign": "Letter", "people": 2, "step": 3, "becomes": "lost", "to": 4 }])
    );
    let plan = tool.row("campaign plan new --waiting drop");
    assert_eq!(
        plan["waiting"],
        json!([{ "campaign": "Letter", "people": 2, "step": 3, "becomes": "dropped", "to": null }])
    );
    tool.run("campaign plan new --fail-on-change")
        .any_stdout()
        .code(7);
}

#[test]
fn a_change_is_compared_with_other_files_where_these_are_named() {
    let mut tool = tool();
    change(&tool, "at_least: 50 }\n    -", "at_least: 40 }\n    -");
    tool.write_bytes(
        "released/all.yaml",
        BEFORE.replace("at_least: 50 }\n    -", "at_least: 42 }\n    -"),
    );
    tool.write_bytes("released/workspace.yaml", WORKSPACE);
    let plan = tool.row("campaign plan new --against released");
    assert_eq!(plan["against"], "released");
    assert_eq!(counts(&plan, "Letter"), "4 4 0 0 0");
    tool.write_bytes(
        "released/all.yaml",
        BEFORE.replace("at_least: 50 }\n    -", "at_least: 43 }\n    -"),
    );
    let plan = tool.row("campaign plan new --against released");
    assert_eq!(
        causes(&plan, "Letter"),
        "filter | 1 | lead score at least 43 | lead score at least 40 1 0 0\n"
    );
}

#[test]
fn events_that_lead_to_nothing_are_counted() {
    let mut tool = tool();
    tool.write_bytes(
        "one.csv",
        "at,person,type,web_page\n2026-11-01T10:00:00Z,ann,visits_web_page,/pricing\n",
    );
    tool.done("campaign replay-events one.csv");
    tool.write_bytes(
        "more.csv",
        "at,person,type,web_page\n\
         2026-11-01T10:00:00Z,ann,visits_web_page,/pricing\n\
         2026-11-01T13:00:00Z,zoe,visits_web_page,/pricing\n\
         2026-11-01T13:00:00Z,ann,attends_party,/pricing\n",
    );
    tool.run("campaign plan new --events more.csv -f jsonl")
        .any_stdout()
        .stderr(
            "
            note: 1 event was taken before, and does not happen again
            note: 1 event is of a person whom nobody knows
            note: 1 event is of an unknown type
            ",
        )
        .code(0);
}

#[test]
fn bad_input_is_refused() {
    let mut tool = tool();
    tool.run("campaign plan new --until 2026-11-01")
        .stderr(
            "
            error: now is 2026-11-02T10:00:00Z, and `--until` lies before it
            help: give a later instant
            ",
        )
        .code(2);
    tool.run("campaign plan new --events -")
        .stderr(
            "
            error: both sides read the events, and standard input can be read only once
            help: save them as a file
            ",
        )
        .code(2);
    tool.run("campaign list --format markdown")
        .stderr(
            "
            error: `--format markdown` belongs to `campaign plan` alone
            help: write `--format table`, `json`, `jsonl` or `csv`
            ",
        )
        .code(2);
    tool.write_bytes(
        "new/all.yaml",
        "name: Letter\nflow: [ send_mail: letter ]\n",
    );
    tool.run("campaign plan new").any_stderr().code(1);
    tool.run("campaign plan nowhere").any_stderr().code(3);
}

#[test]
fn chunks_and_threads_do_not_show() {
    let line = "campaign plan new --events events.csv --until 2026-11-05 --show 9";
    let plan = |chunk: &str, threads: &str| {
        let mut tool = tool()
            .variable("BUGLE_CHUNK", chunk)
            .variable("BUGLE_THREADS", threads);
        change(&tool, "at_least: 50 }\n    -", "at_least: 40 }\n    -");
        tool.write_bytes(
            "new/all.yaml",
            std::fs::read_to_string(tool.path("new/all.yaml"))
                .unwrap()
                .replace("web_page: /pricing", "web_page: /prices"),
        );
        tool.row(line)
    };
    let whole = plan("1000", "2");
    assert_eq!(counts(&whole, "Follow"), "1 1 1 1 0");
    assert_eq!(plan("1", "0"), whole);
    assert_eq!(plan("2", "2"), whole);
}

#[test]
fn without_a_database_there_is_nothing_to_plan_with() {
    let mut tool = Tool::new().bytes("campaigns/all.yaml", BEFORE);
    tool.run("campaign plan campaigns").any_stderr().code(3);
    assert!(!tool.path("bugle.db").exists());
}
