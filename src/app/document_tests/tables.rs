//! Writes the tables of `docs/language.md` from the tables that the program is built on.
//!
//! A table stands between `<!-- table NAME -->` and `<!-- end of table -->`.

use std::fmt::Write as _;

use crate::campaign::{Parameter, StepKind};
use crate::domain::FieldType;
use crate::filter::operator::{Family, Operand};
use crate::filter::{BuiltIn, FilterValue, Operator};

/// Returns a document with every table in it as it is now.
pub(super) fn written_anew(document: &str) -> String {
    let mut out = String::new();
    let mut rest = document;
    while let Some((before, after)) = rest.split_once("<!-- table ") {
        let (name, after) = after.split_once(" -->\n").unwrap();
        let (_, after) = after.split_once("<!-- end of table -->").unwrap();
        let table = table(name);
        let _ = write!(
            out,
            "{before}<!-- table {name} -->\n{table}<!-- end of table -->"
        );
        rest = after;
    }
    out + rest
}

fn table(name: &str) -> String {
    match name {
        "filters" => filters(),
        "steps" => steps(),
        "operators" => operators(),
        "operators of types" => operators_of_types(),
        other => panic!("no table is called `{other}`"),
    }
}

/// A row for each flow step, with the keys of its parameters.
fn steps() -> String {
    let mut out = "| step | does | main parameter | others |\n|---|---|---|---|\n".to_owned();
    for kind in StepKind::ALL {
        let refusals = kind.refusals().iter();
        let modes: Vec<&str> = refusals.map(|refusal| refusal.mode.name()).collect();
        let not_in = if modes.is_empty() {
            String::new()
        } else {
            format!(" Not in {} campaigns.", modes.join(" or "))
        };
        let key = |parameter: &Parameter| format!("`{}`", parameter.key);
        let main = kind.main().map(key).unwrap_or_default();
        let others = kind.parameters().iter();
        let others = others.filter(|parameter| kind.main() != Some(parameter));
        let others: Vec<String> = others.map(key).collect();
        let (name, about) = (kind.name(), kind.about());
        let others = others.join(", ");
        let _ = writeln!(out, "| `{name}` | {about}{not_in} | {main} | {others} |");
    }
    out
}

/// A row for each filter that is neither a field nor of an activity type.
fn filters() -> String {
    let mut out = "| filter | takes | holds when |\n|---|---|---|\n".to_owned();
    for filter in BuiltIn::ALL {
        let takes = match filter.value() {
            FilterValue::Group => "a list of filters".to_owned(),
            FilterValue::Members { noun, constraints } => {
                let mut takes = format!("the name of a {noun}, or several");
                for constraint in constraints {
                    let _ = write!(takes, "; `{}`: {}", constraint.key, constraint.about);
                }
                takes
            }
            FilterValue::Status => "[operators](#operators) of a text".to_owned(),
            FilterValue::Share => "a percentage, or `percent` with `draw`".to_owned(),
        };
        let (name, about) = (filter.name(), filter.about());
        let _ = writeln!(out, "| `{name}` | {takes} | {about} |");
    }
    out
}

/// A row for each operator.
fn operators() -> String {
    let mut out = "| operator | takes | holds when |\n|---|---|---|\n".to_owned();
    for operator in Operator::ALL {
        let takes = match operator.operand() {
            Operand::Flag => "`true` or `false`",
            Operand::Values => "a value or a list",
            Operand::Range => "a list of two values",
            Operand::Value => "a value",
            Operand::Duration => "[a duration](#dates-and-durations)",
            Operand::Frame => "[a time frame](#dates-and-durations)",
        };
        let (name, about) = (operator.name(), operator.about());
        let _ = writeln!(out, "| `{name}` | {takes} | {about} |");
    }
    out
}

/// A row for each family of types.
fn operators_of_types() -> String {
    let mut out = "| type of the field | operators |\n|---|---|\n".to_owned();
    let mut families: Vec<Vec<FieldType>> = Vec::new();
    for field_type in FieldType::ALL {
        let known = families
            .iter_mut()
            .find(|types| Family::of(types[0]) == Family::of(field_type));
        match known {
            Some(types) => types.push(field_type),
            None => families.push(vec![field_type]),
        }
    }
    for types in families {
        let operators = Operator::ALL
            .into_iter()
            .filter(|operator| operator.allowed_for(types[0]))
            .map(|operator| format!("`{}`", operator.name()));
        let operators: Vec<String> = operators.collect();
        let types: Vec<&str> = types.into_iter().map(FieldType::name).collect();
        let _ = writeln!(out, "| {} | {} |", types.join(", "), operators.join(" "));
    }
    out
}
