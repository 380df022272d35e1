//! Memberships as the table of past changes holds them: JSON objects, instants as text.

use serde_json::{Map, Value as Json, json};

use super::attributes::{read_plain, write_object};
use super::error::{Error, Result};
use crate::domain::value::parse_datetime;
use crate::domain::{Text, Zone};
use crate::world::Membership;

/// Writes a membership; nothing is null.
pub(super) fn to_json(membership: Option<&Membership>) -> Result<Json> {
    let Some(membership) = membership else {
        return Ok(Json::Null);
    };
    let mut fields = String::new();
    write_object(&mut fields, &membership.fields);
    let fields: Map<String, Json> = serde_json::from_str(&fields).map_err(|_| inconsistent())?;
    Ok(json!({
        "status": &*membership.status,
        "since": membership.since.to_string(),
        "success_at": membership.success_at.map(|at| at.to_string()),
        "acquired_by": membership.acquired_by,
        "fields": fields,
    }))
}

/// Reads a membership; null is none.
pub(super) fn of_json(json: &Json) -> Result<Option<Membership>> {
    if json.is_null() {
        return Ok(None);
    }
    let text = |key| json.get(key).and_then(Json::as_str);
    let instant = |key| text(key).and_then(|text| parse_datetime(text, &Zone::utc()));
    let fields = json.get("fields").map(Json::to_string);
    Ok(Some(Membership {
        status: text("status").map(Text::from).ok_or_else(inconsistent)?,
        success_at: instant("success_at"),
        since: instant("since").ok_or_else(inconsistent)?,
        acquired_by: json.get("acquired_by").and_then(Json::as_bool) == Some(true),
        fields: read_plain(fields.as_deref())?,
    }))
}

fn inconsistent() -> Error {
    Error::Inconsistent("a past membership is not what bugle writes".to_owned())
}
