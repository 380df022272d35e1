//! A workspace as the model sees it: plain data, made at random and printed as YAML.

use chrono::{NaiveDate, NaiveTime, Weekday};

use super::calendar::{Span, Zone};
use super::catalogue::Act;
use super::operator::Op;
use super::value::Kind;

#[derive(Debug, Clone)]
pub struct Workspace {
    pub zone: Zone,
    pub monday: bool,
    pub per_day: Option<u32>,
    pub per_7_days: Option<u32>,
    /// How many entries deep, and in all, may follow from one happening.
    pub cascade: (u32, u32),
    pub fields: Vec<Field>,
    pub lists: Vec<String>,
    pub emails: Vec<Email>,
    pub programs: Vec<Program>,
    pub tokens: Vec<(String, String)>,
    pub smart_lists: Vec<(String, Vec<Filter>)>,
    pub campaigns: Vec<Campaign>,
}

impl Workspace {
    pub fn kind(&self, field: &str) -> Kind {
        self.fields.iter().find(|f| f.name == field).unwrap().kind
    }

    /// `Program.Campaign`, or the bare name outside programs.
    pub fn full_name(&self, campaign: usize) -> String {
        let campaign = &self.campaigns[campaign];
        match campaign.program {
            Some(program) => format!("{}.{}", self.programs[program].name, campaign.name),
            None => campaign.name.clone(),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    /// Declared in the workspace; else one of the standard fields.
    pub custom: bool,
}

/// The booleans of the program itself: false where nothing is stored.
pub const FLAGS: [&str; 4] = [
    "unsubscribed",
    "marketing_suspended",
    "email_invalid",
    "black_listed",
];

#[derive(Debug, Clone)]
pub struct Email {
    pub name: String,
    pub operational: bool,
}

#[derive(Debug, Clone)]
pub struct Program {
    pub name: String,
    pub statuses: Vec<Status>,
    pub tokens: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
pub struct Status {
    pub name: String,
    pub step: i64,
    pub success: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Batch,
    Triggered,
    Executable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    High,
    Medium,
    Low,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qualification {
    OnlyOnce,
    EveryTime,
    OnceEvery(Span),
}

#[derive(Debug, Clone)]
pub struct Campaign {
    pub name: String,
    pub program: Option<usize>,
    pub mode: Mode,
    pub triggers: Vec<Trigger>,
    pub filters: Vec<Filter>,
    pub logic: Logic,
    pub flow: Vec<Step>,
    pub qualification: Qualification,
    pub priority: Option<Priority>,
    pub active: bool,
    pub obeys_limits: bool,
    pub schedule: Option<Schedule>,
}

#[derive(Debug, Clone)]
pub enum Logic {
    All,
    Any,
    /// Numbers from 1, as in `1 and (2 or 3)`.
    Numbered(Numbered),
}

#[derive(Debug, Clone)]
pub enum Numbered {
    Number(usize),
    And(Vec<Numbered>),
    Or(Vec<Numbered>),
}

#[derive(Debug, Clone)]
pub struct Trigger {
    pub act: Act,
    pub constraints: Vec<(String, Vec<Op>)>,
}

#[derive(Debug, Clone)]
pub enum Filter {
    Field {
        field: String,
        ops: Vec<Op>,
    },
    Activity(ActivityFilter),
    List {
        is: bool,
        names: Vec<String>,
    },
    SmartList {
        is: bool,
        names: Vec<String>,
    },
    Campaign {
        is: bool,
        campaigns: Vec<usize>,
    },
    Program {
        is: bool,
        programs: Vec<usize>,
        status: Vec<Op>,
        success: Option<bool>,
    },
    ProgramStatus(Vec<Op>),
    Group {
        all: bool,
        filters: Vec<Filter>,
    },
}

#[derive(Debug, Clone)]
pub struct ActivityFilter {
    pub negated: bool,
    pub act: Act,
    pub constraints: Vec<(String, Vec<Op>)>,
    pub date: Vec<Op>,
    pub at_least: usize,
}

#[derive(Debug, Clone)]
pub struct Step {
    /// By which a wait is found again in another version.
    pub id: Option<String>,
    /// What the step is when no choice changes its parameters; it names the kind.
    pub default: Option<Action>,
    pub choices: Vec<(Filter, Option<Action>)>,
    /// The kind, also where every branch does nothing.
    pub kind: StepKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    SendEmail,
    SendAlert,
    ChangeDataValue,
    ChangeScore,
    AddToList,
    RemoveFromList,
    ChangeProgramStatus,
    InterestingMoment,
    Wait,
    RequestCampaign,
    ExecuteCampaign,
    RemoveFromFlow,
    DeletePerson,
}

impl StepKind {
    /// The key in a flow; all but `wait` are also the type of the log row.
    pub fn key(self) -> &'static str {
        match self {
            Self::SendEmail => "send_email",
            Self::SendAlert => "send_alert",
            Self::ChangeDataValue => "change_data_value",
            Self::ChangeScore => "change_score",
            Self::AddToList => "add_to_list",
            Self::RemoveFromList => "remove_from_list",
            Self::ChangeProgramStatus => "change_program_status",
            Self::InterestingMoment => "interesting_moment",
            Self::Wait => "wait",
            Self::RequestCampaign => "request_campaign",
            Self::ExecuteCampaign => "execute_campaign",
            Self::RemoveFromFlow => "remove_from_flow",
            Self::DeletePerson => "delete_person",
        }
    }

    pub fn row_type(self) -> &'static str {
        if self == Self::Wait {
            "wait_started"
        } else {
            self.key()
        }
    }
}

#[derive(Debug, Clone)]
pub enum Action {
    SendEmail(String),
    /// An email, and the address it goes to.
    SendAlert(String, String),
    ChangeDataValue {
        field: String,
        value: NewValue,
    },
    ChangeScore {
        field: String,
        change: Change,
    },
    AddToList(String),
    RemoveFromList(String),
    ChangeProgramStatus {
        program: usize,
        status: String,
    },
    InterestingMoment {
        kind: String,
        description: Template,
    },
    Wait(Wait),
    RequestCampaign(usize),
    ExecuteCampaign {
        campaign: usize,
        parent_tokens: bool,
    },
    RemoveFromFlow(Option<usize>),
    DeletePerson,
}

#[derive(Debug, Clone)]
pub enum NewValue {
    Null,
    Set(Template),
}

#[derive(Debug, Clone, Copy)]
pub enum Change {
    Add(i64),
    Set(i64),
}

impl Change {
    pub fn text(self) -> String {
        match self {
            Self::Add(n) => format!("{n:+}"),
            Self::Set(n) => format!("={n}"),
        }
    }
}

#[derive(Debug, Clone)]
pub enum Wait {
    For {
        length: Span,
        weekdays: Vec<Weekday>,
        time: Option<NaiveTime>,
    },
    Date {
        date: NaiveDate,
        time: Option<NaiveTime>,
    },
    Token {
        field: String,
        offset: i64,
        anniversary: bool,
        time: Option<NaiveTime>,
    },
}

/// A text with tokens.
#[derive(Debug, Clone, Default)]
pub struct Template(pub Vec<Part>);

#[derive(Debug, Clone)]
pub enum Part {
    Text(String),
    Token {
        token: Token,
        default: Option<String>,
    },
}

#[derive(Debug, Clone)]
pub enum Token {
    Lead(String),
    CampaignName,
    ProgramName,
    My(String),
    SystemDate,
    SystemDateTime,
    Trigger(String),
}

#[derive(Debug, Clone)]
pub struct Schedule {
    pub first: NaiveDate,
    pub time: NaiveTime,
    pub repeat: Repeat,
    pub ends: Option<NaiveDate>,
    /// The workspace's where none is written.
    pub zone: Option<Zone>,
}

#[derive(Debug, Clone)]
pub enum Repeat {
    Once,
    Daily { every: u32, weekdays_only: bool },
    Weekly { every: u32, weekdays: Vec<Weekday> },
    Monthly { every: u32, day: MonthDay },
}

#[derive(Debug, Clone, Copy)]
pub enum MonthDay {
    /// The last day of a month that has no such day.
    Day(u32),
    Nth(u32, Weekday),
}
