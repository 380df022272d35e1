//! `fields:` of the workspace: custom person fields beside the standard ones.

use crate::diagnostic::Code;
use crate::diagnostic::suggest::did_you_mean;
use crate::domain::field::FieldOrigin;
use crate::domain::text::{name_key, snake_case};
use crate::domain::{Field, FieldType};
use crate::filter::BuiltIn;
use crate::source::{MapReader, Spanned, reader};
use crate::yaml::{MapEntry, Node};

use super::draft::Draft;

/// Types of Marketo's that no field here can have, and why.
const REFUSED: [(&str, &str); 2] = [
    (
        "formula",
        "fields are computed where they are shown, and no smart campaign can use them",
    ),
    (
        "reference",
        "fields point to records of a CRM, to which bugle does not connect",
    ),
];

/// Columns of the database that no field may take.
const COLUMNS: [&str; 1] = ["person_id"];

/// Adds the declared fields, then those that only the database knows.
pub(super) fn add(section: Option<&Node>, known: &[Field], draft: &mut Draft) {
    let entries = section.and_then(|node| reader::named(node, "fields", &mut draft.diagnostics));
    for entry in entries.unwrap_or_default() {
        declare(entry, draft);
    }
    for field in known {
        draft.workspace.fields.add(field.clone());
    }
}

fn declare(entry: &MapEntry, draft: &mut Draft) {
    let Some(mut keys) = MapReader::open(&entry.value, "a field", &mut draft.diagnostics) else {
        return;
    };
    let written = keys.required("type", &mut draft.diagnostics);
    let label = keys.text("label", &mut draft.diagnostics);
    keys.close(&mut draft.diagnostics);
    let written = written.and_then(|node| reader::text(node, "type", &mut draft.diagnostics));
    let field_type = written.and_then(|text| read_type(text, draft));
    if !is_free(entry, field_type, draft) {
        return;
    }
    let label = label.map_or_else(|| entry.key.clone(), |label| label.value.to_owned());
    draft.workspace.fields.add(Field {
        name: entry.key.clone(),
        api_name: entry.key.clone(),
        label,
        // A stand-in after a fault, so that filters on the field are checked all the same.
        field_type: field_type.unwrap_or(FieldType::String),
        origin: FieldOrigin::Custom,
    });
}

/// Reads the type of a field or attribute.
pub(super) fn read_type(text: Spanned<&str>, draft: &mut Draft) -> Option<FieldType> {
    let names = FieldType::ALL.map(FieldType::name);
    let found = FieldType::named(text.value);
    if let Some((_, reason)) = REFUSED.iter().find(|(name, _)| *name == text.value) {
        let message = format!("`{}` {reason}", text.value);
        draft
            .diagnostics
            .fault(Code::UnsupportedHere, text.span, message);
    } else if found.is_none() {
        let help = did_you_mean(text.value, names)
            .unwrap_or_else(|| format!("the types are {}", names.join(", ")));
        let message = format!("no type is named `{}`", text.value);
        draft
            .diagnostics
            .fault_with(Code::WrongType, text.span, message, help);
    }
    found
}

/// Returns whether a field of this name can be added, and what is in the way if not.
fn is_free(entry: &MapEntry, field_type: Option<FieldType>, draft: &mut Draft) -> bool {
    let name = entry.key.as_str();
    let place = entry.key_span;
    if !is_snake_case(name) {
        let help = format!("write `{}`", snake_case(name));
        let message = format!("a field's name is in snake case, and `{name}` is not");
        draft
            .diagnostics
            .fault_with(Code::WrongType, place, message, help);
        return false;
    }
    if COLUMNS.contains(&name) || is_filter_name(name, draft) {
        let message = format!("`{name}` is the name of a built-in filter or column");
        let help = "give the field another name";
        draft
            .diagnostics
            .fault_with(Code::DuplicateName, place, message, help);
        return false;
    }
    let Some(id) = draft.workspace.fields.find(name) else {
        return true;
    };
    let taken = draft.workspace.fields.field(id);
    let (taken_name, taken_type) = (taken.name.clone(), taken.field_type);
    let repeats = taken_name == name
        && taken.origin == FieldOrigin::Standard
        && field_type == Some(taken_type);
    if !repeats {
        let message = match taken.origin {
            FieldOrigin::Standard if taken_name == name => format!(
                "`{name}` is a standard field, whose type is {}",
                taken_type.name()
            ),
            FieldOrigin::Standard => format!(
                "`{name}` is a name of the standard field `{taken_name}`, whose type is {}",
                taken_type.name()
            ),
            FieldOrigin::Custom | FieldOrigin::Inferred => {
                format!("`{name}` is a name of the field `{taken_name}` as well")
            }
        };
        let help = "leave it out, or give it another name";
        draft
            .diagnostics
            .fault_with(Code::DuplicateName, place, message, help);
    }
    false
}

/// Returns whether a name can be a key of campaign files and a column: letters, digits and `_`, in lower case.
pub(super) fn is_snake_case(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Returns whether a name is already that of a filter which is not a field.
pub(super) fn is_filter_name(name: &str, draft: &Draft) -> bool {
    let key = name_key(name);
    let bare = name_key(name.strip_prefix("not_").unwrap_or(name));
    BuiltIn::ALL
        .iter()
        .any(|filter| name_key(filter.name()) == key)
        || draft.workspace.activities.iter().any(|(_, activity)| {
            [&activity.filter, &activity.trigger]
                .into_iter()
                .flatten()
                .any(|taken| name_key(taken) == bare)
        })
}
