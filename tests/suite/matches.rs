//! `campaign replay-events --people`: a row each time a trigger matched, with what became of it.

use std::fs;
use std::process::Command;

use crate::tool::Tool;

fn tool() -> Tool {
    let mut tool = Tool::new()
        .file(
            "campaigns/follow.yaml",
            "
            name: Follow up
            smart_list:
              triggers: [ clicks_link_in_email: any, fills_out_form: Demo ]
              filters: [ lead_score: { at_least: 10 } ]
            flow:
              - change_score: { choices: [ { if: { state: CA }, change: +2 } ], default: { change: +1 } }
              - wait: 1 day
              - request_campaign: Alert
            active: true
            ---
            name: Alert
            smart_list: { triggers: [ campaign_is_requested: any ] }
            flow: [ change_data_value: { field: state, value: CA } ]
            active: true
            qualification: every_time
            ---
            name: Idle
            smart_list: { triggers: [ clicks_link_in_email: any ] }
            flow: [ change_score: +1 ]
            active: false
            ---
            name: Nightly
            smart_list: { filters: [ lead_score: { at_least: 20 } ] }
            flow: [ request_campaign: Alert ]
            schedule: { first_run: 2026-11-03 00:00, repeat: daily, ends: 2026-11-03 }
            ",
        )
        .bytes(
            "people.csv",
            b"email,lead_score,state\nann@example.com,20,CA\nben@example.com,15,NY\ncleo@example.com,5,\n",
        )
        .bytes(
            "events.csv",
            b"id,at,person,type,form\n\
              c1,2026-11-02T10:00:00Z,ann@example.com,clicks_link_in_email,\n\
              f1,2026-11-02T11:00:00Z,ben@example.com,fills_out_form,Demo\n\
              ,2026-11-02T11:00:00Z,cleo@example.com,clicks_link_in_email,\n\
              c3,2026-11-04T10:00:00Z,ann@example.com,clicks_link_in_email,\n",
        );
    tool.done("campaign load campaigns --now 2026-10-01T00:00:00Z");
    tool.done("person load people.csv --now 2026-10-01T00:00:00Z");
    tool
}

const MATCHES: &str = "\
at,person_id,email,event,trigger,campaign,verdict,reason,parent,step_1,step_2,step_3
2026-11-02T10:00:00Z,1,ann@example.com,c1,clicks link in email,Follow up,entered,,,1: succeeded,succeeded,succeeded
2026-11-02T10:00:00Z,1,ann@example.com,c1,clicks link in email,Idle,inactive,,,,,
2026-11-02T11:00:00Z,2,ben@example.com,f1,fills out form: Demo,Follow up,entered,,,default: succeeded,succeeded,succeeded
2026-11-02T11:00:00Z,3,cleo@example.com,50331648,clicks link in email,Follow up,filters,lead score at least 10,,,,
2026-11-02T11:00:00Z,3,cleo@example.com,50331648,clicks link in email,Idle,inactive,,,,,
";

#[test]
fn each_match_has_its_verdict_its_reason_and_its_steps_also_after_waits() {
    let rest = "\
2026-11-03T10:00:00Z,1,ann@example.com,16777220,campaign is requested,Alert,entered,,Follow up,skipped (no change),,
2026-11-03T11:00:00Z,2,ben@example.com,33554436,campaign is requested,Alert,entered,,Follow up,succeeded,,
2026-11-04T10:00:00Z,1,ann@example.com,c3,clicks link in email,Follow up,excluded,qualification rule,,,,
2026-11-04T10:00:00Z,1,ann@example.com,c3,clicks link in email,Idle,inactive,,,,,
";
    for chunk in ["1", "2", "1000"] {
        let mut tool = tool().variable("BUGLE_CHUNK", chunk);
        let line = "campaign replay-events events.csv -q --now 2026-11-05T00:00:00Z --people";
        tool.done(format!("{line} dry.csv --dry-run").as_str());
        tool.done(format!("{line} real.csv").as_str());
        let dry = std::fs::read_to_string(tool.path("dry.csv")).unwrap();
        let real = std::fs::read_to_string(tool.path("real.csv")).unwrap();
        assert_eq!(real, format!("{MATCHES}{rest}"), "chunks of {chunk}");
        assert_eq!(dry, real, "chunks of {chunk}");
    }
}

#[test]
fn what_scheduled_runs_start_is_a_match_as_well() {
    let mut tool = tool();
    tool.done(
        "campaign replay-events events.csv -q --scheduled --until 2026-11-05T00:00:00Z --people m.csv",
    );
    let rows = std::fs::read_to_string(tool.path("m.csv")).unwrap();
    let by: Vec<&str> = rows.lines().filter(|row| row.contains("Nightly")).collect();
    assert_eq!(
        by,
        [
            "2026-11-03T00:00:00Z,1,ann@example.com,16777219,campaign is requested,Alert,entered,,Nightly,skipped (no change),,"
        ]
    );
}

#[test]
fn an_entry_that_the_cascade_limit_cuts_is_a_match() {
    let tool = Tool::new()
        .now("2026-11-02T10:00:00Z")
        .file(
            "campaigns/ring.yaml",
            "
            name: Ring
            smart_list: { triggers: [ score_is_changed: any, clicks_link_in_email: any ] }
            flow: [ change_score: '{{my.Points}}' ]
            active: true
            qualification: every_time
            ",
        )
        .bytes("people.csv", "email\nann@example.com\n");
    tool.write(
        "campaigns/workspace.yaml",
        "
        cascade_limit: { depth: 2 }
        tokens: { Points: '1' }
        ",
    );
    let mut tool = tool.loaded();
    tool.write(
        "events.jsonl",
        r#"{"at":"2026-11-02T09:00:00Z","person":"ann@example.com","type":"clicks_link_in_email"}"#,
    );
    tool.run("campaign replay-events events.jsonl -q --people m.csv")
        .any_stdout()
        .any_stderr()
        .code(6);
    let rows = std::fs::read_to_string(tool.path("m.csv")).unwrap();
    let last = rows.lines().last().unwrap();
    assert_eq!(
        last,
        "2026-11-02T09:00:00Z,1,ann@example.com,16777218,score is changed,Ring,cut,cascade limit,Ring,"
    );
}

