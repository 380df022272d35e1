//! Reading: the tree of valid files against an independent parser, the faults of bad ones.

use super::*;
use crate::diagnostic::Sources;

/// Reads a text and returns its documents and its faults as `line:column code message`.
fn read(text: &str) -> (Vec<Node>, Vec<String>) {
    let mut sources = Sources::default();
    let file = sources.add("c.yaml", text);
    let mut diagnostics = Diagnostics::default();
    let documents = parse(file, text, &mut diagnostics);
    let diagnostics = diagnostics.sorted().into_iter().map(|d| {
        let (line, column) = sources.position(d.span);
        format!("{line}:{column} {}: {}", d.code.name(), d.message)
    });
    (documents, diagnostics.collect())
}

fn one(text: &str) -> Node {
    let (mut documents, faults) = read(text);
    assert_eq!(faults, Vec::<String>::new(), "{text}");
    assert_eq!(documents.len(), 1, "{text}");
    documents.remove(0)
}

fn faults(text: &str) -> Vec<String> {
    read(text).1
}

/// Says where and how our tree differs from the other parser's; scalars are compared as text.
fn differs(ours: &Node, theirs: &serde_yaml::Value) -> Option<String> {
    use serde_yaml::Value;
    match (&ours.kind, theirs) {
        (NodeKind::Null, Value::Null) => None,
        (NodeKind::Scalar { text, .. }, Value::String(other)) if text == other => None,
        (
            NodeKind::Scalar { text, plain: true },
            Value::Null | Value::Bool(_) | Value::Number(_),
        ) if serde_yaml::from_str::<Value>(text).unwrap() == *theirs => None,
        (NodeKind::List(items), Value::Sequence(others)) if items.len() == others.len() => {
            let mut pairs = items.iter().zip(others);
            pairs.find_map(|(a, b)| differs(a, b))
        }
        (NodeKind::Map(entries), Value::Mapping(others)) if entries.len() == others.len() => {
            entries.iter().find_map(|entry| {
                let key = Value::String(entry.key.clone());
                let other = others
                    .get(&key)
                    .or_else(|| others.get(serde_yaml::from_str::<Value>(&entry.key).ok()?));
                other.map_or(Some(entry.key.clone()), |b| differs(&entry.value, b))
            })
        }
        _ => Some(format!("{ours:?} is not {theirs:?}")),
    }
}

fn agrees_with_the_other_parser(text: &str) {
    use serde::Deserialize as _;
    let (ours, faults) = read(text);
    assert_eq!(faults, Vec::<String>::new(), "{text}");
    let theirs: Vec<serde_yaml::Value> = serde_yaml::Deserializer::from_str(text)
        .map(|document| {
            let mut value = serde_yaml::Value::deserialize(document).unwrap();
            value.apply_merge().unwrap();
            value
        })
        .collect();
    assert_eq!(ours.len(), theirs.len(), "{text}");
    for (a, b) in ours.iter().zip(&theirs) {
        assert_eq!(differs(a, b), None, "{text}");
    }
}

/// Valid texts that every YAML parser must read alike.
pub(super) const VALID: &[&str] = &[
    "a: 1",
    "a: b c d",
    "a: 'it''s'",
    "a: \"tab\\there \\u00e9 \\x41\"",
    "a: \"line one\n  line two\"",
    "a: plain\n  over two lines",
    "a:\nb: ~\nc: null\nd: NULL\ne: ''\nf: \"null\"\n",
    "a: 01234\nb: 1.10\nc: +5\nd: 09:00\ne: NO\nf: yes\ng: 0x1F\nh: .nan\ni: 1e3\n",
    "a: true\nb: false\nc: True\nd: 'true'\n",
    "a: 2026-12-01 09:00\nb: 2026-11-02T09:00:00Z\n",
    "- 1\n- two\n- [3, four]\n- {five: 6}\n",
    "a:\n- 1\n- 2\nb:\n  - 3\n",
    "a: []\nb: {}\nc: [ ]\n",
    "a: [x, 'y, z', \"w\"]",
    "a: {b: {c: {d: e}}}",
    "a: [b: c, d: e]",
    "a: {b, c: d}",
    "a: |\n  one\n    two\n\n  three\n",
    "a: |-\n  one\n  two\n",
    "a: |+\n  one\n\n\nb: 1\n",
    "a: >\n  folded\n  text\n\n  more\n",
    "a: >-\n  folded\n   deeper\n  text\n",
    "a: |2\n    two blanks more\n",
    "# only a comment before\na: b # and after\n# and at the end\n",
    "a: b#c\nd: 'e #f'\n",
    "\"quoted key\": 1\n'another': 2\n",
    "key with blanks: 1\n? explicit key\n: 2\n",
    "a: http://example.com:80/x?y=z#w\n",
    "a: &x [1, 2]\nb: *x\n",
    "base: &b {p: 1, q: 2}\nmore:\n  <<: *b\n  q: 3\n",
    "one: &o {a: 1, b: 1}\ntwo: &t {b: 2, c: 2}\nall:\n  <<: [*o, *t]\n  d: 4\n",
    "a: &n\n  deep: &m [x]\n  again: *m\nb: *n\n",
    "a: 1\n---\nb: 2\n---\n- c\n",
    "---\na: 1\n...\n---\nb: 2\n",
    "a: ünïcödé\nb: 東京\nc: \"👍 ok\"\n日本: x\n",
    "a: b\r\nc:\r\n  - d\r\n  - e\r\n",
    "just text\n",
    "- - - deep\n    - er\n",
    "- a: 1\n  b: 2\n-\n  c: 3\n- \n",
    "a: \"{{lead.First Name}}\"\nb: Hello {{lead.First Name}}\n",
    "a: -5\nb: =5\nc: 10%\nd: a, b\ne: it's\nf: a\"b\n",
    "a: !!str 5\nb: !!int 5\nc: !!seq [1]\n",
    "a: {\n  b: 1,\n  c: [\n    2,\n  ],\n}\n",
    "name: California newsletter\nsmart_list:\n  filters:\n    - state: [CA, California]\n    - not_opened_email:\n        email: x\n        date_of_activity: { in_past: 30 days }\n  logic: \"1 and (2 or 3)\"\n",
];

