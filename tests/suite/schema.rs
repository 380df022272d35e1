//! `bugle schema`: it knows every name that the compiler knows, takes what is right and refuses what is wrong.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::Value;

use super::tool::Tool;

/// The file beside the samples that has the schema of campaigns, to which the others refer.
const CAMPAIGN_SCHEMA: &str = "campaign.schema.json";

/// A kind of file that has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum File {
    Campaign,
    Workspace,
    Program,
}

impl File {
    const ALL: [Self; 3] = [Self::Campaign, Self::Workspace, Self::Program];

    fn name(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::Workspace => "workspace",
            Self::Program => "program",
        }
    }
}

/// Returns the schema of a kind of file, as the program prints it.
fn schema(file: File) -> Value {
    static SCHEMAS: OnceLock<[Value; 3]> = OnceLock::new();
    let schemas = SCHEMAS.get_or_init(|| {
        File::ALL.map(|file| {
            let text = Tool::new().text(["schema", file.name()]);
            serde_json::from_str(&text).unwrap()
        })
    });
    schemas[file as usize].clone()
}

/// Returns a schema with the definitions that it uses from the schema of campaigns beside it.
fn whole(file: File) -> Value {
    let mut schema = schema(file);
    if file == File::Workspace {
        let text = schema.to_string();
        assert!(!text.contains("\"#/"), "it has no definitions of its own");
        schema = serde_json::from_str(&text.replace(CAMPAIGN_SCHEMA, "")).unwrap();
        schema["definitions"] = self::schema(File::Campaign)["definitions"].clone();
    }
    schema
}

/// Returns what the schema finds wrong with the documents of a file.
fn faults(file: File, yaml: &str) -> Vec<String> {
    faults_of(&whole(file), yaml)
}

fn faults_of(schema: &Value, yaml: &str) -> Vec<String> {
    let validator: Validator = jsonschema::draft7::new(schema).unwrap();
    let mut faults = Vec::new();
    for document in serde_yaml::Deserializer::from_str(yaml) {
        let document: serde_yaml::Value = serde::Deserialize::deserialize(document).unwrap();
        let document: Value = serde_json::to_value(document).unwrap();
        for fault in validator.iter_errors(&document) {
            faults.push(format!("{}: {fault}", fault.instance_path()));
        }
    }
    faults
}

/// Validates a workspace with one campaign; returns whether it is valid, and what is reported.
fn validated(workspace: Option<&str>, campaign: &str) -> (bool, String) {
    let mut tool = Tool::new().bytes("campaigns/trial.yaml", campaign);
    if let Some(workspace) = workspace {
        tool = tool.bytes("campaigns/workspace.yaml", workspace);
    }
    let command = tool.command().args(["campaign", "validate"]).output();
    let output = command.unwrap();
    let report = String::from_utf8(output.stderr).unwrap();
    (output.status.success(), report)
}

const EVERYONE: &str = "smart_list: { filters: [ member_of_smart_list: All People ] }";
const STEP: &str = "flow: [ change_score: +1 ]";

fn with_filter(filter: &str) -> String {
    format!("name: Trial\nsmart_list: {{ filters: [ {filter} ] }}\n{STEP}")
}

fn with_trigger(trigger: &str) -> String {
    format!("name: Trial\nsmart_list: {{ triggers: [ {trigger} ] }}\n{STEP}")
}

fn with_step(step: &str) -> String {
    format!("name: Trial\n{EVERYONE}\nflow: [ {step} ]")
}

fn with_schedule(keys: &str) -> String {
    format!("name: Trial\n{EVERYONE}\n{STEP}\nschedule: {{ {keys} }}")
}

#[test]
fn the_schema_of_campaigns_is_printed_where_no_kind_is_named() {
    let text = Tool::new().text("schema");
    assert_eq!(text, Tool::new().text("schema campaign"));
}

#[test]
fn every_schema_is_itself_valid() {
    for file in File::ALL {
        assert!(jsonschema::meta::is_valid(&schema(file)), "{file:?}");
    }
}

