//! Filters, triggers and operators as YAML.

use super::calendar::Span;
use super::definition::{ActivityFilter, Filter, Trigger, Workspace};
use super::operator::Op;
use super::value::Val;
use super::yaml::{list, quoted};

pub(crate) fn trigger(trigger: &Trigger) -> String {
    let name = trigger.act.trigger();
    if trigger.constraints.is_empty() {
        return format!("{name}: any");
    }
    format!("{name}: {{ {} }}", constraints(&trigger.constraints))
}

fn constraints(constraints: &[(String, Vec<Op>)]) -> String {
    let parts: Vec<String> = constraints
        .iter()
        .map(|(name, ops)| format!("{name}: {}", operators(ops)))
        .collect();
    parts.join(", ")
}

pub(crate) fn filter(workspace: &Workspace, filter_: &Filter) -> String {
    let membership = |key: &str, is: bool, names: Vec<String>| {
        let word = if is { "is" } else { "is_not" };
        format!("{key}: {{ {word}: {} }}", list(&names, |name| quoted(name)))
    };
    match filter_ {
        Filter::Field { field, ops } => format!("{field}: {}", operators(ops)),
        Filter::Activity(a) => activity(a),
        Filter::List { is, names } => membership("member_of_list", *is, names.clone()),
        Filter::SmartList { is, names } => membership("member_of_smart_list", *is, names.clone()),
        Filter::Campaign { is, campaigns } => {
            let names = campaigns.iter().map(|c| workspace.full_name(*c)).collect();
            membership("member_of_smart_campaign", *is, names)
        }
        Filter::Program {
            is,
            programs,
            status,
            success,
        } => {
            let names: Vec<String> = programs
                .iter()
                .map(|p| workspace.programs[*p].name.clone())
                .collect();
            let word = if *is { "is" } else { "is_not" };
            let mut parts = vec![format!("{word}: {}", list(&names, |name| quoted(name)))];
            if !status.is_empty() {
                parts.push(format!("status: {}", operators(status)));
            }
            parts.extend(success.map(|success| format!("success: {success}")));
            format!("member_of_program: {{ {} }}", parts.join(", "))
        }
        Filter::ProgramStatus(ops) => format!("program_status: {}", operators(ops)),
        Filter::Sample(sample) => {
            let percent = f64::from(sample.share) / 100.0;
            if sample.each_time {
                format!("random_sample: {{ percent: {percent}%, draw: each_time }}")
            } else {
                format!("random_sample: {percent}%")
            }
        }
        Filter::Group { all, filters } => {
            let word = if *all { "all" } else { "any" };
            format!(
                "{word}: {}",
                list(filters, |f| format!("{{ {} }}", filter(workspace, f)))
            )
        }
    }
}

fn activity(filter: &ActivityFilter) -> String {
    let name = format!(
        "{}{}",
        if filter.negated { "not_" } else { "" },
        filter.act.filter()
    );
    let mut parts: Vec<String> = Vec::new();
    if !filter.constraints.is_empty() {
        parts.push(constraints(&filter.constraints));
    }
    if !filter.date.is_empty() {
        parts.push(format!("date_of_activity: {}", operators(&filter.date)));
    }
    if filter.at_least != 1 {
        parts.push(format!("min_number_of_times: {}", filter.at_least));
    }
    if parts.is_empty() {
        format!("{name}: any")
    } else {
        format!("{name}: {{ {} }}", parts.join(", "))
    }
}

fn value(value: &Val) -> String {
    match value {
        Val::Text(text) => quoted(text),
        Val::At(_) => quoted(&value.text()),
        Val::Int(_) | Val::Float(_) | Val::Bool(_) | Val::Date(_) => value.text(),
    }
}

/// An operator map; a boolean's `is` is a bare word.
pub(crate) fn operators(ops: &[Op]) -> String {
    if let [Op::Is(values)] = ops
        && let [Val::Bool(truth)] = values.as_slice()
    {
        return truth.to_string();
    }
    let parts: Vec<String> = ops.iter().map(operator).collect();
    format!("{{ {} }}", parts.join(", "))
}

fn operator(op: &Op) -> String {
    let values = |key: &str, items: &[Val]| match items {
        [Val::Bool(truth)] => format!("{key}: {truth}"),
        _ => format!("{key}: {}", list(items, value)),
    };
    let texts = |key: &str, items: &[String]| format!("{key}: {}", list(items, |t| quoted(t)));
    let one = |key: &str, v: &Val| format!("{key}: {}", value(v));
    let span = |key: &str, span: &Span| format!("{key}: {}", span.text());
    match op {
        Op::Is(items) => values("is", items),
        Op::IsNot(items) => values("is_not", items),
        Op::StartsWith(items) => texts("starts_with", items),
        Op::NotStartsWith(items) => texts("not_starts_with", items),
        Op::Contains(items) => texts("contains", items),
        Op::NotContains(items) => texts("not_contains", items),
        Op::IsEmpty => "is_empty: true".to_owned(),
        Op::IsNotEmpty => "is_not_empty: true".to_owned(),
        Op::Between(low, high) => format!("between: [{}, {}]", value(low), value(high)),
        Op::GreaterThan(v) => one("greater_than", v),
        Op::LessThan(v) => one("less_than", v),
        Op::AtLeast(v) => one("at_least", v),
        Op::AtMost(v) => one("at_most", v),
        Op::After(v) => one("after", v),
        Op::Before(v) => one("before", v),
        Op::OnOrAfter(v) => one("on_or_after", v),
        Op::OnOrBefore(v) => one("on_or_before", v),
        Op::InPast(s) => span("in_past", s),
        Op::InPastBefore(s) => span("in_past_before", s),
        Op::InFuture(s) => span("in_future", s),
        Op::InFutureAfter(s) => span("in_future_after", s),
        Op::InTimeFrame(frame) => format!("in_time_frame: {}", frame.name()),
    }
}
