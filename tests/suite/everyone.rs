//! `campaign explain --all`: who meets each filter, which one decides, how near people are, and what would let one in.

use serde_json::{Value as Json, json};

use crate::tool::Tool;

/// Seven people and a smart list with a logic. Ann is in, Bob misses the score by 5, Cid the state, Dee both, Eve has
/// nothing, Flo is a competitor, and Gus was let in before.
fn tool() -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-02T10:00:00Z")
        .file(
            "campaigns/letter.yaml",
            "
            name: Letter
            smart_list:
              filters:
                - lead_score: { at_least: 50 }
                - state: [CA, Calfornia]
                - visited_web_page: { web_page: { contains: /pricing }, min_number_of_times: 3 }
                - member_of_list: { is_not: Competitors }
              logic: 1 and (2 or 3) and 4
            flow: [ send_email: letter ]
            ",
        )
        .file(
            "campaigns/workspace.yaml",
            "
            lists: [Competitors]
            fields: { renewal_date: { type: date } }
            ",
        )
        .bytes(
            "people.csv",
            "id,email,lead_score,state,renewal_date,unsubscribed\n\
             ann,a@example.com,50,CA,2026-11-10,\n\
             bob,b@example.com,45,ca,2026-12-24,\n\
             cid,c@example.com,90,California,,\n\
             dee,d@example.com,10,NY,,\n\
             eve,e@example.com,,,,\n\
             flo,f@example.com,60,CA,2026-10-31,\n\
             gus,g@example.com,70,CA,2026-11-03,true\n",
        )
        .bytes("rivals.csv", "id\nflo\n")
        .bytes(
            "events.csv",
            "at,person,type,web_page\n\
             2026-11-01T10:00:00Z,cid,visits_web_page,/pricing\n\
             2026-11-01T10:01:00Z,cid,visits_web_page,/pricing/teams\n\
             2026-11-01T10:02:00Z,cid,visits_web_page,/\n",
        );
    tool.load();
    tool.done("person load people.csv --key id");
    tool.done("person load rivals.csv --key id --list Competitors");
    tool.done("campaign replay-events events.csv -q");
    tool.done("campaign run Letter --person gus --now 2026-11-01T12:00:00Z");
    tool
}

/// Returns the counts of each filter, a line each.
fn filters(explained: &Json) -> String {
    let filters = explained["filters"].as_array().unwrap().iter();
    let line = |filter: &Json| {
        let counts = ["holds", "fails", "empty", "decides"].map(|key| filter[key].to_string());
        let number = filter["number"].as_str().unwrap();
        [number, " ", &counts.join(" "), "\n"].concat()
    };
    filters.map(line).collect()
}

fn nearest(explained: &Json, place: usize) -> &Json {
    &explained["filters"][place]["nearest"]
}

#[test]
fn each_filter_is_counted_and_the_one_that_decides_is_found() {
    let mut tool = tool();
    let explained = tool.row("campaign explain Letter --all");
    assert_eq!(
        (
            &explained["asked"],
            &explained["qualify"],
            &explained["excluded"]
        ),
        (&json!(7), &json!(1), &json!(1))
    );
    assert_eq!(
        filters(&explained),
        "1 4 3 1 1\n2 4 3 1 1\n3 0 7 0 1\n4 6 1 0 1\n"
    );
    assert_eq!(
        nearest(&explained, 0),
        &json!([{ "actual": "45", "distance": 5, "people": 1 }])
    );
    assert_eq!(
        nearest(&explained, 1),
        &json!([{ "actual": "California", "distance": null, "people": 1 }])
    );
    assert_eq!(
        nearest(&explained, 2),
        &json!([{ "actual": "2", "distance": 1, "people": 1 }])
    );
    assert_eq!(
        nearest(&explained, 3),
        &json!([{ "actual": "Competitors", "distance": null, "people": 1 }])
    );
    assert_eq!(
        explained["hints"],
        json!([{
            "filter": "2", "value": "Calfornia", "people": 0, "nearest": "California", "nearest_people": 1,
        }])
    );
    assert_eq!(
        (&explained["person"], &explained["change"]),
        (&Json::Null, &Json::Null)
    );
}

