//! Constraints of triggers and activity filters: what the attributes of one activity must be.

use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::text::fold;
use crate::domain::{ActivityType, ActivityTypeId, Attribute, FieldType, Key, ProgramId};
use crate::filter::operator::{Criterion, TextRelation};
use crate::filter::{Constraint, ConstraintOn, Operator, Test};
use crate::yaml::{MapEntry, Node, NodeKind};

use super::membership::check_statuses;
use super::never_happens::{self, ConstraintContext};
use super::values::{AssetName, DescribedTests, entry_of, is_any, tests, whole_values};
use super::{Context, DATE, TIMES};

/// Attributes whose values name assets: these match with or without their `Program.` prefix.
const ASSETS: [&str; 5] = ["campaign", "email", "form", "list", "web_page"];

/// Constraints with their words, a phrase each.
pub(super) struct Constraints {
    pub(super) list: Vec<Constraint>,
    pub(super) words: Vec<String>,
}

/// Reads what stands after the name of a trigger or activity filter.
///
/// Nothing or `any` asks nothing, a bare value or list is the primary attribute's, a mapping has a key an attribute.
pub(super) fn all(
    value: &Node,
    id: ActivityTypeId,
    place: ConstraintContext,
    cx: &mut Context<'_>,
) -> Option<Constraints> {
    let activity = cx.activities.get(id);
    let reader = ConstraintReader {
        id,
        activity,
        place,
        named_fields: named_fields_type(value, id, activity, cx),
    };
    let mut constraints = Constraints {
        list: Vec::new(),
        words: Vec::new(),
    };
    match &value.kind {
        NodeKind::Null => {}
        NodeKind::Scalar { .. } if is_any(value) => {}
        NodeKind::Scalar { .. } | NodeKind::List(_) => {
            let Some(primary) = &activity.primary else {
                cx.diagnostics.fault_with(
                    Code::WrongShape,
                    value.span,
                    format!(
                        "`{}` has no attribute that a bare value could be",
                        activity.label
                    ),
                    reader.choice(),
                );
                return None;
            };
            let DescribedTests { tests, words } = reader.attribute(primary, value, cx)?;
            constraints.words.push(without_is(&words));
            constraints.list.push(Constraint {
                attribute: ConstraintOn::Primary,
                wanted: words,
                tests,
            });
        }
        NodeKind::Map(entries) => {
            let mut faulty = false;
            for entry in entries.iter().filter(|e| !reader.is_bound(e)) {
                match reader.entry(entry, cx) {
                    Some(Some((constraint, words))) => {
                        constraints.list.push(constraint);
                        constraints.words.push(words);
                    }
                    Some(None) => {}
                    None => faulty = true,
                }
            }
            if faulty {
                return None;
            }
        }
    }
    check_statuses_of(value, id, activity, cx);
    Some(constraints)
}

/// `is spring` needs no `is` after a colon.
fn without_is(words: &str) -> String {
    match words.strip_prefix("is ") {
        Some(rest) if !rest.starts_with("not ") && rest != "empty" => rest.to_owned(),
        Some(_) | None => words.to_owned(),
    }
}

struct ConstraintReader<'a> {
    id: ActivityTypeId,
    activity: &'a ActivityType,
    place: ConstraintContext,
    /// The type of the person field that the primary attribute names, where that is certain.
    named_fields: Option<FieldType>,
}

