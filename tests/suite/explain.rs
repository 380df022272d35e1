//! Why people qualify or do not: what is reported, and that it is what the engine decides.

mod event;
mod mail;
mod verdict;

use super::tool::Tool;

const LETTER: &str = "
    name: Letter
    smart_list:
      filters:
        - state: NY
        - any:
            - lead_score: { at_least: 3 }
            - member_of_list: Readers
    flow:
      - send_email: letter
";

const PRICING: &str = "
    name: Pricing
    smart_list:
      triggers:
        - visits_web_page: { web_page: { starts_with: /pricing } }
      filters:
        - unsubscribed: false
    flow:
      - interesting_moment: { type: Web, description: Prices }
    qualification: { once_every: 7 days }
    active: true
";

const PEOPLE: &str = "
    email,state,leadScore,unsubscribed
    ann@example.com,NY,1,true
    bob@example.com,CA,,
";

fn loaded() -> Tool {
    Tool::new()
        .file("campaigns/workspace.yaml", "lists: [Readers]")
        .file("campaigns/letter.yaml", LETTER)
        .file("campaigns/pricing.yaml", PRICING)
        .file("people.csv", PEOPLE)
        .now("2026-11-02T15:00:00Z")
        .loaded()
}

#[test]
fn every_filter_is_shown_also_after_one_has_failed() {
    loaded()
        .run("campaign explain letter --person ann@example.com")
        .stdout(
            "
            Letter  ann@example.com at 2026-11-02 15:00:00
            does not qualify: the filters do not hold, email would be held back

            filters
              yes 1    state is NY → NY
              no  2    any of these → 0 of 2
              no  2.1    lead score at least 3 → 1
              no  2.2    member of list is Readers → none

            qualification rule
              yes may enter only once → never entered

            emails held back, by step
              no  1    send email letter → unsubscribed

            smallest changes that let the person in
              lead score at least 3 (is 1)
              in list Readers
            ",
        )
        .code(0);
}

#[test]
fn triggers_are_explained_by_the_activity_that_comes_nearest() {
    let mut tool = loaded().file(
        "events.jsonl",
        r#"
        {"at":"2026-11-01T15:00:00Z","person":"bob@example.com","type":"visits_web_page","web_page":"/pricing"}
        {"at":"2026-11-02T14:00:00Z","person":"bob@example.com","type":"visits_web_page","web_page":"/"}
        "#,
    );
    tool.done("campaign replay-events events.jsonl");
    tool.done("campaign deactivate Pricing");
    tool.run("campaign explain pricing --person bob@example.com")
        .stdout(
            "
            Pricing  bob@example.com at 2026-11-02 15:00:00
            entered at 2026-11-01 15:00:00
            would not enter again now:
              the qualification rule says no
              the campaign is inactive

            triggers, any of them
              yes 1    visits web page: web page starts with /pricing
                         → the last at 2026-11-01 15:00:00 (activity 33554432)
              yes 1.1    web page starts with /pricing → /pricing

            filters
              yes 1    unsubscribed is false → false

            qualification rule
              no  may enter once every 7 days
                    → entered once, at 2026-11-01 15:00:00; again from 2026-11-08 15:00:00

            campaign
              no  is active → inactive
            ",
        )
        .code(0);
    tool.run("campaign explain pricing --person ann@example.com -f jsonl")
    .stdout(
r#"
        {"campaign":"Pricing","person":"ann@example.com","person_id":1,"email":"ann@example.com","id":null,"at":"2026-11-02T15:00:00Z","event":null,"qualifies":false,"entered":null,"sentence":null,"blocked_by":["trigger","filters","inactive"],"waits":[],"rules":[{"part":"trigger","number":"1","rule":"visits web page: web page starts with /pricing","wanted":"such an activity","actual":"none","holds":false,"activity":null},{"part":"filter","number":"1","rule":"unsubscribed","wanted":"is false","actual":"true","holds":false,"activity":null},{"part":"qualification","number":"1","rule":"qualification rule","wanted":"may enter once every 7 days","actual":"never entered","holds":true,"activity":null},{"part":"active","number":"1","rule":"campaign","wanted":"active","actual":"inactive","holds":false,"activity":null}],"change":[{"filter":"1","field":"unsubscribed","from":"true","to":"false"}]}
        "#,
    )
    .code(0);
}

#[test]
fn the_past_is_asked_as_it_was() {
    let mut tool = loaded().file(
        "later.csv",
        "
        email,state,leadScore
        bob@example.com,NY,9
        ",
    );
    tool.done("person load later.csv --now 2026-11-05T15:00:00Z");
    tool.done("campaign run letter --now 2026-11-06T15:00:00Z");
    let mut verdict = |at: &str| {
        let line = format!("campaign explain letter --person bob@example.com -f json --at {at}");
        let explained = tool.text(line);
        let explained: serde_json::Value = serde_json::from_str(&explained).unwrap();
        explained["blocked_by"].to_string()
    };
    assert_eq!(verdict("2026-11-04"), r#"["filters"]"#);
    assert_eq!(verdict("2026-11-05T15:00:00Z"), "[]");
    assert_eq!(verdict("2026-11-06T15:00:00Z"), r#"["qualification"]"#);
}

#[test]
fn a_run_that_would_be_refused_is_a_layer_that_blocks() {
    let mut tool = Tool::new()
        .now("2026-11-30T00:00:00Z")
        .file(
            "campaigns/letter.yaml",
            "
            name: Letter
            smart_list: { filters: [ member_of_smart_list: All People ] }
            flow: [ add_to_list: Readers ]
            max_people: 1
            ",
        )
        .file(
            "people.csv",
            "
            email
            ann@example.com
            ben@example.com
            ",
        )
        .loaded();
    tool.run("campaign explain Letter --person ann@example.com")
        .stdout(
            "
            Letter  ann@example.com at 2026-11-30 00:00:00
            qualifies; the run would be refused, since too many people qualify

            filters
              yes 1  member of smart list is All People → All People

            qualification rule
              yes may enter only once → never entered

            people in a run
              no  at most 1 → 2 qualify now
            ",
        )
        .code(0);
    tool.run("campaign explain Letter --person ann@example.com --at 2026-11-29")
        .stdout(
            "
            Letter  ann@example.com at 2026-11-29 00:00:00
            qualifies

            filters
              yes 1  member of smart list is All People → All People

            qualification rule
              yes may enter only once → never entered
            ",
        )
        .code(0);
}
