//! How people are named by users and in event files.

use super::{PersonId, Text};

/// A KEY: with `@` an email in any case, `#17` a `person_id`, anything else an `id`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum PersonKey {
    /// An email as written, trimmed.
    Email(String),
    /// The text field `id`.
    Id(String),
    /// Our own number.
    Number(PersonId),
}

impl PersonKey {
    /// Reads a key; blanks around it are not part of it. Nothing if it is empty.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        if let Some(number) = text
            .strip_prefix('#')
            .and_then(|digits| digits.parse().ok())
        {
            return Some(Self::Number(PersonId(number)));
        }
        Some(if text.contains('@') {
            Self::Email(text.to_owned())
        } else {
            Self::Id(text.to_owned())
        })
    }
}

impl std::fmt::Display for PersonKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Email(text) | Self::Id(text) => f.write_str(text),
            Self::Number(number) => write!(f, "#{number}"),
        }
    }
}

/// What a person is called by in results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PersonNames {
    /// Our own number.
    pub(crate) person: PersonId,
    /// The email, where the person has one.
    pub(crate) email: Option<Text>,
    /// The text field `id`, where the person has one.
    pub(crate) id: Option<Text>,
}

impl PersonNames {
    /// Returns the best key: the email, else the id, else `#` and the number.
    pub(crate) fn best(&self) -> String {
        match (&self.email, &self.id) {
            (Some(name), _) | (None, Some(name)) => name.to_string(),
            (None, None) => PersonKey::Number(self.person).to_string(),
        }
    }
}
