//! `campaign where-used`: every place of a name, and the graph of campaigns; `campaign list --idle`.

use super::tool::Tool;

fn shop() -> Tool {
    Tool::new()
        .file(
            "campaigns/workspace.yaml",
            r#"
            fields:
              plan: { type: string }
            lists: [Readers, Hot]
            emails:
              letter: { subject: "Hello {{lead.Plan}}", body: Hi }
            channels:
              Mail: { statuses: [{ name: Sent, step: 10 }] }
            programs:
              Letters: { channel: Mail }
            smart_lists:
              Payers: { filters: [plan: gold] }
            webhooks:
              crm: { url: "http://127.0.0.1/x", map: { plan: /plan } }
            "#,
        )
        .file(
            "campaigns/letter.yaml",
            r"
            name: Letter
            program: Letters
            smart_list:
              filters:
                - member_of_list: Readers
                - member_of_smart_list: Payers
                - not_opened_email: letter
            flow:
              - send_email: letter
              - change_program_status: Sent
              - add_to_list:
                  choices:
                    - if: { plan: gold }
                      list: Hot
                  default: do_nothing
            ",
        )
        .file(
            "campaigns/hot.yaml",
            r#"
            name: Hot
            smart_list:
              triggers:
                - added_to_list: Hot
              filters:
                - member_of_smart_campaign: { is: Letter }
            flow:
              - change_data_value: { field: plan, value: "{{lead.plan:default=silver}} plus" }
              - call_webhook: crm
              - request_campaign: Alert
            active: true
            "#,
        )
        .file(
            "campaigns/alert.yaml",
            r"
            name: Alert
            smart_list:
              triggers:
                - campaign_is_requested: any
            flow:
              - change_score: +1
            active: true
            ",
        )
}

/// Returns `access kind campaign part file:line:column` of each place.
fn places(name: &str) -> Vec<String> {
    let mut tool = shop();
    let rows = tool.rows(["campaign", "where-used", name]);
    rows.iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap_or("-").to_owned();
            format!(
                "{} {} | {} | {} | {}:{}:{}",
                text("access"),
                text("kind"),
                text("campaign"),
                text("part"),
                text("file").trim_start_matches("campaigns/"),
                row["line"],
                row["column"]
            )
        })
        .collect()
}

#[test]
fn every_place_of_a_field_is_listed() {
    assert_eq!(
        places("Plan"),
        [
            "writes field | Hot | step 1 | hot.yaml:8:33",
            "reads field | Hot | step 1 | hot.yaml:8:47",
            "reads field | Letters.Letter | step 3 | letter.yaml:13:17",
            "defines field | - | workspace | workspace.yaml:2:3",
            "reads field | - | email letter | workspace.yaml:5:29",
            "reads field | - | smart list Payers, filter 1 | workspace.yaml:11:23",
            "writes field | - | webhook crm | workspace.yaml:13:44",
        ]
    );
    assert_eq!(
        places("lead_score"),
        ["writes field | Alert | step 1 | alert.yaml:6:5"]
    );
}

#[test]
fn every_place_of_a_list_a_status_a_program_and_an_email_is_listed() {
    assert_eq!(
        places("readers"),
        [
            "reads list | Letters.Letter | filter 1 | letter.yaml:5:23",
            "defines list | - | workspace | workspace.yaml:3:9",
        ]
    );
    assert_eq!(
        places("Sent"),
        [
            "writes status | Letters.Letter | step 2 | letter.yaml:10:28",
            "defines status | - | workspace | workspace.yaml:7:30",
        ]
    );
    assert_eq!(
        places("Letters"),
        [
            "reads program | Letters.Letter | campaign | letter.yaml:2:10",
            "writes program | Letters.Letter | step 2 | letter.yaml:10:5",
            "defines program | - | workspace | workspace.yaml:9:3",
        ]
    );
    assert_eq!(
        places("Payers"),
        [
            "reads smart list | Letters.Letter | filter 2 | letter.yaml:6:29",
            "defines smart list | - | workspace | workspace.yaml:11:3",
        ]
    );
    assert_eq!(
        places("crm"),
        [
            "writes webhook | Hot | step 2 | hot.yaml:9:19",
            "defines webhook | - | workspace | workspace.yaml:13:3",
        ]
    );
}

#[test]
fn one_name_of_several_things_lists_all_of_them() {
    assert_eq!(
        places("letter"),
        [
            "reads campaign | Hot | filter 1 | hot.yaml:6:39",
            "defines campaign | Letters.Letter | campaign | letter.yaml:1:7",
            "reads email | Letters.Letter | filter 3 | letter.yaml:7:25",
            "writes email | Letters.Letter | step 1 | letter.yaml:9:17",
            "defines email | - | workspace | workspace.yaml:5:3",
        ]
    );
}

