//! Guards: they refuse a run as a whole, and say everything that is wrong at once.

use crate::tool::Tool;

/// Six people: three have a score, of whom one is a competitor. `guard` is a line of the campaign, `shared` one of the
/// workspace.
fn tool(guard: &str, shared: &str) -> Tool {
    let mut tool = Tool::new().now("2026-11-02T10:00:00Z");
    tool.write_bytes(
        "campaigns/workspace.yaml",
        format!("lists: [Competitors]\n{shared}\n"),
    );
    tool.write_bytes("campaigns/letter.yaml", letter(guard));
    tool.write_bytes(
        "people.csv",
        "email,lead_score\na@example.com,20\nb@example.com,20\nc@example.com,20\n\
         d@example.com,\ne@example.com,\nf@example.com,\n",
    );
    tool.write_bytes("rivals.csv", "email\nc@example.com\n");
    tool.load();
    tool.done("person load people.csv");
    tool.done("person load rivals.csv --list Competitors");
    tool
}

fn letter(guard: &str) -> String {
    format!(
        "name: Letter\n\
         smart_list: {{ filters: [ lead_score: {{ at_least: 10 }} ] }}\n\
         flow: [ change_score: +1 ]\n\
         schedule: {{ first_run: 2026-11-05 00:00, repeat: daily, ends: 2026-11-06 }}\n\
         qualification: every_time\n{guard}\n"
    )
}

const ALL: &str = "guard: { max_people: 2, min_people: 5, never: { member_of_list: Competitors }, \
    must_include: [d@example.com, nobody@example.com, a@example.com] }";

