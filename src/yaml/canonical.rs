//! The canonical text of a definition: what `show --yaml` prints and by which a load says whether the meaning changed.
//!
//! Comments, layout, key order and quotes that make no difference leave no trace in it. The text is written here rather
//! than by a library, so that no new version of one makes stored definitions look changed.

use std::fmt::Write as _;

use super::{MapEntry, Node, NodeKind};

/// The order of the keys at the top of a definition; others follow by the alphabet.
const TOP: &[&str] = &[
    "name",
    "program",
    "description",
    "marketo_id",
    "executable",
    "active",
    "priority",
    "smart_list",
    "flow",
    "schedule",
    "qualification",
    "max_people",
    "guard",
    "block_non_operational_emails",
];

/// Returns the canonical text of a definition without the top-level keys of `leave_out`.
///
/// Two definitions have one text exactly if they differ in nothing but comments, layout, key order, and quotes that make
/// no difference. The text is YAML that reads as the same tree.
pub(crate) fn canonical(node: &Node, leave_out: &[&str]) -> String {
    let mut out = String::new();
    match &node.kind {
        NodeKind::Map(entries) => {
            let mut kept: Vec<&MapEntry> = entries
                .iter()
                .filter(|entry| !leave_out.contains(&entry.key.as_str()))
                .collect();
            kept.sort_by_key(|entry| (top_rank(&entry.key), &entry.key));
            write_map(&mut out, &kept, 0);
        }
        NodeKind::Null | NodeKind::Scalar { .. } | NodeKind::List(_) => {
            write_value(&mut out, node, 0);
        }
    }
    // Other blanks belong to a text.
    out.trim_start_matches([' ', '\n']).to_owned()
}

fn top_rank(key: &str) -> usize {
    TOP.iter().position(|top| *top == key).unwrap_or(TOP.len())
}

/// Writes a mapping, each entry beginning where the cursor or a new line stands at `depth`.
fn write_map(out: &mut String, entries: &[&MapEntry], depth: usize) {
    if entries.is_empty() {
        out.push_str(" {}\n");
        return;
    }
    for entry in entries {
        indent(out, depth);
        if is_plain(&entry.key) && entry.key != "<<" {
            out.push_str(&entry.key);
        } else {
            quote(out, &entry.key);
        }
        out.push(':');
        if matches!(&entry.value.kind, NodeKind::List(items) if !items.is_empty())
            || matches!(&entry.value.kind, NodeKind::Map(entries) if !entries.is_empty())
        {
            out.push('\n');
        }
        write_value(out, &entry.value, depth + 1);
    }
}

/// Writes a value: single ones after a blank on the line that is open, others on lines of their own.
fn write_value(out: &mut String, node: &Node, depth: usize) {
    match &node.kind {
        NodeKind::Null => out.push_str(" ~\n"),
        NodeKind::Scalar { text, plain } => {
            out.push(' ');
            write_scalar(out, text, *plain, depth);
            out.push('\n');
        }
        NodeKind::Map(entries) => {
            let mut sorted: Vec<&MapEntry> = entries.iter().collect();
            sorted.sort_by_key(|entry| &entry.key);
            write_map(out, &sorted, depth);
        }
        NodeKind::List(items) if items.is_empty() => out.push_str(" []\n"),
        NodeKind::List(items) => {
            for item in items {
                indent(out, depth);
                out.push('-');
                let mut inner = String::new();
                write_value(&mut inner, item, depth + 1);
                // A list or mapping begins on the line of its dash.
                let nested = inner.strip_prefix(&"  ".repeat(depth + 1));
                match nested {
                    Some(nested) => {
                        out.push(' ');
                        out.push_str(nested);
                    }
                    None => out.push_str(&inner),
                }
            }
        }
    }
}

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n("  ", depth));
}

/// Writes a single value: plain where it reads the same, as a block where it has lines, else in double quotes.
fn write_scalar(out: &mut String, text: &str, plain: bool, depth: usize) {
    let null = text.eq_ignore_ascii_case("null");
    if is_plain(text) && (plain || !null) {
        out.push_str(text);
    } else if is_block(text) {
        let chomp = if text.ends_with('\n') { "|" } else { "|-" };
        out.push_str(chomp);
        for line in text.trim_end_matches('\n').split('\n') {
            out.push('\n');
            if !line.is_empty() {
                indent(out, depth.max(1));
                out.push_str(line);
            }
        }
    } else {
        quote(out, text);
    }
}

/// Returns whether a text, written plain in a block, reads as itself.
pub(super) fn is_plain(text: &str) -> bool {
    let begins = match text.as_bytes() {
        [] => false,
        [b'-' | b'?' | b':', rest @ ..] => rest.first().is_some_and(|next| *next != b' '),
        [first, ..] => !b" ,[]{}#&*!|>'\"%@`~".contains(first),
    };
    begins
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.starts_with("---")
        && !text.starts_with("...")
        && text.chars().all(is_printable)
}

/// Returns whether a text can be a `|` block: several lines, the first neither empty nor indented, at most one line feed at the end.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\n', '\t'])
        && !text.ends_with("\n\n")
        && text.split('\n').all(|line| !line.ends_with([' ', '\t']))
        && text.chars().all(|c| c == '\n' || is_printable(c))
}

