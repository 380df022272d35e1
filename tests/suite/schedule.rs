//! The schedule view: table and calendar, rows, and iCalendar read by another library.

use chrono::{DateTime, Utc};
use icalendar::{Calendar, Component, DatePerhapsTime};

use super::tool::Tool;

/// A monthly letter in a program, a weekly clean-up outside, and a trigger campaign.
fn scheduled(letter: &str) -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-25T00:00:00Z")
        .file(
            "campaigns/letter.yaml",
            &format!(
"
            name: {letter}
            program: Letters
            smart_list: {{ filters: [ member_of_smart_list: All People ] }}
            flow:
              - send_email: letter
              - add_to_list: Readers
              - wait: 3 days
              - send_email: reminder
            schedule: {{ first_run: 2026-12-01 09:00, repeat: monthly, time_zone: America/Los_Angeles }}
            "
),
        )
        .file(
            "campaigns/tidy.yaml",
            "
            name: Tidy
            smart_list: { filters: [ member_of_smart_list: All People ] }
            flow:
              - change_score: -1
              - wait: 1 hour
              - send_email: never shown
            schedule: { first_run: 2026-12-05 22:00, repeat: weekly, ends: 2026-12-19 }
            ",
        )
        .file(
            "campaigns/visit.yaml",
            "
            name: Visit
            smart_list: { triggers: [ visits_web_page: any ] }
            flow: [ send_email: hello ]
            active: true
            ",
        );
    tool.load();
    tool
}

#[test]
fn a_month_is_a_calendar_and_each_program_a_table_up_to_the_first_wait() {
    scheduled("Monthly letter")
        .run("campaign schedule --until 2026-12-31")
        .stdout(
            "
            November 2026
             Su  Mo  Tu  We  Th  Fr  Sa
              1   2   3   4   5   6   7
              8   9  10  11  12  13  14
             15  16  17  18  19  20  21
             22  23  24  25  26  27  28
             29  30

            December 2026
             Su  Mo  Tu  We  Th  Fr  Sa
                      1✉  2   3   4   5•
              6   7   8   9  10  11  12•
             13  14  15  16  17  18  19•
             20  21  22  23  24  25  26
             27  28  29  30  31

            • a campaign runs  ✉ it sends email

            outside programs
            when                    campaign  steps up to the first wait
            ────────────────────────────────────────────────────────────
            2026-12-05 22:00:00  •  Tidy      change lead_score by -1
            2026-12-12 22:00:00  •  Tidy      change lead_score by -1
            2026-12-19 22:00:00  •  Tidy      change lead_score by -1

            Letters
            when                    campaign                steps up to the first wait
            ──────────────────────────────────────────────────────────────────────────────────────
            2026-12-01 17:00:00  ✉  Letters.Monthly letter  send email letter; add to list Readers
            ",
        )
        .code(0);
}

#[test]
fn what_advance_has_gone_past_is_not_coming_any_more() {
    let mut tool = scheduled("Monthly letter");
    tool.advance("2026-12-10");
    let rows = tool.text("campaign schedule --from 2026-12-01 --until 2026-12-31 -f csv");
    let instants: Vec<&str> = rows
        .lines()
        .skip(1)
        .filter_map(|row| row.split(',').next())
        .collect();
    assert_eq!(instants, ["2026-12-12T22:00:00Z", "2026-12-19T22:00:00Z"]);
}

/// Reads a calendar: its wire form as RFC 5545 has it, its content by a parser that is not ours.
fn events(calendar: &str) -> Vec<icalendar::Event> {
    assert!(calendar.ends_with("\r\n"));
    assert_eq!(
        calendar.matches('\n').count(),
        calendar.matches("\r\n").count()
    );
    let lines = calendar.split_terminator("\r\n");
    assert!(lines.clone().all(|line| (1..=75).contains(&line.len())));
    assert!(
        lines.clone().any(|line| line.starts_with(' ')),
        "a line is folded"
    );
    let read: Calendar = calendar.parse().unwrap();
    assert_eq!(read.property_value("VERSION"), Some("2.0"));
    assert!(read.property_value("PRODID").is_some());
    let count = read.components.len();
    let events: Vec<_> = read
        .components
        .into_iter()
        .filter_map(|component| component.as_event().cloned())
        .collect();
    assert_eq!(events.len(), count, "nothing but events");
    events
}

#[test]
fn the_calendar_file_is_read_by_an_independent_parser_and_its_events_keep_their_names() {
    let mut tool =
        scheduled("Monthly letter; for all, and “everyone” in the whole wide world of letters");
    let export = ["campaign", "schedule", "--until", "2027-01-31", "-f", "ics"];
    let calendar = tool.text(export);
    let events = events(&calendar);
    let starts: Vec<DatePerhapsTime> = events
        .iter()
        .map(|event| event.get_start().unwrap())
        .collect();
    let instants = [
        "2026-12-01T17:00:00Z",
        "2026-12-05T22:00:00Z",
        "2026-12-12T22:00:00Z",
        "2026-12-19T22:00:00Z",
        "2027-01-01T17:00:00Z",
    ];
    assert_eq!(
        starts,
        instants.map(|at| DatePerhapsTime::from(at.parse::<DateTime<Utc>>().unwrap()))
    );
    assert_eq!(
        events[0].get_summary(),
        Some(
            "✉ Letters.Monthly letter; for all, and “everyone” in the whole wide world of letters"
        )
    );
    assert_eq!(
        events[0].get_description(),
        Some("send email letter\nadd to list Readers")
    );
    let categories = |event: &icalendar::Event| {
        let all = event.multi_properties().get("CATEGORIES")?;
        Some(
            all.iter()
                .map(|one| one.value().to_owned())
                .collect::<Vec<_>>(),
        )
    };
    assert_eq!(categories(&events[0]), Some(vec!["Letters".to_owned()]));
    assert_eq!(categories(&events[1]), None);
    let mut names: Vec<&str> = events
        .iter()
        .map(|event| event.get_uid().unwrap())
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 5, "each event has a name of its own");
    let later = tool.now("2026-11-30T00:00:00Z").text(export);
    assert_eq!(later, calendar, "the moment of the export does not show");
}

#[test]
fn the_calendar_format_belongs_to_the_schedule_alone() {
    scheduled("Monthly letter")
        .run("campaign list -f ics")
        .stderr(
            "
            error: `--format ics` belongs to `campaign schedule` alone
            help: write `--format table`, `json`, `jsonl` or `csv`
            ",
        )
        .code(2);
}
