//! What the table of steps says of a parameter: its key, what stands after it, and whether it must be written.

use crate::domain::Mode;

/// One parameter of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parameter {
    /// The key in campaign files.
    pub(crate) key: &'static str,
    /// What stands after the key.
    pub(crate) kind: ParameterKind,
    /// Whether the key must be written.
    pub(crate) need: Need,
    /// What it is for, in a phrase.
    pub(crate) about: &'static str,
    /// Campaigns in which it may not be written.
    pub(crate) refusals: &'static [ModeRefusal],
}

/// What stands after the key of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterKind {
    /// The name of an email.
    Email,
    /// The name of a static list.
    List,
    /// The name of a program.
    Program,
    /// The name of a program status.
    Status,
    /// The name of a campaign.
    Campaign,
    /// The name of a campaign, or `this`.
    CampaignOrThis,
    /// The name of a webhook.
    Webhook,
    /// The name of a person field.
    Field,
    /// The name of a field of program memberships.
    MemberField,
    /// A word of one's own, such as the type of an interesting moment.
    Word,
    /// A text with tokens.
    Text,
    /// Addresses and `sales_owner`, one or a list.
    Addresses,
    /// A text with tokens, or `NULL`, which clears.
    NewValue,
    /// How a score changes: `+5`, `-5`, `=5`.
    ScoreChange,
    /// `true` or `false`.
    Boolean,
    /// A number and a unit: `3 days`.
    Duration,
    /// Weekdays and a time of day.
    WeekdaysAndTime,
    /// A day of the calendar.
    Date,
    /// One token that holds a date.
    DateToken,
    /// Days or weeks before or after, or one token that holds a number of days.
    DayOffset,
    /// A time of day.
    Time,
}

impl ParameterKind {
    /// Returns whether it is a name that people give, which is checked to be one.
    pub(crate) fn is_name(self) -> bool {
        match self {
            Self::Email
            | Self::List
            | Self::Program
            | Self::Status
            | Self::Campaign
            | Self::CampaignOrThis
            | Self::Webhook
            | Self::MemberField
            | Self::Word => true,
            Self::Field
            | Self::Text
            | Self::Addresses
            | Self::NewValue
            | Self::ScoreChange
            | Self::Boolean
            | Self::Duration
            | Self::WeekdaysAndTime
            | Self::Date
            | Self::DateToken
            | Self::DayOffset
            | Self::Time => false,
        }
    }

    /// Returns what stands there, in a phrase.
    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::Email => "the name of an email",
            Self::List => "the name of a static list",
            Self::Program => "the name of a program",
            Self::Status => "the name of a program status",
            Self::Campaign => "the name of a campaign",
            Self::CampaignOrThis => "the name of a campaign, or `this`",
            Self::Webhook => "the name of a webhook",
            Self::Field => "the name of a person field",
            Self::MemberField => "the name of a field",
            Self::Word => "a word",
            Self::Text => "a text with tokens",
            Self::Addresses => "an address or `sales_owner`, or several",
            Self::NewValue => "a text with tokens; `NULL` clears",
            Self::ScoreChange => {
                "`+5` or `5` adds, `-5` takes away, `=5` sets; or one `{{my.…}}` token"
            }
            Self::Boolean => "`true` or `false`",
            Self::Duration => "a duration",
            Self::WeekdaysAndTime => "`weekdays` and a `time`",
            Self::Date => "a day",
            Self::DateToken => "one token that holds a date",
            Self::DayOffset => "days or weeks, or one token that holds a number of days",
            Self::Time => "a time of day",
        }
    }
}

/// Whether a parameter must be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Always.
    Required,
    /// It may be left out.
    Optional,
    /// One of the step's parameters that choose a form must be written; it decides which others may be.
    Form,
    /// It may be written beside one of these parameters, which choose a form.
    With(&'static [&'static str]),
}

/// A mode in which a step or parameter may not stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ModeRefusal {
    /// The campaigns it may not stand in.
    pub(crate) mode: Mode,
    /// What is wrong with it there.
    pub(crate) message: &'static str,
    /// What to do instead.
    pub(crate) help: &'static str,
}

impl Parameter {
    /// Makes a parameter that may be written in every campaign.
    pub(super) const fn new(
        key: &'static str,
        kind: ParameterKind,
        need: Need,
        about: &'static str,
    ) -> Self {
        Self {
            key,
            kind,
            need,
            about,
            refusals: &[],
        }
    }

    /// Makes a parameter that must be written.
    pub(super) const fn required(
        key: &'static str,
        kind: ParameterKind,
        about: &'static str,
    ) -> Self {
        Self::new(key, kind, Need::Required, about)
    }

    /// Makes a parameter that may be left out.
    pub(super) const fn optional(
        key: &'static str,
        kind: ParameterKind,
        about: &'static str,
    ) -> Self {
        Self::new(key, kind, Need::Optional, about)
    }
}
