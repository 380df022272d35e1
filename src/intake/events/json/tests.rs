//! Against `serde_json`: what it refuses is refused, what it accepts is read alike, but for what is stricter here on purpose.

use serde_json::{Map, Value};

use super::{Member, Scalar, object};

/// What is refused here though it is well-formed.
const STRICTER: [&str; 5] = [
    "is given twice",
    "a NUL character",
    "that does not fit 64 bits",
    "more than 64 deep",
    "an array where an object",
];

fn plain(members: &[Member<'_>]) -> Value {
    let members = members.iter().map(|member| {
        let value = match &member.value {
            Scalar::Null => Value::Null,
            Scalar::Boolean(truth) => Value::Bool(*truth),
            Scalar::Text(text) => Value::String(text.to_string()),
            Scalar::Number(text) | Scalar::Nested(text) => serde_json::from_str(text).unwrap(),
        };
        (member.name.to_string(), value)
    });
    Value::Object(members.collect::<Map<_, _>>())
}

fn compare(text: &str) {
    let theirs = serde_json::from_str::<Value>(text);
    match (object(text), theirs) {
        (Ok(members), Ok(value)) => assert_eq!(plain(&members), value, "{text:?}"),
        (Ok(_), Err(error)) => panic!("{text:?} is read here, and serde_json says: {error}"),
        (Err(error), Ok(value)) => assert!(
            !value.is_object() || STRICTER.iter().any(|words| error.message.contains(words)),
            "{text:?} is refused: {}",
            error.message
        ),
        (Err(_), Err(_)) => {}
    }
}

#[test]
fn lines_are_read_as_serde_json_reads_them() {
    let seeds = [
        r#"{"id":"e-1","at":"2026-11-02T10:00:00Z","n":-12.50e+2,"t":true,"f":false,"z":null}"#,
        r#"{ "a" : [1, {"b": []}, "c\n\u00e4\ud83d\ude00\\"] , "" : {} , "größe":"ß" }"#,
        r#"{"a":9223372036854775807,"b":-9223372036854775808,"c":0.1,"d":-0,"e":1E-7}"#,
        "{}",
        "[]",
        "\"text\"",
    ];
    let pieces: Vec<char> = "{}[]\",:\\ue0123456789-+.tfn \u{1}ä/'".chars().collect();
    let mut random = fastrand::Rng::with_seed(11);
    for seed in seeds {
        compare(seed);
        for _ in 0..3000 {
            let mut text: Vec<char> = seed.chars().collect();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(0..=text.len());
                match random.u8(0..3) {
                    0 if at < text.len() => drop(text.remove(at)),
                    1 if at < text.len() => text[at] = pieces[random.usize(0..pieces.len())],
                    _ => text.insert(at, pieces[random.usize(0..pieces.len())]),
                }
            }
            compare(&text.into_iter().collect::<String>());
        }
    }
}

#[test]
fn places_are_those_of_the_line() {
    let text = r#"{"a": "x", "b":[1]}"#;
    let members = object(text).unwrap();
    let places: Vec<_> = members.iter().map(|m| (m.name_at, m.value_at)).collect();
    assert_eq!(places, [(1, 6), (11, 15)]);
}
