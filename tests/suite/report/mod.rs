//! What has become of campaigns: the funnel in the terminal, the data, and the page.

mod browser;

use std::fs;

use crate::tool::Tool;

/// A program with two campaigns and one outside; names and texts that a page must escape; an address in a definition.
fn workspace() -> Tool {
    Tool::new()
        .now("2026-11-02T15:00:00Z")
        .file(
            "campaigns/workspace.yaml",
            "
            time_zone: UTC
            programs: { Webinar: { statuses: [ { name: Invited, step: 1 } ] } }
            ",
        )
        .file(
            "campaigns/letter.yaml",
            r#"
            name: Letter <b>
            program: Webinar
            description: For A & "B" of ann@example.com.
            smart_list: { filters: [ state: { is_not: "</script>" } ] }
            flow:
              - send_email:
                  choices: [ { if: { state: "<i>NY</i>" }, do_nothing: true } ]
                  default: { email: letter }
              - send_alert: { email: notice, to: [ boss@example.com ] }
              - wait: 3 days
            schedule: { first_run: 2026-11-10 09:00, repeat: weekly }
            qualification: every_time
            tests:
              - name: everyone gets it
                now: 2026-11-02 09:00
                run: true
                people: [ { email: a@example.com, state: TX } ]
                expect: [ { person: a@example.com, activities: [ send_email, send_alert, wait_started ] } ]
            "#,
        )
        .file(
            "campaigns/note.yaml",
            "
            name: Note
            program: Webinar
            smart_list: { triggers: [ fills_out_form: any ] }
            flow: [ change_score: +5 ]
            ",
        )
        .file(
            "campaigns/alone.yaml",
            "
            name: Alone
            smart_list: { triggers: [ fills_out_form: any ] }
            flow: [ change_score: +5 ]
            ",
        )
        .file(
            "people.csv",
            "
            email,state,unsubscribed
            ann@example.com,TX,
            ben@example.com,<i>NY</i>,
            cleo@example.com,CA,
            dan@example.com,TX,true
            ",
        )
        .loaded()
}

#[test]
fn the_funnel_has_bars() {
    let mut tool = workspace();
    tool.done(["campaign", "run", "Webinar.Letter <b>"]);
    tool.run(["campaign", "report", "Webinar.Letter <b>"])
        .stdout(
            "
            Webinar.Letter <b>  Batch, scheduled
            entered      4 times, 4 people
            waiting      4, the next until 2026-11-05
            emails sent  2
            coming       3 runs in four weeks, the next 2026-11-10 09:00:00
            tests        1 of 1 pass
            coverage     7 of 11 points, 63 %

            funnel
               step                                 reached
            ────────────────────────────────────────────────────────────────────────────────
               entered                                    4  100 %  ████████████████████████
            1  send email                                 4  100 %  ████████████████████████
               · if state is <i>NY</i>, do nothing        1   25 %  ██████
               · else send email letter                   3   75 %  ██████████████████
               1 skipped: unsubscribed
            2  send alert notice to (address)             4  100 %  ████████████████████████
            3  wait 3 days                                4  100 %  ████████████████████████
               4 wait here
               finished                                   0    0 %
            ",
        )
        .code(0);
}

