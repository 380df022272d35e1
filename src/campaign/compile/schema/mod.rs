//! JSON Schema of campaign, workspace and program files, for editors that complete and check while one writes.
//!
//! Names come from the tables by which files are compiled: steps, operators, catalogues. A schema knows one file
//! and no other, so that names of custom fields, lists and campaigns stay open; it never refuses, in the spelling
//! of the language reference, what `compile` takes. Called by `app::schema`.

mod campaign;
mod cases;
mod closed;
mod filters;
mod flow;
mod parts;
mod schedule;
#[cfg(test)]
mod tests;
mod workspace;

use serde_json::{Map, Value, json};

use crate::campaign::Workspace;

pub(crate) use closed::Declared;

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum File {
    /// A campaign file.
    Campaign,
    /// `workspace.yaml`.
    Workspace,
    /// `program.yaml`.
    Program,
}

/// Returns the JSON Schema, draft-07, of a kind of file.
pub(crate) fn of(file: File) -> Value {
    let (title, body) = match file {
        File::Campaign => ("A bugle campaign", campaign::file()),
        File::Workspace => ("A bugle workspace", workspace::file()),
        File::Program => ("A bugle program", workspace::program_file()),
    };
    let mut definitions = Map::new();
    match file {
        File::Campaign => filters::define(&mut definitions),
        File::Workspace | File::Program => {}
    }
    let mut schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": title,
    });
    if let (Value::Object(schema), Value::Object(body)) = (&mut schema, body) {
        schema.extend(body);
        if !definitions.is_empty() {
            schema.insert("definitions".to_owned(), Value::Object(definitions));
        }
    }
    if file == File::Workspace {
        point_to_campaigns(&mut schema);
    }
    schema
}

/// The file name of the schema of campaigns, whose definitions that of the workspace uses.
pub(crate) const CAMPAIGN_SCHEMA: &str = "campaign.schema.json";

/// Returns the JSON Schema of a kind of file in one workspace: what its files do not declare is marked.
pub(crate) fn of_workspace(file: File, workspace: &Workspace, declared: &Declared) -> Value {
    let mut schema = of(file);
    closed::close(&mut schema, file, workspace, declared);
    schema
}

/// Lets references to definitions lead to the schema of campaigns, which lies beside.
fn point_to_campaigns(schema: &mut Value) {
    match schema {
        Value::String(text) if text.starts_with("#/definitions/") => {
            text.insert_str(0, CAMPAIGN_SCHEMA);
        }
        Value::Array(items) => items.iter_mut().for_each(point_to_campaigns),
        Value::Object(keys) => keys.values_mut().for_each(point_to_campaigns),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
