//! Memberships in programs: their status, dates and fields.

use crate::diagnostic::Code;
use crate::diagnostic::suggest::did_you_mean;
use crate::domain::text::{fold_value, same};
use crate::domain::{FieldType, Key, MemberField, ProgramId, Value};
use crate::filter::compile::Context;
use crate::filter::compile::values::{DescribedTests, entry_of, tests, whole_values};
use crate::filter::compile::written_filter::WrittenFilter;
use crate::filter::operator::TextRelation;
use crate::filter::{
    BuiltIn, ConstraintValue, Criterion, Filter, Leaf, LeafKind, MemberOf, MembershipTests, Sense,
    Test,
};
use crate::world::NOT_IN_PROGRAM;
use crate::yaml::{MapEntry, Node, NodeKind};

use super::{each, numbers, sense};

/// Compiles `member_of_program` with what is asked of the membership besides.
pub(in crate::filter::compile) fn programs(
    written: &WrittenFilter<'_>,
    cx: &mut Context<'_>,
) -> Option<Filter> {
    let kind = BuiltIn::MemberOfProgram;
    let fields = fields_asked(&written.value, cx);
    // A fault in one of them does not hide those in the others.
    let asked_of_membership = membership_tests(&written.value, &fields, cx);
    let status = entry_of(&written.value, "status");
    let filter = each(written, kind, &fields, cx, |asked, cx| {
        let programs = numbers(&asked.names, cx, |name, cx| {
            cx.programs
                .number(name.text, name.span, Code::UnknownProgram, "program")
                .map(ProgramId)
        })?;
        if let (Some(entry), MemberOf::These(programs)) = (status, &programs) {
            check_statuses(&entry.value, programs, cx);
        }
        let tests = asked_of_membership.as_ref().map(|(tests, _)| tests.clone());
        Some(LeafKind::MemberOfProgram {
            sense: asked.sense,
            programs,
            tests: tests.unwrap_or_default(),
        })
    })?;
    let (_, words) = asked_of_membership?;
    Some(with_words(filter, &words))
}

/// Finds the fields of memberships that a filter asks for, each with the key that was written.
fn fields_asked(node: &Node, cx: &mut Context<'_>) -> Vec<(String, MemberField)> {
    let NodeKind::Map(entries) = &node.kind else {
        return Vec::new();
    };
    let mut programs: Vec<ProgramId> = Vec::new();
    for entry in entries.iter().filter(|entry| sense(&entry.key).is_some()) {
        let mut texts = Vec::new();
        scalars(&entry.value, &mut texts);
        let found = texts
            .into_iter()
            .filter_map(|text| cx.programs.names.find(text));
        programs.extend(found.map(ProgramId));
    }
    if programs.is_empty() {
        programs = cx.member_fields.keys().copied().collect();
    }
    let mut fields = Vec::new();
    let own = |key: &str| sense(key).is_some() || is_constraint(BuiltIn::MemberOfProgram, key);
    for entry in entries.iter().filter(|entry| !own(&entry.key)) {
        let declared = programs.iter().filter_map(|program| {
            let declared = cx.member_fields.get(program)?;
            MemberField::find(declared, &entry.key)
        });
        let mut found: Vec<MemberField> = declared.collect();
        found.extend(MemberField::find(&[], &entry.key));
        found.dedup();
        if let [one, other, ..] = found.as_slice() {
            let message = format!(
                "`{}` is of type {} in one program and of type {} in another",
                entry.key,
                one.field_type.name(),
                other.field_type.name()
            );
            let help = "ask each program in a filter of its own";
            cx.diagnostics
                .fault_with(Code::WrongType, entry.key_span, message, help);
        }
        fields.extend(
            found
                .into_iter()
                .next()
                .map(|field| (entry.key.clone(), field)),
        );
    }
    fields
}

fn scalars<'n>(node: &'n Node, found: &mut Vec<&'n str>) {
    match &node.kind {
        NodeKind::Scalar { text, .. } => found.push(text),
        NodeKind::List(nodes) => nodes.iter().for_each(|node| scalars(node, found)),
        NodeKind::Null | NodeKind::Map(_) => {}
    }
}

/// Reads what is asked of a membership besides the program, with its words: `, status is Attended`.
fn membership_tests(
    node: &Node,
    fields: &[(String, MemberField)],
    cx: &mut Context<'_>,
) -> Option<(MembershipTests, String)> {
    let mut asked = MembershipTests::default();
    let (mut words, mut faulty) = (String::new(), false);
    for constraint in BuiltIn::MemberOfProgram.constraints() {
        let Some(entry) = entry_of(node, constraint.key) else {
            continue;
        };
        let said = match constraint.value {
            ConstraintValue::Tests(field_type) => tests(&entry.value, field_type, cx).map(|read| {
                match constraint.key {
                    "status" => asked.status = read.tests,
                    "membership_date" => asked.since = read.tests,
                    _ => asked.success_at = read.tests,
                }
                read.words
            }),
            ConstraintValue::Flag => boolean(entry, cx).map(|wanted| {
                match constraint.key {
                    "success" => asked.success = Some(wanted),
                    _ => asked.acquired_by = Some(wanted),
                }
                format!("is {wanted}")
            }),
        };
        match said {
            Some(said) => add_words(&mut words, constraint.key, &said),
            None => faulty = true,
        }
    }
    for (key, field) in fields {
        let Some(entry) = entry_of(node, key) else {
            continue;
        };
        match tests(&entry.value, field.field_type, cx) {
            Some(read) => {
                add_words(&mut words, &field.key, &read.words);
                asked.fields.push((Key::clone(&field.key), read.tests));
            }
            None => faulty = true,
        }
    }
    (!faulty).then_some((asked, words))
}

