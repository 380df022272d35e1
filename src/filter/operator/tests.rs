//! The truth table of operators: every row of `tests/operators.csv`, and the laws that hold over all of them.

use crate::diagnostic::{Diagnostics, FileId, Sources};
use crate::domain::{FieldType, Instant, Value, Zone};
use crate::filter::operator::operand::OperandContext;
use crate::filter::operator::{Criterion, EvaluationTime, Operator, Test, WeekStart, Window};
use crate::yaml::{self, Node, NodeKind};

/// A row of the table, with its place for messages.
struct Row {
    line: u64,
    operator: String,
    field_type: FieldType,
    stored: String,
    argument: String,
    holds: String,
    rule: String,
    now: String,
    zone: Zone,
    week_start: WeekStart,
}

impl Row {
    fn value(&self) -> Option<Value> {
        let text = match self.stored.as_str() {
            "(empty)" => return None,
            "(blank text)" => "",
            other => other,
        };
        Some(Value::parse(text, self.field_type, &self.zone).unwrap())
    }

    fn when(&self) -> EvaluationTime<'_> {
        let Value::Datetime(now) =
            Value::parse(&self.now, FieldType::Datetime, &self.zone).unwrap()
        else {
            unreachable!("a datetime is read as one")
        };
        EvaluationTime {
            now,
            zone: &self.zone,
            week_start: self.week_start,
        }
    }

    /// Compiles the row's argument for an operator; else the codes of the faults.
    fn test(&self, operator: &str) -> Result<Test, String> {
        let mut diagnostics = Diagnostics::default();
        let node = node(&self.argument, &mut diagnostics);
        let mut reading = OperandContext {
            field_type: self.field_type,
            zone: &self.zone,
            diagnostics: &mut diagnostics,
        };
        let test = Test::compile(operator, node.span, &node, &mut reading);
        let codes: Vec<&str> = diagnostics.sorted().iter().map(|d| d.code.name()).collect();
        match test {
            Some((_, test)) if codes.is_empty() => Ok(test),
            Some(_) => Err(format!("compiled with {}", codes.join(" "))),
            None => Err(codes.join(" ")),
        }
    }
}

/// Reads an argument as it would stand after the operator.
fn node(argument: &str, diagnostics: &mut Diagnostics) -> Node {
    let file: FileId = Sources::default().add("argument.yaml", argument);
    let text = format!("key: {argument}");
    let documents = yaml::parse(file, &text, diagnostics);
    let [
        Node {
            kind: NodeKind::Map(entries),
            ..
        },
    ] = documents.as_slice()
    else {
        panic!("`{argument}` is no YAML value")
    };
    entries[0].value.clone()
}

fn rows() -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .from_path("tests/operators.csv")
        .unwrap();
    reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            let cell = |index: usize, default: &str| match record.get(index) {
                None | Some("") => default.to_owned(),
                Some(text) => text.to_owned(),
            };
            Row {
                line: record.position().unwrap().line(),
                operator: cell(0, ""),
                field_type: FieldType::named(&cell(1, "")).unwrap(),
                stored: cell(2, ""),
                argument: cell(3, ""),
                holds: cell(4, ""),
                rule: cell(5, ""),
                now: cell(6, "2026-11-02T10:00:00Z"),
                zone: Zone::named(&cell(7, "UTC")).unwrap(),
                week_start: match cell(8, "sunday").as_str() {
                    "monday" => WeekStart::Monday,
                    _ => WeekStart::Sunday,
                },
            }
        })
        .collect()
}

