//! Presets (`--from`): where other systems keep the person, the instant, the type and the attributes of an event.
//!
//! A preset is a list of rules of the same form as `--map`. What a rule cannot say (a page view is a web page visit, an
//! `identify` call is a change of several fields) is a function here. The names are those of each system's public
//! documentation; nothing is guessed, and `--map` overrides every rule.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::json::{self, Member, Scalar};
use super::line_error::LineError;
use super::paths::find;

/// A system whose events are recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Preset {
    /// Marketo's bulk activity extract, a CSV file. Its header is recognised without the preset.
    Marketo,
    /// Activities and lead changes as Marketo's REST API answers them.
    MarketoRest,
    /// Segment's track, page and identify calls.
    Segment,
    /// `CloudEvents` 1.0 in JSON.
    CloudEvents,
    /// Klaviyo's events API.
    Klaviyo,
    /// Braze Currents, Avro as JSON.
    Braze,
    /// Snowplow's enriched events as JSON.
    Snowplow,
}

/// One rule: a path of the line, and the name it is read under.
pub(super) type Rule = (&'static str, &'static str);

/// A value of the line that becomes an event of its own: a changed field with its old and new value.
struct FieldChange<'a> {
    name: Cow<'a, str>,
    at: usize,
    old: Option<Scalar<'a>>,
    new: Scalar<'a>,
}

impl Preset {
    /// Every preset, in the order of the help.
    pub(crate) const ALL: [Self; 7] = [
        Self::Marketo,
        Self::MarketoRest,
        Self::Segment,
        Self::CloudEvents,
        Self::Klaviyo,
        Self::Braze,
        Self::Snowplow,
    ];

    /// Returns the name that `--from` takes.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Marketo => "marketo",
            Self::MarketoRest => "marketo-rest",
            Self::Segment => "segment",
            Self::CloudEvents => "cloudevents",
            Self::Klaviyo => "klaviyo",
            Self::Braze => "braze",
            Self::Snowplow => "snowplow",
        }
    }

    /// Recognises a preset by the keys of the first event, if they leave no doubt.
    pub(super) fn detect(members: &[Member<'_>]) -> Option<Self> {
        let has = |name: &str| members.iter().any(|m| m.name == name);
        let text = |name: &str| {
            members.iter().find_map(|m| match &m.value {
                Scalar::Text(text) if m.name == name => Some(text.as_ref()),
                Scalar::Text(_)
                | Scalar::Null
                | Scalar::Boolean(_)
                | Scalar::Number(_)
                | Scalar::Nested(_) => None,
            })
        };
        if has("at") || has("person") {
            return None;
        }
        let calls = ["track", "identify", "page", "screen", "group", "alias"];
        if has("specversion") && has("source") && has("type") {
            Some(Self::CloudEvents)
        } else if text("type") == Some("event") && has("attributes") && has("relationships") {
            Some(Self::Klaviyo)
        } else if text("type").is_some_and(|kind| calls.contains(&kind))
            && has("messageId")
            && has("timestamp")
        {
            Some(Self::Segment)
        } else if has("event_id") && (has("derived_tstamp") || has("collector_tstamp")) {
            Some(Self::Snowplow)
        } else if has("leadId") && has("activityDate") && has("activityTypeId") {
            Some(Self::MarketoRest)
        } else if has("external_user_id") && has("user_id") && has("time") && has("id") {
            Some(Self::Braze)
        } else {
            None
        }
    }

    /// Returns the rules, in order: of several for one target, the first whose path has a value counts.
    pub(super) fn rules(self) -> &'static [Rule] {
        match self {
            Self::Marketo | Self::MarketoRest => &[],
            Self::Segment => &[
                ("userId", "person"),
                ("traits.email", "person"),
                ("context.traits.email", "person"),
                ("timestamp", "at"),
                ("messageId", "id"),
                ("event", "type"),
                ("properties.*", "*"),
                ("attributes", "attributes"),
            ],
            Self::CloudEvents => &[
                ("subject", "person"),
                ("time", "at"),
                ("type", "type"),
                ("id", "id"),
                ("data.*", "*"),
            ],
            Self::Klaviyo => &[
                ("relationships.profile.data.id", "person"),
                ("attributes.datetime", "at"),
                ("attributes.timestamp", "at"),
                ("relationships.metric.data.id", "type"),
                ("attributes.uuid", "id"),
                ("id", "id"),
                ("attributes.event_properties.*", "*"),
            ],
            Self::Braze => &[
                ("external_user_id", "person"),
                ("user_id", "person"),
                ("time", "at"),
                ("id", "id"),
            ],
            Self::Snowplow => &[
                ("user_id", "person"),
                ("derived_tstamp", "at"),
                ("collector_tstamp", "at"),
                ("event", "type"),
                ("event_id", "id"),
            ],
        }
    }

    /// Returns whether the keys that no rule names are attributes. In the other formats they belong to the envelope.
    pub(super) fn keeps_other_keys(self) -> bool {
        match self {
            Self::Marketo | Self::MarketoRest | Self::Braze | Self::Snowplow => true,
            Self::Segment | Self::CloudEvents | Self::Klaviyo => false,
        }
    }

    /// Rewrites the members of a line so that rules suffice; one line may become several events.
    pub(super) fn prepare(
        self,
        members: Vec<Member<'_>>,
    ) -> Result<Vec<Vec<Member<'_>>>, LineError> {
        match self {
            Self::Marketo | Self::Klaviyo | Self::Braze => Ok(vec![members]),
            Self::MarketoRest => lead_changes(members),
            Self::Segment => segment(members),
            Self::CloudEvents => Ok(vec![global_id(members)]),
            Self::Snowplow => Ok(vec![in_utc(members)]),
        }
    }
}

