//! Checked campaigns and the workspace they share: what was written, understood.
//!
//! Everything here is resolved: names are ids, texts are templates, operators know their types. Only
//! `compile` makes these types from `source`, and tests may build them by hand.

pub mod case;
pub mod compile;
pub mod recurrence;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime, Weekday};

use crate::domain::activity_type::Known;
use crate::domain::{
    ActivityCatalogue, ActivityTypeId, CampaignId, Duration, FieldCatalogue, FieldId, Key, ListId,
    ProgramId, Text, Zone,
};
use crate::filter::operator::WeekStart;
use crate::filter::{Constraint, Filter, SmartList};
use crate::token::Template;
use crate::world::Names;

/// What a campaign is, read from its smart list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Filters alone: it runs at a time on everyone who matches.
    Batch,
    /// At least one trigger: it takes one person at a time.
    Triggered,
    /// Called by `execute_campaign` alone.
    Executable,
}

impl Mode {
    /// Returns the word people see: `Batch`, `Triggered`, `Executable`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Batch => "Batch",
            Self::Triggered => "Triggered",
            Self::Executable => "Executable",
        }
    }

    /// Returns the word in views and JSON: `batch`, `triggered`, `executable`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Batch => "batch",
            Self::Triggered => "triggered",
            Self::Executable => "executable",
        }
    }
}

/// What campaigns share, and the campaigns.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The zone of all civil time.
    pub zone: Zone,
    /// The first day of the week.
    pub week_start: WeekStart,
    /// How many non-operational emails a person may get.
    pub limits: CommunicationLimits,
    /// The default `max_people` of batch campaigns.
    pub max_people: Option<u64>,
    /// How far one happening may go.
    pub cascade: CascadeLimit,
    /// Person fields, standard and custom.
    pub fields: FieldCatalogue,
    /// Activity types, standard and custom.
    pub activities: ActivityCatalogue,
    /// Static lists: the declared ones and all that campaigns name; [`ListId`] is the place here.
    pub lists: Names,
    /// Programs: the declared ones and all that campaigns name; [`ProgramId`] is the place here.
    pub program_names: Names,
    /// What is known of each program, by [`ProgramId`].
    pub programs: Vec<Program>,
    /// Emails by the key of their name; empty when the workspace defines none, so that emails are plain names.
    pub emails: BTreeMap<String, Email>,
    /// Webhooks by the key of their name.
    pub webhooks: BTreeMap<String, Webhook>,
    /// The workspace's `{{my.…}}` tokens by the key of their name.
    pub tokens: BTreeMap<String, Text>,
    /// Named smart lists.
    pub smart_lists: Vec<Arc<SmartList>>,
    /// Campaigns; [`CampaignId`] is the place here.
    pub campaigns: Vec<Campaign>,
}

impl Workspace {
    /// Returns a campaign.
    pub fn campaign(&self, id: CampaignId) -> &Campaign {
        &self.campaigns[id.0 as usize]
    }

    /// Returns what is known of a program; nothing for one that only events have named.
    pub fn program(&self, id: ProgramId) -> Option<&Program> {
        self.programs.get(id.0 as usize)
    }
}

/// How many non-operational emails a person may get, where a campaign obeys it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CommunicationLimits {
    /// In a calendar day of the workspace.
    pub per_day: Option<u32>,
    /// In any seven days.
    pub per_7_days: Option<u32>,
}

/// How many entries may follow from one happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CascadeLimit {
    /// One from another.
    pub depth: u32,
    /// In all.
    pub total: u32,
}

impl Default for CascadeLimit {
    fn default() -> Self {
        Self {
            depth: 100,
            total: 10_000,
        }
    }
}

/// A program: its statuses and tokens.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Program {
    /// The name as written.
    pub name: String,
    /// The channel's statuses in order; empty where none are known, so that statuses are plain names.
    pub statuses: Vec<Status>,
    /// The program's `{{my.…}}` tokens by the key of their name.
    pub tokens: BTreeMap<String, Text>,
}

impl Program {
    /// Finds a status by its name, without regard to case.
    pub fn status(&self, name: &str) -> Option<&Status> {
        self.statuses
            .iter()
            .find(|status| crate::domain::text::same(&status.name, name))
    }
}

/// A status of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The name as written.
    pub name: Text,
    /// Its place; nobody moves to a lower one.
    pub step: i64,
    /// Whether reaching it is the program's success.
    pub success: bool,
}