#[test]
fn it_reads_as_well() {
    tool()
        .run("campaign explain Letter --all")
        .stdout(
            "
            Letter  everyone at 2026-11-02 10:00:00
            asked                    7  people
            qualify                  1
            excluded                 1  by the qualification rule

               filter                                                          holds  fails  empty  decides
            ───────────────────────────────────────────────────────────────────────────────────────────────
            1  lead score at least 50                                              4      3      1        1
            2  state is CA or Calfornia                                            4      3      1        1
            3  visited web page: web page contains /pricing, at least 3 times      0      7      0        1
            4  member of list is not Competitors                                   6      1      0        1

            nearest misses, of whom one filter decides
              1  lead score at least 50: 1 person, 1 by ≤ 5
              2  state is CA or Calfornia: 1 person, California 1
              3  visited web page: web page contains /pricing, at least 3 times: 1 person, 1 by ≤ 1
              4  member of list is not Competitors: 1 person, Competitors 1

            values that nobody has
              2  state: Calfornia is held by nobody; California by 1
            ",
        )
        .code(0);
}

#[test]
fn the_counts_are_those_of_a_dry_run_and_of_each_person() {
    for chunk in ["1", "2", "1000"] {
        let mut tool = tool().variable("BUGLE_CHUNK", chunk);
        let everyone = "campaign run Letter --dry-run --now 2026-11-02T11:00:00Z --person ann \
            --person bob --person cid --person dee --person eve --person flo";
        let run = tool.row(everyone);
        let run_of_all = tool.row("campaign run Letter --dry-run");
        let explained = tool.row("campaign explain Letter --all");
        assert_eq!(run["qualified"], explained["qualify"]);
        assert_eq!(run_of_all["qualified"], explained["qualify"]);
        assert_eq!(run_of_all["excluded"], explained["excluded"]);
        let mut holds = [0; 4];
        for person in ["ann", "bob", "cid", "dee", "eve", "flo", "gus"] {
            let one = tool.row(["campaign", "explain", "Letter", "--person", person]);
            let rules = one["rules"].as_array().unwrap();
            for (place, rule) in ["lead score", "state", "visited web page", "member of list"]
                .iter()
                .enumerate()
            {
                let found = rules
                    .iter()
                    .find(|one| one["rule"].as_str().unwrap().starts_with(rule));
                holds[place] += u32::from(found.unwrap()["holds"] == true);
            }
        }
        let counted: Vec<Json> = explained["filters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|filter| filter["holds"].clone())
            .collect();
        assert_eq!(json!(holds), json!(counted));
    }
}

#[test]
fn who_is_blocked_from_mail_is_counted_by_reason() {
    let mut tool = tool();
    tool.write_bytes("more.csv", "id,unsubscribed\nann,true\n");
    tool.done("person load more.csv --key id");
    let explained = tool.row("campaign explain Letter --all");
    assert_eq!(
        explained["blocked"],
        json!([{ "reason": "unsubscribed", "people": 1 }])
    );
}

#[test]
fn everyone_is_asked_about_as_they_were() {
    let mut tool = tool();
    tool.write_bytes("more.csv", "id,lead_score\nbob,80\n");
    tool.done("person load more.csv --key id --now 2026-11-03T10:00:00Z");
    let now = tool.row("campaign explain Letter --all --now 2026-11-03T11:00:00Z");
    assert_eq!(now["qualify"], 2);
    let then = tool
        .row("campaign explain Letter --all --at 2026-11-02T11:00:00Z --now 2026-11-03T11:00:00Z");
    assert_eq!(
        (&then["qualify"], &then["excluded"]),
        (&json!(1), &json!(1))
    );
    let before = tool
        .row("campaign explain Letter --all --at 2026-11-01T11:00:00Z --now 2026-11-03T11:00:00Z");
    assert_eq!(
        (&before["qualify"], &before["excluded"]),
        (&json!(3), &json!(0)),
        "the list of competitors was loaded later"
    );
}

#[test]
fn days_are_near_by_days() {
    let mut tool = tool();
    tool.write(
        "campaigns/renewal.yaml",
        "
        name: Renewal
        smart_list: { filters: [ renewal_date: { in_future: 7 days } ] }
        flow: [ change_score: +1 ]
        ",
    );
    tool.load();
    let explained = tool.row("campaign explain Renewal --all");
    assert_eq!(filters(&explained), "1 1 6 3 6\n");
    assert_eq!(
        nearest(&explained, 0),
        &json!([
            { "actual": "2026-10-31", "distance": 2, "people": 1 },
            { "actual": "2026-11-10", "distance": 2, "people": 1 },
            { "actual": "2026-12-24", "distance": 46, "people": 1 },
            { "actual": null, "distance": null, "people": 3 },
        ])
    );
}

#[test]
fn the_smallest_changes_let_a_person_in() {
    let mut tool = tool();
    let change = |tool: &mut Tool, person: &str| {
        tool.row(["campaign", "explain", "Letter", "--person", person])["change"].clone()
    };
    assert_eq!(
        change(&mut tool, "bob"),
        json!([{ "filter": "1", "field": "lead_score", "from": "45", "to": "50" }])
    );
    assert_eq!(
        change(&mut tool, "flo"),
        json!([{ "filter": "4", "field": "member_of_list", "from": "Competitors", "to": null }])
    );
    assert_eq!(
        change(&mut tool, "dee"),
        json!([
            { "filter": "1", "field": "lead_score", "from": "10", "to": "50" },
            { "filter": "2", "field": "state", "from": "NY", "to": "CA" },
        ])
    );
    assert_eq!(change(&mut tool, "ann"), json!([]), "she is in");
    assert_eq!(
        change(&mut tool, "gus"),
        Json::Null,
        "no change of his fields helps"
    );
    let shown = tool.text("campaign explain Letter --person cid");
    let (_, changes) = shown
        .split_once("smallest changes that let the person in\n")
        .unwrap();
    assert_eq!(
        changes,
        "  state is CA or Calfornia (is California)\n  \
         visited web page: web page contains /pricing, at least 3 times (2 so far)\n"
    );
    // What it says is true.
    tool.write_bytes("more.csv", "id,lead_score,state\nbob,50,\ndee,50,CA\n");
    tool.done("person load more.csv --key id");
    assert_eq!(tool.row("campaign explain Letter --all")["qualify"], 3);
}

#[test]
fn one_person_and_everyone_go_together() {
    let mut tool = tool();
    let explained = tool.row("campaign explain Letter --all --person bob");
    assert_eq!(explained["change"][0]["to"], "50");
    assert_eq!(explained["person"]["person"], "b@example.com");
    assert_eq!(explained["asked"], 7);
}

#[test]
fn no_change_is_claimed_of_what_cannot_be_changed() {
    let mut tool = tool();
    tool.write(
        "campaigns/rest.yaml",
        "
        name: Entered
        smart_list: { filters: [ member_of_smart_campaign: Letter ] }
        flow: [ change_score: +1 ]
        ---
        name: Never
        smart_list: { filters: [ not_visited_web_page: any ] }
        flow: [ change_score: +1 ]
        ---
        name: Sample
        smart_list: { filters: [ random_sample: 0% ] }
        flow: [ change_score: +1 ]
        ---
        name: Lists
        smart_list: { filters: [ member_of_smart_list: { is_not: Rich } ] }
        flow: [ change_score: +1 ]
        ---
        name: Conflict
        smart_list: { filters: [ lead_score: { at_least: 20 }, lead_score: { at_most: 19 }, state: NY ], logic: (1 and 3) or (2 and 3) }
        flow: [ change_score: +1 ]
        ",
    );
    tool.write(
        "campaigns/workspace.yaml",
        "
        lists: [Competitors]
        fields: { renewal_date: { type: date } }
        smart_lists: { Rich: { filters: [ lead_score: { at_least: 60 }, state: CA ] } }
        ",
    );
    tool.load();
    let change = |tool: &mut Tool, name: &str, person: &str| {
        tool.row(["campaign", "explain", name, "--person", person])["change"].clone()
    };
    for (name, person) in [("Entered", "ann"), ("Never", "cid"), ("Sample", "ann")] {
        assert_eq!(change(&mut tool, name, person), Json::Null, "{name}");
    }
    assert_eq!(
        change(&mut tool, "Lists", "gus"),
        json!([{ "filter": "1.1.1", "field": "lead_score", "from": "70", "to": "59" }])
    );
    assert_eq!(
        change(&mut tool, "Conflict", "ann"),
        json!([{ "filter": "3", "field": "state", "from": "CA", "to": "NY" }])
    );
}

#[test]
fn what_is_not_asked_about_everyone_is_refused() {
    let mut tool = tool();
    let refused = tool.error("campaign explain Letter");
    assert!(refused.contains("--person"), "{refused}");
    let refused = tool.error("campaign explain Letter --all --event e1");
    assert!(refused.contains("--event"), "{refused}");
}

/// A trigger campaign whose filter asks for a score that another campaign writes by the same click.
fn triggered() -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-05T10:00:00Z")
        .file(
            "campaigns/hot.yaml",
            "
            name: Hot
            smart_list:
              triggers: [ visits_web_page: { web_page: { contains: /pricing } } ]
              filters: [ lead_score: { at_least: 50 }, state: CA ]
            flow: [ send_email: letter ]
            active: true
            ---
            name: Score
            smart_list: { triggers: [ visits_web_page: any ] }
            flow: [ change_score: +10 ]
            active: true
            qualification: every_time
            ",
        )
        .bytes(
            "people.csv",
            "id,email,lead_score,state\nann,a@example.com,45,CA\nbob,b@example.com,70,CA\n\
             cid,c@example.com,70,NY\ndee,d@example.com,0,CA\n",
        )
        .bytes(
            "events.csv",
            "at,person,type,web_page\n\
             2026-11-02T10:00:00Z,ann,visits_web_page,/pricing\n\
             2026-11-02T10:00:00Z,bob,visits_web_page,/pricing\n\
             2026-11-02T10:01:00Z,bob,visits_web_page,/pricing\n\
             2026-11-02T10:02:00Z,cid,visits_web_page,/pricing\n\
             2026-11-02T10:03:00Z,cid,visits_web_page,/\n\
             2026-11-04T10:00:00Z,ann,visits_web_page,/pricing\n",
        );
    tool.load();
    tool.done("person load people.csv --key id");
    tool
}

