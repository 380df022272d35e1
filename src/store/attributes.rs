//! Attributes as the log keeps them: one compact JSON object a row, typed again by the catalogues when read.
//!
//! Instants and days are written as text, so that the column reads well in any tool.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::Deserialize as _;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::error::{Error, Result};
use crate::domain::activity_type::Attribute;
use crate::domain::{
    ActivityCatalogue, ActivityTypeId, FieldCatalogue, FieldType, Key, Text, Value, Zone,
};
use crate::world::Attributes;

/// Appends attributes as a JSON object.
pub(super) fn write_object(out: &mut String, attributes: &[(Key, Value)]) {
    out.push('{');
    for (index, (key, value)) in attributes.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_text(out, key);
        out.push(':');
        write_value(out, value);
    }
    out.push('}');
}

/// Appends a value as JSON.
pub(super) fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Text(text) => write_text(out, text),
        Value::Integer(n) => {
            let _ = write!(out, "{n}");
        }
        // The point keeps a whole number a decimal one when it is read again.
        Value::Float(n) => {
            let _ = write!(out, "{n:?}");
        }
        Value::Boolean(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Date(_) | Value::Datetime(_) => write_text(out, &value.to_text()),
        Value::Json(json) => out.push_str(json),
    }
}

/// Appends a text as a JSON string.
pub(super) fn write_text(out: &mut String, text: &str) {
    out.push('"');
    let mut clean = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[clean..at]);
        clean = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ => {
                let _ = write!(out, "\\u{byte:04x}");
            }
        }
    }
    out.push_str(&text[clean..]);
    out.push('"');
}

/// Reads attributes again, typing each by the catalogues.
#[derive(Debug)]
pub(super) struct AttributeReader<'c> {
    activities: &'c ActivityCatalogue,
    fields: &'c FieldCatalogue,
    empty: Attributes,
    utc: Zone,
}

impl<'c> AttributeReader<'c> {
    pub(super) fn new(activities: &'c ActivityCatalogue, fields: &'c FieldCatalogue) -> Self {
        Self {
            activities,
            fields,
            empty: Arc::from([]),
            utc: Zone::utc(),
        }
    }

    /// Returns the type of a field change's values, given the primary attribute, which names the field.
    pub(super) fn field_type(
        &self,
        activity: ActivityTypeId,
        primary: Option<&Text>,
    ) -> Option<FieldType> {
        let attributes = &self.activities.get(activity).attributes;
        if !attributes.iter().any(|attribute| attribute.of_field) {
            return None;
        }
        let field = self.fields.find(primary?)?;
        Some(self.fields.type_of(field))
    }

    /// Reads the JSON of one row; `field_type` is that of a field change's values.
    pub(super) fn read(
        &self,
        activity: ActivityTypeId,
        field_type: Option<FieldType>,
        json: Option<&str>,
    ) -> Result<Attributes> {
        let Some(json) = json else {
            return Ok(Arc::clone(&self.empty));
        };
        let object = Object {
            reader: self,
            activity,
            field_type,
        };
        object
            .deserialize(&mut serde_json::Deserializer::from_str(json))
            .map(Attributes::from)
            .map_err(|_| Error::Inconsistent("an activity's attributes cannot be read".to_owned()))
    }
}

/// Returns the type of an attribute's value, which for a field change is that of the field.
fn expected(attribute: &Attribute, field_type: Option<FieldType>) -> FieldType {
    if attribute.of_field {
        field_type.unwrap_or(FieldType::String)
    } else {
        attribute.attribute_type
    }
}

/// Reads an object of which no catalogue knows anything, such as the fields of a membership.
pub(super) fn read_plain(json: Option<&str>) -> Result<Vec<(Key, Value)>> {
    let Some(json) = json else {
        return Ok(Vec::new());
    };
    let read: std::result::Result<serde_json::Map<String, serde_json::Value>, _> =
        serde_json::from_str(json);
    let object =
        read.map_err(|_| Error::Inconsistent("a membership's fields cannot be read".to_owned()))?;
    Ok(object
        .iter()
        .filter_map(|(key, value)| Some((Key::from(key.as_str()), plain(value)?)))
        .collect())
}

fn plain(json: &serde_json::Value) -> Option<Value> {
    match json {
        serde_json::Value::String(text) => Some(Value::text(text)),
        serde_json::Value::Bool(b) => Some(Value::Boolean(*b)),
        serde_json::Value::Number(n) => n
            .as_i64()
            .map(Value::Integer)
            .or_else(|| n.as_f64().map(Value::Float)),
        serde_json::Value::Null | serde_json::Value::Array(_) | serde_json::Value::Object(_) => {
            None
        }
    }
}

struct Object<'r, 'c> {
    reader: &'r AttributeReader<'c>,
    activity: ActivityTypeId,
    field_type: Option<FieldType>,
}

impl<'de> DeserializeSeed<'de> for Object<'_, '_> {
    type Value = Vec<(Key, Value)>;

    fn deserialize<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> std::result::Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_, '_> {
    type Value = Vec<(Key, Value)>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object of attributes")
    }

    fn visit_map<A: MapAccess<'de>>(
        self,
        mut map: A,
    ) -> std::result::Result<Self::Value, A::Error> {
        let activity = self.reader.activities.get(self.activity);
        let mut attributes = Vec::with_capacity(map.size_hint().unwrap_or(4));
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            let known = activity
                .attributes
                .iter()
                .find(|attribute| *attribute.key == *key);
            let expected = known.map(|known| expected(known, self.field_type));
            let seed = One {
                expected,
                utc: &self.reader.utc,
            };
            if let Some(value) = map.next_value_seed(seed)? {
                let key = known.map_or_else(|| Key::from(key.as_ref()), |a| Key::clone(&a.key));
                attributes.push((key, value));
            }
        }
        Ok(attributes)
    }
}

