//! The schedule view: table and calendar, rows, and iCalendar read by another library.

use chrono::{DateTime, Utc};
use icalendar::{Calendar, Component};

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
            next                    campaign  runs                                                steps up to the first wait
            ────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            2026-12-05 22:00:00  •  Tidy      weekly on Saturday 22:00, 3 runs until 19 December  change lead_score by -1

            Letters
            next                    campaign                runs                                               steps up to the first wait
            ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            2026-12-01 17:00:00  ✉  Letters.Monthly letter  monthly on day 1 09:00 America/Los_Angeles, 1 run  send email letter; add to list Readers
            ",
        )
        .code(0);
}

#[test]
fn every_run_has_a_line_where_that_is_asked_for() {
    let all = scheduled("Monthly letter").text("campaign schedule --until 2026-12-31 --all");
    let tables = all.split_once("outside programs\n").unwrap().1;
    assert_eq!(
        tables,
        super::tool::dedent(
            "
            when                    campaign  steps up to the first wait
            ────────────────────────────────────────────────────────────
            2026-12-05 22:00:00  •  Tidy      change lead_score by -1
            2026-12-12 22:00:00  •  Tidy      change lead_score by -1
            2026-12-19 22:00:00  •  Tidy      change lead_score by -1

            Letters
            when                    campaign                steps up to the first wait
            ──────────────────────────────────────────────────────────────────────────────────────
            2026-12-01 17:00:00  ✉  Letters.Monthly letter  send email letter; add to list Readers
            "
        )
    );
}

#[test]
fn a_campaign_by_name_is_shown_with_its_mode_and_its_runs_alone() {
    let mut tool = scheduled("Monthly letter");
    let shown = tool.text("campaign schedule tidy --until 2026-12-31");
    let (head, calendar) = shown.split_once("\n\n").unwrap();
    assert_eq!(
        head,
        "Tidy  Batch\n\
         each person   may enter only once\n\
         runs          every week on Saturday at 22:00 from 2026-12-05 to 2026-12-19, UTC\n\
         next runs     2026-12-05 22:00:00, 2026-12-12 22:00:00, 2026-12-19 22:00:00\n\
         email limits  not obeyed"
    );
    assert!(!calendar.contains("Letters"), "{calendar}");
    let rows = tool.rows("campaign schedule Tidy --until 2026-12-31");
    assert_eq!(rows.len(), 3);
    assert_eq!(
        (&rows[0]["mode"], &rows[0]["campaign"]),
        (&"batch".into(), &"Tidy".into())
    );
}

#[test]
fn a_campaign_without_a_schedule_says_why() {
    let mut tool = scheduled("Monthly letter").file(
        "campaigns/other.yaml",
        "
        name: By hand
        smart_list: { filters: [ member_of_smart_list: All People ] }
        flow: [ change_score: 1 ]
        ---
        name: Called
        executable: true
        flow: [ change_score: 1 ]
        ---
        name: Asleep
        smart_list: { triggers: [ visits_web_page: any ] }
        flow: [ change_score: 1 ]
        active: false
        ",
    );
    tool.load();
    tool.run("campaign schedule Visit")
        .stdout(
            "
            Visit  Triggered
            each person   may enter only once
            priority      high
            email limits  not obeyed
            no schedule   a trigger campaign takes one person at a time, whenever one of its triggers fires; it is active
            ",
        )
        .code(0);
    tool.run("campaign schedule Visit -f json")
        .stdout("[]\n")
        .stderr(
            "note: no schedule: a trigger campaign takes one person at a time, whenever one of its triggers fires; it is active\n",
        )
        .code(0);
    let why = |tool: &mut Tool, name: &str| {
        let shown = tool.text(["campaign", "schedule", name]);
        shown.split_once("no schedule").unwrap().1.trim().to_owned()
    };
    assert_eq!(
        why(&mut tool, "Asleep"),
        "a trigger campaign takes one person at a time, whenever one of its triggers fires; it is inactive until `bugle campaign activate \"Asleep\"`"
    );
    assert_eq!(
        why(&mut tool, "By hand"),
        "it runs when `bugle campaign run \"By hand\"` says so"
    );
    assert_eq!(
        why(&mut tool, "Called"),
        "an executable campaign runs when a step `execute_campaign` of another one calls it"
    );
    tool.run("campaign schedule Nobody").any_stderr().code(4);
}

#[test]
fn the_last_week_of_a_month_is_refused_with_what_to_write_instead() {
    Tool::new()
        .file(
            "campaigns/last.yaml",
            "
            name: Last
            smart_list: { filters: [ state: CA ] }
            flow: [ change_score: 1 ]
            schedule: { first_run: 2026-12-01 09:00, repeat: monthly, on_the: { week: last, weekday: friday } }
            ",
        )
        .run("campaign validate")
        .any_stdout()
        .stderr(
            "
            error[bad-schedule]: `week` is from 1 to 4, not `last`
             --> campaigns/last.yaml:4:75
              |
            4 | schedule: { first_run: 2026-12-01 09:00, repeat: monthly, on_the: { week: last, weekday: friday } }
              |                                                                           ^^^^
              |
              = help: not every month has a fifth week: write `week: 4`, or `day_of_month: 31` for the last day of each month
            ",
        )
        .code(1);
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
    assert_eq!(read.property_value("NAME"), Some("Campaigns"));
    let events: Vec<_> = read
        .components
        .iter()
        .filter_map(|component| component.as_event().cloned())
        .collect();
    let zones = calendar.matches("BEGIN:VTIMEZONE").count();
    assert_eq!(events.len() + zones, count, "nothing but events and zones");
    assert!(
        events
            .iter()
            .all(|event| event.property_value("DURATION") == Some("PT15M"))
    );
    events
}