#[test]
fn every_sample_is_valid_and_names_its_schema() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = ["campaigns", "fixtures"].map(|folder| samples(&root.join(folder)));
    for path in found.iter().flatten() {
        let (file, kind) = match path.file_name().unwrap().to_str().unwrap() {
            "workspace.yaml" => (File::Workspace, "workspace"),
            "program.yaml" => (File::Program, "program"),
            _ => (File::Campaign, "campaign"),
        };
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(faults(file, &text), [""; 0], "{}", path.display());
        let first = text.lines().next().unwrap();
        let named = first.strip_prefix("# yaml-language-server: $schema=");
        let named = path.parent().unwrap().join(named.unwrap_or(first));
        let schema =
            std::fs::canonicalize(root.join(format!("campaigns/schema/{kind}.schema.json")));
        assert_eq!(
            std::fs::canonicalize(named).ok(),
            schema.ok(),
            "{} names another schema: {first}",
            path.display()
        );
    }
    assert!(found.concat().len() > 25, "{found:?}");
}

#[test]
fn the_schemas_beside_the_samples_are_those_of_the_program() {
    let updating = std::env::var_os("BUGLE_DOCS").is_some_and(|value| value == "update");
    for file in File::ALL {
        let kind = file.name();
        let path = format!("campaigns/schema/{kind}.schema.json");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(&path);
        let actual = Tool::new().text(["schema", kind]);
        if updating {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, &actual).unwrap();
        }
        let shown = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(shown == actual, "`{path}` is not up to date");
    }
}

#[test]
fn the_demo_writes_the_schemas_that_its_samples_name() {
    let mut tool = Tool::new();
    tool.done("demo try");
    for sample in samples(&tool.path("try")) {
        let text = std::fs::read_to_string(&sample).unwrap();
        let line = text.lines().next().unwrap();
        let (_, named) = line.split_once("$schema=").unwrap();
        assert!(sample.parent().unwrap().join(named).is_file(), "{line}");
    }
}

#[test]
fn a_reference_to_another_file_leads_to_the_schema_of_campaigns() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("campaigns/schema");
    assert!(samples.join(CAMPAIGN_SCHEMA).is_file());
    let workspace = schema(File::Workspace).to_string();
    assert!(workspace.contains(&format!("{CAMPAIGN_SCHEMA}#/definitions/filter")));
    assert!(!workspace.contains("\"definitions\""));
}

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

#[test]
fn the_tests_of_a_campaign_are_checked_key_by_key() {
    let with_test = |keys: &str| {
        format!(
            "name: Trial\n{EVERYONE}\n{STEP}\ntests: [ {{ name: it counts, now: 2026-11-02T09:00:00Z, {keys} }} ]"
        )
    };
    let right = [
        "people: [ { email: ann@example.com, lead_score: 30, vip: true, city: null, lists: [Readers] } ], run: true, expect: [ { qualified: 1 } ]",
        "people: [ { id: 7, lists: Readers } ], with: Other, advance_to: 2026-11-03 09:00, expect: []",
        "events: [ { at: 2026-11-02T10:00:00Z, person: ann@example.com, type: opens_email, email: spring } ], expect: [ { person: ann@example.com, activities: [], not_activities: send_email, fields: { city: null } } ]",
    ];
    for keys in right {
        assert_eq!(faults(File::Campaign, &with_test(keys)), [""; 0], "{keys}");
    }
    let wrong = [
        "expct: []",
        "people: [ { lead_score: 30 } ], expect: []",
        "events: [ { at: 2026-11-02T10:00:00Z, type: opens_email } ], expect: []",
        "expect: [ { person: ann@example.com, activites: [] } ]",
        "expect: [ {} ]",
    ];
    for keys in wrong {
        let campaign = with_test(keys);
        assert_ne!(faults(File::Campaign, &campaign), [""; 0], "{keys}");
    }
}

fn samples(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(samples(&path));
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn every_example_of_the_language_reference_is_valid() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/language.md");
    let reference = std::fs::read_to_string(path).unwrap();
    let mut seen = 0;
    for block in reference.split("\n```yaml").skip(1) {
        let (kind, rest) = block.split_once('\n').unwrap();
        let (text, _) = rest.split_once("\n```").unwrap();
        let (file, text) = match kind.split_whitespace().next() {
            None => (File::Campaign, text.to_owned()),
            Some("filters" | "triggers") => (
                File::Campaign,
                format!("name: Trial\nsmart_list:\n  {}:\n{text}", kind.trim()),
            ),
            Some("flow") => (
                File::Campaign,
                format!("name: Trial\nexecutable: true\nflow:\n{text}"),
            ),
            Some("workspace") => (File::Workspace, text.to_owned()),
            // A part of a sample, which is valid as a whole.
            Some(part) if !part.ends_with("program.yaml") => continue,
            Some(_) => (File::Program, text.to_owned()),
        };
        assert_eq!(faults(file, &text), [""; 0], "{text}");
        seen += 1;
    }
    assert!(seen > 10, "{seen} examples");
}

