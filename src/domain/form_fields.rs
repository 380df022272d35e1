//! The fields of a filled out form, as an event brings them under `form_fields`.
//!
//! Three ways to write them are read: an object (`{"FirstName": "Ann"}`), Marketo's list of names and values
//! (`[{"name": "FirstName", "value": "Ann"}]`), and a serialised array of PHP
//! (`a:1:{s:9:"FirstName";s:3:"Ann";}`). Any other text is an attribute of the event and nothing more.

use serde_json::Value as Json;

/// A field's name as the form has it, and its value as text; nothing where it was left blank.
pub(crate) type Filled = (String, Option<String>);

/// Reads the fields of a form in the order in which they stand; nothing where the text is none of what can be read.
pub(crate) fn read(text: &str) -> Option<Vec<Filled>> {
    let text = text.trim();
    match text.as_bytes().first()? {
        b'{' | b'[' => of_json(text),
        b'a' => of_php(text.as_bytes()),
        _ => None,
    }
}

/// Returns what a value of JSON is as the text of one field: several ticked values joined; nothing for an object.
pub(crate) fn posted(json: &str) -> Option<String> {
    in_text(&serde_json::from_str(json).ok()?)
}

fn of_json(text: &str) -> Option<Vec<Filled>> {
    match serde_json::from_str(text).ok()? {
        Json::Object(members) => Some(
            members
                .into_iter()
                .map(|(name, value)| (name, in_text(&value)))
                .collect(),
        ),
        Json::Array(entries) => entries.iter().map(listed).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => None,
    }
}

fn listed(entry: &Json) -> Option<Filled> {
    let members = entry.as_object()?;
    let known = members.keys().all(|key| key == "name" || key == "value");
    let name = members.get("name").filter(|_| known)?.as_str()?;
    Some((name.to_owned(), members.get("value").and_then(in_text)))
}

/// Returns a value as text. What was ticked several times is joined as Marketo stores it.
fn in_text(value: &Json) -> Option<String> {
    let text = match value {
        Json::Null | Json::Object(_) => return None,
        Json::Bool(truth) => truth.to_string(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.clone(),
        Json::Array(ticked) => {
            let texts: Vec<String> = ticked.iter().filter_map(in_text).collect();
            texts.join("; ")
        }
    };
    (!text.is_empty()).then_some(text)
}

/// Reads `a:2:{s:4:"City";s:4:"Rome";s:3:"Age";i:42;}`; lengths count bytes.
fn of_php(bytes: &[u8]) -> Option<Vec<Filled>> {
    let mut php = Php { bytes };
    let count: usize = php.take(b"a:")?.until(b':')?.parse().ok()?;
    php.take(b"{")?;
    let mut fields = Vec::new();
    for _ in 0..count {
        let name = php.scalar().filter(|name| !name.is_empty())?;
        let value = php.scalar()?;
        fields.push((name, (!value.is_empty()).then_some(value)));
    }
    php.take(b"}")?;
    php.bytes.is_empty().then_some(fields)
}

struct Php<'a> {
    bytes: &'a [u8],
}

impl<'a> Php<'a> {
    fn take(&mut self, expected: &[u8]) -> Option<&mut Self> {
        self.bytes = self.bytes.strip_prefix(expected)?;
        Some(self)
    }

    /// Returns the text up to a byte, and steps past both.
    fn until(&mut self, end: u8) -> Option<&'a str> {
        let at = self.bytes.iter().position(|byte| *byte == end)?;
        let text = std::str::from_utf8(&self.bytes[..at]).ok()?;
        self.bytes = &self.bytes[at + 1..];
        Some(text)
    }

    /// Reads a text, a number, a truth value or nothing, which is empty, with the semicolon that ends it.
    fn scalar(&mut self) -> Option<String> {
        match self.bytes.first()? {
            b's' => {
                let length: usize = self.take(b"s:")?.until(b':')?.parse().ok()?;
                let (text, rest) = self.take(b"\"")?.bytes.split_at_checked(length)?;
                self.bytes = rest;
                self.take(b"\";")?;
                Some(std::str::from_utf8(text).ok()?.to_owned())
            }
            b'i' | b'd' => {
                self.bytes = &self.bytes[1..];
                let number = self.take(b":")?.until(b';')?;
                Some(number.to_owned())
            }
            b'b' => {
                let truth = self.take(b"b:")?.until(b';')?;
                Some((truth == "1").to_string())
            }
            b'N' => self.take(b"N;").map(|_| String::new()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        let fields = read(text)?;
        let shown = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", value.as_deref().unwrap_or("-")));
        Some(shown.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn objects_lists_and_serialised_arrays_say_the_same() {
        let same = Some("City=Köln Age=42 News=true Fax=-".to_owned());
        for text in [
            r#"{"City":"Köln","Age":42,"News":true,"Fax":null}"#,
            r#"[{"name":"City","value":"Köln"},{"value":"42","name":"Age"},{"name":"News","value":true},{"name":"Fax"}]"#,
            r#" a:4:{s:4:"City";s:5:"Köln";s:3:"Age";i:42;s:4:"News";b:1;s:3:"Fax";N;}"#,
        ] {
            assert_eq!(shown(text), same, "{text}");
        }
        assert_eq!(
            shown(r#"{"Products":["A","B"],"Note":"","Address":{"City":"Rome"}}"#),
            Some("Products=A; B Note=- Address=-".to_owned())
        );
        assert_eq!(shown("a:0:{}"), Some(String::new()));
    }

    #[test]
    fn what_is_none_of_these_is_left_alone() {
        for text in [
            "",
            "FirstName=Ann&City=Rome",
            "[1]",
            r#"[{"name":"City","valve":1}]"#,
            r#"a:2:{s:4:"City";s:4:"Rome";}"#,
            r#"a:1:{s:4:"City";s:9:"Rome";}"#,
            r#"a:1:{s:4:"City";s:1:"ö";}"#,
            r#"a:1:{s:4:"City";a:0:{}}"#,
            r#"a:1:{N;s:4:"Rome";}"#,
            "a:0:{}x",
            "{\"City\":",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}
