//! Tokens: `{{lead.First Name:default=there}}` in texts.
//!
//! `parse` reads a text into a [`Template`] once, when a campaign is compiled; `resolve` fills it in for a
//! person. A value that comes from data is never scanned again for tokens.

pub(crate) mod parse;
pub(crate) mod resolve;

use crate::domain::{FieldId, Key, MemberField, Text};
use crate::world::Needs;

/// A text with tokens in it, parsed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Template {
    /// Literal texts and tokens in order.
    pub(crate) parts: Vec<Part>,
}

impl Template {
    /// Returns whether it has no token, so that it is the same text for everyone.
    pub(crate) fn is_literal(&self) -> bool {
        self.tokens().next().is_none()
    }

    /// Returns the person fields whose values it shows.
    pub(crate) fn fields(&self) -> impl Iterator<Item = FieldId> {
        self.tokens().filter_map(Token::field)
    }

    /// Returns whether it shows something of the person's membership in a program.
    pub(crate) fn reads_membership(&self) -> bool {
        self.tokens().any(Token::is_of_membership)
    }

    /// Adds what must be known about a person to fill it in.
    pub(crate) fn needs(&self, needs: &mut Needs) {
        needs.fields.extend(self.fields());
        needs.programs |= self.reads_membership();
    }

    fn tokens(&self) -> impl Iterator<Item = &Token> {
        self.parts.iter().filter_map(|part| match part {
            Part::Literal(_) => None,
            Part::Token { token, .. } => Some(token),
        })
    }
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Part {
    /// Text without tokens.
    Literal(Text),
    /// A token, and the text that stands in for a missing value.
    Token {
        /// What it names.
        token: Token,
        /// After `:default=`.
        default: Option<Text>,
    },
}

/// What a token names; names are resolved when the campaign is compiled.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// `{{lead.…}}` and `{{company.…}}`: a person field.
    Field(FieldId),
    /// `{{campaign.name}}`
    CampaignName,
    /// `{{campaign.id}}`
    CampaignId,
    /// `{{campaign.description}}`
    CampaignDescription,
    /// `{{program.name}}`
    ProgramName,
    /// `{{my.…}}`: the program's, else the workspace's; the name's key.
    My(String),
    /// `{{program.id}}`
    ProgramId,
    /// `{{program.description}}`
    ProgramDescription,
    /// `{{member.…}}`: a field of the membership in the campaign's program.
    Member(MemberField),
    /// `{{member.…}}`: what every membership has.
    Membership(MembershipFact),
    /// `{{system.date}}`
    SystemDate,
    /// `{{system.time}}`
    SystemTime,
    /// `{{system.dateTime}}`
    SystemDateTime,
    /// A link that only a mail server can make, such as `{{system.unsubscribeLink}}`; its own text stands for it.
    Placeholder(Text),
    /// `{{trigger.Trigger Name}}`: the trigger's name of the activity that began the walk.
    TriggerName,
    /// `{{trigger.Name}}`: the name of what that activity concerned: its primary attribute.
    TriggerPrimary,
    /// `{{trigger.…}}`: an attribute of the activity that began the walk.
    Trigger(Key),
}

/// What every membership in a program has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MembershipFact {
    /// The status.
    Status,
    /// When it began.
    Since,
    /// Whether success was reached.
    Success,
    /// When success was reached.
    SuccessDate,
    /// Whether the program acquired the person by it.
    AcquiredBy,
}

impl MembershipFact {
    /// Every one, in the order of the documentation.
    pub(crate) const ALL: [Self; 5] = [
        Self::Status,
        Self::Since,
        Self::Success,
        Self::SuccessDate,
        Self::AcquiredBy,
    ];

    /// Returns the name in tokens.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Since => "membership_date",
            Self::Success => "success",
            Self::SuccessDate => "success_date",
            Self::AcquiredBy => "acquired_by",
        }
    }
}

impl Token {
    /// Returns the person field that it shows.
    fn field(&self) -> Option<FieldId> {
        if let Self::Field(field) = self {
            return Some(*field);
        }
        None
    }

    /// Returns whether it shows something of the person's membership in a program.
    fn is_of_membership(&self) -> bool {
        matches!(self, Self::Member(_) | Self::Membership(_))
    }
}