#[test]
fn the_data_says_who_went_which_way_and_when() {
    let mut tool = workspace();
    tool.done(["campaign", "run", "Webinar.Letter <b>"]);
    let row = tool.row(["campaign", "report", "Webinar.Letter <b>"]);
    let flow = &row["flow"];
    assert_eq!(flow["entries"], 4, "{flow}");
    assert_eq!(flow["finished"], 0, "{flow}");
    let send = &flow["steps"][0];
    assert_eq!(send["reached"], 4, "{send}");
    assert_eq!(send["choices"][0]["reached"], 1, "{send}");
    assert_eq!(send["choices"][1]["succeeded"], 2, "{send}");
    assert_eq!(
        send["choices"][1]["reasons"][0]["reason"], "unsubscribed",
        "{send}"
    );
    assert_eq!(flow["steps"][2]["waiting"], 4, "{flow}");
    let days = row["days"].to_string();
    assert_eq!(days, r#"[{"day":"2026-11-02","entries":4,"mails":2}]"#);
    assert_eq!(
        row["wakes"].to_string(),
        r#"[{"day":"2026-11-05","people":4}]"#
    );
    assert_eq!(row["coming"][0]["at"], "2026-11-10T09:00:00Z", "{row}");
    assert_eq!(row["tests"][0]["passed"], true, "{row}");
    let coverage = &row["coverage"];
    assert!(coverage["covered"].as_u64() > Some(0), "{coverage}");
    assert!(
        coverage["missing"].to_string().contains("state"),
        "{coverage}"
    );
}

#[test]
fn a_report_is_about_campaigns_a_program_or_all() {
    let mut tool = workspace();
    let mut names = |line: &[&str]| {
        let mut words = vec!["campaign", "report"];
        words.extend(line);
        tool.cells(words, "campaign").replace('\n', "; ")
    };
    assert_eq!(names(&["alone", "note"]), "Alone; Webinar.Note; ");
    assert_eq!(
        names(&["Webinar", "note"]),
        "Webinar.Letter <b>; Webinar.Note; "
    );
    assert_eq!(names(&["webinar"]), "Webinar.Letter <b>; Webinar.Note; ");
    let all = "Alone; Webinar.Letter <b>; Webinar.Note; ";
    assert_eq!(names(&[]), all);
    assert_eq!(names(&["--all"]), all);
    tool.run("campaign report alon")
        .stderr(
            "
            error: no campaign `alon`
            help: did you mean `Alone`?
            ",
        )
        .code(4);
}

#[test]
fn the_page_is_one_file_and_every_text_in_it_is_escaped() {
    let mut tool = workspace();
    tool.done(["campaign", "run", "Webinar.Letter <b>"]);
    tool.run("campaign report -o page.html")
        .stderr("note: wrote 3 campaigns to `page.html`\n")
        .code(0);
    let page = fs::read_to_string(tool.path("page.html")).unwrap();
    assert!(page.contains("if state is &lt;i&gt;NY&lt;/i&gt;"), "{page}");
    for raw in [
        "<i>NY",
        "</script",
        "<script",
        "Letter <b>",
        "src=",
        "@import",
        "url(",
        "http:",
        "https:",
    ] {
        assert!(!page.contains(raw), "the page has `{raw}`");
    }
}

#[test]
fn personal_data_is_shown_where_it_is_asked_for_alone() {
    let mut tool = workspace();
    tool.done(["campaign", "run", "Webinar.Letter <b>"]);
    for line in [
        "campaign report",
        "campaign report -f json",
        "campaign report -o page.html",
    ] {
        let mut said = tool.text(line);
        said.push_str(&fs::read_to_string(tool.path("page.html")).unwrap_or_default());
        assert!(!said.contains("@example.com"), "{line}: {said}");
    }
    let said = tool.text("campaign report -f json --show-values");
    assert!(
        said.contains("send alert notice to boss@example.com"),
        "{said}"
    );
    assert!(!said.contains("cleo@example.com"), "{said}");
}

#[test]
fn versions_say_what_they_changed() {
    let mut tool = workspace();
    tool.write(
        "campaigns/note.yaml",
        "
        name: Note
        program: Webinar
        smart_list: { triggers: [ fills_out_form: any ] }
        flow: [ change_score: +6 ]
        qualification: every_time
        ",
    );
    tool.load();
    let versions = &tool.row("campaign report note")["versions"];
    assert_eq!(versions[0]["version"], 2, "{versions}");
    assert_eq!(
        versions[0]["parts"].to_string(),
        r#"["flow","qualification"]"#
    );
    let lines = versions[0]["lines"].to_string();
    assert!(
        lines.contains(r#"{"change":"out","line":"  - change_score: +5"}"#),
        "{lines}"
    );
    assert_eq!(versions[1]["lines"].to_string(), "[]");
}

#[test]
fn tests_do_not_run_where_files_are_gone() {
    let mut tool = workspace();
    fs::remove_file(tool.path("campaigns/note.yaml")).unwrap();
    assert!(tool.row("campaign report note")["tests"].is_null());
    assert!(tool.row("campaign report alone")["tests"].is_array());
}

#[test]
fn the_schedule_is_a_page_as_well() {
    let mut tool = workspace();
    let page = tool.text("campaign schedule --format html");
    for part in [
        "2 to 30 November 2026",
        "Tue 10 Nov 2026",
        "Webinar.Letter &lt;b&gt;",
    ] {
        assert!(page.contains(part), "no `{part}` in {page}");
    }
    tool.run("campaign list --format html")
        .stderr(
            "
            error: `--format html` belongs to `campaign schedule` alone
            help: write `--format table`, `json`, `jsonl` or `csv`; `campaign report -o FILE` writes a page about campaigns
            ",
        )
        .code(2);
}