impl ConstraintReader<'_> {
    /// Returns whether a key bounds date or number, which are read elsewhere.
    fn is_bound(&self, entry: &MapEntry) -> bool {
        self.place == ConstraintContext::Filter && matches!(entry.key.as_str(), DATE | TIMES)
    }

    /// Reads one constraint; the inner nothing is one that asks nothing, `email: any`.
    #[expect(
        clippy::option_option,
        reason = "the outer is a fault, the inner no constraint"
    )]
    fn entry(
        &self,
        entry: &MapEntry,
        cx: &mut Context<'_>,
    ) -> Option<Option<(Constraint, String)>> {
        let Some(attribute) = self.activity.attribute(&entry.key) else {
            self.unknown(entry, cx);
            return None;
        };
        let primary = self.activity.is_primary(attribute);
        if primary && is_any(&entry.value) {
            return Some(None);
        }
        if let NodeKind::Null = entry.value.kind {
            cx.diagnostics.fault_with(
                Code::MissingValue,
                entry.value.span,
                format!("nothing is written after `{}`", entry.key),
                "to find activities without it write `is_empty: true`",
            );
            return None;
        }
        let DescribedTests { tests, words } = self.attribute(attribute, &entry.value, cx)?;
        let plain = without_is(&words);
        let aloud = if primary && plain != words {
            plain
        } else {
            format!("{} {words}", attribute.key.replace('_', " "))
        };
        let constraint = Constraint {
            attribute: if primary {
                ConstraintOn::Primary
            } else {
                ConstraintOn::Other(Key::clone(&attribute.key))
            },
            wanted: words,
            tests,
        };
        Some(Some((constraint, aloud)))
    }

    fn attribute(
        &self,
        attribute: &Attribute,
        value: &Node,
        cx: &mut Context<'_>,
    ) -> Option<DescribedTests> {
        let field_type = match self.named_fields {
            Some(field_type) if attribute.of_field => field_type,
            Some(_) | None => attribute.attribute_type,
        };
        let mut words = tests(value, field_type, cx)?;
        let key = attribute.key.as_ref();
        if self.activity.is_primary(attribute) && names_fields(self.id, self.activity) {
            check_each(value, cx, field_exists)?;
            spell_fields(&mut words.tests, cx);
        } else if ASSETS.contains(&key) {
            name_assets(&mut words.tests);
        }
        match key {
            "list" if cx.lists.closed => check_each(value, cx, list_exists)?,
            "program" if cx.programs.closed => check_each(value, cx, program_exists)?,
            _ => {}
        }
        if self.activity.is_primary(attribute) {
            never_happens::check(self.id, self.place, value, cx);
        }
        Some(words)
    }

    fn unknown(&self, entry: &MapEntry, cx: &mut Context<'_>) {
        let (key, label) = (&entry.key, &self.activity.label);
        let message = format!("`{label}` has no attribute `{key}`");
        let help = if matches!(key.as_str(), DATE | TIMES) {
            "a trigger asks about the one activity that happens now; put this into a filter"
                .to_owned()
        } else if Operator::named(key).is_some() {
            match &self.activity.primary {
                Some(primary) => format!("write `{}: {{ {key}: … }}`", primary.key),
                None => self.choice(),
            }
        } else {
            did_you_mean(key, self.keys()).unwrap_or_else(|| self.choice())
        };
        cx.diagnostics
            .fault_with(Code::UnknownConstraint, entry.key_span, message, help);
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        let attributes = self
            .activity
            .primary
            .iter()
            .chain(&self.activity.attributes);
        let bounds: &[&str] = match self.place {
            ConstraintContext::Filter => &[DATE, TIMES],
            ConstraintContext::Trigger => &[],
        };
        attributes
            .map(|attribute| attribute.key.as_ref())
            .chain(bounds.iter().copied())
    }

    fn choice(&self) -> String {
        let keys: Vec<String> = self.keys().map(|key| format!("`{key}`")).collect();
        if keys.is_empty() {
            return "it takes no constraints; leave the value empty".to_owned();
        }
        format!("it takes {}", keys.join(", "))
    }
}

/// Returns whether the primary attribute names a person field.
fn names_fields(id: ActivityTypeId, activity: &ActivityType) -> bool {
    id == BuiltinActivity::ChangeScore.id() || activity.attributes.iter().any(|a| a.of_field)
}

/// Returns the type of the fields that the primary attribute is held against; nothing where they differ or none is named.
fn named_fields_type(
    value: &Node,
    id: ActivityTypeId,
    activity: &ActivityType,
    cx: &Context<'_>,
) -> Option<FieldType> {
    let primary = activity
        .primary
        .as_ref()
        .filter(|_| names_fields(id, activity))?;
    let node = match &value.kind {
        NodeKind::Map(entries) => {
            let entry = entries.iter().find(|e| {
                activity
                    .attribute(&e.key)
                    .is_some_and(|a| a.key == primary.key)
            })?;
            match &entry.value.kind {
                NodeKind::Map(tests) => &tests.iter().find(|e| e.key == "is")?.value,
                NodeKind::Null | NodeKind::Scalar { .. } | NodeKind::List(_) => &entry.value,
            }
        }
        NodeKind::Null | NodeKind::Scalar { .. } | NodeKind::List(_) => value,
    };
    let mut types = whole_values(node)
        .into_iter()
        .map(|name| cx.fields.find(name.text).map(|id| cx.fields.type_of(id)));
    let first = types.next()??;
    types.all(|other| other == Some(first)).then_some(first)
}

