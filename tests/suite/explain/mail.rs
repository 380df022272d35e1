//! Why there was no mail: one decisive sentence first.

use crate::tool::Tool;

/// A trial of two mails; Ann unsubscribes before it, Ben has had a mail today, Cy gets both.
fn trial() -> Tool {
    let mut tool = Tool::new()
        .file(
            "campaigns/workspace.yaml",
            "
            time_zone: UTC
            communication_limits: { per_day: 1, per_7_days: 5 }
            ",
        )
        .file(
            "campaigns/trial.yaml",
            "
            name: News
            smart_list: { filters: [ email: ben@example.com ] }
            flow: [ send_email: news ]
            ---
            name: Trial
            smart_list: { filters: [ lead_score: { at_least: 3 } ] }
            flow:
              - send_email: welcome
              - wait: 2 days
              - send_email: reminder
            block_non_operational_emails: true
            ",
        )
        .file(
            "people.csv",
            "
            email,lead_score
            ann@example.com,5
            ben@example.com,5
            cy@example.com,5
            dee@example.com,1
            ",
        )
        .file(
            "events.jsonl",
            r#"
            {"at":"2026-11-04T09:00:00Z","person":"ann@example.com","type":"unsubscribes_from_email","email":"old"}
            "#,
        )
        .now("2026-11-05T00:00:00Z")
        .loaded();
    for line in [
        "campaign replay-events events.jsonl",
        "campaign run News --now 2026-12-01T08:00:00Z",
        "campaign run Trial --now 2026-12-01T10:00:00Z",
    ] {
        tool.done(line);
    }
    tool.now("2026-12-02T00:00:00Z")
}

/// Returns the first line of what is said.
fn sentence(tool: &mut Tool, line: &str) -> String {
    tool.text(line).lines().next().unwrap().to_owned()
}

#[test]
fn a_person_who_has_entered_sees_that_first_with_what_held_the_mail_back_and_what_comes_next() {
    let mut tool = trial();
    let mut second = |person: &str| {
        let line = format!("campaign explain Trial --person {person}");
        let text = tool.text(line);
        let lines: Vec<&str> = text.lines().collect();
        lines[1..3].join("\n")
    };
    assert_eq!(
        second("ann@example.com"),
        "entered in run 2 at 2026-12-01 10:00:00; step 1 skipped: unsubscribed since 2026-11-04 09:00:00 by \
         Unsubscribe Email; waits in step 2 until 2026-12-03 10:00:00, then step 3: send email reminder\n\
         would not enter again now:"
    );
    assert_eq!(
        second("ben@example.com"),
        "entered in run 2 at 2026-12-01 10:00:00; step 1 skipped: communication limit of 1 per day, used up by news at \
         2026-12-01 08:00:00, free again from 2026-12-02 00:00:00; waits in step 2 until 2026-12-03 10:00:00, then \
         step 3: send email reminder\n\
         would not enter again now: the qualification rule says no"
    );
    assert_eq!(
        second("dee@example.com"),
        "does not qualify: the filters do not hold\n"
    );
}

#[test]
fn one_email_is_explained_for_one_person() {
    let mut tool = trial();
    let mut said = |person: &str, email: &str| {
        sentence(
            &mut tool,
            &format!("person explain {person}@example.com --email {email}"),
        )
    };
    assert_eq!(
        said("cy", "welcome"),
        "welcome was sent by step 1 of Trial in run 2 at 2026-12-01 10:00:00"
    );
    assert_eq!(
        said("ann", "welcome"),
        "welcome was not sent by step 1 of Trial in run 2 at 2026-12-01 10:00:00: skipped: unsubscribed since \
         2026-11-04 09:00:00 by Unsubscribe Email"
    );
    assert_eq!(
        said("cy", "reminder"),
        "not sent: the person is in Trial, whose step 3 sends it: waits in step 2 until 2026-12-03 10:00:00, then \
         step 3: send email reminder"
    );
    assert_eq!(
        said("dee", "welcome"),
        "not sent: the person has not entered Trial: the filters do not hold"
    );
    tool.run("person explain cy@example.com --email welcom")
        .stderr(
            "
            error: no campaign sends an email `welcom`
            help: did you mean `welcome`?
            ",
        )
        .code(4);
    let row = tool.row("person explain ann@example.com --email welcome");
    assert_eq!(row["mail"], "welcome");
    assert_eq!(row["rows"][0]["reason"], "unsubscribed");
}

#[test]
fn an_email_that_only_events_name_is_said_to_be_sent_by_no_campaign() {
    let mut tool = Tool::new()
        .now("2026-11-02T00:00:00Z")
        .file("people.csv", "email\nann@example.com\n");
    tool.done("person load people.csv");
    tool.replay(
        r#"{"at":"2026-11-01T10:00:00Z","person":"ann@example.com","type":"open_email","email":"old-news"}"#,
    );
    let text = tool.text("person explain ann@example.com --email old-news");
    let sentence = "not sent: no campaign sends this email; what the log has of it came as events";
    assert_eq!(text.lines().next(), Some(sentence));
}
