//! Small YAML that is one map of texts: a file is read, such as the activity types of another system, or one entry written.
//!
//! The places of its parts do not matter, so `serde_yaml` does both. Campaign files are read by [`super::parse`], which
//! finds all faults at once and says where each of them is.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};

/// Reads the map of a text; an empty text is an empty map. The error says what is wrong.
pub(crate) fn text_map(text: &str) -> Result<BTreeMap<String, String>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match serde_yaml::from_str::<Option<TextMap>>(text) {
        Ok(map) => Ok(map.map(|map| map.0).unwrap_or_default()),
        Err(error) => Err(error.to_string()),
    }
}

/// Writes a map of one text, quoted where it must be: a filter that a command makes of a name.
pub(crate) fn written_entry(key: &str, text: &str) -> Result<String, String> {
    let map = BTreeMap::from([(key, text)]);
    serde_yaml::to_string(&map).map_err(|error| error.to_string())
}

/// A map whose keys are all different; the derived reading of a map would keep the last of two.
struct TextMap(BTreeMap<String, String>);

impl<'de> Deserialize<'de> for TextMap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TextMapVisitor).map(Self)
    }
}

/// Takes the entries of the map one by one.
struct TextMapVisitor;

impl<'de> Visitor<'de> for TextMapVisitor {
    type Value = BTreeMap<String, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((key, value)) = entries.next_entry::<String, String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("`{key}` is there twice")));
            }
            map.insert(key, value);
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_of_texts_is_read_in_any_style() {
        let expected = [("Cart Viewed", "visit_webpage"), ("Order", "won_deal")];
        let expected = expected.map(|(from, to)| (from.to_owned(), to.to_owned()));
        for text in [
            "Order: won_deal\nCart Viewed: visit_webpage\n",
            "\u{feff}{\"Order\": 'won_deal', Cart Viewed: visit_webpage} # ours\n",
        ] {
            assert_eq!(
                text_map(text),
                Ok(BTreeMap::from(expected.clone())),
                "{text}"
            );
        }
        assert_eq!(text_map("# nothing yet\n"), Ok(BTreeMap::new()));
    }

    #[test]
    fn an_entry_that_is_written_reads_as_the_same_text() {
        for text in [
            "Readers",
            "null",
            "17",
            "a: b # c",
            "it's \"so\"",
            " two  blanks ",
            "- x\ny\n",
            "größe\t\u{200d}",
            "",
        ] {
            let written = written_entry("list", text).unwrap();
            let expected = BTreeMap::from([("list".to_owned(), text.to_owned())]);
            assert_eq!(text_map(&written), Ok(expected), "{written}");
        }
    }

    #[test]
    fn what_is_not_a_map_of_texts_is_refused() {
        for (text, expected) in [
            (
                "Order: won_deal\nOrder: visit_webpage\n",
                "`Order` is there twice",
            ),
            (
                "- Order\n",
                "invalid type: sequence, expected a map of texts",
            ),
            (
                "Order: [won_deal]\n",
                "Order: invalid type: sequence, expected a string at line 1 column 8",
            ),
        ] {
            assert_eq!(text_map(text), Err(expected.to_owned()), "{text}");
        }
    }
}