const LOG: &str = "1 4 1 0 1\n2 4 1 0 1\n";

#[test]
fn a_trigger_campaign_is_asked_about_each_match_in_the_log() {
    let mut tool = triggered();
    let replayed = tool.row("campaign replay-events events.csv");
    let explained = tool.row("campaign explain Hot --all");
    let counts = &replayed["campaigns"][0];
    assert_eq!(counts["campaign"], "Hot");
    assert_eq!(explained["asked"], counts["triggered"]);
    assert_eq!(explained["qualify"], counts["entered"]);
    assert_eq!(explained["excluded"], counts["excluded"]);
    assert_eq!(filters(&explained), LOG);
    assert_eq!(
        nearest(&explained, 0),
        &json!([{ "actual": "45", "distance": 5, "people": 1 }])
    );
    assert_eq!(
        explained["races"],
        json!([{ "filter": "1", "people": 1, "by": "Score, step 1" }])
    );
    let later = tool.row("campaign explain Hot --all --since 2026-11-03");
    assert_eq!((&later["asked"], &later["qualify"]), (&json!(1), &json!(1)));
    assert_eq!(later["races"], json!([]));
}

#[test]
fn events_that_have_not_happened_are_asked_about_on_a_copy() {
    let mut tool = triggered();
    let before = tool.dump();
    let explained = tool.row("campaign explain Hot --all --events events.csv");
    assert_eq!(filters(&explained), LOG);
    assert_eq!(explained["races"][0]["by"], "Score, step 1");
    assert_eq!(tool.dump(), before);
    // What is in the log already is not asked about, and a campaign that is not active is taken as if it were.
    tool.done("campaign replay-events events.csv");
    tool.done("campaign deactivate Hot");
    tool.write_bytes(
        "more.csv",
        "at,person,type,web_page\n2026-11-05T09:00:00Z,dee,visits_web_page,/pricing\n",
    );
    let more = tool.row("campaign explain Hot --all --events more.csv");
    assert_eq!(filters(&more), "1 0 1 0 1\n2 1 0 0 0\n");
    assert_eq!(
        nearest(&more, 0),
        &json!([{ "actual": "0", "distance": 50, "people": 1 }])
    );
}

