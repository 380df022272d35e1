//! The value of one attribute, read as the catalogue types it or kept as the file has it.

use std::borrow::Cow;

use crate::domain::{FieldType, Value, Zone};
use crate::world::event::CLEARS;

use super::json::Scalar;
use super::names::{AttributeTarget, FORM_FIELDS, NEW_VALUE, Slot};
use super::record::Packed;

/// Reads an attribute by its type: the text of the file, and the value.
///
/// Nothing if there is no value. The error says what was expected.
pub(super) fn value<'a>(
    slot: &Slot,
    scalar: &'a Scalar<'_>,
    zone: &Zone,
) -> Result<Option<(Cow<'a, str>, Packed<'a>)>, &'static str> {
    let text = written(scalar);
    let typed = slot.which != AttributeTarget::Unknown;
    if slot.attribute_type.is_text()
        && let Scalar::Nested(nested) = scalar
        && let Some(value) = Value::json(nested)
    {
        return Ok(Some((
            Cow::Owned(value.to_text().to_string()),
            Packed::Other(value),
        )));
    }
    if typed && slot.key == FORM_FIELDS && matches!(scalar, Scalar::Boolean(_) | Scalar::Number(_))
    {
        return Err("an object, a list or a text");
    }
    if typed && slot.key == NEW_VALUE && (text.is_empty() || text == CLEARS) {
        return Ok(Some((Cow::Borrowed(CLEARS), Packed::Text(CLEARS))));
    }
    if text.is_empty() {
        return Ok(None);
    }
    let value = match slot.which {
        AttributeTarget::Unknown => as_written(scalar, text),
        // Of which type the field is, is not known yet.
        AttributeTarget::Primary | AttributeTarget::Known(_) if slot.of_field => {
            as_written(scalar, text)
        }
        AttributeTarget::Primary | AttributeTarget::Known(_) if slot.attribute_type.is_text() => {
            Packed::Text(text)
        }
        AttributeTarget::Primary | AttributeTarget::Known(_) if text.trim().is_empty() => {
            return Ok(None);
        }
        AttributeTarget::Primary | AttributeTarget::Known(_) => {
            Packed::Other(Value::parse_posted(text, slot.attribute_type, zone)?)
        }
    };
    Ok(Some((Cow::Borrowed(text), value)))
}

/// Returns a value as the file has it.
pub(super) fn written<'a>(scalar: &'a Scalar<'_>) -> &'a str {
    match scalar {
        Scalar::Null => "",
        Scalar::Boolean(true) => "true",
        Scalar::Boolean(false) => "false",
        Scalar::Text(text) => text,
        Scalar::Number(text) | Scalar::Nested(text) => text,
    }
}

/// Keeps the value of an attribute that no catalogue types: JSON has three kinds of its own.
fn as_written<'a>(scalar: &Scalar<'_>, text: &'a str) -> Packed<'a> {
    match scalar {
        Scalar::Boolean(truth) => Packed::Other(Value::Boolean(*truth)),
        Scalar::Number(_) => Value::parse(text, FieldType::Integer, &Zone::utc())
            .or_else(|_| Value::parse(text, FieldType::Float, &Zone::utc()))
            .map_or(Packed::Text(text), Packed::Other),
        Scalar::Null | Scalar::Text(_) | Scalar::Nested(_) => Packed::Text(text),
    }
}

/// Returns a primary attribute as text: that of the file where it holds text, else the value's own.
pub(super) fn in_text<'a>(value: &Packed<'a>, text: &'a str) -> Cow<'a, str> {
    match value {
        Packed::Text(_) => Cow::Borrowed(text),
        Packed::Other(value) => Cow::Owned(value.to_text().to_string()),
    }
}
