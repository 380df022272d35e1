//! Filters in words: a line each, groups indented; or within one sentence.

use crate::filter::Filter;

/// Returns a smart list's filters, a line each; the lines of a group are indented by two blanks under its own.
pub(crate) fn lines(filter: &Filter) -> Vec<String> {
    match filter {
        Filter::All(parts) => parts.iter().flat_map(|part| nested(part, 0)).collect(),
        Filter::Any(_) | Filter::Leaf(_) => nested(filter, 0),
    }
}

fn nested(filter: &Filter, depth: usize) -> Vec<String> {
    let (title, parts) = match filter {
        Filter::Leaf(leaf) => return vec![format!("{}{}", "  ".repeat(depth), leaf.words())],
        Filter::All(parts) => ("all of these", parts),
        Filter::Any(parts) => ("any of these", parts),
    };
    let mut lines = vec![format!("{}{title}", "  ".repeat(depth))];
    lines.extend(parts.iter().flat_map(|part| nested(part, depth + 1)));
    lines
}

/// Returns a filter within a sentence: `state is CA and (lead_score at least 50 or lead_source is Partner)`.
pub(crate) fn inline(filter: &Filter) -> String {
    match filter {
        Filter::Leaf(leaf) => leaf.words(),
        Filter::All(parts) if parts.is_empty() => "everyone".to_owned(),
        Filter::Any(parts) if parts.is_empty() => "no one".to_owned(),
        Filter::All(parts) => joined(parts, " and "),
        Filter::Any(parts) => joined(parts, " or "),
    }
}

fn joined(parts: &[Filter], word: &str) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|part| match part {
            Filter::Leaf(_) => inline(part),
            Filter::All(inner) | Filter::Any(inner) if inner.len() < 2 => inline(part),
            Filter::All(_) | Filter::Any(_) => format!("({})", inline(part)),
        })
        .collect();
    parts.join(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::{DrawFrequency, Leaf, LeafKind};

    fn leaf(written: &str) -> Filter {
        Filter::Leaf(Leaf {
            subject: written.to_owned(),
            wanted: String::new(),
            kind: LeafKind::RandomSample {
                share: 1,
                key: 0,
                frequency: DrawFrequency::OncePerPerson,
            },
        })
    }

    #[test]
    fn groups_are_indented_in_lines_and_bracketed_in_a_sentence() {
        let filter = Filter::All(vec![
            leaf("state is CA"),
            Filter::Any(vec![leaf("a is 1"), leaf("b is 2")]),
        ]);
        assert_eq!(
            lines(&filter),
            ["state is CA", "any of these", "  a is 1", "  b is 2"]
        );
        assert_eq!(inline(&filter), "state is CA and (a is 1 or b is 2)");
        assert_eq!(inline(&Filter::everyone()), "everyone");
    }
}