/// A Segment call: `track` is the event it names, `page` a visit, `identify` a change of each trait. Calls of other kinds,
/// and those of `identify` that say nothing of the person, keep their kind as the type, which no catalogue has.
fn segment(mut members: Vec<Member<'_>>) -> Result<Vec<Vec<Member<'_>>>, LineError> {
    let kind = find(&members, "type")?.map(|kind| text_of(&kind.value));
    match kind.as_deref() {
        Some("page") => {
            let page = match find(&members, "properties.path")? {
                Some(path) => Some(path),
                None => find(&members, "properties.url")?,
            };
            members.retain(|m| m.name != "event");
            members.push(constant("event", "visit_web_page"));
            if let Some(page) = page {
                members.push(Member {
                    name: Cow::Borrowed("attributes"),
                    name_at: page.name_at,
                    value: Scalar::Text(Cow::Owned(
                        serde_json::json!({ "web_page": text_of(&page.value) }).to_string(),
                    )),
                    value_at: page.value_at,
                });
            }
            Ok(vec![members])
        }
        Some("identify") => {
            let changes = traits(&members)?;
            if changes.is_empty() {
                return Ok(vec![of_its_kind(members)]);
            }
            members.retain(|m| m.name != "event" && m.name != "properties");
            members.push(constant("event", "change_data_value"));
            Ok(one_event_each(&members, "messageId", changes))
        }
        Some("track") | None => Ok(vec![members]),
        Some(_) => Ok(vec![of_its_kind(members)]),
    }
}

/// Returns what an `identify` call says of the person. A trait that is null is one that it does not say.
fn traits<'a>(members: &[Member<'a>]) -> Result<Vec<FieldChange<'a>>, LineError> {
    let Some(traits) = find(members, "traits")? else {
        return Ok(Vec::new());
    };
    let said = object_of(&traits)?.into_iter();
    let said = said.filter(|one| !matches!(one.value, Scalar::Null));
    Ok(said
        .map(|one| FieldChange {
            at: one.value_at,
            name: one.name,
            old: None,
            new: one.value,
        })
        .collect())
}