fn add_words(words: &mut String, key: &str, said: &str) {
    words.push_str(", ");
    words.push_str(&key.replace('_', " "));
    words.push(' ');
    words.push_str(said);
}

/// Returns whether a key is one of a filter's constraints.
pub(super) fn is_constraint(filter: BuiltIn, key: &str) -> bool {
    filter.constraints().iter().any(|of| of.key == key)
}

/// Adds to what was written, in each leaf that came of one entry.
fn with_words(filter: Filter, more: &str) -> Filter {
    match filter {
        Filter::Leaf(leaf) => Filter::Leaf(Leaf {
            wanted: leaf.wanted + more,
            ..leaf
        }),
        Filter::All(parts) => Filter::All(
            parts
                .into_iter()
                .map(|part| with_words(part, more))
                .collect(),
        ),
        Filter::Any(parts) => Filter::Any(
            parts
                .into_iter()
                .map(|part| with_words(part, more))
                .collect(),
        ),
    }
}

/// Compiles `program_status`: that of the campaign's own program.
pub(in crate::filter::compile) fn program_status(
    written: &WrittenFilter<'_>,
    cx: &mut Context<'_>,
) -> Option<Filter> {
    let Some(program) = cx.own_program else {
        cx.diagnostics.fault_with(
            Code::UnknownProgram,
            written.key_span,
            "`program_status` is that of the campaign's own program, and this one has none",
            "write `member_of_program: { is: NAME, status: STATUS }`",
        );
        return None;
    };
    let DescribedTests { tests, words } = tests(&written.value, FieldType::String, cx)?;
    check_statuses(&written.value, &[program], cx);
    let leaf = |tests| {
        Filter::Leaf(Leaf {
            subject: "program status".to_owned(),
            wanted: words.clone(),
            kind: LeafKind::ProgramStatus { program, tests },
        })
    };
    let outside = fold_value(NOT_IN_PROGRAM);
    let names_outside = |test: &Test| {
        matches!(&test.criterion, Criterion::Text(TextRelation::Is, keys)
            if keys.iter().any(|key| **key == *outside))
    };
    let (about_outside, others): (Vec<Test>, Vec<Test>) =
        tests.into_iter().partition(names_outside);
    let mut parts: Vec<Filter> = Vec::new();
    if !others.is_empty() {
        parts.push(leaf(others));
    }
    parts.extend(
        about_outside
            .into_iter()
            .map(|test| with_outside(test, &outside, &leaf)),
    );
    match parts.len() {
        1 => parts.pop(),
        _ => Some(Filter::All(parts)),
    }
}

/// Makes of a test that names `Not in Program` one of which the people without a status pass for it.
fn with_outside(test: Test, outside: &str, leaf: &dyn Fn(Vec<Test>) -> Filter) -> Filter {
    let Test { sense, criterion } = test;
    let nobody = Test {
        sense,
        criterion: Criterion::Empty,
    };
    let Criterion::Text(relation, mut keys) = criterion else {
        return leaf(vec![nobody]);
    };
    keys.retain(|key| **key != *outside);
    if keys.is_empty() {
        return leaf(vec![nobody]);
    }
    let named = Test {
        sense,
        criterion: Criterion::Text(relation, keys),
    };
    match sense {
        Sense::Positive => Filter::Any(vec![leaf(vec![named]), leaf(vec![nobody])]),
        Sense::Negative => leaf(vec![named, nobody]),
    }
}

/// Finds fault with statuses that none of some programs has; where one's statuses are not known, any may be right.
pub(in crate::filter::compile) fn check_statuses(
    node: &Node,
    programs: &[ProgramId],
    cx: &mut Context<'_>,
) {
    let known: Option<Vec<_>> = programs.iter().map(|p| cx.statuses.get(p)).collect();
    let Some(known) = known.filter(|known| !known.is_empty()) else {
        return;
    };
    for name in whole_values(node) {
        let names = || known.iter().copied().flatten().map(AsRef::as_ref);
        if names().any(|status| same(status, name.text)) || same(name.text, NOT_IN_PROGRAM) {
            continue;
        }
        let help = did_you_mean(name.text, names()).unwrap_or_else(|| {
            let all: Vec<String> = names().map(|status| format!("`{status}`")).collect();
            format!("its statuses are {}", all.join(", "))
        });
        let message = format!("the program has no status `{}`", name.text);
        cx.diagnostics
            .fault_with(Code::UnknownStatus, name.span, message, help);
    }
}

fn boolean(entry: &MapEntry, cx: &mut Context<'_>) -> Option<bool> {
    let text = match &entry.value.kind {
        NodeKind::Scalar { text, .. } => text.as_str(),
        NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => "",
    };
    if let Ok(Value::Boolean(wanted)) = Value::parse(text, FieldType::Boolean, cx.zone) {
        return Some(wanted);
    }
    let message = format!("`{}` takes `true` or `false`", entry.key);
    cx.diagnostics
        .fault(Code::WrongType, entry.value.span, message);
    None
}
