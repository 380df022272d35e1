//! Fills templates in for a person.
//!
//! What a token stands for is given by a [`TokenContext`]; a missing value without a default is the empty text.
//! Values go in as they are: braces in them are never read as tokens. Called by the engine's steps and waits.
//!
//! Numbers and dates stand as in logs; an instant stands as civil time of the workspace, `2026-11-02 16:36:13`,
//! which fits date and datetime fields alike.

use std::collections::BTreeMap;

use crate::domain::value::{parse_date, parse_datetime};
use crate::domain::{ActivityCatalogue, Instant, Key, Text, Value, Zone};
use crate::world::Cause;
use crate::world::{Layout, Membership, Person};

use super::{MembershipFact, Part, Template, Token};

/// What tokens refer to.
#[derive(Debug, Clone)]
pub(crate) struct TokenContext<'a> {
    /// `{{lead.…}}`, `{{company.…}}`
    pub(crate) person: &'a Person,
    /// Where the person's fields stand.
    pub(crate) layout: &'a Layout,
    /// `{{system.…}}`
    pub(crate) now: Instant,
    /// The workspace's zone.
    pub(crate) zone: &'a Zone,
    /// `{{campaign.name}}`
    pub(crate) campaign_name: &'a str,
    /// `{{campaign.id}}`
    pub(crate) campaign_id: i64,
    /// `{{campaign.description}}`
    pub(crate) campaign_description: Option<&'a str>,
    /// `{{program.name}}`; nothing outside programs.
    pub(crate) program_name: Option<&'a str>,
    /// `{{program.id}}`
    pub(crate) program_id: Option<i64>,
    /// `{{program.description}}`
    pub(crate) program_description: Option<&'a str>,
    /// `{{my.…}}`: the program's tokens by the key of their name, asked first.
    pub(crate) program_tokens: Option<&'a BTreeMap<String, Text>>,
    /// `{{my.…}}`: the workspace's.
    pub(crate) workspace_tokens: &'a BTreeMap<String, Text>,
    /// `{{member.…}}`: the person's membership in the campaign's program.
    pub(crate) membership: Option<&'a Membership>,
    /// `{{trigger.…}}`: the activity that began the walk; nothing in a batch.
    pub(crate) cause: Option<&'a Cause>,
    /// The trigger's name as Marketo displays it: `Clicks Link in Email`.
    pub(crate) trigger_name: Option<String>,
    /// Describes which attribute of the cause is the primary one.
    pub(crate) activities: &'a ActivityCatalogue,
}