/// An email the workspace defines.
#[derive(Debug, Clone, PartialEq)]
pub struct Email {
    /// The name as written.
    pub name: String,
    /// The subject line.
    pub subject: Template,
    /// The sender.
    pub from: Option<String>,
    /// The text.
    pub body: Template,
    /// Ignores unsubscribed, marketing suspended and limits.
    pub operational: bool,
}

/// A webhook the workspace defines.
#[derive(Debug, Clone, PartialEq)]
pub struct Webhook {
    /// The name as written.
    pub name: String,
    /// Where it goes.
    pub url: Template,
    /// `GET`, `POST`, …
    pub method: String,
    /// What it carries.
    pub body: Template,
    /// How long it may take.
    pub timeout_seconds: u32,
    /// Which field takes which part of the answer: field, JSON pointer.
    pub map: Vec<(FieldId, String)>,
}

/// One campaign, checked.
#[derive(Debug, Clone)]
pub struct Campaign {
    /// Its place in the workspace.
    pub id: CampaignId,
    /// `Program.Campaign`, or the bare name outside programs.
    pub full_name: Text,
    /// The bare name.
    pub name: String,
    /// Its program.
    pub program: Option<ProgramId>,
    /// What it is for.
    pub description: Option<String>,
    /// The file it was read from, as people wrote the path.
    pub file: String,
    /// Its version in the database; 0 outside one.
    pub version: u32,
    /// What it is.
    pub mode: Mode,
    /// Any of them starts the flow.
    pub triggers: Vec<Trigger>,
    /// Who is meant; for a trigger campaign, who may enter at the instant of the event.
    pub filter: Filter,
    /// What happens to them.
    pub flow: Vec<Step>,
    /// When it runs, for a batch.
    pub schedule: Option<Schedule>,
    /// How often one person may enter.
    pub qualification: Qualification,
    /// Refuse the run above this; the workspace's where none is written.
    pub max_people: Option<u64>,
    /// Obey the communication limits.
    pub obeys_limits: bool,
    /// Order among campaigns that react to one activity.
    pub priority: Priority,
    /// `active:` as written.
    pub active: Option<bool>,
    /// This campaign's id in Marketo's own exports.
    pub marketo_id: Option<i64>,
    /// Its tests; none of what the database holds.
    pub tests: Vec<case::Case>,
}

impl Campaign {
    /// Finds the step, from 0, of the wait that a person was held by in another version: by its `id`, else by its
    /// place among the waits, from 1.
    pub fn wait_step(&self, id: Option<&str>, ordinal: u32) -> Option<usize> {
        let mut waits = (0..self.flow.len())
            .filter(|step| self.flow[*step].activity == Known::WaitStarted.id());
        match id {
            Some(id) => waits.find(|step| self.flow[*step].id.as_deref() == Some(id)),
            None => waits.nth(ordinal.checked_sub(1)? as usize),
        }
    }
}

/// How often one person may enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Qualification {
    /// Once, ever.
    #[default]
    OnlyOnce,
    /// Whenever they match.
    EveryTime,
    /// When so much time has elapsed since they last entered.
    OnceEvery(Duration),
}

/// Order among campaigns that react to one activity; high goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Sends an email or alert.
    High,
    /// Everything else.
    Medium,
    /// Only changes data or scores, waits, or calls webhooks.
    Low,
}

/// One trigger: an activity type and what its attributes must be.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// The type.
    pub activity: ActivityTypeId,
    /// All must hold.
    pub constraints: Vec<Constraint>,
    /// What was written, in one line.
    pub written: String,
}

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
        /// Addresses; `sales_owner` stands as written.
        to: Vec<Template>,
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

/// When a batch campaign runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The earliest day.
    pub first_day: NaiveDate,
    /// The time of day.
    pub time: NaiveTime,
    /// How it repeats.
    pub repeat: Repeat,
    /// The last day, included.
    pub ends: Option<NaiveDate>,
    /// Its zone.
    pub zone: Zone,
}

/// How a schedule repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repeat {
    /// Not.
    Once,
    /// Every so many days.
    Daily {
        /// Every N days.
        every: u32,
        /// Not on Saturdays and Sundays.
        weekdays_only: bool,
    },
    /// On these weekdays of every so many weeks.
    Weekly {
        /// Every N weeks.
        every: u32,
        /// Which days; the first run's own where none is written.
        weekdays: Vec<Weekday>,
    },
    /// On one day of every so many months.
    Monthly {
        /// Every N months.
        every: u32,
        /// Which day.
        day: MonthDay,
    },
}

/// A day of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthDay {
    /// The N-th, or the last of a shorter month.
    Day(u32),
    /// The N-th such weekday.
    Weekday {
        /// 1 to 4.
        week: u32,
        /// Which.
        weekday: Weekday,
    },
}