fn check_each(
    value: &Node,
    cx: &mut Context<'_>,
    exists: fn(AssetName<'_>, &Context<'_>) -> Result<(), Box<Diagnostic>>,
) -> Option<()> {
    let mut fine = Some(());
    for name in whole_values(value) {
        if let Err(fault) = exists(name, cx) {
            cx.diagnostics.push(*fault);
            fine = None;
        }
    }
    fine
}

fn field_exists(name: AssetName<'_>, cx: &Context<'_>) -> Result<(), Box<Diagnostic>> {
    if cx.fields.find(name.text).is_some() {
        return Ok(());
    }
    let fault = Diagnostic::new(
        Code::UnknownField,
        name.span,
        format!("no field `{}`", name.text),
    );
    let names = cx.fields.iter().map(|(_, field)| field.name.as_str());
    Err(Box::new(match did_you_mean(name.text, names) {
        Some(help) => fault.help(help),
        None => fault.help("declare it under `fields:` in the workspace file"),
    }))
}

fn list_exists(name: AssetName<'_>, cx: &Context<'_>) -> Result<(), Box<Diagnostic>> {
    let checked = cx
        .lists
        .check(name.text, name.span, Code::UnknownList, "list");
    checked.map(|_| ())
}

fn program_exists(name: AssetName<'_>, cx: &Context<'_>) -> Result<(), Box<Diagnostic>> {
    let checked = cx
        .programs
        .check(name.text, name.span, Code::UnknownProgram, "program");
    checked.map(|_| ())
}

/// Lets names of fields match in each of a field's spellings, since exports write display names.
fn spell_fields(tests: &mut [Test], cx: &Context<'_>) {
    for test in tests {
        if let Criterion::Text(TextRelation::Is, keys) = &mut test.criterion {
            let spellings = keys
                .iter()
                .filter_map(|key| cx.fields.find(key))
                .map(|id| cx.fields.field(id))
                .flat_map(|field| [&field.name, &field.api_name, &field.label])
                .map(|name| fold(name).into_boxed_str());
            let mut spellings: Vec<Box<str>> = spellings.collect();
            spellings.dedup();
            *keys = spellings;
        }
    }
}

/// Lets whole names of assets match with or without their `Program.` prefix.
fn name_assets(tests: &mut [Test]) {
    for test in tests {
        if let Criterion::Text(relation @ TextRelation::Is, keys) = &mut test.criterion {
            *relation = TextRelation::IsAsset;
            for key in keys {
                *key = fold(key).into_boxed_str();
            }
        }
    }
}

/// Checks the new status against those of the programs that are named.
fn check_statuses_of(
    value: &Node,
    id: ActivityTypeId,
    activity: &ActivityType,
    cx: &mut Context<'_>,
) {
    let NodeKind::Map(entries) = &value.kind else {
        return;
    };
    if id != BuiltinActivity::ChangeProgramStatus.id() {
        return;
    }
    let attribute = |entry: &MapEntry| activity.attribute(&entry.key).map(|a| a.key.clone());
    let Some(program) = entries
        .iter()
        .find(|e| attribute(e).as_deref() == Some("program"))
    else {
        return;
    };
    // `is_not` leaves every other program, so its statuses say nothing.
    if entry_of(&program.value, "is_not").is_some() {
        return;
    }
    let programs: Option<Vec<ProgramId>> = whole_values(&program.value)
        .into_iter()
        .map(|name| cx.programs.names.find(name.text).map(ProgramId))
        .collect();
    let Some(programs) = programs else { return };
    for entry in entries {
        if attribute(entry).as_deref() == Some("new_status") {
            check_statuses(&entry.value, &programs, cx);
        }
    }
}
