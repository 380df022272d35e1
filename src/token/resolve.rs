//! Fills templates in for a person.
//!
//! What a token stands for is told by a [`TokenContext`]; a missing value without a default is the empty text.
//! Values go in as they are: braces in them are never read as tokens. Called by the engine's steps and waits.
//!
//! Numbers and dates stand as in logs; an instant stands as civil time of the workspace, `2026-11-02 16:36:13`,
//! which fits date and datetime fields alike.

use std::collections::BTreeMap;

use crate::domain::value::{parse_date, parse_datetime};
use crate::domain::{ActivityCatalogue, Instant, Key, Text, Value, Zone};
use crate::world::journal::Cause;
use crate::world::{Layout, Membership, Person};

use super::{Part, Template, Token};

/// What tokens speak of.
#[derive(Debug, Clone, Copy)]
pub struct TokenContext<'a> {
    /// `{{lead.…}}`, `{{company.…}}`
    pub person: &'a Person,
    /// Where the person's fields stand.
    pub layout: &'a Layout,
    /// `{{system.…}}`
    pub now: Instant,
    /// The workspace's zone.
    pub zone: &'a Zone,
    /// `{{campaign.name}}`
    pub campaign_name: &'a str,
    /// `{{campaign.id}}`
    pub campaign_id: i64,
    /// `{{campaign.description}}`
    pub campaign_description: Option<&'a str>,
    /// `{{program.name}}`; nothing outside programs.
    pub program_name: Option<&'a str>,
    /// `{{my.…}}`: the program's tokens by the key of their name, asked first.
    pub program_tokens: Option<&'a BTreeMap<String, Text>>,
    /// `{{my.…}}`: the workspace's.
    pub workspace_tokens: &'a BTreeMap<String, Text>,
    /// `{{member.…}}`: the person's membership in the campaign's program.
    pub membership: Option<&'a Membership>,
    /// `{{trigger.…}}`: the activity that began the walk; nothing in a batch.
    pub cause: Option<&'a Cause>,
    /// The trigger's name, `clicks_link_in_email`.
    pub trigger_name: Option<&'a str>,
    /// Tells which attribute of the cause is the primary one.
    pub activities: &'a ActivityCatalogue,
}

impl Template {
    /// Returns the text with every token filled in.
    pub fn resolve(&self, cx: &TokenContext<'_>) -> Text {
        match self.parts.as_slice() {
            [] => Text::from(""),
            [only] => only.resolve(cx),
            parts => {
                let mut text = String::new();
                for part in parts {
                    text.push_str(&part.resolve(cx));
                }
                Text::from(text)
            }
        }
    }

    /// Returns the day or instant that the template comes to; nothing where it comes to none.
    ///
    /// A lone token gives the value itself, to the microsecond; any other text is read as a date.
    pub fn resolve_date(&self, cx: &TokenContext<'_>) -> Option<Value> {
        if let [Part::Token { token, .. }] = self.parts.as_slice()
            && let Some(value @ (Value::Date(_) | Value::Datetime(_))) = token.value(cx)
        {
            return Some(value);
        }
        let text = self.resolve(cx);
        parse_date(&text)
            .map(Value::Date)
            .or_else(|| parse_datetime(&text, cx.zone).map(Value::Datetime))
    }
}

impl Part {
    fn resolve(&self, cx: &TokenContext<'_>) -> Text {
        match self {
            Self::Literal(text) => Text::clone(text),
            Self::Token { token, default } => match token.value(cx) {
                Some(value) => text_of(&value, cx.zone),
                None => default.clone().unwrap_or_else(|| Text::from("")),
            },
        }
    }
}

impl Token {
    fn value(&self, cx: &TokenContext<'_>) -> Option<Value> {
        let civil = |format: &str| {
            let text = cx.zone.civil(cx.now).format(format).to_string();
            Some(Value::Text(Text::from(text)))
        };
        match self {
            Self::Field(field) => cx.person.field(cx.layout, *field).cloned(),
            Self::CampaignName => Some(Value::text(cx.campaign_name)),
            Self::CampaignId => Some(Value::Integer(cx.campaign_id)),
            Self::CampaignDescription => cx.campaign_description.map(Value::text),
            Self::ProgramName => cx.program_name.map(Value::text),
            Self::My(key) => cx
                .program_tokens
                .and_then(|tokens| tokens.get(key))
                .or_else(|| cx.workspace_tokens.get(key))
                .map(|text| Value::Text(Text::clone(text))),
            Self::Member(key) => named(&cx.membership?.fields, key),
            Self::SystemDate => Some(Value::Date(cx.zone.date(cx.now))),
            Self::SystemTime => civil("%H:%M:%S"),
            Self::SystemDateTime => civil("%Y-%m-%d %H:%M:%S"),
            Self::Placeholder(text) => Some(Value::Text(Text::clone(text))),
            Self::TriggerName => cx.trigger_name.map(Value::text),
            Self::Trigger(key) => attribute(cx.cause?, key, cx.activities),
        }
    }
}

/// Returns an attribute of the activity that began the walk, the primary one included.
fn attribute(cause: &Cause, key: &Key, activities: &ActivityCatalogue) -> Option<Value> {
    let primary = activities.get(cause.activity).primary.as_ref();
    if primary.is_some_and(|primary| primary.key == *key) {
        return cause.primary.clone().map(Value::Text);
    }
    named(&cause.attributes, key)
}

fn named(values: &[(Key, Value)], key: &Key) -> Option<Value> {
    values
        .iter()
        .find(|(name, _)| name == key)
        .map(|(_, value)| value.clone())
}

fn text_of(value: &Value, zone: &Zone) -> Text {
    match value {
        Value::Datetime(at) => Text::from(zone.civil(*at).format("%Y-%m-%d %H:%M:%S").to_string()),
        Value::Text(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Date(_) => value.to_text(),
    }
}
