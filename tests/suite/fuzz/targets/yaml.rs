//! YAML: what is taken can be written again, in canonical form and laid out, and another parser reads that as we do.

use bugle::testing::readers::{YamlValue, yaml_documents};
use bugle::testing::{canonical_texts, laid_out};
use serde_yaml::Value;

use super::Target;

pub(crate) const TARGET: Target = Target {
    name: "yaml",
    holds,
    right: &[
        "name: Visit # a note\nflow:\n  - change_score: +5\n  - wait: { for: 2 days }\nlist: [a, 'b c', \"d\\n\", ~, 5]\n",
        "a: &x [1, 2]\nb: *x\nc: |\n  two\n  lines\nd: >-\n  one\n  line\n---\n<<: { e: 1 }\nf: 'it''s'\n",
        "\u{2000}'\n",
        "? key\n: value\n\"quoted key\": {a: 1, b: [x, {y: z}]}\nempty:\nnull: null\n",
    ],
    words: &[
        "{",
        "}",
        "[",
        "]",
        ": ",
        "- ",
        ", ",
        "&a ",
        "*a",
        "<<: ",
        "!!str ",
        "\"",
        "'",
        "|\n",
        ">+2\n",
        "# x\n",
        "\t",
        "---\n",
        "...\n",
        "  ",
        "null",
        "~",
        "yes",
        "\\u00e9",
        "\\x41",
        "\u{e9}",
        "\u{feff}",
        "\0",
        "\n",
        "\r\n",
        "0x1f",
        ".inf",
        "1_0",
        "%YAML 1.2\n",
        "? ",
        "=",
        "@",
        "`",
        "\u{85}",
        "\u{2028}",
    ],
    times: 1_500,
};

fn holds(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let documents = yaml_documents(text);
    let canonical = canonical_texts(text);
    assert_eq!(documents.is_some(), canonical.is_some(), "both read alike");
    let (Some(documents), Some(canonical)) = (documents, canonical) else {
        return;
    };
    for (document, text) in documents.iter().zip(&canonical) {
        assert_eq!(
            canonical_texts(text).as_deref(),
            Some(std::slice::from_ref(text)),
            "canonical twice is once"
        );
        let theirs = match serde_yaml::from_str::<Value>(text) {
            Ok(theirs) => theirs,
            // It has no place for whole numbers of more than 64 bits, which are texts here.
            Err(fault) if fault.to_string().contains("invalid type: integer") => continue,
            Err(fault) => panic!("the other parser: {fault}\n{text}"),
        };
        assert!(
            same(document, &theirs),
            "{document:?} is not {theirs:?}\n{text}"
        );
    }
    if let Some(laid) = laid_out(text) {
        assert_eq!(
            canonical_texts(&laid),
            Some(canonical),
            "laid out, it means the same\n{laid}"
        );
        assert_eq!(laid_out(&laid), Some(laid), "laid out twice is once");
    }
}

/// Returns whether the other parser has read the same. Values that it gives a type are compared by their text.
fn same(ours: &YamlValue, theirs: &Value) -> bool {
    match (ours, theirs) {
        (YamlValue::Nothing, Value::Null) => true,
        (YamlValue::Text(text, _), Value::String(other)) => text == other,
        // A number is a text as well: its place decides. Nothing is one without quotes alone.
        (YamlValue::Text(text, true), Value::Null)
        | (YamlValue::Text(text, _), Value::Bool(_) | Value::Number(_)) => typed(text, theirs),
        (YamlValue::List(items), Value::Sequence(others)) => {
            items.len() == others.len()
                && items
                    .iter()
                    .zip(others)
                    .all(|(one, other)| same(one, other))
        }
        (YamlValue::Map(entries), Value::Mapping(others)) => {
            // In canonical form keys have another order.
            entries.len() == others.len()
                && entries.iter().all(|(key, value)| {
                    others
                        .iter()
                        .any(|(other, theirs)| key_is(other, key) && same(value, theirs))
                })
        }
        (_, _) => false,
    }
}

fn typed(text: &str, theirs: &Value) -> bool {
    serde_yaml::from_str::<Value>(text).is_ok_and(|value| value == *theirs)
}

fn key_is(theirs: &Value, ours: &str) -> bool {
    theirs
        .as_str()
        .map_or_else(|| typed(ours, theirs), |key| key == ours)
}