#[test]
fn other_spellings_that_the_compiler_takes_are_taken() {
    let campaigns = [
        with_filter("Lead Score: { at_least: 5 }"),
        with_filter("firstName: Ann"),
        with_filter("Opened Email: spring"),
        with_filter("created_at: { in_time_frame: Last 7 Days }"),
        with_filter("created_at: { in_past: 3 Days }"),
        with_filter("unsubscribed: \"true\""),
        with_filter("state: [ true, 1, x ]"),
        with_filter("lead_score: \"5\""),
        with_filter("member_of_list: { in: A, not_in: [ B ] }"),
        with_trigger("data_value_changes: { field: title, Previous Value: x }"),
        with_trigger("opens_email"),
        with_trigger("opens_email: ANY"),
        with_trigger("person_is_created:"),
        with_step("delete_person"),
        with_step("delete_lead"),
        with_step("{ delete_person: , id: gone }"),
        with_step("change_data_value: { field: title, value: NULL }"),
        with_step("change_score: { change: =5, do_nothing: false }"),
        with_schedule("first_run: 2027-01-01 09:00, repeat: weekly, weekdays: Monday"),
    ];
    for campaign in campaigns {
        let (valid, report) = validated(None, &campaign);
        assert!(valid, "{campaign}\n{report}");
        assert_eq!(faults(File::Campaign, &campaign), [""; 0], "{campaign}");
    }
}

#[test]
fn what_is_wrong_with_a_campaign_both_refuse() {
    let campaigns = [
        EVERYONE.to_owned(),
        format!("name: Trial\n{STEP}"),
        format!("name: Trial\n{EVERYONE}\n{STEP}\ncolour: red"),
        format!("name: [ Trial ]\n{EVERYONE}\n{STEP}"),
        format!("name: \" \"\n{EVERYONE}\n{STEP}"),
        format!("name: Trial\n{EVERYONE}\n{STEP}\nmax_people: many"),
        format!("name: Trial\n{EVERYONE}\n{STEP}\nmax_people: -1"),
        format!("name: Trial\n{EVERYONE}\n{STEP}\nblock_non_operational_emails: yes"),
        format!("name: Trial\n{EVERYONE}\n{STEP}\nqualification: twice"),
        format!("name: Trial\n{EVERYONE}\n{STEP}\nqualification: {{ once_every: 7 }}"),
        format!("name: Trial\n{EVERYONE}\nflow: {{ change_score: +1 }}"),
        format!("name: Trial\nsmart_list: {{ filter: [] }}\n{STEP}"),
        format!("{}\npriority: urgent", with_trigger("opens_email: any")),
        with_filter("lead_score: { at_last: 5 }"),
        with_filter("lead_score: { contains: 5 }"),
        with_filter("lead_score: many"),
        with_filter("lead_score: { between: 5 }"),
        with_filter("lead_score: { between: [ 5 ] }"),
        with_filter("state: { }"),
        with_filter("state: [ ]"),
        with_filter("state: { is_empty: [ true ] }"),
        with_filter("unsubscribed: [ true, false ]"),
        with_filter("created_at: { in_past: 30d }"),
        with_filter("created_at: { in_time_frame: next_year }"),
        with_filter("{ state: CA, city: Reno }"),
        with_filter("any: CA"),
        with_filter("all: [ ]"),
        with_filter("random_sample: 10"),
        with_filter("member_of_list: { status: x }"),
        with_filter("member_of_program: { status: x }"),
        with_filter("opened_email: { emial: x }"),
        with_filter("not_opened_email: { min_number_of_times: few }"),
        with_trigger("opens_email: { date_of_activity: { in_past: 3 days } }"),
        with_trigger("opens_email: { starts_with: x }"),
        with_trigger("person_is_created: Ann"),
        with_step("send_mail: x"),
        with_step("send_email: { mail: x }"),
        with_step("send_email: { }"),
        with_step("send_email: [ x ]"),
        with_step("send_email"),
        with_step("send_alert: x"),
        with_step("{ send_email: x, add_to_list: y }"),
        with_step("id: x"),
        with_step("change_data_value: x"),
        with_step("change_data_value: { field: title }"),
        with_step("delete_person: x"),
        with_step("wait: 3"),
        with_step("wait: 3d"),
        with_step("wait: { until: { time: \"09:00\" } }"),
        with_step("wait: { for: 1 day, until: { days: monday } }"),
        with_step("send_email: { choices: [ { if: { state: CA }, email: x } ] }"),
        with_step("send_email: { choices: [ { email: x } ], default: do_nothing }"),
        with_step("send_email: { choices: [ { if: { state: CA }, mail: x } ], default: y }"),
        with_step("send_email: { email: x, default: y }"),
        with_schedule("repeat: daily"),
        with_schedule("first_run: 2027-01-01 09:00, repeat: yearly"),
        with_schedule("first_run: 2027-01-01 09:00, repeat: daily, weekdays: monday"),
        with_schedule("first_run: 2027-01-01 09:00, every: 2"),
        with_schedule("first_run: 2027-01-01 09:00, repeat: weekly, weekdays: mon"),
        with_schedule("first_run: 2027-01-01 09:00, repeat: monthly, day_of_month: 32"),
        with_schedule(
            "first_run: 2027-01-01 09:00, repeat: monthly, on_the: { week: 5, weekday: friday }",
        ),
    ];
    let mut taken = Vec::new();
    for campaign in campaigns {
        if validated(None, &campaign).0 {
            taken.push(format!("the compiler takes {campaign}"));
        }
        if faults(File::Campaign, &campaign).is_empty() {
            taken.push(format!("the schema takes {campaign}"));
        }
    }
    assert!(taken.is_empty(), "{}", taken.join("\n\n"));
}