#[test]
fn an_activity_is_found_by_any_of_its_names() {
    let expected = ["reads activity | Letters.Letter | filter 3 | letter.yaml:7:7"];
    assert_eq!(places("opens_email"), expected);
    assert_eq!(places("not_opened_email"), expected);
    assert_eq!(
        places("send_email"),
        ["writes activity | Letters.Letter | step 1 | letter.yaml:9:5"]
    );
}

#[test]
fn a_name_that_no_file_knows_is_an_error_with_the_nearest() {
    shop()
        .run(["campaign", "where-used", "Readrs"])
        .stderr(
            "
            error: the files know no field, list, program, email, smart list, campaign, status, webhook or activity `Readrs`
            help: did you mean `Readers`?
            ",
        )
        .code(4);
    shop()
        .run(["campaign", "where-used", "city", "-f", "csv"])
        .stdout("name,kind,access,campaign,part,file,line,column\n")
        .stderr("note: it is known, and no file uses it\n")
        .code(0);
}

#[test]
fn files_with_errors_are_read_as_far_as_they_can_be() {
    let mut tool = shop().file(
        "campaigns/broken.yaml",
        "name: Broken\nsmart_list:\n  filters:\n    - member_of_list: Gone\nflow:\n  - change_score: +1\n",
    );
    tool.run(["campaign", "where-used", "Gone", "-f", "csv"])
        .stdout(
            "
            name,kind,access,campaign,part,file,line,column
            Gone,list,reads,Broken,filter 1,campaigns/broken.yaml,4,23
            ",
        )
        .stderr("warning: the files have 1 error, and names may be missing here: see `bugle campaign validate`\n")
        .code(0);
}

#[test]
fn the_graph_shows_which_campaigns_start_and_feed_each_other() {
    shop()
        .run(["campaign", "where-used", "--graph", "mermaid"])
        .stdout(
            "
            flowchart LR
                c1[\"Alert\"]
                c2[\"Hot\"]
                c3[\"Letters.Letter\"]
                c2 -->|\"request_campaign\"| c1
                c3 -->|\"add_to_list Hot\"| c2
                c3 -->|\"its members\"| c2
            ",
        )
        .code(0);
    shop()
        .run(["campaign", "where-used", "Alert", "--graph", "dot"])
        .stdout(
            "
            digraph campaigns {
                rankdir=LR
                node [shape=box]
                c1 [label=\"Alert\"]
                c2 [label=\"Hot\"]
                c2 -> c1 [label=\"request_campaign\"]
            }
            ",
        )
        .code(0);
}

#[test]
fn idle_lists_trigger_campaigns_that_nobody_has_entered() {
    let mut tool = Tool::new()
        .file(
            "campaigns/forms.yaml",
            "name: Forms\nsmart_list: { triggers: [fills_out_form: any] }\nflow: [change_score: +1]\nactive: true\n",
        )
        .file(
            "campaigns/pages.yaml",
            "name: Pages\nsmart_list: { triggers: [visits_web_page: any] }\nflow: [change_score: +1]\nactive: true\n",
        )
        .file(
            "campaigns/batch.yaml",
            "name: Batch\nsmart_list: { filters: [member_of_smart_list: All People] }\nflow: [change_score: +1]\n",
        )
        .file("people.csv", "email\nann@example.com\n")
        .file(
            "events.jsonl",
            "{\"at\":\"2026-06-01T10:00:00Z\",\"person\":\"ann@example.com\",\"type\":\"fills_out_form\",\"form\":\"Demo\"}\n",
        )
        .now("2026-06-02T00:00:00Z");
    tool.run(["campaign", "load"])
        .any_stdout()
        .any_stderr()
        .code(0);
    tool.run(["person", "load", "people.csv"])
        .any_stdout()
        .any_stderr()
        .code(0);
    tool.run(["campaign", "replay-events", "events.jsonl"])
        .any_stdout()
        .any_stderr()
        .code(0);
    let idle = |tool: &mut Tool, duration: &str| -> Vec<String> {
        let rows = tool.rows(format!("campaign list --idle {duration}"));
        let names = rows.iter().map(|row| row["campaign"].as_str().unwrap());
        names.map(str::to_owned).collect()
    };
    assert_eq!(idle(&mut tool, "90 days"), ["Pages"]);
    assert_eq!(idle(&mut tool, "'90 days'"), ["Pages"]);
    assert_eq!(idle(&mut tool, "'1 hour'"), ["Forms", "Pages"]);
    tool.run(["campaign", "list", "--idle", "90d"])
        .stderr(
            "
            error: `--idle 90d` is not a duration
            help: write the unit in full: `90 days`
            ",
        )
        .code(2);
}
