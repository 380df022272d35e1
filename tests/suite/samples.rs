//! Random samples through the real program: one draw per person for ever, or a new one each time.

use super::tool::Tool;

/// Two hundred people, their addresses in a certain order.
fn people(reversed: bool) -> String {
    let mut rows: Vec<String> = (1..=200)
        .map(|number| format!("p{number}@example.com,A{number}\n"))
        .collect();
    if reversed {
        rows.reverse();
    }
    format!("email,id\n{}", rows.concat())
}

/// Takes half of everyone onto a list each time it runs.
fn half(sample: &str) -> Tool {
    Tool::new()
        .now("2026-11-01T00:00:00Z")
        .file(
            "campaigns/half.yaml",
            &format!(
                "
                name: Half
                smart_list: {{ filters: [ random_sample: {sample} ] }}
                flow: [ change_score: +1 ]
                qualification: every_time
                "
            ),
        )
        .bytes("people.csv", people(false))
        .loaded()
}

/// Who was in the sample, by address.
fn drawn(tool: &Tool, run: u32) -> Vec<String> {
    let sql = format!("SELECT email FROM v_activity WHERE run_id = {run} ORDER BY email");
    let drawn: Vec<String> = tool.query(&sql).lines().map(str::to_owned).collect();
    assert!((70..=130).contains(&drawn.len()), "half of 200: {drawn:?}");
    drawn
}

#[test]
fn a_daily_run_always_draws_the_same_people() {
    let mut tool = half("50%");
    for day in 1..=5 {
        tool.done(format!("campaign run Half --now 2026-11-0{day}T09:00:00Z"));
    }
    let first = drawn(&tool, 1);
    for run in 2..=5 {
        assert_eq!(drawn(&tool, run), first);
    }
}

#[test]
fn a_sample_drawn_each_time_is_a_new_one_in_every_run() {
    let mut tool = half("{ percent: 50%, draw: each_time }");
    for day in 1..=3 {
        tool.done(format!("campaign run Half --now 2026-11-0{day}T09:00:00Z"));
    }
    let runs = [1, 2, 3].map(|run| drawn(&tool, run));
    for (one, other) in [(0, 1), (1, 2), (0, 2)] {
        let both = runs[one].iter().filter(|who| runs[other].contains(who));
        assert!((25..=80).contains(&both.count()), "{one} and {other}");
    }
    let mut again = half("{ percent: 50%, draw: each_time }");
    again.done("campaign run Half --now 2026-11-02T09:00:00Z");
    assert_eq!(drawn(&again, 1), runs[1], "the same run draws the same");
}

#[test]
fn neither_the_order_of_a_file_nor_the_number_of_a_person_makes_a_difference() {
    let mut forward = half("50%");
    forward.done("campaign run Half");
    let mut backward = half("50%");
    backward.write_bytes("before.csv", "email\nzoe@example.com\n");
    backward.write_bytes("people.csv", people(true));
    let database = backward.path("bugle.db");
    std::fs::remove_file(database).unwrap();
    for line in [
        "campaign load",
        "person load before.csv",
        "person load people.csv --as-activities",
        "person delete zoe@example.com --yes",
        "campaign run Half",
    ] {
        backward.done(line);
    }
    assert_eq!(drawn(&backward, 1), drawn(&forward, 1));
    let mut other = half("50%");
    other.done("campaign run Half --seed 7");
    assert_ne!(drawn(&other, 1), drawn(&forward, 1));
}

/// Visits put people into one of two halves, both by a filter and by a choice.
fn halves() -> Tool {
    Tool::new()
        .now("2026-11-01T00:00:00Z")
        .file(
            "campaigns/visits.yaml",
            "
            name: Visits
            smart_list: { triggers: [ visits_web_page: any ] }
            flow:
              - id: half
                add_to_list:
                  choices: [ { if: { random_sample: 50% }, list: A } ]
                  default: { list: B }
            qualification: every_time
            active: true
            ---
            name: Coin
            smart_list: { triggers: [ visits_web_page: any ] }
            flow:
              - interesting_moment:
                  type: Web
                  choices: [ { if: { random_sample: { percent: 50%, draw: each_time } }, description: heads } ]
                  default: { description: tails }
            qualification: every_time
            active: true
            ",
        )
        .bytes("people.csv", people(false))
        .loaded()
}

fn visits(day: u32) -> String {
    let line = |number: u32| {
        format!(
            r#"{{"at":"2026-11-0{day}T10:00:00Z","person":"p{number}@example.com","type":"visits_web_page","web_page":"/{number}"}}"#
        )
    };
    (1..=200).map(|number| line(number) + "\n").collect()
}

#[test]
fn a_person_who_passes_a_choice_again_takes_the_same_half() {
    let mut tool = halves().now("2026-11-09T00:00:00Z");
    for day in 2..=4 {
        tool.replay(&visits(day));
    }
    let lists = "SELECT list, count(*) > 70 FROM v_list_member GROUP BY list ORDER BY list";
    assert_eq!(tool.query(lists), "A|1\nB|1\n");
    let both = "SELECT count(*) FROM v_list_member a JOIN v_list_member b USING (person_id) WHERE a.list < b.list";
    assert_eq!(tool.query(both), "0\n");
    // Three tosses of a coin: a quarter of the people had the same side each time.
    let same = "SELECT count(*) FROM (SELECT 1 FROM v_activity WHERE type = 'interesting_moment'
        GROUP BY person_id HAVING count(DISTINCT attributes) = 1)";
    let same: u32 = tool.query(same).trim().parse().unwrap();
    assert!((25..=80).contains(&same), "{same}");
}

