//! `activities:` of the workspace: custom activity types beside the standard ones.

use crate::diagnostic::Code;
use crate::domain::activity_type::{ActivityType, Attribute};
use crate::domain::text::snake_case;
use crate::domain::{FieldType, Key, Text};
use crate::source::{MapReader, Spanned, name, reader};
use crate::yaml::{MapEntry, Node};

use super::draft::Draft;
use super::fields::{self, is_filter_name, is_snake_case};

/// Adds the declared types to the catalogue.
pub(super) fn add(section: Option<&Node>, draft: &mut Draft) {
    let entries =
        section.and_then(|node| reader::named(node, "activities", &mut draft.diagnostics));
    for entry in entries.unwrap_or_default() {
        if let Some(activity) = declare(entry, draft) {
            draft.workspace.activities.add(activity);
        }
    }
}

fn declare(entry: &MapEntry, draft: &mut Draft) -> Option<ActivityType> {
    let diagnostics = &mut draft.diagnostics;
    let mut keys = MapReader::open(&entry.value, "an activity type", diagnostics)?;
    let id = keys.required("id", diagnostics);
    let id = id.and_then(|node| reader::whole_number(node, "id", diagnostics));
    let filter = keys.text("filter", diagnostics);
    let primary = keys.text("primary", diagnostics);
    let label = keys.text("label", diagnostics);
    let attributes = keys.named("attributes", diagnostics).unwrap_or_default();
    keys.close(diagnostics);
    let mut attributes = read_attributes(attributes, draft);
    let primary = primary.map(|primary| take_primary(primary, &mut attributes));
    let code = id.and_then(|id| code(id, draft))?;
    let filter = filter.unwrap_or(Spanned {
        value: entry.key.as_str(),
        span: entry.key_span,
    });
    let trigger = Spanned {
        value: entry.key.as_str(),
        span: entry.key_span,
    };
    // Both are looked at, so that both faults are reported.
    let free = [is_free(trigger, draft), is_free(filter, draft)];
    if free.contains(&false) {
        return None;
    }
    let label = label.map_or_else(|| in_words(&entry.key), |label| label.value.to_owned());
    Some(ActivityType {
        code,
        name: Text::from(entry.key.as_str()),
        label,
        trigger: Some(entry.key.clone()),
        filter: Some(filter.value.to_owned()),
        aliases: Vec::new(),
        primary,
        attributes,
    })
}

fn code(id: Spanned<u64>, draft: &mut Draft) -> Option<i32> {
    let Ok(code) = i32::try_from(id.value) else {
        let message = format!("`id` is at most {}", i32::MAX);
        draft.diagnostics.fault(Code::WrongType, id.span, message);
        return None;
    };
    let taken = draft.workspace.activities.by_code(code);
    if let Some(taken) = taken {
        let name = Text::clone(&draft.workspace.activities.get(taken).name);
        let message = format!("the activity type `{name}` has the id {code} already");
        let help = "give it an id of its own, from 100001 up";
        draft
            .diagnostics
            .fault_with(Code::DuplicateName, id.span, message, help);
        return None;
    }
    Some(code)
}

fn is_free(name: Spanned<&str>, draft: &mut Draft) -> bool {
    if !is_snake_case(name.value) {
        let help = format!("write `{}`", snake_case(name.value));
        let message = format!("`{}` is not in snake case", name.value);
        draft
            .diagnostics
            .fault_with(Code::WrongType, name.span, message, help);
        return false;
    }
    let by_name = draft.workspace.activities.find(name.value);
    let taken = by_name.is_some()
        || is_filter_name(name.value, draft)
        || draft.workspace.fields.find(name.value).is_some();
    if taken {
        let message = format!(
            "`{}` is the name of a field, filter or activity type already",
            name.value
        );
        let help = "give it another name";
        draft
            .diagnostics
            .fault_with(Code::DuplicateName, name.span, message, help);
    }
    !taken
}

fn read_attributes(entries: &[MapEntry], draft: &mut Draft) -> Vec<Attribute> {
    let (mut attributes, mut names) = (Vec::new(), name::Distinct::new("attributes"));
    for entry in entries {
        let (name, span) = (&entry.key, entry.key_span);
        if !names.add(name, snake_case(name), span, &mut draft.diagnostics) {
            continue;
        }
        let text = reader::text(&entry.value, &entry.key, &mut draft.diagnostics);
        if let Some(attribute_type) = text.and_then(|text| fields::read_type(text, draft)) {
            attributes.push(attribute(&entry.key, attribute_type));
        }
    }
    attributes
}

/// Takes the primary attribute out of those that are typed; it is text where it is not among them.
fn take_primary(name: Spanned<&str>, attributes: &mut Vec<Attribute>) -> Attribute {
    let place = attributes
        .iter()
        .position(|attribute| attribute.key.as_ref() == snake_case(name.value));
    match place {
        Some(place) => attributes.remove(place),
        None => attribute(name.value, FieldType::String),
    }
}

fn attribute(name: &str, attribute_type: FieldType) -> Attribute {
    Attribute {
        key: Key::from(snake_case(name)),
        attribute_type,
        aliases: Vec::new(),
        of_field: false,
        beside_primary: None,
    }
}

/// Returns a name in snake case as a display name: `attends_webinar` is `Attends Webinar`.
fn in_words(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    });
    words.collect::<Vec<_>>().join(" ")
}
