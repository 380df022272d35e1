//! `bugle schema`: it knows every name that the compiler knows, takes what is right and refuses what is wrong.

mod agreement;
mod names;
mod samples;
mod workspace;

use std::path::Path;
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
fn a_reference_to_another_file_leads_to_the_schema_of_campaigns() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("campaigns/schema");
    assert!(samples.join(CAMPAIGN_SCHEMA).is_file());
    let workspace = schema(File::Workspace).to_string();
    assert!(workspace.contains(&format!("{CAMPAIGN_SCHEMA}#/definitions/filter")));
    assert!(!workspace.contains("\"definitions\""));
}