#[test]
fn the_matches_are_an_output_like_others() {
    let mut tool = tool();
    let refused = tool.error("campaign replay-events events.csv --people events.csv");
    assert!(refused.contains("--people"), "{refused}");
    let refused = tool.error("campaign replay-events events.csv --history --people m.csv");
    assert!(refused.contains("--history"), "{refused}");
}

const LINE: &str = "campaign replay-events events.csv -q --now 2026-11-05T00:00:00Z --people m.csv";

#[test]
fn the_same_command_leaves_its_file_as_it_is_and_another_one_begins_anew() {
    let mut tool = tool();
    tool.done(LINE);
    let rows = tool.read("m.csv");
    let again = LINE.replace(" -q", "");
    let notice = tool.run(again.as_str()).any_stdout().into_stderr();
    assert!(
        notice.contains("note: `m.csv` has the matches of this command already\n"),
        "{notice}"
    );
    assert_eq!(tool.read("m.csv"), rows);
    // Killed after it had noted the file and before that got its name.
    fs::rename(tool.path("m.csv"), tool.path(".m.csv.bugle-part")).unwrap();
    tool.done(LINE);
    assert_eq!(tool.read("m.csv"), rows);
    assert!(!tool.path(".m.csv.bugle-part").exists());
    // Nothing matches any more, and where the file is not the one that was written, that is what it says.
    let header = rows.lines().next().unwrap();
    tool.write("m.csv", "mine\n");
    tool.done(LINE);
    assert_eq!(tool.read("m.csv"), format!("{header}\n"));
    let kept = "SELECT (SELECT count(*) FROM trigger_match) + (SELECT count(*) FROM match_step)";
    assert_eq!(tool.query(kept).trim(), "0");
}

/// Gives the command where files cannot grow beyond so many blocks of 512 bytes.
fn limited(tool: &Tool, blocks: u64) -> Option<i32> {
    let program = env!("CARGO_BIN_EXE_bugle");
    let script = format!("ulimit -f {blocks}; exec {program} {LINE}");
    let mut shell = Command::new("sh");
    let shell = shell.args(["-c", &script]).current_dir(tool.path(""));
    let chunks = shell.env("BUGLE_CHUNK", "1").env("BUGLE_THREADS", "0");
    chunks.output().unwrap().status.code()
}

#[test]
fn a_replay_that_was_stopped_has_the_matches_of_both_parts() {
    let mut calm = tool();
    calm.done(LINE);
    let (rows, dump) = (calm.read("m.csv"), calm.dump());
    let size = fs::metadata(tool().path("bugle.db")).unwrap().len() / 512;
    let mut parts = 0;
    for blocks in (0..).map(|step| size + 8 * step) {
        let mut tool = tool();
        let code = limited(&tool, blocks);
        let taken: u32 = tool
            .query("SELECT count(*) FROM event")
            .trim()
            .parse()
            .unwrap();
        parts += u32::from(code != Some(0) && (1..4).contains(&taken));
        tool.done(LINE);
        assert_eq!(
            tool.read("m.csv"),
            rows,
            "up to {blocks} blocks, {taken} taken"
        );
        assert_eq!(tool.dump(), dump, "up to {blocks} blocks, {taken} taken");
        tool.done("db check");
        if code == Some(0) {
            break;
        }
    }
    assert!(parts > 0, "nothing was stopped on the way");
}

#[test]
fn without_the_option_the_rest_of_a_stopped_replay_leaves_no_half_of_a_file() {
    let size = fs::metadata(tool().path("bugle.db")).unwrap().len() / 512;
    let stopped = (0..).map(|step| size + 8 * step).find_map(|blocks| {
        let tool = tool();
        let code = limited(&tool, blocks);
        assert_ne!(code, Some(0), "nothing was stopped on the way");
        let kept = tool.query("SELECT count(*) FROM trigger_match");
        (kept.trim() != "0").then_some(tool)
    });
    let mut tool = stopped.unwrap();
    tool.done(LINE.replace(" --people m.csv", "").as_str());
    tool.done(LINE);
    assert_eq!(tool.read("m.csv").lines().count(), 1);
}

#[test]
fn of_someone_who_is_erased_on_the_way_no_address_is_left() {
    let mut tool = Tool::new()
        .now("2026-11-05T00:00:00Z")
        .file(
            "campaigns/forget.yaml",
            "
            name: Forget
            smart_list: { triggers: [ clicks_link_in_email: any ] }
            flow: [ delete_person: ]
            active: true
            ",
        )
        .bytes("people.csv", "email\nann@example.com\n")
        .bytes(
            "events.csv",
            "id,at,person,type\nc1,2026-11-02T10:00:00Z,ann@example.com,clicks_link_in_email\n",
        )
        .loaded();
    let row = "2026-11-02T10:00:00Z,1,,16777216,clicks link in email,Forget,entered,,,succeeded";
    for line in [format!("{LINE} --dry-run"), LINE.to_owned()] {
        tool.done(line.as_str());
        let rows = tool.read("m.csv");
        assert_eq!(rows.lines().last().unwrap(), row, "{line}");
    }
}
