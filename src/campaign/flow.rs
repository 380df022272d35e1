//! What a flow may do: its steps, their choices, and each action with all that it needs.

use chrono::{NaiveDate, NaiveTime, Weekday};

use crate::domain::{ActivityTypeId, CampaignId, Duration, FieldId, Key, ListId, ProgramId, Text};
use crate::filter::Filter;
use crate::token::Template;

/// One step of a flow.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// `id:` as written.
    pub id: Option<String>,
    /// The activity type that its log rows have, also when it does nothing.
    pub activity: ActivityTypeId,
    /// The key that was written: `send_email`.
    pub name: &'static str,
    /// First match wins.
    pub choices: Vec<Choice>,
    /// What happens when none matches, or when there is none.
    pub default: Action,
}

impl Step {
    /// Returns everything the step may do: what each choice does, then the default.
    pub fn actions(&self) -> impl Iterator<Item = &Action> {
        let choices = self.choices.iter().map(|choice| &choice.action);
        choices.chain([&self.default])
    }
}

/// A choice: a condition and what then happens.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// On values as they are when the step is reached.
    pub when: Filter,
    /// What happens.
    pub action: Action,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Nothing, on purpose.
    DoNothing,
    /// Sends an email, by its name.
    SendEmail {
        /// The email's name.
        email: Text,
    },
    /// Sends an internal notice.
    SendAlert {
        /// The email's name.
        email: Text,
        /// To whom.
        to: Vec<AlertTo>,
    },
    /// Sets or clears a person field.
    ChangeDataValue {
        /// The field.
        field: FieldId,
        /// What it becomes.
        value: NewValue,
    },
    /// Moves or sets a score.
    ChangeScore {
        /// The field.
        field: FieldId,
        /// By or to what.
        change: ScoreChange,
    },
    /// Puts the person on a static list.
    AddToList {
        /// The list.
        list: ListId,
    },
    /// Takes the person off a static list.
    RemoveFromList {
        /// The list.
        list: ListId,
    },
    /// Moves the person in a program.
    ChangeProgramStatus {
        /// The program.
        program: ProgramId,
        /// The status' name as the channel writes it.
        status: Text,
    },
    /// Sets or clears a field of the membership.
    ChangeProgramMemberData {
        /// The program.
        program: ProgramId,
        /// The field's name.
        field: Key,
        /// What it becomes.
        value: NewValue,
    },
    /// Notes a moment for the sales people.
    InterestingMoment {
        /// `Web`, `Email`, `Milestone`, or another word.
        kind: Text,
        /// What happened.
        description: Template,
    },
    /// Holds the person.
    Wait(Wait),
    /// Starts another campaign beside this one.
    RequestCampaign {
        /// Which.
        campaign: CampaignId,
    },
    /// Runs another campaign within this one.
    ExecuteCampaign {
        /// Which.
        campaign: CampaignId,
        /// Tokens and trigger are the parent's.
        use_parent_tokens: bool,
    },
    /// Ends the person's flows of a campaign.
    RemoveFromFlow {
        /// Which; none means `this`.
        campaign: Option<CampaignId>,
    },
    /// Calls a webhook, by the key of its name.
    CallWebhook {
        /// Which.
        webhook: String,
    },
    /// Erases the person.
    DeletePerson,
}

/// One that an alert goes to.
#[derive(Debug, Clone, PartialEq)]
pub enum AlertTo {
    /// `sales_owner`: whoever this field of the person names.
    SalesOwner(FieldId),
    /// An address, or several between commas or semicolons.
    Address(Template),
}

/// What a field becomes.
#[derive(Debug, Clone, PartialEq)]
pub enum NewValue {
    /// `NULL`: no value.
    Clear,
    /// A text with tokens, read by the field's type.
    Set(Template),
}

/// How a score moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScoreChange {
    /// `+5`, `-5`, `5`.
    Add(i64),
    /// `=5`, `=-5`.
    Set(i64),
}

/// How long a wait holds a person.
#[derive(Debug, Clone, PartialEq)]
pub enum Wait {
    /// For a duration, then until an allowed weekday and time.
    Duration {
        /// How long at least.
        length: Duration,
        /// Allowed weekdays; empty means every day.
        weekdays: Vec<Weekday>,
        /// The time of day.
        time: Option<NaiveTime>,
    },
    /// Until a date.
    Date {
        /// The day.
        date: NaiveDate,
        /// The time of day, midnight where none is written.
        time: Option<NaiveTime>,
    },
    /// Until a date that a token gives.
    DateToken {
        /// The token.
        date: Template,
        /// Days before or after.
        offset: DayOffset,
        /// Take the first anniversary on or after the day of entry.
        next_anniversary: bool,
        /// The time of day; the token's own, or midnight.
        time: Option<NaiveTime>,
    },
}

/// Days added to a token's date.
#[derive(Debug, Clone, PartialEq)]
pub enum DayOffset {
    /// A number of days; negative means before.
    Days(i64),
    /// A token that gives the number.
    Token(Template),
}