/// Returns whether a character may stand unescaped on a line of YAML, in plain sight.
fn is_printable(c: char) -> bool {
    crate::diagnostic::visible::visible(c.encode_utf8(&mut [0; 4])).len() == c.len_utf8()
        && !matches!(c, '\u{fffe}' | '\u{ffff}')
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            c => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::super::tests::VALID;
    use super::*;
    use crate::diagnostic::{Diagnostics, Sources};
    use crate::yaml::parse;

    fn read(text: &str) -> Vec<Node> {
        let mut diagnostics = Diagnostics::default();
        let file = Sources::default().add("c.yaml", text);
        let nodes = parse(file, text, &mut diagnostics);
        assert_eq!(diagnostics.errors(), 0, "{text}");
        nodes
    }

    fn canonical_of(text: &str) -> String {
        canonical(&read(text)[0], &[])
    }

    /// Returns whether two trees mean the same: keys in any order, and quotes only where they keep a text from being null.
    fn same(a: &Node, b: &Node) -> bool {
        match (&a.kind, &b.kind) {
            (NodeKind::Null, NodeKind::Null) => true,
            (
                NodeKind::Scalar { text, plain },
                NodeKind::Scalar {
                    text: y,
                    plain: quoted,
                },
            ) => text == y && (plain == quoted || !text.eq_ignore_ascii_case("null")),
            (NodeKind::List(x), NodeKind::List(y)) => {
                x.len() == y.len() && x.iter().zip(y).all(|(a, b)| same(a, b))
            }
            (NodeKind::Map(x), NodeKind::Map(y)) => {
                x.len() == y.len()
                    && x.iter()
                        .all(|entry| b.get(&entry.key).is_some_and(|v| same(&entry.value, v)))
            }
            _ => false,
        }
    }

    #[test]
    fn comments_layout_key_order_and_idle_quotes_leave_no_trace() {
        let text = canonical_of(
            "# head\nflow: [{change_score: '+5'}, {wait: 3 days, id: \"w\"}]\nname: 'N'   # why\nsmart_list:\n  filters:\n  - state: [ CA,\n      NY ]\n",
        );
        assert_eq!(
            text,
            "\
name: N
smart_list:
  filters:
    - state:
        - CA
        - NY
flow:
  - change_score: +5
  - id: w
    wait: 3 days
"
        );
    }

    #[test]
    fn a_quoted_text_that_would_read_as_something_else_stays_quoted() {
        let text = canonical_of(
            "a: 'NULL'\nb: NULL\nc: ''\nd:\ne: '[x]'\nf: '{{my.x}}'\ng: '~'\nh: 'x: y'\ni: \"l1\\nl2\"\nj: ' x'\nk: '- x'\nl: \"\\e\"\n'<<': 1\n",
        );
        assert_eq!(
            text,
            "\
\"<<\": 1
a: \"NULL\"
b: NULL
c: \"\"
d: ~
e: \"[x]\"
f: \"{{my.x}}\"
g: \"~\"
h: \"x: y\"
i: |-
  l1
  l2
j: \" x\"
k: \"- x\"
l: \"\\U0000001b\"
"
        );
    }

    #[test]
    fn keys_that_do_not_count_are_left_out_at_the_top_alone() {
        let nodes =
            read("name: n\ndescription: d\nflow:\n  - interesting_moment: {description: e}\n");
        assert_eq!(
            canonical(&nodes[0], &["description", "active"]),
            "name: n\nflow:\n  - interesting_moment:\n      description: e\n"
        );
    }

    #[test]
    fn the_canonical_text_reads_as_the_same_tree_and_is_its_own_canonical_text() {
        for text in VALID {
            for node in read(text) {
                let written = canonical(&node, &[]);
                let again = read(&written);
                assert_eq!(again.len(), 1, "{text}\n{written}");
                assert!(same(&node, &again[0]), "{text}\n{written}");
                assert_eq!(canonical(&again[0], &[]), written, "{text}");
            }
        }
    }

    #[test]
    fn any_text_survives_as_key_and_as_value() {
        let pieces = [
            "a", " ", "\n", "\t", ":", "#", "-", "'", "\"", "\\", "{", "]", "~", "null", "|", "é",
            "\u{200b}", "\u{1b}", "\u{85}", "\r", "?", "&", "*", "!", "%", "...", "---",
            "\u{2028}", "\u{feff}", "👍",
        ];
        let mut random = fastrand::Rng::with_seed(11);
        for _ in 0..4000 {
            let mut text = || -> String {
                (0..random.usize(..6))
                    .map(|_| random.choice(pieces).unwrap())
                    .collect()
            };
            let (key, value, item) = (text(), text(), text());
            let span = read("x")[0].span;
            let scalar = |text: &str| Node {
                span,
                kind: NodeKind::Scalar {
                    text: text.to_owned(),
                    plain: false,
                },
            };
            let list = Node {
                span,
                kind: NodeKind::List(vec![scalar(&item), scalar(&value)]),
            };
            let entry = |key: &str, value: Node| MapEntry {
                key: key.to_owned(),
                key_span: span,
                value,
            };
            let node = Node {
                span,
                kind: NodeKind::Map(vec![entry(&key, scalar(&value)), entry("list of it", list)]),
            };
            let written = canonical(&node, &[]);
            assert!(same(&node, &read(&written)[0]), "{node:?}\n{written}");
        }
    }
}