/// One value, typed as the catalogue says where it fits, else as JSON says.
struct One<'r> {
    expected: Option<FieldType>,
    utc: &'r Zone,
}

impl<'de> DeserializeSeed<'de> for One<'_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> std::result::Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for One<'_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> std::result::Result<Self::Value, A::Error> {
        let list = serde_json::Value::deserialize(SeqAccessDeserializer::new(list))?;
        Ok(Some(Value::Json(Text::from(list.to_string()))))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<Self::Value, A::Error> {
        let object = serde_json::Value::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Some(Value::Json(Text::from(object.to_string()))))
    }

    fn visit_unit<E>(self) -> std::result::Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, b: bool) -> std::result::Result<Self::Value, E> {
        Ok(Some(Value::Boolean(b)))
    }

    fn visit_i64<E>(self, n: i64) -> std::result::Result<Self::Value, E> {
        Ok(Some(match self.expected {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a decimal attribute is a float everywhere"
            )]
            Some(FieldType::Currency | FieldType::Float) => Value::Float(n as f64),
            _ => Value::Integer(n),
        }))
    }

    fn visit_u64<E: serde::de::Error>(self, n: u64) -> std::result::Result<Self::Value, E> {
        self.visit_i64(i64::try_from(n).map_err(|_| E::custom("too large a number"))?)
    }

    fn visit_f64<E>(self, n: f64) -> std::result::Result<Self::Value, E> {
        Ok(Some(Value::Float(n)))
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<Self::Value, E> {
        let typed = match self.expected {
            Some(expected @ (FieldType::Date | FieldType::Datetime)) => {
                Value::parse(text, expected, self.utc).ok()
            }
            _ => None,
        };
        Ok(Some(typed.unwrap_or_else(|| Value::text(text))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ActivityType, Instant};

    fn catalogue() -> ActivityCatalogue {
        let mut catalogue = ActivityCatalogue::standard();
        catalogue.add(ActivityType {
            code: 100_001,
            name: Text::from("attend"),
            label: "Attend".to_owned(),
            trigger: None,
            filter: None,
            aliases: Vec::new(),
            primary: None,
            attributes: [
                ("new_value", FieldType::String, true),
                ("seen_at", FieldType::Datetime, false),
                ("share", FieldType::Float, false),
            ]
            .into_iter()
            .map(|(key, attribute_type, of_field)| Attribute {
                key: Key::from(key),
                attribute_type,
                aliases: Vec::new(),
                of_field,
                beside_primary: None,
            })
            .collect(),
        });
        catalogue
    }

    #[test]
    fn attributes_come_back_as_they_were() {
        let activities = catalogue();
        let fields = FieldCatalogue::standard();
        let activity = activities.find("attend").unwrap();
        let attributes: Vec<(Key, Value)> = vec![
            (
                Key::from("new_value"),
                Value::Date("1990-05-01".parse().unwrap()),
            ),
            (
                Key::from("seen_at"),
                Value::Datetime(Instant::from_micros(1_500_001)),
            ),
            (Key::from("share"), Value::Float(3.0)),
            (
                Key::from("note"),
                Value::text("a \"quote\", \\, \n and \u{1} é"),
            ),
            (Key::from("minutes"), Value::Integer(-4)),
            (Key::from("live"), Value::Boolean(true)),
            (
                Key::from("cart"),
                Value::json(r#"{ "total": 10.0, "big": 0.30000000000000004, "items": [ 1, null, "a\u00e9" ] }"#).unwrap(),
            ),
            (Key::from("none"), Value::json("[]").unwrap()),
        ];
        let mut json = String::new();
        write_object(&mut json, &attributes);
        assert_eq!(
            json,
            "{\"new_value\":\"1990-05-01\",\"seen_at\":\"1970-01-01T00:00:01.500001Z\",\"share\":3.0,\
             \"note\":\"a \\\"quote\\\", \\\\, \\n and \\u0001 é\",\"minutes\":-4,\"live\":true,\
             \"cart\":{\"total\":10.0,\"big\":0.30000000000000004,\"items\":[1,null,\"aé\"]},\"none\":[]}"
        );
        let reader = AttributeReader::new(&activities, &fields);
        let read = reader
            .read(activity, Some(FieldType::Date), Some(&json))
            .unwrap();
        assert_eq!(*read, *attributes);
    }

    #[test]
    fn a_field_change_is_typed_by_its_field() {
        let activities = catalogue();
        let fields = FieldCatalogue::standard();
        let activity = activities.find("attend").unwrap();
        let reader = AttributeReader::new(&activities, &fields);
        let read = |field: &str| {
            let field_type = reader.field_type(activity, Some(&Text::from(field)));
            let json = Some("{\"new_value\":\"1990-05-01\"}");
            reader.read(activity, field_type, json).unwrap()[0]
                .1
                .clone()
        };
        assert_eq!(
            read("date_of_birth"),
            Value::Date("1990-05-01".parse().unwrap())
        );
        assert_eq!(read("city"), Value::text("1990-05-01"));
    }
}