#[test]
fn every_row_of_the_truth_table_is_true() {
    let rows = rows();
    assert!(rows.len() > 300, "the table is cut: {} rows", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        let answer = match row.test(&row.operator) {
            Err(codes) => codes,
            Ok(test) if test.holds(row.value().as_ref(), &row.when()) => "yes".to_owned(),
            Ok(_) => "no".to_owned(),
        };
        if answer != row.holds {
            wrong.push(format!(
                "operators.csv:{}: {} `{}` {} {}: expected {}, is {answer} ({})",
                row.line,
                row.field_type.name(),
                row.stored,
                row.operator,
                row.argument,
                row.holds,
                row.rule
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_shows_every_operator_with_every_type_that_has_it() {
    let rows = rows();
    for operator in Operator::ALL {
        let shown: Vec<FieldType> = rows
            .iter()
            .filter(|row| row.operator == operator.name())
            .map(|row| row.field_type)
            .collect();
        assert!(!shown.is_empty(), "`{}` has no row", operator.name());
        assert!(
            shown.iter().any(|t| operator.allowed_for(*t)),
            "`{}` has no row with a type that has it",
            operator.name()
        );
    }
}

#[test]
fn a_negative_operator_is_the_exact_complement_of_its_positive_one() {
    let rows = rows();
    let mut compared = 0;
    for row in &rows {
        for negative in Operator::ALL {
            let Some(positive) = negative.complement_of() else {
                continue;
            };
            let (Ok(positive), Ok(negative)) =
                (row.test(positive.name()), row.test(negative.name()))
            else {
                continue;
            };
            for other in rows.iter().filter(|o| o.field_type == row.field_type) {
                let (value, when) = (other.value(), row.when());
                assert_ne!(
                    positive.holds(value.as_ref(), &when),
                    negative.holds(value.as_ref(), &when),
                    "{positive:?} and its complement on {value:?}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 10_000, "too little was compared: {compared}");
}

#[test]
fn later_and_earlier_leave_nothing_between_them() {
    let pairs = [("after", "on_or_before"), ("on_or_after", "before")];
    let rows = rows();
    let mut compared = 0;
    for row in &rows {
        for (later, earlier) in pairs {
            let (Ok(later), Ok(earlier)) = (row.test(later), row.test(earlier)) else {
                continue;
            };
            for other in rows.iter().filter(|o| o.field_type == row.field_type) {
                let (value, when) = (other.value(), row.when());
                assert_ne!(
                    later.holds(value.as_ref(), &when),
                    earlier.holds(value.as_ref(), &when),
                    "{later:?}, {earlier:?} on {value:?}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 1_000, "too little was compared: {compared}");
}

/// The windows answer from rough bounds far from their edge; near it and far from it the answer must be one.
#[test]
fn windows_agree_with_the_calendar_at_every_distance() {
    let zones = [
        "UTC",
        "America/New_York",
        "Pacific/Apia",
        "Australia/Lord_Howe",
    ];
    let lengths = [
        "1 day",
        "9 days",
        "3 weeks",
        "1 month",
        "11 months",
        "5 years",
        "36 hours",
    ];
    let hour = 3_600_000_000;
    for zone in zones.map(|name| Zone::named(name).unwrap()) {
        for length in lengths {
            let duration = crate::domain::Duration::parse(length).unwrap();
            let now = Instant::from_micros(1_772_964_000_000_000);
            let when = EvaluationTime {
                now,
                zone: &zone,
                week_start: WeekStart::Sunday,
            };
            let test = |window| Test::that(Criterion::Window(window, duration));
            let (first, last) = (duration.before(now, &zone), duration.after(now, &zone));
            for steps in -400..=400_i64 {
                for (edge, at) in [
                    (first, first.plus_micros(steps * hour)),
                    (last, last.plus_micros(steps * hour)),
                ] {
                    let value = Value::Datetime(at);
                    let holds = |window| test(window).holds(Some(&value), &when);
                    let place = format!("{} {length} {at} {edge}", zone.name());
                    assert_eq!(holds(Window::Past), first <= at && at <= now, "{place}");
                    assert_eq!(holds(Window::PastBefore), at < first, "{place}");
                    assert_eq!(holds(Window::Future), now <= at && at <= last, "{place}");
                    assert_eq!(holds(Window::FutureAfter), at > last, "{place}");
                }
            }
        }
    }
}