#[test]
fn races_reach_as_far_as_they_are_looked_for() {
    let mut tool = triggered();
    tool.write_bytes(
        "events.csv",
        "at,person,type,web_page\n2026-11-02T10:00:00Z,dee,visits_web_page,/pricing\n",
    );
    tool.done("campaign replay-events events.csv");
    tool.write_bytes("more.csv", "id,lead_score\ndee,80\n");
    tool.done("person load more.csv --key id --now 2026-11-02T10:30:00Z");
    let races = |tool: &mut Tool, within: &str| {
        tool.row(["campaign", "explain", "Hot", "--all", "--within", within])["races"].clone()
    };
    assert_eq!(races(&mut tool, "1 minute"), json!([]));
    assert_eq!(
        races(&mut tool, "1 hour"),
        json!([{ "filter": "1", "people": 1, "by": "a load" }])
    );
}

#[test]
fn options_of_the_other_mode_are_refused() {
    let mut tool = triggered();
    tool.run("campaign explain Hot --all --at 2026-11-03")
        .stderr(
            "
            error: `--all --at` is about people at an instant, and the filters of a trigger campaign are asked at each match
            help: write `--since TIME`, or `--person KEY --at TIME` for one person
            ",
        )
        .code(2);
    let mut tool = self::tool();
    tool.run("campaign explain Letter --all --since 2026-11-03")
        .stderr(
            "
            error: `--since` belongs to trigger campaigns
            help: everyone is asked about at `--at TIME`, or now
            ",
        )
        .code(2);
    tool.run("campaign explain Letter --all --events nowhere.csv")
        .stderr(
            "
            error: `--events` belongs to trigger campaigns
            help: everyone is asked about at `--at TIME`, or now
            ",
        )
        .code(2);
}
