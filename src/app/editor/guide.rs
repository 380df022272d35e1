//! What may stand at a place: the schemas of the workspace, followed along the way to it.
//!
//! The schemas are those of `bugle schema --workspace`, which come from the tables by which files are compiled.

use serde_json::{Map, Value};

use crate::app::schema::{File, declared};
use crate::campaign::Workspace;
use crate::campaign::compile::schema::of_workspace;
use crate::source::{FileRole, LoadedFiles};

use super::place::Step;

/// The schemas of a workspace.
#[derive(Debug)]
pub(super) struct Guide {
    campaign: Value,
    workspace: Value,
    program: Value,
}

/// What may stand at a place: one of several forms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form<'a> {
    pub(super) schema: &'a Map<String, Value>,
    /// The name of the definition that it comes from, such as `filter`.
    pub(super) definition: Option<&'a str>,
}

impl Guide {
    pub(super) fn of(loaded: &LoadedFiles, workspace: &Workspace) -> Self {
        let declared = declared(loaded, workspace);
        let schema = |file| of_workspace(file, workspace, &declared);
        Self {
            campaign: schema(File::Campaign),
            workspace: schema(File::Workspace),
            program: schema(File::Program),
        }
    }

    /// Returns the forms of what stands at the end of a way.
    pub(super) fn forms(&self, role: FileRole, path: &[Step]) -> Vec<Form<'_>> {
        let root = match role {
            FileRole::Campaigns => &self.campaign,
            FileRole::Workspace => &self.workspace,
            FileRole::Program => &self.program,
        };
        let mut forms = self.forms_of(root);
        for step in path {
            let mut next = Vec::new();
            for form in &forms {
                if let Some(below) = below(form, step) {
                    self.add(below, None, &mut next);
                }
            }
            forms = next;
        }
        forms
    }

    /// Returns the forms of a schema.
    pub(super) fn forms_of<'a>(&'a self, schema: &'a Value) -> Vec<Form<'a>> {
        let mut forms = Vec::new();
        self.add(schema, None, &mut forms);
        forms
    }

    /// Returns the documentation of the last key of a way.
    pub(super) fn documentation(&self, role: FileRole, path: &[Step]) -> Option<&str> {
        let (last, above) = path.split_last()?;
        let forms = self.forms(role, above);
        let mut below = forms.iter().filter_map(|form| below(form, last));
        below.find_map(|schema| schema.get("description")?.as_str())
    }

    /// Adds the forms of a schema: its own, and those that it names.
    fn add<'a>(
        &'a self,
        schema: &'a Value,
        definition: Option<&'a str>,
        forms: &mut Vec<Form<'a>>,
    ) {
        let Some(keys) = schema.as_object() else {
            return;
        };
        if let Some(name) = keys.get("$ref").and_then(Value::as_str) {
            let (_, name) = name.rsplit_once('/').unwrap_or_default();
            return self.add(&self.campaign["definitions"][name], Some(name), forms);
        }
        forms.push(Form {
            schema: keys,
            definition,
        });
        for key in ["allOf", "anyOf"] {
            for inner in keys
                .get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                self.add(inner, definition, forms);
            }
        }
        for key in ["then", "else"] {
            if let Some(inner) = keys.get(key) {
                self.add(inner, definition, forms);
            }
        }
    }
}

fn below<'a>(form: &Form<'a>, step: &Step) -> Option<&'a Value> {
    match step {
        Step::Item => form.schema.get("items"),
        Step::Key(key) => {
            let known = form.schema.get("properties").and_then(|keys| keys.get(key));
            known
                .or_else(|| by_pattern(form, key))
                .or_else(|| form.schema.get("additionalProperties"))
        }
    }
}

/// Finds a key in another spelling: `^(not_)?in$`, `^(name|other)$`, `^name$`.
fn by_pattern<'a>(form: &Form<'a>, key: &str) -> Option<&'a Value> {
    let patterns = form.schema.get("patternProperties")?.as_object()?;
    let matches = |pattern: &str| {
        let Some(body) = pattern
            .strip_prefix('^')
            .and_then(|rest| rest.strip_suffix('$'))
        else {
            return false;
        };
        let body = body.trim_start_matches('(').trim_end_matches(')');
        body == "not_)?in" && matches!(key, "in" | "not_in")
            || body.split('|').any(|name| name == key)
    };
    let mut patterns = patterns.iter();
    patterns.find_map(|(pattern, schema)| matches(pattern).then_some(schema))
}
