//! JSON Schema of campaign, workspace and program files, for editors that complete and check while one writes.
//!
//! Names come from the tables by which files are compiled: steps, operators, catalogues. A schema knows one file
//! and no other, so that names of custom fields, lists and campaigns stay open; it never refuses, in the spelling
//! of the language reference, what `compile` takes. Called by `app::schema`.

mod campaign;
mod cases;
mod filters;
mod flow;
mod parts;
mod schedule;
mod workspace;

use serde_json::{Map, Value, json};

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// A campaign file.
    Campaign,
    /// `workspace.yaml`.
    Workspace,
    /// `program.yaml`.
    Program,
}

/// Returns the JSON Schema, draft-07, of a kind of file.
pub fn of(file: File) -> Value {
    let (title, body) = match file {
        File::Campaign => ("A bugle campaign", campaign::file()),
        File::Workspace => ("A bugle workspace", workspace::file()),
        File::Program => ("A bugle program", workspace::program_file()),
    };
    let mut definitions = Map::new();
    match file {
        File::Campaign | File::Workspace => filters::define(&mut definitions),
        File::Program => {}
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
    schema
}
