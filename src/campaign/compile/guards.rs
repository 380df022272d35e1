//! `guard:` of a campaign or of the workspace.

use crate::campaign::Guards;
use crate::campaign::guard::Share;
use crate::diagnostic::Code;
use crate::domain::{PersonKey, ProgramId};
use crate::filter::Filter;
use crate::filter::compile as filters;
use crate::source::{MapReader, reader};
use crate::yaml::{Node, NodeKind};

use super::draft::Draft;

/// Reads guards; `max_people` is what stands beside them, of which the smaller counts. `scope` keeps the draws of samples
/// apart from those of others.
pub(super) fn compile(
    node: Option<&Node>,
    max_people: Option<u64>,
    program: Option<ProgramId>,
    scope: &str,
    draft: &mut Draft,
) -> Guards {
    let mut guards = Guards {
        max_people,
        ..Guards::default()
    };
    let Some(node) = node else { return guards };
    let diagnostics = &mut draft.diagnostics;
    let Some(mut keys) = MapReader::open(node, "`guard`", diagnostics) else {
        return guards;
    };
    let most = keys.whole_number("max_people", diagnostics);
    let least = keys.whole_number("min_people", diagnostics);
    let change = keys.text("max_change", diagnostics);
    let never = keys.value("never", diagnostics);
    let include = keys.value("must_include", diagnostics);
    keys.close(diagnostics);
    if let Some(most) = most {
        guards.max_people = Some(max_people.map_or(most.value, |other| other.min(most.value)));
    }
    guards.min_people = least.map(|least| least.value);
    if let Some(change) = change {
        guards.max_change = share(change.value);
        if guards.max_change.is_none() {
            let message = format!("`max_change` is a percentage, not `{}`", change.value);
            let help = "write `max_change: 20%`";
            draft
                .diagnostics
                .fault_with(Code::WrongType, change.span, message, help);
        }
    }
    guards.never = never
        .map(|node| self::never(node, program, scope, draft))
        .into_iter()
        .collect();
    guards.must_include = include.map_or_else(Vec::new, |node| people(node, draft));
    guards
}

fn never(node: &Node, program: Option<ProgramId>, scope: &str, draft: &mut Draft) -> Filter {
    let mut cx = draft.filter_context(program, format!("{scope} guard"));
    let filter = filters::one(node, &mut cx);
    draft.know_programs();
    filter
}

/// Reads the keys of people: one, or a list.
fn people(node: &Node, draft: &mut Draft) -> Vec<PersonKey> {
    let nodes = match &node.kind {
        NodeKind::List(nodes) => nodes.as_slice(),
        NodeKind::Null | NodeKind::Scalar { .. } | NodeKind::Map(_) => std::slice::from_ref(node),
    };
    let keys = nodes.iter().filter_map(|node| {
        let text = reader::text(node, "must_include", &mut draft.diagnostics)?;
        let key = PersonKey::parse(text.value);
        if key.is_none() {
            let help = "write an email, an `id`, or `#17` for a `person_id`";
            draft
                .diagnostics
                .fault_with(Code::WrongType, text.span, "a key is empty", help);
        }
        key
    });
    keys.collect()
}

/// Reads `20%`, or `12.5%`.
fn share(text: &str) -> Option<Share> {
    let number = text.trim().strip_suffix('%')?.trim_end();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    if !digits(whole, 6) || !digits(fraction, 2) {
        return None;
    }
    let hundredths: u64 = format!("{fraction:0<2}").parse().ok()?;
    Some(Share(whole.parse::<u64>().ok()? * 100 + hundredths))
}

#[cfg(test)]
mod tests {
    use super::{Share, share};

    #[test]
    fn a_change_is_a_percentage_of_at_most_two_decimals_and_reads_as_written() {
        for (text, hundredths) in [("20%", 2_000), ("150 %", 15_000), ("12.5%", 1_250)] {
            assert_eq!(share(text), Some(Share(hundredths)), "{text}");
        }
        assert_eq!(Share(1_250).to_string(), "12.5%");
        assert_eq!(Share(1_205).to_string(), "12.05%");
        assert_eq!(Share(2_000).to_string(), "20%");
        for wrong in ["20", "-1%", "1.234%", "%", "half", ""] {
            assert_eq!(share(wrong), None, "{wrong}");
        }
    }
}
