//! JSON: what another reader refuses is refused, what it takes is taken with the same values, and no key twice.

use std::collections::BTreeSet;
use std::fmt;

use bugle::testing::readers::json_object;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::Target;

pub(crate) const TARGET: Target = Target {
    name: "json",
    holds,
    right: &[
        r#"{"id":"e-1","at":1793700000,"person":"ann@example.com","n":-1.5e3,"x":[1,{"y":null}],"t":true}"#,
        r#" { "a" : "\u00e9\n\ud83d\udc4d" , "b" : [ ] , "c" : { } } "#,
    ],
    words: &[
        "{",
        "}",
        "[",
        "]",
        "\"",
        ",",
        ":",
        "\\",
        "\\u0000",
        "\\ud800",
        "\\udc4d",
        "\\n",
        "\\/",
        "null",
        "true",
        "false",
        "1e999",
        "-0",
        "01",
        "1.",
        ".5",
        "1E+2",
        "{}",
        "[]",
        "\"a\":1,",
        "\u{e9}",
        "\0",
        "\t",
        "9223372036854775808",
        "\r",
    ],
    times: 6_000,
};

/// How deep both readers go for certain.
const SURE: usize = 60;

fn holds(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let ours = json_object(text);
    let theirs = serde_json::from_str::<Value>(text)
        .ok()
        .filter(Value::is_object);
    match (&ours, &theirs) {
        (Some(members), Some(Value::Object(object))) => {
            assert_eq!(members.len(), object.len());
            for (name, value) in members {
                let value: Value = serde_json::from_str(value).unwrap();
                assert_eq!(object.get(name), Some(&value), "{name}");
            }
        }
        (Some(members), _) => panic!("{members:?} is no JSON"),
        (None, Some(_)) => {
            // Refused also: a key twice, whole numbers of more than 64 bits, what lies too deep, and U+0000.
            let deep = text.matches(['[', '{']).count() > SURE;
            let large = text
                .split(|c: char| !c.is_ascii_digit())
                .any(|digits| digits.len() > 17);
            let strict = serde_json::from_str::<Strict>(text).is_ok();
            let nul = text.contains("\\u0000");
            assert!(
                deep || large || nul || !strict,
                "it is refused for no reason"
            );
        }
        (None, None) => {}
    }
    if ours.is_some() {
        assert!(
            serde_json::from_str::<Names>(text).is_ok(),
            "a key of the event is there twice"
        );
    }
}

/// JSON in which no object has a key twice.
struct Strict;

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(StrictVisitor).map(|()| Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without keys that are there twice")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<Strict>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut names = BTreeSet::new();
        while let Some((name, _)) = members.next_entry::<String, Strict>()? {
            if !names.insert(name) {
                return Err(A::Error::custom("a key twice"));
            }
        }
        Ok(())
    }
}

/// An object that has no key twice, whatever lies within.
struct Names;

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Top;
        impl<'de> Visitor<'de> for Top {
            type Value = ();

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
                let mut names = BTreeSet::new();
                while let Some((name, _)) = members.next_entry::<String, Value>()? {
                    if !names.insert(name) {
                        return Err(A::Error::custom("a key twice"));
                    }
                }
                Ok(())
            }
        }
        from.deserialize_map(Top).map(|()| Self)
    }
}