/// Expands the events of a calendar by a library that is not ours.
fn expanded(calendar: &str) -> Vec<(String, DateTime<Utc>)> {
    let unfolded = calendar.replace("\r\n ", "");
    let mut all = Vec::new();
    for event in unfolded.split("BEGIN:VEVENT").skip(1) {
        let property = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
        let summary = property("SUMMARY:").unwrap().to_owned();
        let times = event.lines().filter(|line| {
            ["DTSTART", "RRULE"]
                .iter()
                .any(|name| line.starts_with(name))
        });
        let mut rule: Vec<&str> = times.collect();
        if property("RRULE").is_none() {
            rule.push("RRULE:FREQ=DAILY;COUNT=1");
        }
        let rule: rrule::RRuleSet = rule.join("\n").parse().unwrap();
        let dates = rule.all(1000);
        assert!(!dates.limited, "{summary}");
        let dates = dates.dates.into_iter();
        all.extend(dates.map(|date| (summary.clone(), date.with_timezone(&Utc))));
    }
    all.sort();
    all
}

#[test]
fn an_independent_library_expands_the_calendar_to_the_same_instants_across_changes_of_the_clock() {
    let schedules = [
        ("daily", "repeat: daily"),
        ("weekdays", "repeat: daily, weekdays_only: true"),
        (
            "every third day but weekends",
            "repeat: daily, every: 3, weekdays_only: true",
        ),
        ("weekly", "repeat: weekly"),
        (
            "fortnightly",
            "repeat: weekly, every: 2, weekdays: [sunday, wednesday]",
        ),
        ("monthly", "repeat: monthly"),
        ("last day", "repeat: monthly, day_of_month: 31"),
        ("29th", "repeat: monthly, day_of_month: 29, every: 3"),
        (
            "second Sunday",
            "repeat: monthly, on_the: { week: 2, weekday: sunday }",
        ),
        ("once", "repeat: once"),
    ];
    for week in ["sunday", "monday"] {
        let mut tool = Tool::new().now("2026-09-01T00:00:00Z").file(
            "campaigns/workspace.yaml",
            &format!("week_starts_on: {week}\n"),
        );
        for (name, schedule) in schedules {
            for (zone, time) in [
                ("America/New_York", "02:30"),
                ("Europe/Berlin", "02:00"),
                ("America/Los_Angeles", "01:30"),
                ("UTC", "23:00"),
            ] {
                tool.write(
                    &format!("campaigns/{name} {zone}.yaml"),
                    &format!(
                        "
                        name: {name} {zone}
                        smart_list: {{ filters: [ state: CA ] }}
                        flow: [ change_score: 1 ]
                        qualification: every_time
                        schedule: {{ first_run: 2026-09-06 {time}, {schedule}, time_zone: {zone} }}
                        "
                    ),
                );
            }
        }
        tool.load();
        let options = "--from 2026-10-01 --until 2027-12-31";
        let rows = tool.rows(format!("campaign schedule {options}"));
        let mut ours: Vec<(String, DateTime<Utc>)> = rows
            .iter()
            .map(|row| {
                let at = row["at"].as_str().unwrap();
                (
                    row["campaign"].as_str().unwrap().to_owned(),
                    at.parse().unwrap(),
                )
            })
            .collect();
        ours.sort();
        let theirs = expanded(&tool.text(format!("campaign schedule {options} -f ics")));
        assert!(ours.len() > 3000, "{}", ours.len());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours, theirs, "weeks begin on {week}");
        }
        assert_eq!(ours.len(), theirs.len());
    }
}

#[test]
fn the_calendar_file_is_read_by_an_independent_parser_and_its_events_keep_their_names() {
    let mut tool =
        scheduled("Monthly letter; for all, and “everyone” in the whole wide world of letters");
    let export = ["campaign", "schedule", "--until", "2027-01-31", "-f", "ics"];
    let calendar = tool.text(export);
    let events = events(&calendar);
    let instants: Vec<String> = expanded(&calendar)
        .iter()
        .map(|(_, at)| at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
        .collect();
    assert_eq!(
        instants,
        [
            "2026-12-05T22:00:00Z",
            "2026-12-12T22:00:00Z",
            "2026-12-19T22:00:00Z",
            "2026-12-01T17:00:00Z",
            "2027-01-01T17:00:00Z",
        ]
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
    assert_eq!(names.len(), 2, "each event has a name of its own");
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