#[test]
fn every_valid_text_gives_the_tree_that_another_parser_gives() {
    for text in VALID {
        agrees_with_the_other_parser(text);
    }
}

#[test]
fn the_sample_campaigns_give_the_tree_that_another_parser_gives() {
    let mut folders = vec![std::path::PathBuf::from("campaigns")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "yaml" || e == "yml") {
                agrees_with_the_other_parser(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }
}

#[test]
fn quotes_and_blocks_are_distinguished_from_plain_text() {
    let node = one("a: x\nb: 'x'\nc: |\n  x\nd: !!str x\ne: ! x\nf: NULL\n");
    let plain: Vec<_> = node
        .as_map()
        .unwrap()
        .iter()
        .map(|e| &e.value.kind)
        .collect();
    let expected = [true, false, false, false, false, true];
    for (kind, expected) in plain.into_iter().zip(expected) {
        assert!(
            matches!(kind, NodeKind::Scalar { plain, .. } if *plain == expected),
            "{kind:?}"
        );
    }
}

#[test]
fn nothing_and_the_tilde_are_null_and_a_word_null_is_text() {
    let node = one("a:\nb: ~\nc: null\nd: ''\n");
    assert!(node.get("a").unwrap().is_null());
    assert!(node.get("b").unwrap().is_null());
    assert_eq!(node.get("c").unwrap().as_scalar(), Some("null"));
    assert_eq!(node.get("d").unwrap().as_scalar(), Some(""));
}

#[test]
fn spans_are_bytes_and_cover_the_content() {
    let text = "é: \"ü\" # c\nlist:\n  - 'a'\n  - b: {c: d}\nflow: [1, 2]\nblock: |\n  one\n  two\n\nnone:\nlast: x\n";
    let mut sources = Sources::default();
    let file = sources.add("c.yaml", text);
    let node = parse(file, text, &mut Diagnostics::default()).remove(0);
    let shown = |key: &str| sources.text(node.get(key).unwrap().span).to_owned();
    assert_eq!(sources.text(node.entry("é").unwrap().key_span), "é");
    assert_eq!(shown("é"), "\"ü\"");
    assert_eq!(shown("list"), "- 'a'\n  - b: {c: d}");
    assert_eq!(shown("flow"), "[1, 2]");
    assert_eq!(shown("block"), "one\n  two");
    assert_eq!(shown("none"), "none", "nothing stands where its key does");
    assert_eq!(sources.text(node.span), text.trim_end());
    let b = &node.get("list").unwrap().as_list().unwrap()[1];
    assert_eq!(sources.text(b.span), "b: {c: d}");
    assert_eq!(sources.text(b.get("b").unwrap().span), "{c: d}");
}

#[test]
fn a_byte_order_mark_moves_no_column() {
    let (documents, faults) = read("\u{feff}a: 1\na: 2\n");
    assert_eq!(documents.len(), 1);
    assert_eq!(faults, ["2:1 duplicate-key: the key `a` is given twice"]);
}

#[test]
fn a_duplicate_key_is_reported_once_with_both_places_and_the_first_counts() {
    let text = "base: &b\n  x: 1\n  x: 2\ncopy: *b\n";
    let mut sources = Sources::default();
    let file = sources.add("c.yaml", text);
    let mut diagnostics = Diagnostics::default();
    let node = parse(file, text, &mut diagnostics).remove(0);
    assert_eq!(diagnostics.errors(), 1);
    let diagnostics = diagnostics.sorted()[0];
    assert_eq!(sources.place(diagnostics.span), "c.yaml:3:3");
    assert_eq!(sources.place(diagnostics.related[0].0), "c.yaml:2:3");
    assert_eq!(
        node.get("copy").unwrap().get("x").unwrap().as_scalar(),
        Some("1")
    );
}

#[test]
fn documents_beside_a_broken_one_are_read() {
    let (documents, diagnostics) = read("a: 1\n---\nb: [1\n---\nc: 'x\n---\nd: 4\n");
    let keys: Vec<_> = documents
        .iter()
        .map(|d| d.as_map().unwrap()[0].key.as_str())
        .collect();
    assert_eq!(keys, ["a", "d"]);
    assert_eq!(
        diagnostics,
        [
            "3:4 yaml-syntax: this bracket is never closed",
            "5:4 yaml-syntax: this quote is never closed",
        ]
    );
}

#[test]
fn documents_that_hold_only_comments_are_left_out() {
    for text in ["", "\n", "# c\n", "---\n# c\n", "---\n...\n", "\u{feff}"] {
        let (documents, faults) = read(text);
        assert_eq!((documents.len(), faults.len()), (0, 0), "{text:?}");
    }
    assert_eq!(read("a: 1\n---\n").0.len(), 1);
}

#[test]
fn faults_of_syntax_are_reported_in_plain_words_at_their_place() {
    let cases = [
        (
            "flow:\n\t- x: 1\n",
            "2:1 yaml-syntax: a tab where YAML needs spaces",
        ),
        (
            "a: 'open\nb: 1\n",
            "1:4 yaml-syntax: this quote is never closed",
        ),
        (
            "a: [ {b: 1\n",
            "1:6 yaml-syntax: this bracket is never closed",
        ),
        (
            "a: *nope\n",
            "1:4 yaml-syntax: no anchor of this name before its alias",
        ),
        ("a: b: c\n", "1:5 yaml-syntax: a `:` where no key can be"),
        (
            "a: 1\n  b: 2\n",
            "2:4 yaml-syntax: a `:` where no key can be",
        ),
        (
            "a: 1\nb\nc: 2\n",
            "3:1 yaml-syntax: a key before this has no `:`",
        ),
        (
            "a: \"\\q\"\n",
            "1:4 yaml-syntax: no such escape in double quotes",
        ),
        (
            "a: @x\n",
            "1:4 yaml-syntax: text cannot begin with this character",
        ),
        (
            "a: 1\n...\ngarbage: [\n",
            "3:10 yaml-syntax: this bracket is never closed",
        ),
        (
            "a: {{lead.Name}}\n",
            "1:5 wrong-shape: expected a key, found a mapping",
        ),
        (
            "? [a]\n: b\n",
            "1:3 wrong-shape: expected a key, found a list",
        ),
        (
            "a: &x [*x]\n",
            "1:8 yaml-syntax: this alias is inside the value that it repeats",
        ),
        (
            "<<: 5\n",
            "1:5 wrong-shape: `<<` takes a mapping, or a list of mappings",
        ),
        (
            "a: !!python/object x\n",
            "1:4 yaml-syntax: the tag `!!python/object` has no meaning here",
        ),
        (
            "a: !mine x\n",
            "1:4 yaml-syntax: the tag `!mine` has no meaning here",
        ),
        (
            "a: !!map x\n",
            "1:4 yaml-syntax: the tag `!!map` has no meaning here",
        ),
        (
            "a: b\0c\n",
            "1:5 yaml-syntax: the control character `\\u{0}` is in the file",
        ),
        (
            "a: b\x1b[2J\n",
            "1:5 yaml-syntax: the control character `\\u{1b}` is in the file",
        ),
        (
            "- a\nb: 1\n",
            "2:1 yaml-syntax: an entry of the list is expected here, with `- ` before it",
        ),
        (
            "a:\n  - b\n c: d\n",
            "3:2 yaml-syntax: a key is expected here",
        ),
        (": x\n", "1:1 wrong-shape: no key before this `:`"),
        (
            "a: 'b' c\n",
            "1:8 yaml-syntax: something follows the closing quote",
        ),
        (
            "a: \"b\" c\n",
            "1:8 yaml-syntax: something follows the closing quote",
        ),
        ("a: ]\n", "1:4 yaml-syntax: this bracket closes nothing"),
        (
            "a: %x\n",
            "1:4 yaml-syntax: text cannot begin with this character",
        ),
        ("a: - b\n", "1:4 yaml-syntax: a list cannot begin here"),
        ("a: |\n  x\n y\n", "3:2 yaml-syntax: a key is expected here"),
        (
            "a: [1, 2\nb: 3\n",
            "2:2 yaml-syntax: a `:` where no key can be",
        ),
        (
            "a: `x`\n",
            "1:4 yaml-syntax: text cannot begin with this character",
        ),
    ];
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let diagnostics = faults(text).join("; ");
        if diagnostics != expected {
            wrong.push(format!(
                "{text:?}\n  got  {diagnostics}\n  not  {expected}\n"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn a_token_without_quotes_is_reported_with_its_quotes() {
    for text in [
        "a: {{my.x}}\n",
        "a: {{my.x}} and more\n",
        "- {{my.x}}, y\n",
        "a:\n  b: {{my.x:default=y}} z\nc: 1\n",
    ] {
        let mut diagnostics = Diagnostics::default();
        let file = Sources::default().add("c.yaml", text);
        parse(file, text, &mut diagnostics);
        let diagnostics = diagnostics.sorted();
        let helps: Vec<_> = diagnostics
            .iter()
            .filter_map(|d| d.help.as_deref())
            .collect();
        assert!(
            helps.contains(&"quote text that begins with `{{`: \"{{…}}\""),
            "{text}: {diagnostics:?}"
        );
    }
}

#[test]
fn files_that_grow_or_nest_without_end_are_refused_quickly() {
    let bomb: String = std::iter::once("a0: &a0 [lol,lol]\n".to_owned())
        .chain((1..30).map(|i| {
            let aliases = vec![format!("*a{}", i - 1); 9].join(",");
            format!("a{i}: &a{i} [{aliases}]\n")
        }))
        .collect();
    let long = format!(
        "a: &a \"{}\"\nb: [{}]\n",
        "x".repeat(1 << 20),
        vec!["*a"; 9000].join(",")
    );
    let filters: Vec<String> = (1..500)
        .map(|depth| format!("{0}all:\n{0}- \n", "  ".repeat(depth)))
        .collect();
    let filters = filters.concat();
    let cases = [
        bomb,
        long,
        format!("name: {}{}\n", "[".repeat(10_000), "]".repeat(10_000)),
        format!("name: {}", "{a: ".repeat(100_000)),
        format!("smart_list:\n{filters}"),
        "- ".repeat(100_000),
        "x\n".repeat(3 << 20),
        format!("[{}]", "1,".repeat(200_000)),
        format!("? {}", "? ".repeat(100_000)),
    ];
    for text in cases {
        let diagnostics = faults(&text);
        let start: String = text.chars().take(30).collect();
        assert_eq!(diagnostics.len(), 1, "{start}: {diagnostics:?}");
        assert!(diagnostics[0].contains("yaml-"), "{start}: {diagnostics:?}");
    }
}

#[test]
fn broken_texts_never_panic_and_never_point_outside_the_file() {
    let mut random = fastrand::Rng::with_seed(7);
    let pieces = [
        "[", "]", "{", "}", ":", "- ", "\n", "  ", "'", "\"", "&a ", "*a", "<<: ", "|", "é",
        "---\n", "#", "!", "\t", "?", ",", "%",
    ];
    for _ in 0..4000 {
        let mut text = (*random.choice(VALID).unwrap()).to_owned();
        for _ in 0..random.usize(1..4) {
            let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let at = ends[random.usize(..ends.len())];
            match random.u8(..3) {
                0 => text.insert_str(at, random.choice(pieces).unwrap()),
                1 => drop(text.remove(at)),
                _ => text.truncate(at),
            }
            if text.is_empty() {
                break;
            }
        }
        let mut sources = Sources::default();
        let file = sources.add("c.yaml", text.as_str());
        let mut diagnostics = Diagnostics::default();
        for node in parse(file, &text, &mut diagnostics) {
            check_spans(&text, &node);
        }
        for fault in diagnostics.sorted() {
            assert!(
                text.get(fault.span.start as usize..fault.span.end as usize)
                    .is_some(),
                "{text:?}"
            );
        }
    }
}

fn check_spans(text: &str, node: &Node) {
    let of = |span: Span| text.get(span.start as usize..span.end as usize);
    assert!(of(node.span).is_some(), "{text:?}: {node:?}");
    for item in node.as_list().unwrap_or_default() {
        check_spans(text, item);
    }
    for entry in node.as_map().unwrap_or_default() {
        assert!(of(entry.key_span).is_some(), "{text:?}: {entry:?}");
        check_spans(text, &entry.value);
    }
}

#[test]
fn a_node_is_described_in_a_few_words() {
    let node = one("a: [1]\nb: {c: 1}\nd:\ne: \"one\\ntwo\"\nf: x\n");
    let described: Vec<_> = node
        .as_map()
        .unwrap()
        .iter()
        .map(|e| e.value.describe())
        .collect();
    assert_eq!(
        described,
        ["a list", "a mapping", "nothing", "`one…`", "`x`"]
    );
}