#[test]
fn what_is_wrong_with_a_workspace_both_refuse() {
    let campaign = format!("name: Trial\n{EVERYONE}\n{STEP}");
    let workspaces = [
        "zone: UTC",
        "week_starts_on: tuesday",
        "communication_limits: { per_week: 2 }",
        "cascade_limit: { depth: deep }",
        "fields: { plan: { label: Plan } }",
        "fields: { plan: { type: words } }",
        "fields: { Plan Name: { type: string } }",
        "lists: Customers",
        "emails: { hello: { from: a@example.com } }",
        "emails: { hello: { subject: x, text: y } }",
        "channels: { Webinar: { statuses: [ { name: x } ] } }",
        "programs: { Spring: { tokens: [ x ] } }",
        "smart_lists: { Buyers: { logic: all } }",
        "smart_lists: { Buyers: { filters: [ lead_score: { at_last: 5 } ] } }",
        "activities: { attends: { primary: x } }",
        "activities: { attends: { id: 100001, attributes: { minutes: number } } }",
        "webhooks: { crm: { method: POST } }",
        "webhooks: { crm: { url: \"http://x.example\", method: SEND } }",
    ];
    for workspace in workspaces {
        let (valid, _) = validated(Some(workspace), &campaign);
        assert!(!valid, "compiler: {workspace}");
        assert_ne!(faults(File::Workspace, workspace), [""; 0], "{workspace}");
    }
    for program in ["channel: Webinar", "name: Spring\nstatus: []"] {
        assert_ne!(faults(File::Program, program), [""; 0], "{program}");
    }
}

/// Returns the keys of the object at a place of a schema.
fn keys(schema: &Value, place: &str) -> BTreeSet<String> {
    let found = schema.pointer(&format!("{place}/properties"));
    let found = found.and_then(Value::as_object);
    let found = found.unwrap_or_else(|| panic!("no properties at {place}"));
    found.keys().cloned().collect()
}

/// Returns the names that the compiler tells of after some words.
fn names_after(said: &str, words: &str) -> BTreeSet<String> {
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, rest) = said.split_once(words).unwrap_or_else(|| panic!("{said}"));
    let names = rest.split(", ").map_while(|name| {
        let name = name.strip_prefix('`')?;
        name.split_once('`')
            .map(|(name, after)| (name.to_owned(), after.is_empty()))
    });
    let mut found = BTreeSet::new();
    for (name, more) in names {
        found.insert(name);
        if !more {
            break;
        }
    }
    found
}

