//! The schema of campaigns in one workspace, which knows the names that the workspace has.

use crate::tool::Tool;
use serde_json::Value;

use super::samples::samples;
use super::{File, faults, faults_of, with_filter, with_step, with_trigger};

/// Returns the schema of campaigns in a workspace, which is named by the folder `campaigns/`.
fn closed(tool: &mut Tool) -> Value {
    let text = tool.text("schema --workspace");
    let schema: Value = serde_json::from_str(&text).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    schema
}

#[test]
fn the_samples_are_valid_by_the_schema_of_their_own_workspace() {
    let mut tool = Tool::new().copy("campaigns");
    let schema = closed(&mut tool);
    let mut seen = 0;
    for path in samples(&tool.path("campaigns")) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if !["workspace.yaml", "program.yaml"].contains(&name) {
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(faults_of(&schema, &text), [""; 0], "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen}");
}

#[test]
fn the_schema_of_a_workspace_marks_names_that_it_does_not_have() {
    let mut tool = Tool::new()
        .file(
            "campaigns/workspace.yaml",
            "
            fields:
              plan: { type: string, label: Price Plan }
            lists: [Readers, Hot leads]
            emails:
              letter: { subject: Hello, body: Hi }
            programs:
              Letters: {}
            smart_lists:
              Payers: { filters: [plan: gold] }
            activities:
              attends_demo: { id: 100001, filter: attended_demo, primary: demo }
            webhooks:
              crm: { url: http://127.0.0.1/x }
            ",
        )
        .file(
            "campaigns/alert.yaml",
            "
            name: Alert
            program: Letters
            smart_list: { triggers: [campaign_is_requested: any] }
            flow: [change_score: +1]
            ",
        );
    let schema = closed(&mut tool);
    let right = [
        with_filter("plan: gold"),
        with_filter("Price Plan: gold"),
        with_filter("state: CA"),
        with_filter("member_of_list: [readers, HOT LEADS]"),
        with_filter("member_of_list: any"),
        with_filter("member_of_list: { is_not: Readers }"),
        with_filter("member_of_smart_list: All People"),
        with_filter("member_of_smart_campaign: { is: Letters.Alert }"),
        with_filter("not_attended_demo: any"),
        with_filter("opened_email: one of another system"),
        with_trigger("attends_demo: any"),
        with_step("send_email: Letter"),
        with_step(
            "send_email: { choices: [ { if: { plan: gold }, email: letter } ], default: letter }",
        ),
        with_step("request_campaign: Alert"),
        with_step("remove_from_flow: this"),
        with_step("change_data_value: { field: plan, value: x }"),
        with_step("change_program_member_data: { program: Letters, field: diet, value: x }"),
        with_step("change_program_status: any status"),
        with_step("call_webhook: crm"),
        format!("program: Letters\n{}", with_step("wait: 3 days")),
    ];
    for campaign in right {
        assert_eq!(faults_of(&schema, &campaign), [""; 0], "{campaign}");
    }
    let wrong = [
        with_filter("contry: Spain"),
        with_filter("member_of_list: Reader"),
        with_filter("member_of_list: { is: [Readers, Reader] }"),
        with_filter("member_of_smart_list: Buyers"),
        with_filter("member_of_smart_campaign: Alrt"),
        with_filter("member_of_program: Mails"),
        with_filter("all: [ contry: Spain ]"),
        with_trigger("attends_dmo: any"),
        with_step("send_email: lettr"),
        with_step("send_email: { email: lettr }"),
        with_step(
            "send_email: { choices: [ { if: { contry: x }, email: letter } ], default: letter }",
        ),
        with_step(
            "send_email: { choices: [ { if: { plan: gold }, email: letter } ], default: lettr }",
        ),
        with_step("add_to_list: { list: Reader }"),
        with_step("request_campaign: Alrt"),
        with_step("change_data_value: { field: contry, value: x }"),
        with_step("call_webhook: crn"),
        format!("program: Mails\n{}", with_step("wait: 3 days")),
    ];
    for campaign in wrong {
        assert_eq!(faults(File::Campaign, &campaign), [""; 0], "{campaign}");
        assert_ne!(faults_of(&schema, &campaign), [""; 0], "{campaign}");
    }
    let text = schema.to_string();
    assert!(text.contains("\"patternErrorMessage\":\"the workspace has no list of this name\""));
}