/// Takes the kind of a call as the type of its event.
fn of_its_kind(mut members: Vec<Member<'_>>) -> Vec<Member<'_>> {
    let kind = members.iter().find(|m| m.name == "type").cloned();
    members.retain(|m| m.name != "event");
    members.extend(kind.map(|kind| Member {
        name: Cow::Borrowed("event"),
        ..kind
    }));
    members
}

/// A lead change of Marketo's REST API (`fields: [{name, newValue, oldValue}]`) is one event for each field; where no field
/// has changed, as of a new lead, it is the event that it says.
fn lead_changes(members: Vec<Member<'_>>) -> Result<Vec<Vec<Member<'_>>>, LineError> {
    let Some(fields) = members.iter().find(|m| m.name == "fields") else {
        return Ok(vec![members]);
    };
    let Scalar::Nested(text) = &fields.value else {
        return Ok(vec![members]);
    };
    let mut changes = Vec::new();
    for (entry, at) in json::array(text)? {
        let at = fields.value_at + at;
        let Scalar::Nested(entry) = entry else {
            return Err(LineError::new(
                at,
                "an object with `name` and `newValue` is expected",
            ));
        };
        let (mut name, mut old, mut new) = (None, None, Scalar::Null);
        for member in json::object(entry)? {
            match member.name.as_ref() {
                "name" => name = Some(Cow::Owned(text_of(&member.value))),
                "newValue" => new = member.value,
                "oldValue" => old = Some(member.value),
                _ => {}
            }
        }
        let name = name.ok_or_else(|| LineError::new(at, "a changed field without `name`"))?;
        changes.push(FieldChange { name, at, old, new });
    }
    let rest: Vec<Member<'_>> = members
        .iter()
        .filter(|m| m.name != "fields")
        .cloned()
        .collect();
    if changes.is_empty() {
        return Ok(vec![rest]);
    }
    Ok(one_event_each(&rest, "marketoGUID", changes))
}

/// Makes an event of each change. The id of the line is that of the first; the others add their field to it.
fn one_event_each<'a>(
    common: &[Member<'a>],
    id: &str,
    changes: Vec<FieldChange<'a>>,
) -> Vec<Vec<Member<'a>>> {
    let attributes = listed_attributes(common);
    let make = |(index, change): (usize, FieldChange<'a>)| {
        let mut event = common.to_vec();
        if index > 0
            && let Some(id) = event.iter_mut().find(|m| m.name == id)
        {
            id.value = Scalar::Text(Cow::Owned(format!(
                "{}/{}",
                text_of(&id.value),
                change.name
            )));
        }
        let mut object = attributes.clone();
        object.insert("field".to_owned(), in_json(&change.name));
        object.insert("new_value".to_owned(), as_json(&change.new));
        if let Some(old) = &change.old {
            object.insert("previous_value".to_owned(), as_json(old));
        }
        let entries = object
            .iter()
            .map(|(name, value)| format!("{}:{value}", in_json(name)));
        let object = format!("{{{}}}", entries.collect::<Vec<_>>().join(","));
        event.retain(|m| m.name != "attributes");
        event.push(Member {
            name: Cow::Borrowed("attributes"),
            name_at: change.at,
            value: Scalar::Text(Cow::Owned(object)),
            value_at: change.at,
        });
        event
    };
    changes.into_iter().enumerate().map(make).collect()
}

/// Reads Marketo's list of attributes, `[{"name": …, "value": …}]`, into names and JSON; a list of another form has none.
fn listed_attributes(members: &[Member<'_>]) -> BTreeMap<String, String> {
    let member = members.iter().find(|m| m.name == "attributes");
    let list = member.map(|m| text_of(&m.value)).unwrap_or_default();
    let entries: Vec<NamedValue> = serde_json::from_str(&list).unwrap_or_default();
    entries
        .into_iter()
        .map(|one| (one.name, one.value.to_string()))
        .collect()
}

/// One attribute of a list.
#[derive(serde::Deserialize)]
struct NamedValue {
    name: String,
    #[serde(default)]
    value: serde_json::Value,
}

/// `CloudEvents` are identified by `source` and `id` together.
fn global_id(mut members: Vec<Member<'_>>) -> Vec<Member<'_>> {
    let source = members
        .iter()
        .find(|m| m.name == "source")
        .map(|m| text_of(&m.value));
    if let (Some(source), Some(id)) = (source, members.iter_mut().find(|m| m.name == "id")) {
        id.value = Scalar::Text(Cow::Owned(format!("{source} {}", text_of(&id.value))));
    }
    members
}

/// Snowplow writes its timestamps in UTC without an offset.
fn in_utc(mut members: Vec<Member<'_>>) -> Vec<Member<'_>> {
    for member in &mut members {
        if let ("derived_tstamp" | "collector_tstamp", Scalar::Text(text)) =
            (member.name.as_ref(), &member.value)
            && text.len() >= 19
            && !text.ends_with(['Z', 'z'])
            && !text[19..].contains(['+', '-'])
        {
            let text = format!("{}Z", text.replacen(' ', "T", 1));
            member.value = Scalar::Text(Cow::Owned(text));
        }
    }
    members
}

fn constant(name: &'static str, value: &'static str) -> Member<'static> {
    Member {
        name: Cow::Borrowed(name),
        name_at: 0,
        value: Scalar::Text(Cow::Borrowed(value)),
        value_at: 0,
    }
}

fn object_of<'a>(member: &Member<'a>) -> Result<Vec<Member<'a>>, LineError> {
    match &member.value {
        Scalar::Nested(text) if text.starts_with('{') => {
            let mut inner = json::object(text)?;
            for one in &mut inner {
                one.name_at += member.value_at;
                one.value_at += member.value_at;
            }
            Ok(inner)
        }
        Scalar::Nested(_)
        | Scalar::Null
        | Scalar::Boolean(_)
        | Scalar::Number(_)
        | Scalar::Text(_) => Ok(Vec::new()),
    }
}

fn text_of(value: &Scalar<'_>) -> String {
    super::values::written(value).to_owned()
}

/// Writes a value as JSON: as it stands in the line, where it is JSON there.
fn as_json(value: &Scalar<'_>) -> String {
    match value {
        Scalar::Null => "null".to_owned(),
        Scalar::Boolean(truth) => truth.to_string(),
        Scalar::Text(text) => in_json(text),
        Scalar::Number(text) | Scalar::Nested(text) => (*text).to_owned(),
    }
}

fn in_json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