const ALL_BROKEN: &str = "
    error: 3 people qualify for `Letter`, but max_people is 2: nobody entered
    help: narrow the smart list, or raise max_people where that many are meant
    error: 3 people qualify for `Letter`, but min_people is 5: nobody entered
    help: look at the smart list; where this is meant, `--allow min_people` lets one run break it
    error: 1 person qualifies for `Letter` who may never be in it (#3): member of list is Competitors: nobody entered
    help: look at the smart list; where this is meant, `--allow never` lets one run break it
    error: `Letter` must include `d@example.com`, but the smart list does not match them: nobody entered
    help: look at the smart list; where this is meant, `--allow must_include` lets one run break it
    error: `Letter` must include `nobody@example.com`, but there is no such person: nobody entered
    help: look at the smart list; where this is meant, `--allow must_include` lets one run break it
    ";

#[test]
fn every_broken_guard_is_reported_and_nobody_enters() {
    let mut tool = tool(ALL, "");
    let before = tool.dump();
    tool.run("campaign run Letter").stderr(ALL_BROKEN).code(7);
    assert_eq!(tool.dump(), before);
}

#[test]
fn a_dry_run_shows_its_counts_and_each_guard_with_its_numbers() {
    tool(ALL, "")
        .run("campaign run Letter --dry-run")
        .stdout(
            "
            Letter  dry run
            matched                  3  by the smart list
            excluded                 0
            qualified                3
            blocked                  0
            waiting                  0
            finished                 3

            guard         limit                          actual
            ───────────────────────────────────────────────────────────────────────────────────────
            max_people    2                              3                                   broken
            min_people    5                              3                                   broken
            never         member of list is Competitors  1 person                            broken
            must_include  d@example.com                  the smart list does not match them  broken
            must_include  nobody@example.com             there is no such person             broken
            must_include  a@example.com                  qualifies                           holds

            step  name          succeeded  skipped  failed
            ──────────────────────────────────────────────
               1  change_score          3        0       0
            ",
        )
        .stderr(ALL_BROKEN)
        .code(7);
}

#[test]
fn a_guard_that_is_allowed_to_be_broken_is_kept_with_the_run() {
    let mut tool = tool("guard: { min_people: 5, max_people: 9 }", "");
    tool.run("campaign run Letter --allow min_people -q")
        .stderr("")
        .code(0);
    tool.cells_are(
        "campaign runs",
        "run_id qualified allowed",
        "1 3 [\"min_people\"]\n",
    );
    let mut tool = self::tool("guard: { min_people: 5, max_people: 2 }", "");
    tool.run("campaign run Letter --allow min_people")
        .stderr(
            "
            error: 3 people qualify for `Letter`, but max_people is 2: nobody entered
            help: narrow the smart list, or raise max_people where that many are meant
            ",
        )
        .code(7);
    let wrong = tool.error("campaign run Letter --allow most_people");
    assert!(
        wrong.contains("possible values: max_people, min_people, max_change, never, must_include"),
        "{wrong}"
    );
}

#[test]
fn a_change_is_measured_against_the_last_finished_run_for_everyone() {
    let mut tool = tool("guard: { max_change: 50% }", "");
    tool.run("campaign run Letter")
        .any_stdout()
        .stderr("note: max_change of `Letter` has no finished run to compare with\n")
        .code(0);
    // A trial is neither compared nor compared with.
    tool.done("campaign run Letter --person a@example.com --now 2026-11-02T11:00:00Z");
    tool.write_bytes("more.csv", "email,lead_score\nd@example.com,20\n");
    tool.done("person load more.csv");
    tool.done("campaign run Letter --now 2026-11-02T12:00:00Z");
    tool.write_bytes(
        "more.csv",
        "email,lead_score\ng@example.com,20\nh@example.com,20\ni@example.com,20\n",
    );
    tool.done("person load more.csv");
    tool.run("campaign run Letter --now 2026-11-02T13:00:00Z")
        .stderr(
            "
            error: 7 people qualify for `Letter`, after 4 in run 3, but max_change is 50%: nobody entered
            help: look at the smart list; where this is meant, `--allow max_change` lets one run break it
            ",
        )
        .code(7);
    tool.done("campaign run Letter --now 2026-11-02T13:00:00Z --allow max_change");
}

#[test]
fn numbers_of_the_campaign_count_and_the_rest_of_both() {
    let shared = "max_people: 1\nguard: { min_people: 9, must_include: [d@example.com] }";
    let mut tool = tool(
        "max_people: 50\nguard: { min_people: 1, max_people: 60, must_include: [e@example.com] }",
        shared,
    );
    let error = tool.error("campaign run Letter");
    let lines: Vec<&str> = error
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_eq!(
        lines,
        [
            "error: `Letter` must include `e@example.com`, but the smart list does not match them: nobody entered",
            "error: `Letter` must include `d@example.com`, but the smart list does not match them: nobody entered",
        ]
    );
    let shown = tool.text("campaign show Letter");
    for line in [
        "50 people in a run",
        "at least 1 people in a run",
        "includes e@example.com",
    ] {
        assert!(shown.contains(line), "{shown}");
    }
}

#[test]
fn someone_who_has_entered_before_is_included_all_the_same() {
    let mut tool = tool("guard: { must_include: [a@example.com] }", "");
    let once =
        letter("guard: { must_include: [a@example.com] }").replace("every_time", "only_once");
    tool.write_bytes("campaigns/letter.yaml", once);
    tool.load();
    tool.done("campaign run Letter");
    let again = tool.row("campaign run Letter --now 2026-11-03T10:00:00Z");
    assert_eq!(again["excluded"], 3);
    assert_eq!(
        again["guards"][0]["actual"],
        "matches, and has entered before"
    );
}

#[test]
fn a_scheduled_run_is_refused_and_counted_and_the_others_go_on() {
    let mut tool = tool(
        "guard: { min_people: 5, never: { member_of_list: Competitors } }",
        "",
    );
    tool.run("campaign advance --now 2026-11-05T10:00:00Z -f csv")
        .any_stdout()
        .stderr(
            "
            warning: the run due at 2026-11-05T00:00:00Z was refused: 3 people qualify for `Letter`, but min_people is 5; \
             1 person qualifies for `Letter` who may never be in it (#3): member of list is Competitors: nobody entered
            "
            .replace("\n             1", "1")
            .as_str(),
        )
        .code(7);
    tool.cells_are("campaign runs", "state qualified", "refused 0\n");
    let ran = tool.run("campaign replay-events - --scheduled --until 2026-11-07 -f json");
    assert!(ran.into_stdout().contains("\"refused\": 3"));
}

#[test]
fn a_guard_stands_in_batch_campaigns_alone_and_is_checked() {
    let tool = Tool::new().file(
        "campaigns/wrong.yaml",
        "
            name: Clicks
            smart_list: { triggers: [ clicks_link_in_email: any ] }
            flow: [ change_score: +1 ]
            guard: { min_people: 1 }
            ---
            name: Called
            executable: true
            flow: [ change_score: +1 ]
            guard: { min_people: 1 }
            ---
            name: Batch
            smart_list: { filters: [ lead_score: 1 ] }
            flow: [ change_score: +1 ]
            max_people: 3
            guard:
              min_people: 5
              max_change: 20
              never: { no_such_field: 1 }
              must_include: { a: b }
              least_people: 4
            ",
    );
    let mut tool = tool;
    let error = tool.error("campaign validate");
    for part in [
        "error[batch-only]: `guard` belongs to batch campaigns",
        "error[not-in-executable]: an executable campaign cannot have `guard`",
        "`max_change` is a percentage, not `20`",
        "no_such_field",
        "`must_include` is a single value, not a mapping",
        "`guard` has no key `least_people`",
    ] {
        assert!(error.contains(part), "{part}\n{error}");
    }
}

#[test]
fn a_dry_run_through_waits_obeys_guards_as_well() {
    let mut tool = tool("guard: { min_people: 5 }", "");
    let ran = tool.run("campaign run Letter --dry-run --until done -f json");
    let ran = ran.into_stdout();
    assert!(ran.contains("\"holds\": false"), "{ran}");
    assert!(ran.contains("\"finished\": 3"), "{ran}");
}

#[test]
fn the_names_in_a_guard_are_found() {
    let mut tool = tool("guard: { never: { member_of_list: Competitors } }", "");
    let used = tool.text("campaign where-used Competitors");
    assert!(used.contains("guard"), "{used}");
}

#[test]
fn an_explanation_shows_the_guards_that_would_refuse_the_run() {
    let mut tool = tool(
        "guard: { max_people: 9, min_people: 5, must_include: [a@example.com] }",
        "",
    );
    let shown = tool.text("campaign explain Letter --person a@example.com");
    let (_, guards) = shown.split_once("people in a run\n").unwrap();
    assert_eq!(
        guards,
        "  yes at most 9 → 3 qualify now\n\n\
         guards of a run\n  no  1  min_people: 5 → 3\n  yes 2  must_include: a@example.com → qualifies\n"
    );
    assert!(
        shown.contains("qualifies; the run would be refused by a guard"),
        "{shown}"
    );
    let explained = tool.row("campaign explain Letter --person a@example.com");
    assert_eq!(explained["blocked_by"], serde_json::json!(["guard"]));
}