#[test]
fn a_step_with_an_id_keeps_its_sample_where_it_is_moved() {
    let mut tool = halves().now("2026-11-09T00:00:00Z");
    tool.replay(&visits(2));
    let campaigns = std::fs::read_to_string(tool.path("campaigns/visits.yaml")).unwrap();
    let moved = campaigns.replacen("flow:\n", "flow:\n  - change_score: +1\n", 1);
    assert_ne!(campaigns, moved);
    tool.write("campaigns/visits.yaml", &moved);
    tool.load().replay(&visits(3));
    let both = "SELECT count(*) FROM v_list_member a JOIN v_list_member b USING (person_id) WHERE a.list < b.list";
    assert_eq!(tool.query(both), "0\n");
}

#[test]
fn another_address_changes_no_sample_whatever_brought_it() {
    let mut tool = half("50%");
    tool.write(
        "campaigns/more.yaml",
        "
        name: Rename
        smart_list: { filters: [ id: { starts_with: A1 } ] }
        flow: [ change_data_value: { field: email, value: \"{{lead.id}}@flow.example.com\" } ]
        ",
    );
    tool.load().done("campaign run Half");
    let before = drawn(&tool, 1);
    // By a flow, by events, by a list with another key; case alone is no other address.
    tool.done("campaign run Rename");
    let events: String = (20..=59)
        .map(|number| {
            format!(
                r#"{{"at":"2026-11-01T00:00:00Z","person":"p{number}@example.com","type":"change_data_value","field":"email","new_value":"e{number}@event.example.com"}}"#
            ) + "\n"
        })
        .collect();
    tool.replay(&events);
    let mut list = "id,email\nA2,P2@EXAMPLE.com\n".to_owned();
    list.extend((60..=99).map(|number| format!("A{number},L{number}@list.example.com\n")));
    tool.write_bytes("list.csv", list);
    tool.done("person load list.csv --key id");
    tool.done("campaign run Half --now 2026-11-02T00:00:00Z");
    let by_id = |run: u32| {
        tool.query(&format!(
            "SELECT id FROM v_activity WHERE run_id = {run} AND campaign = 'Half' ORDER BY id"
        ))
    };
    assert_eq!(by_id(1), by_id(3));
    assert_ne!(before, drawn(&tool, 3));
    let kept = "SELECT count(*), count(CASE WHEN key = 'p2@example.com' THEN 1 END) FROM first_key";
    assert_eq!(tool.query(kept), "191|0\n");
    tool.done("person delete A60 --yes");
    assert_eq!(tool.query("SELECT count(*) FROM first_key"), "190\n");
    tool.done("db check");
}

#[test]
fn a_person_made_and_renamed_in_one_file_is_drawn_by_the_first_address() {
    let form = |at: &str, person: &str| {
        format!(
            r#"{{"at":"2026-11-01T0{at}:00:00Z","person":"{person}","type":"fills_out_form","form":"F"}}"#
        )
    };
    let rename = r#"{"at":"2026-11-01T02:00:00Z","person":"old@example.com","type":"change_data_value","field":"email","new_value":"new@example.com"}"#;
    let empty = || {
        let tool = Tool::new().now("2026-11-03T00:00:00Z");
        tool.file("campaigns/workspace.yaml", "time_zone: UTC\n")
            .loaded()
    };
    let mut tool = empty();
    tool.replay(&format!("{}\n{rename}\n", form("1", "old@example.com")));
    assert_eq!(tool.query("SELECT * FROM first_key"), "1|old@example.com\n");
    let sample = |tool: &mut Tool, who: &str| -> Vec<bool> {
        (1..=20)
            .map(|seed| {
                let line = format!("person list --filter 'random_sample: 50%' --seed {seed}");
                !tool.rows(line).iter().all(|row| row["email"] != who)
            })
            .collect()
    };
    let mut other = empty();
    other.replay(&form("1", "old@example.com"));
    assert_eq!(
        sample(&mut tool, "new@example.com"),
        sample(&mut other, "old@example.com")
    );
}

#[test]
fn an_explanation_draws_as_the_event_drew() {
    let mut tool = Tool::new()
        .now("2026-11-09T00:00:00Z")
        .file(
            "campaigns/coin.yaml",
            "
            name: Coin
            smart_list:
              triggers: [ visits_web_page: any ]
              filters: [ random_sample: { percent: 50%, draw: each_time } ]
            flow: [ change_score: +1 ]
            qualification: every_time
            active: true
            ",
        )
        .bytes("people.csv", "email\nann@example.com\n")
        .loaded();
    let events: String = (1..=12)
        .map(|number| {
            format!(
                r#"{{"at":"2026-11-02T10:00:00Z","id":"e{number}","person":"ann@example.com","type":"visits_web_page","web_page":"/"}}"#
            ) + "\n"
        })
        .collect();
    tool.replay(&events);
    let scored = "SELECT count(*) FROM v_activity WHERE type = 'change_score'";
    let scored: usize = tool.query(scored).trim().parse().unwrap();
    assert!((1..12).contains(&scored), "{scored}");
    let reported = (1..=12).filter(|number| {
        let line = format!("campaign explain Coin --person ann@example.com --event e{number}");
        let text = tool.text([line.as_str(), "--format", "json"].join(" "));
        let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
        let rules = answer["rules"].as_array().unwrap();
        rules.iter().any(|rule| rule["actual"] == "drawn")
    });
    assert_eq!(reported.count(), scored);
}
