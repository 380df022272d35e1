//! The standard activity types, one row each.
//!
//! Source: sections B, B.1, C and J.2 of the reference. The names say *person*; the same names with *lead*, as Marketo's
//! API writes them, are aliases of every row. An attribute is found by any spelling of its name, so that only other words
//! are given as aliases: `Is Mobile Device` is `is_mobile_device`.

mod known;
mod numbered;
mod unnumbered;

use super::activity_type::{ActivityType, Attribute};
use super::{FieldType, Text};

/// Returns the rows; those of [`super::activity_type::BuiltinActivity`] come first, in its order.
pub(crate) fn standard() -> Vec<ActivityType> {
    let mut types = known::rows();
    types.extend(numbered::rows());
    types.extend(unnumbered::rows());
    types
}

/// One attribute of a row.
#[derive(Clone, Copy)]
struct At {
    key: &'static str,
    attribute_type: FieldType,
    aliases: &'static [&'static str],
    of_field: bool,
    beside_primary: Option<&'static str>,
}

/// An attribute that no one calls otherwise.
const fn at(key: &'static str, attribute_type: FieldType) -> At {
    also(key, attribute_type, &[])
}

/// An attribute with other names.
const fn also(
    key: &'static str,
    attribute_type: FieldType,
    aliases: &'static [&'static str],
) -> At {
    At {
        key,
        attribute_type,
        aliases,
        of_field: false,
        beside_primary: None,
    }
}

/// An attribute that extracts call as the primary one is called.
const fn beside(key: &'static str, attribute_type: FieldType, name: &'static str) -> At {
    let mut attribute = at(key, attribute_type);
    attribute.beside_primary = Some(name);
    attribute
}

/// An attribute whose values have the type of the changed field.
const fn of_field(key: &'static str, aliases: &'static [&'static str]) -> At {
    At {
        key,
        attribute_type: FieldType::String,
        aliases,
        of_field: true,
        beside_primary: None,
    }
}

impl From<&At> for Attribute {
    fn from(at: &At) -> Self {
        Self {
            key: Text::from(at.key),
            attribute_type: at.attribute_type,
            aliases: at.aliases.iter().map(|&alias| alias.to_owned()).collect(),
            of_field: at.of_field,
            beside_primary: at.beside_primary.map(str::to_owned),
        }
    }
}

/// Begins a row: its number and its display name, from which its name follows.
fn row(code: i32, label: &str) -> ActivityType {
    let name = super::text::snake_case(label);
    let aliases = lead_word(&name).into_iter().collect();
    ActivityType {
        code,
        name: Text::from(name),
        label: label.to_owned(),
        trigger: None,
        filter: None,
        aliases,
        primary: None,
        attributes: Vec::new(),
    }
}

/// Returns the older form of a name that says *person* or *people*.
fn lead_word(name: &str) -> Option<String> {
    let older = name.replace("person", "lead").replace("people", "leads");
    (older != name).then_some(older)
}

impl ActivityType {
    /// Names the trigger.
    fn trigger(mut self, name: &str) -> Self {
        self.aliases.extend(lead_word(name));
        self.trigger = Some(name.to_owned());
        self
    }

    /// Names the filter.
    fn filter(mut self, name: &str) -> Self {
        self.aliases.extend(lead_word(name));
        self.filter = Some(name.to_owned());
        self
    }

    /// Adds other names.
    fn aliases(mut self, names: &[&str]) -> Self {
        self.aliases
            .extend(names.iter().map(|&name| name.to_owned()));
        self
    }

    /// Names the primary attribute.
    fn primary(mut self, attribute: At) -> Self {
        self.primary = Some(Attribute::from(&attribute));
        self
    }

    /// Adds attributes.
    fn with(mut self, attributes: &[At]) -> Self {
        self.attributes
            .extend(attributes.iter().map(Attribute::from));
        self
    }
}

/// The email that a message was made from, of every email activity.
const EMAIL: At = also("email", FieldType::String, &["Mailing ID", "Mailing"]);
/// The page, where it is not the primary attribute.
const WEB_PAGE: At = also(
    "web_page",
    FieldType::String,
    &["Webpage ID", "Webpage URL", "Landing Page"],
);
const FORM: At = also("form", FieldType::String, &["Webform ID", "Form Name"]);
const LIST: At = also("list", FieldType::String, &["Static List", "List Name"]);
const CAMPAIGN: At = also("campaign", FieldType::String, &["Campaign Name"]);
const PROGRAM: At = also("program", FieldType::String, &["Program Name"]);
const REASON: At = at("reason", FieldType::Text);
const SOURCE: At = at("source", FieldType::String);

/// What every mail brings.
const MAIL: &[At] = &[
    at("subject", FieldType::String),
    at("campaign_run_id", FieldType::Integer),
    at("choice_number", FieldType::Integer),
    at("has_predictive", FieldType::Boolean),
    at("step_id", FieldType::Integer),
    at("test_variant", FieldType::String),
];

/// Why a mail bounced.
const BOUNCE: &[At] = &[
    at("category", FieldType::String),
    at("subcategory", FieldType::String),
    at("details", FieldType::Text),
    beside("email_address", FieldType::Email, "Email"),
];

/// On what, and by whom or what, a mail was read.
const READER: &[At] = &[
    at("is_mobile_device", FieldType::Boolean),
    at("device", FieldType::String),
    at("platform", FieldType::String),
    at("browser", FieldType::String),
    at("user_agent", FieldType::Text),
    at("is_bot_activity", FieldType::Boolean),
    at("bot_activity_pattern", FieldType::String),
];

/// What a visit to the web brings.
const VISIT: &[At] = &[
    also("querystring", FieldType::Text, &["Query Parameters"]),
    also("client_ip_address", FieldType::String, &["Client IP"]),
    also("referrer", FieldType::Url, &["Referrer URL"]),
    at("user_agent", FieldType::Text),
];

/// Who asked for a change.
const ORIGIN: &[At] = &[
    at("api_method_name", FieldType::String),
    at("modifying_user", FieldType::String),
    at("request_id", FieldType::String),
];

#[cfg(test)]
mod tests;