#[test]
fn every_key_that_the_compiler_knows_is_in_the_schema() {
    let campaign = schema(File::Campaign);
    let schedule = "first_run: 2027-01-01 09:00, zzzzzz: 1";
    let cases = [
        (format!("name: Trial\nzzzzzz: 1\n{EVERYONE}\n{STEP}"), ""),
        (
            format!("name: Trial\nsmart_list: {{ zzzzzz: 1 }}\n{STEP}"),
            "/properties/smart_list",
        ),
        (with_schedule(schedule), "/properties/schedule"),
        (
            with_schedule("first_run: 2027-01-01 09:00, repeat: monthly, on_the: { zzzzzz: 1 }"),
            "/properties/schedule/properties/on_the",
        ),
    ];
    for (text, place) in cases {
        let known = names_after(&validated(None, &text).1, "its keys are ");
        assert_eq!(known, keys(&campaign, place), "{text}");
    }
    let workspace = whole(File::Workspace);
    let cases = [
        ("zzzzzz: 1", ""),
        (
            "communication_limits: { zzzzzz: 1 }",
            "/communication_limits",
        ),
        ("cascade_limit: { zzzzzz: 1 }", "/cascade_limit"),
        (
            "fields: { a: { zzzzzz: 1 } }",
            "/fields/additionalProperties",
        ),
        (
            "emails: { a: { zzzzzz: 1 } }",
            "/emails/additionalProperties",
        ),
        (
            "programs: { a: { zzzzzz: 1 } }",
            "/programs/additionalProperties",
        ),
        (
            "channels: { a: { statuses: [ { zzzzzz: 1 } ] } }",
            "/channels/additionalProperties/properties/statuses/items",
        ),
        (
            "smart_lists: { a: { zzzzzz: 1 } }",
            "/smart_lists/additionalProperties",
        ),
        (
            "activities: { a: { zzzzzz: 1 } }",
            "/activities/additionalProperties",
        ),
        (
            "webhooks: { a: { zzzzzz: 1 } }",
            "/webhooks/additionalProperties",
        ),
    ];
    for (text, place) in cases {
        let (_, said) = validated(Some(text), &format!("name: Trial\n{EVERYONE}\n{STEP}"));
        let known = names_after(&said, "its keys are ");
        let place = if place.is_empty() {
            String::new()
        } else {
            format!("/properties{place}")
        };
        assert_eq!(known, keys(&workspace, &place), "{text}");
    }
}

#[test]
fn every_step_and_parameter_that_the_compiler_knows_is_in_the_schema() {
    let schema = schema(File::Campaign);
    let place = "/properties/flow/items";
    let (_, said) = validated(None, &with_step("zzzzzz: 1"));
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, rest) = said.split_once("the steps are ").unwrap();
    let mut steps: BTreeSet<String> = rest
        .split(", ")
        .map(|step| step.split_whitespace().next().unwrap().to_owned())
        .collect();
    steps.insert("id".to_owned());
    assert_eq!(steps, keys(&schema, place));
    steps.remove("id");
    for step in steps {
        let (_, said) = validated(None, &with_step(&format!("{step}: {{ zzzzzz: 1 }}")));
        let known = if said.contains("its only parameter is ") {
            names_after(&said, "its only parameter is ")
        } else if said.contains("its parameters are ") {
            names_after(&said, "its parameters are ")
        } else {
            BTreeSet::new()
        };
        let long = format!("{place}/properties/{step}");
        let long = if schema.pointer(&format!("{long}/properties")).is_some() {
            long
        } else {
            format!("{long}/anyOf/1")
        };
        let mut inside = keys(&schema, &long);
        for more in ["id", "choices", "default", "do_nothing"] {
            assert!(inside.remove(more), "{step} lacks {more}");
        }
        assert_eq!(known, inside, "{step}");
    }
}

/// Counts the patterns of a schema; each must say what to write instead.
fn patterns(schema: &Value, place: &str) -> usize {
    let below = |key: &str, value: &Value| patterns(value, &format!("{place}/{key}"));
    match schema {
        Value::Object(keys) => {
            let own = keys.get("pattern").is_some_and(Value::is_string);
            let message = keys.get("patternErrorMessage");
            assert!(
                !own || message.is_some_and(Value::is_string),
                "{place} has no message"
            );
            let parts: usize = keys.iter().map(|(key, value)| below(key, value)).sum();
            usize::from(own) + parts
        }
        Value::Array(items) => items.iter().map(|item| below("item", item)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

#[test]
fn every_pattern_says_what_to_write_instead() {
    let mut tool = Tool::new().copy("campaigns");
    for line in [
        "schema",
        "schema workspace",
        "schema program",
        "schema --workspace",
        "schema workspace --workspace",
        "schema program --workspace",
    ] {
        let schema: Value = serde_json::from_str(&tool.text(line)).unwrap();
        assert!(patterns(&schema, line) > 0, "{line} has no pattern");
    }
}
