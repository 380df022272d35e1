//! Campaigns that call others: in series by `execute_campaign`, in parallel by `request_campaign`, and how people are
//! taken out of them.

use super::tool::Tool;

/// Ann and Bob, Bob on the list Gold, and the workspace of the calling campaigns.
fn calling(campaigns: &str) -> Tool {
    let mut tool = Tool::new()
        .file(
            "campaigns/workspace.yaml",
            "
            fields: { note: { type: string }, mark: { type: string } }
            lists: [Gold]
            programs:
              Root: { tokens: { Offer: root offer } }
              Library: { tokens: { Offer: library offer } }
            ",
        )
        .file("campaigns/campaigns.yaml", campaigns)
        .file("people.csv", "email\nann@example.com\nbob@example.com\n")
        .file("gold.csv", "email\nbob@example.com\n")
        .now("2026-11-05T00:00:00Z")
        .loaded();
    tool.done("person load gold.csv --list Gold");
    tool
}

/// Ann and then Bob visit a page.
fn visit(mut tool: Tool) -> Tool {
    tool.replay(
        r#"
        {"at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"visits_web_page","web_page":"/a"}
        {"at":"2026-11-02T11:00:00Z","person":"bob@example.com","type":"visits_web_page","web_page":"/b"}
        "#,
    );
    tool
}

/// Compares a person's log: what, which, of which campaign, its outcome, and the attributes that are asked for.
#[track_caller]
fn assert_log(tool: &mut Tool, person: &str, attributes: &[&str], expected: &str) {
    let mut columns = vec!["type primary_value name outcome reason".to_owned()];
    columns.extend(attributes.iter().map(|name| format!("attributes.{name}")));
    tool.log_is(person, &columns.join(" "), expected);
}

const SERIES: &str = "
    name: Parent
    program: Root
    smart_list: { triggers: [ visits_web_page: any ] }
    flow:
      - execute_campaign: Library.Child
      - interesting_moment:
          choices:
            - if: { note: checked }
              type: Web
              description: the child has written
          default: { type: Web, description: the child took nobody }
    active: true
    qualification: every_time
    ---
    name: Child
    program: Library
    executable: true
    smart_list: { filters: [ member_of_list: Gold ] }
    flow:
      - change_data_value: { field: note, value: checked }
      - change_data_value: { field: mark, value: done }
";

#[test]
fn an_executed_campaign_comes_before_the_parents_next_step_and_chooses_by_its_own_filters() {
    let mut tool = visit(calling(SERIES));
    assert_log(
        &mut tool,
        "ann@example.com",
        &["qualified", "description"],
        "
        visit_webpage /a
        execute_campaign Library.Child Parent succeeded qualified=false
        interesting_moment Web Parent succeeded description=the child took nobody
        ",
    );
    assert_log(
        &mut tool,
        "bob@example.com",
        &["qualified", "description"],
        "
        visit_webpage /b
        execute_campaign Library.Child Parent succeeded qualified=true
        change_data_value note Child succeeded
        change_data_value mark Child succeeded
        interesting_moment Web Parent succeeded description=the child has written
        ",
    );
}

#[test]
fn the_rule_of_an_executed_campaign_lets_the_parent_go_on_without_it() {
    let mut tool = visit(visit_again(calling(SERIES)));
    assert_log(
        &mut tool,
        "bob@example.com",
        &["qualified", "description"],
        "
        visit_webpage /b
        execute_campaign Library.Child Parent succeeded qualified=true
        change_data_value note Child succeeded
        change_data_value mark Child succeeded
        interesting_moment Web Parent succeeded description=the child has written
        visit_webpage /b
        execute_campaign Library.Child Parent succeeded qualified=false
        interesting_moment Web Parent succeeded description=the child has written
        ",
    );
}

/// Bob visits a page once more, a day before.
fn visit_again(mut tool: Tool) -> Tool {
    tool.replay(
        r#"
        {"at":"2026-11-01T11:00:00Z","person":"bob@example.com","type":"visits_web_page","web_page":"/b"}
        "#,
    );
    tool
}

#[test]
fn tokens_are_the_childs_own_unless_it_uses_those_of_its_parent_up_to_the_root() {
    let say = "\"{{my.Offer}}, {{campaign.name}}, {{program.name}}, {{trigger.Web Page:default=no trigger}}\"";
    let mut tool = visit(calling(&format!(
        "
    name: Parent
    program: Root
    smart_list: {{ triggers: [ visits_web_page: any ] }}
    flow:
      - execute_campaign: {{ campaign: Library.Child, use_parent_tokens: true }}
      - execute_campaign: Library.Other
    active: true
    ---
    name: Child
    program: Library
    executable: true
    flow:
      - interesting_moment: {{ type: Child, description: {say} }}
      - execute_campaign: {{ campaign: Grandchild, use_parent_tokens: true }}
    qualification: every_time
    ---
    name: Other
    program: Library
    executable: true
    flow:
      - interesting_moment: {{ type: Other, description: {say} }}
      - execute_campaign: {{ campaign: Grandchild, use_parent_tokens: true }}
    ---
    name: Grandchild
    program: Library
    executable: true
    flow:
      - interesting_moment: {{ type: Grandchild, description: {say} }}
    qualification: every_time
    "
    )));
    assert_log(
        &mut tool,
        "ann@example.com",
        &["used_parent_campaign_token_context", "description"],
        "
        visit_webpage /a
        execute_campaign Library.Child Parent succeeded used_parent_campaign_token_context=true
        interesting_moment Child Child succeeded description=root offer, Parent, Root, /a
        execute_campaign Library.Grandchild Child succeeded used_parent_campaign_token_context=true
        interesting_moment Grandchild Grandchild succeeded description=root offer, Parent, Root, /a
        execute_campaign Library.Other Parent succeeded used_parent_campaign_token_context=false
        interesting_moment Other Other succeeded description=library offer, Other, Library, no trigger
        execute_campaign Library.Grandchild Other succeeded used_parent_campaign_token_context=true
        interesting_moment Grandchild Grandchild succeeded description=library offer, Other, Library, no trigger
        ",
    );
}

#[test]
fn a_score_moves_by_the_token_of_the_parent_where_the_child_uses_its_tokens() {
    let mut tool = Tool::new()
        .file(
            "campaigns/workspace.yaml",
            "
            programs:
              Root: { tokens: { Points: +7, Odd: many } }
              Library: { tokens: { Points: +1 } }
            ",
        )
        .file(
            "campaigns/campaigns.yaml",
            "
            name: Parent
            program: Root
            smart_list: { triggers: [ visits_web_page: any ] }
            flow:
              - execute_campaign: { campaign: Library.Child, use_parent_tokens: true }
              - execute_campaign: Library.Child
              - execute_campaign: { campaign: Library.Odd, use_parent_tokens: true }
              - execute_campaign: Library.Odd
            active: true
            ---
            name: Child
            program: Library
            executable: true
            qualification: every_time
            flow: [ change_score: \"{{my.Points}}\" ]
            ---
            name: Odd
            program: Library
            executable: true
            qualification: every_time
            flow: [ change_score: \"{{my.Odd}}\" ]
            ",
        )
        .file("people.csv", "email\nann@example.com\nbob@example.com\n")
        .now("2026-11-05T00:00:00Z")
        .loaded();
    tool = visit(tool);
    assert_log(
        &mut tool,
        "ann@example.com",
        &["change"],
        "
        visit_webpage /a
        execute_campaign Library.Child Parent succeeded
        change_score lead_score Child succeeded change=+7
        execute_campaign Library.Child Parent succeeded
        change_score lead_score Child succeeded change=+1
        execute_campaign Library.Odd Parent succeeded
        change_score lead_score Odd failed does not fit score change=many
        execute_campaign Library.Odd Parent succeeded
        change_score lead_score Odd skipped empty value
        ",
    );
}

#[test]
fn three_levels_may_stand_below_a_campaign_that_executes() {
    let mut tool = visit(calling(
        "
    name: Parent
    smart_list: { triggers: [ visits_web_page: any ] }
    flow: [ execute_campaign: One, interesting_moment: { type: Web, description: end } ]
    active: true
    ---
    name: One
    executable: true
    flow: [ execute_campaign: Two ]
    ---
    name: Two
    executable: true
    flow: [ execute_campaign: Three ]
    ---
    name: Three
    executable: true
    flow: [ change_data_value: { field: note, value: deep } ]
    ",
    ));
    assert_log(
        &mut tool,
        "ann@example.com",
        &[],
        "
        visit_webpage /a
        execute_campaign One Parent succeeded
        execute_campaign Two One succeeded
        execute_campaign Three Two succeeded
        change_data_value note Three succeeded
        interesting_moment Web Parent succeeded
        ",
    );
    // One level more cannot be loaded: the diagnostic `execute-depth`.
}

#[test]
fn who_is_removed_from_an_executed_campaign_leaves_its_parents_too() {
    let mut tool = visit(calling(
        "
    name: Parent
    smart_list: { triggers: [ visits_web_page: any ] }
    flow:
      - execute_campaign: Child
      - interesting_moment: { type: Web, description: parent goes on }
    active: true
    ---
    name: Child
    executable: true
    flow:
      - execute_campaign: Grandchild
      - interesting_moment: { type: Web, description: child goes on }
    ---
    name: Grandchild
    executable: true
    flow:
      - remove_from_flow:
          choices: [ { if: { member_of_list: Gold }, campaign: this } ]
          default: do_nothing
      - interesting_moment: { type: Web, description: grandchild goes on }
    ",
    ));
    assert_log(
        &mut tool,
        "ann@example.com",
        &["description"],
        "
        visit_webpage /a
        execute_campaign Child Parent succeeded
        execute_campaign Grandchild Child succeeded
        remove_from_flow Grandchild skipped do nothing
        interesting_moment Web Grandchild succeeded description=grandchild goes on
        interesting_moment Web Child succeeded description=child goes on
        interesting_moment Web Parent succeeded description=parent goes on
        ",
    );
    assert_log(
        &mut tool,
        "bob@example.com",
        &["description"],
        "
        visit_webpage /b
        execute_campaign Child Parent succeeded
        execute_campaign Grandchild Child succeeded
        remove_from_flow Grandchild Grandchild succeeded
        ",
    );
}

#[test]
fn who_is_removed_from_a_requested_campaign_stays_in_the_one_that_requested_it() {
    let mut tool = visit(calling(
        "
    name: Parent
    smart_list: { triggers: [ visits_web_page: any ] }
    flow:
      - request_campaign: Target
      - wait: 1 hour
      - interesting_moment: { type: Web, description: parent goes on }
    active: true
    ---
    name: Target
    smart_list:
      triggers: [ campaign_is_requested: any ]
      filters: [ member_of_list: Gold ]
    flow:
      - remove_from_flow: this
      - interesting_moment: { type: Web, description: target goes on }
    active: true
    ",
    ));
    tool.done("campaign advance");
    assert_log(
        &mut tool,
        "ann@example.com",
        &["description"],
        "
        visit_webpage /a
        request_campaign Target Parent succeeded
        wait_started Parent succeeded
        wait_ended Parent succeeded
        interesting_moment Web Parent succeeded description=parent goes on
        ",
    );
    assert_log(
        &mut tool,
        "bob@example.com",
        &["description"],
        "
        visit_webpage /b
        request_campaign Target Parent succeeded
        wait_started Parent succeeded
        remove_from_flow Target Target succeeded
        wait_ended Parent succeeded
        interesting_moment Web Parent succeeded description=parent goes on
        ",
    );
}

#[test]
fn a_requested_campaign_comes_after_the_walk_with_its_own_filters_rule_and_tokens() {
    let mut tool = visit(visit_again(calling(
        "
    name: Parent
    program: Root
    smart_list: { triggers: [ visits_web_page: any ] }
    flow:
      - request_campaign: Library.Target
      - interesting_moment: { type: Parent, description: '{{my.Offer}}' }
    active: true
    qualification: every_time
    ---
    name: Target
    program: Library
    smart_list:
      triggers: [ campaign_is_requested: any ]
      filters: [ member_of_list: Gold ]
    flow:
      - interesting_moment: { type: Target, description: '{{my.Offer}}, {{trigger.Name}}' }
    active: true
    ",
    )));
    assert_log(
        &mut tool,
        "ann@example.com",
        &["description"],
        "
        visit_webpage /a
        request_campaign Library.Target Parent succeeded
        interesting_moment Parent Parent succeeded description=root offer
        ",
    );
    assert_log(
        &mut tool,
        "bob@example.com",
        &["description", "source"],
        "
        visit_webpage /b
        request_campaign Library.Target Parent succeeded source=Marketo Flow Action
        interesting_moment Parent Parent succeeded description=root offer
        interesting_moment Target Target succeeded description=library offer, Library.Target
        visit_webpage /b
        request_campaign Library.Target Parent succeeded source=Marketo Flow Action
        interesting_moment Parent Parent succeeded description=root offer
        ",
    );
}

#[test]
fn a_request_to_a_campaign_that_is_not_active_is_skipped() {
    let mut tool = visit(calling(
        "
    name: Parent
    smart_list: { triggers: [ visits_web_page: any ] }
    flow:
      - request_campaign: Target
      - interesting_moment: { type: Web, description: parent goes on }
    active: true
    ---
    name: Target
    smart_list: { triggers: [ campaign_is_requested: any ] }
    flow: [ interesting_moment: { type: Web, description: target } ]
    ",
    ));
    assert_log(
        &mut tool,
        "ann@example.com",
        &["description"],
        "
        visit_webpage /a
        request_campaign Target Parent skipped not active
        interesting_moment Web Parent succeeded description=parent goes on
        ",
    );
}

#[test]
fn an_executed_campaign_whose_smart_list_is_broken_takes_nobody() {
    let tool = calling(
        "
    name: Parent
    smart_list: { triggers: [ visits_web_page: any ] }
    flow:
      - execute_campaign: Child
      - interesting_moment: { type: Web, description: parent goes on }
    active: true
    ---
    name: Child
    executable: true
    smart_list: { filters: [ state: { is_empty: true }, mark: { is_empty: true } ] }
    flow: [ change_data_value: { field: note, value: child } ]
    ",
    );
    // As if a later program no longer knew what an earlier one has stored.
    tool.tamper("UPDATE campaign_version SET definition = replace(definition, 'mark:', 'marc:')");
    let mut tool = visit(tool);
    let status = "SELECT campaign, status FROM v_campaign ORDER BY campaign";
    assert_eq!(
        tool.query(status),
        "Child|invalid\nParent|active\n",
        "a command that writes marks what no longer compiles"
    );
    assert_log(
        &mut tool,
        "ann@example.com",
        &["qualified", "description"],
        "
        visit_webpage /a
        execute_campaign Child Parent succeeded qualified=false
        interesting_moment Web Parent succeeded description=parent goes on
        ",
    );
}