impl Template {
    /// Returns the text with every token filled in.
    pub(crate) fn resolve(&self, cx: &TokenContext<'_>) -> Text {
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
    pub(crate) fn resolve_date(&self, cx: &TokenContext<'_>) -> Option<Value> {
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
    /// The default stands in for a text of no characters as well: nothing would be seen there either.
    fn resolve(&self, cx: &TokenContext<'_>) -> Text {
        match self {
            Self::Literal(text) => Text::clone(text),
            Self::Token { token, default } => token
                .value(cx)
                .map(|value| text_of(&value, cx.zone))
                .filter(|text| !text.is_empty())
                .or_else(|| default.clone())
                .unwrap_or_else(|| Text::from("")),
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
            Self::ProgramId => cx.program_id.map(Value::Integer),
            Self::ProgramDescription => cx.program_description.map(Value::text),
            Self::Member(field) => {
                let value = named(&cx.membership?.fields, &field.key)?;
                // Days and instants are kept as text.
                Value::parse(&value.to_text(), field.field_type, cx.zone)
                    .ok()
                    .or(Some(value))
            }
            Self::Membership(fact) => of_membership(*fact, cx.membership?),
            Self::SystemDate => Some(Value::Date(cx.zone.date(cx.now))),
            Self::SystemTime => civil("%H:%M:%S"),
            Self::SystemDateTime => civil("%Y-%m-%d %H:%M:%S"),
            Self::Placeholder(text) => Some(Value::Text(Text::clone(text))),
            Self::TriggerName => cx.trigger_name.as_deref().map(Value::text),
            Self::TriggerPrimary => cx.cause?.primary.clone().map(Value::Text),
            Self::Trigger(key) => attribute(cx.cause?, key, cx.activities),
        }
    }
}

/// Returns what every membership has.
fn of_membership(fact: MembershipFact, membership: &Membership) -> Option<Value> {
    match fact {
        MembershipFact::Status => Some(Value::Text(Text::clone(&membership.status))),
        MembershipFact::Since => Some(Value::Datetime(membership.since)),
        MembershipFact::Success => Some(Value::Boolean(membership.success_at.is_some())),
        MembershipFact::SuccessDate => membership.success_at.map(Value::Datetime),
        MembershipFact::AcquiredBy => Some(Value::Boolean(membership.acquired_by)),
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
        | Value::Json(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Date(_) => value.to_text(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::activity_type::BuiltinActivity;
    use crate::domain::{FieldCatalogue, MemberField, PersonId};

    /// Gives a context in New York in which Ann clicked a link at 2026-11-02T21:36:13Z to a test.
    fn with_ann<T>(test: impl FnOnce(&TokenContext<'_>, &FieldCatalogue) -> T) -> T {
        let fields = FieldCatalogue::standard();
        let layout = Layout::all(&fields);
        let mut person = Person::new(PersonId(1), &layout);
        let mut set = |name: &str, value| {
            let slot = fields.find(name).and_then(|id| layout.slot(id)).unwrap();
            person.fields[slot] = Some(value);
        };
        let zone = Zone::named("America/New_York").unwrap();
        let now = parse_datetime("2026-11-02T21:36:13.5Z", &zone).unwrap();
        set("first_name", Value::text("Ann {{lead.email}}"));
        set("lead_score", Value::Integer(42));
        set(
            "date_of_birth",
            Value::Date(parse_date("1990-02-28").unwrap()),
        );
        set("created_at", Value::Datetime(now));
        let tokens = |entries: &[(&str, &str)]| -> BTreeMap<String, Text> {
            let entries = entries.iter();
            entries
                .map(|(k, v)| ((*k).to_owned(), Text::from(*v)))
                .collect()
        };
        let cause = Cause {
            activity: BuiltinActivity::ClickEmail.id(),
            primary: Some(Text::from("spring")),
            attributes: Arc::from([(Key::from("link"), Value::text("/pricing"))]),
        };
        test(
            &TokenContext {
                person: &person,
                layout: &layout,
                now,
                zone: &zone,
                campaign_name: "Letter",
                campaign_id: 7,
                campaign_description: None,
                program_name: Some("Autumn"),
                program_id: Some(3),
                program_description: Some("For autumn"),
                program_tokens: Some(&tokens(&[("sender", "Autumn team")])),
                workspace_tokens: &tokens(&[("sender", "Example"), ("site", "example.com")]),
                membership: None,
                cause: Some(&cause),
                trigger_name: Some("Clicks Link in Email".to_owned()),
                activities: &ActivityCatalogue::standard(),
            },
            &fields,
        )
    }

    fn one(token: Token, default: Option<&str>) -> Template {
        let default = default.map(Text::from);
        Template {
            parts: vec![Part::Token { token, default }],
        }
    }

    #[test]
    fn every_token_has_its_text() {
        with_ann(|cx, fields| {
            let field = |name: &str| Token::Field(fields.find(name).unwrap());
            let rows = [
                (field("first_name"), "Ann {{lead.email}}"),
                (field("lead_score"), "42"),
                (field("date_of_birth"), "1990-02-28"),
                (field("created_at"), "2026-11-02 16:36:13"),
                (field("unsubscribed"), "false"),
                (field("city"), ""),
                (Token::CampaignName, "Letter"),
                (Token::CampaignId, "7"),
                (Token::CampaignDescription, ""),
                (Token::ProgramName, "Autumn"),
                (Token::My("sender".to_owned()), "Autumn team"),
                (Token::My("site".to_owned()), "example.com"),
                (Token::My("gone".to_owned()), ""),
                (Token::Member(MemberField::undeclared("seat")), ""),
                (Token::ProgramId, "3"),
                (Token::ProgramDescription, "For autumn"),
                (Token::SystemDate, "2026-11-02"),
                (Token::SystemTime, "16:36:13"),
                (Token::SystemDateTime, "2026-11-02 16:36:13"),
                (Token::Placeholder(Text::from("[link]")), "[link]"),
                (Token::TriggerName, "Clicks Link in Email"),
                (Token::TriggerPrimary, "spring"),
                (Token::Trigger(Key::from("link")), "/pricing"),
                (Token::Trigger(Key::from("email")), "spring"),
                (Token::Trigger(Key::from("form")), ""),
            ];
            for (token, expected) in rows {
                let template = one(token, None);
                assert_eq!(template.resolve(cx).as_ref(), expected, "{template:?}");
            }
        });
    }

    #[test]
    fn a_default_stands_in_for_a_missing_value_alone() {
        with_ann(|cx, fields| {
            let field = |name: &str| Token::Field(fields.find(name).unwrap());
            assert_eq!(
                one(field("city"), Some("there")).resolve(cx).as_ref(),
                "there"
            );
            assert_eq!(
                one(field("lead_score"), Some("0")).resolve(cx).as_ref(),
                "42"
            );
        });
    }

    #[test]
    fn parts_are_joined_and_nothing_is_scanned_again() {
        with_ann(|cx, fields| {
            let mut template = one(Token::Field(fields.find("first_name").unwrap()), None);
            template
                .parts
                .insert(0, Part::Literal(Text::from("Hello ")));
            template.parts.push(Part::Literal(Text::from("!")));
            assert_eq!(template.resolve(cx).as_ref(), "Hello Ann {{lead.email}}!");
            assert_eq!(Template::default().resolve(cx).as_ref(), "");
        });
    }

    #[test]
    fn a_date_is_the_value_itself_or_read_from_text() {
        with_ann(|cx, fields| {
            let date =
                |template: Template| template.resolve_date(cx).map(|v| v.to_text().to_string());
            let field = |name: &str| one(Token::Field(fields.find(name).unwrap()), None);
            assert_eq!(
                date(field("created_at")).as_deref(),
                Some("2026-11-02T21:36:13.500Z")
            );
            assert_eq!(date(field("date_of_birth")).as_deref(), Some("1990-02-28"));
            assert_eq!(date(field("city")), None);
            assert_eq!(date(field("lead_score")), None);
            let now = one(Token::SystemDateTime, None);
            assert_eq!(date(now).as_deref(), Some("2026-11-02T21:36:13Z"));
            let default = one(Token::My("event".to_owned()), Some("2026-12-01"));
            assert_eq!(date(default).as_deref(), Some("2026-12-01"));
        });
    }
}
