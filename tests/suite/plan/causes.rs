//! The cause by which the two sides first differ for a person.

use super::{causes, change, counts, tool};

#[test]
fn a_smart_list_that_a_filter_names() {
    let mut tool = tool();
    change(&tool, "unsubscribed: false", "state: NY");
    let plan = tool.row("campaign plan new");
    assert_eq!(counts(&plan, "Letter"), "2 2 1 1 0");
    assert_eq!(
        causes(&plan, "Letter"),
        "smart_list | 2 | Mailable: unsubscribed is false | Mailable: state is NY 1 1 0\n"
    );
}

#[test]
fn a_filter_that_was_added_or_taken_out() {
    let mut tool = tool();
    change(
        &tool,
        "    - member_of_smart_list: Mailable\n",
        "    - state: CA\n    - member_of_smart_list: Mailable\n",
    );
    let plan = tool.row("campaign plan new");
    assert_eq!(
        causes(&plan, "Letter"),
        "filter | 2 | - | state is CA 0 1 0\n"
    );
    change(&tool, "    - member_of_smart_list: Mailable\n", "");
    let plan = tool.row("campaign plan new");
    assert_eq!(
        causes(&plan, "Letter"),
        "filter | 2 | member of smart list is Mailable | - 1 0 0\n"
    );
}

#[test]
fn the_qualification_rule() {
    let mut tool = tool();
    tool.done("campaign run Letter --person ann --now 2026-11-02T09:00:00Z");
    change(
        &tool,
        "qualification: every_time",
        "qualification: only_once",
    );
    let plan = tool.row("campaign plan new");
    assert_eq!(
        causes(&plan, "Letter"),
        "rule | - | may enter every time | may enter only once 0 1 0\n"
    );
}

#[test]
fn a_trigger_and_a_filter_of_a_trigger_campaign() {
    let mut tool = tool();
    change(&tool, "web_page: /pricing", "web_page: /prices");
    let plan = tool.row("campaign plan new --events events.csv");
    assert_eq!(counts(&plan, "Follow"), "1 1 1 1 0");
    assert_eq!(
        causes(&plan, "Follow"),
        "trigger | 1 | visits web page: /pricing | visits web page: /prices 1 1 0\n"
    );
    change(
        &tool,
        "filters: [ lead_score: { at_least: 50 } ]",
        "filters: [ lead_score: { at_least: 45 } ]",
    );
    let plan = tool.row("campaign plan new --events events.csv");
    assert_eq!(
        causes(&plan, "Follow"),
        "filter | 1 | lead score at least 50 | lead score at least 45 1 0 0\n"
    );
    change(&tool, "active: true", "active: false");
    let plan = tool.row("campaign plan new --events events.csv");
    assert_eq!(
        causes(&plan, "Follow"),
        "active | - | active | inactive 0 1 0\n"
    );
}

#[test]
fn a_campaign_that_another_one_starts() {
    let mut tool = tool();
    change(
        &tool,
        "  - send_email: letter\n",
        "  - send_email: letter\n  - request_campaign: Asked\n",
    );
    let asked = "
name: Asked
smart_list: { triggers: [ campaign_is_requested: any ] }
flow: [ change_score: +5 ]
active: true
";
    tool.write_bytes("campaigns/asked.yaml", asked);
    tool.write_bytes("new/asked.yaml", asked);
    tool.load();
    let plan = tool.row("campaign plan new");
    assert_eq!(causes(&plan, "Asked"), "campaign | - | - | Letter 2 0 0\n");
    assert_eq!(
        causes(&plan, "Letter"),
        "step | 2 | - | request campaign Asked 0 0 2\n"
    );
}

#[test]
fn a_choice_a_step_and_an_email() {
    let mut tool = tool();
    change(&tool, "if: { state: CA }", "if: { state: NY }");
    let plan = tool.row("campaign plan new");
    assert_eq!(
        causes(&plan, "Letter"),
        "choice | 2 | if state is CA: change lead_score by +2 | else change lead_score by +1 0 0 1\n\
         choice | 2 | else change lead_score by +1 | if state is NY: change lead_score by +2 0 0 1\n"
    );
    change(&tool, "- add_to_list: Readers", "- add_to_list: Others");
    let plan = tool.row("campaign plan new --until 2026-11-05");
    assert_eq!(
        causes(&plan, "Letter"),
        "step | 4 | add to list Readers | add to list Others 0 0 2\n"
    );
    change(&tool, "subject: Hello", "subject: Good day");
    let plan = tool.row("campaign plan new");
    assert_eq!(
        causes(&plan, "Letter"),
        "email | 1 | letter | letter 0 0 2\n"
    );
}

#[test]
fn a_campaign_that_is_new_gone_or_scheduled() {
    let mut tool = tool();
    tool.write_bytes(
        "new/more.yaml",
        "name: More\nsmart_list: { filters: [ state: CA ] }\nflow: [ change_score: +1 ]\n",
    );
    let plan = tool.row("campaign plan new");
    assert_eq!(counts(&plan, "More"), "0 3 3 0 0");
    assert_eq!(causes(&plan, "More"), "definition | - | - | added 3 0 0\n");
    tool.done("campaign load new");
    std::fs::remove_file(tool.path("new/more.yaml")).unwrap();
    let plan = tool.row("campaign plan new --prune");
    assert_eq!(counts(&plan, "More"), "3 0 0 3 0");
    assert_eq!(plan["definitions"][0]["change"], "pruned");
    assert_eq!(
        causes(&plan, "More"),
        "definition | - | in use | pruned 0 3 0\n"
    );
    let plan = tool.row("campaign plan new");
    assert_eq!(counts(&plan, "More"), "3 3 0 0 0");
    assert_eq!(plan["definitions"][0]["change"], "missing");
    change(
        &tool,
        "qualification: every_time",
        "qualification: every_time\nschedule: { first_run: 2026-12-01 09:00 }",
    );
    let plan = tool.row("campaign plan new --until 2026-11-05");
    assert_eq!(counts(&plan, "Letter"), "2 0 0 2 0");
    let found = causes(&plan, "Letter");
    assert!(found.starts_with("schedule | - | - | "), "{found}");
}
