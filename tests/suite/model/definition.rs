//! A workspace as the model sees it: plain data, made at random and printed as YAML.

use chrono::{NaiveDate, NaiveTime, Weekday};

use super::calendar::{Span, Zone};
use super::catalogue::Act;
use super::operator::Op;
use super::samples::Sample;
use super::value::Kind;

#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    pub(crate) zone: Zone,
    pub(crate) monday: bool,
    pub(crate) per_day: Option<u32>,
    pub(crate) per_7_days: Option<u32>,
    /// How many entries deep, and in all, may follow from one happening.
    pub(crate) cascade: (u32, u32),
    pub(crate) fields: Vec<Field>,
    pub(crate) lists: Vec<String>,
    pub(crate) emails: Vec<Email>,
    pub(crate) programs: Vec<Program>,
    pub(crate) tokens: Vec<(String, String)>,
    pub(crate) smart_lists: Vec<(String, Vec<Filter>)>,
    pub(crate) campaigns: Vec<Campaign>,
}

impl Workspace {
    pub(crate) fn kind(&self, field: &str) -> Kind {
        self.fields.iter().find(|f| f.name == field).unwrap().kind
    }

    /// `Program.Campaign`, or the bare name outside programs.
    pub(crate) fn full_name(&self, campaign: usize) -> String {
        let campaign = &self.campaigns[campaign];
        match campaign.program {
            Some(program) => format!("{}.{}", self.programs[program].name, campaign.name),
            None => campaign.name.clone(),
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Declared in the workspace; else one of the standard fields.
    pub(crate) custom: bool,
}

/// The booleans of the program itself: false where nothing is stored.
pub(crate) const FLAGS: [&str; 4] = [
    "unsubscribed",
    "marketing_suspended",
    "email_invalid",
    "black_listed",
];

#[derive(Debug, Clone)]
pub(crate) struct Email {
    pub(crate) name: String,
    pub(crate) operational: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) name: String,
    pub(crate) statuses: Vec<Status>,
    pub(crate) tokens: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Status {
    pub(crate) name: String,
    pub(crate) step: i64,
    pub(crate) success: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Batch,
    Triggered,
    Executable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Priority {
    High,
    Medium,
    Low,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Qualification {
    OnlyOnce,
    EveryTime,
    OnceEvery(Span),
}

#[derive(Debug, Clone)]
pub(crate) struct Campaign {
    pub(crate) name: String,
    pub(crate) program: Option<usize>,
    pub(crate) mode: Mode,
    pub(crate) triggers: Vec<Trigger>,
    pub(crate) filters: Vec<Filter>,
    pub(crate) logic: Logic,
    pub(crate) flow: Vec<Step>,
    pub(crate) qualification: Qualification,
    pub(crate) priority: Option<Priority>,
    pub(crate) active: bool,
    pub(crate) obeys_limits: bool,
    pub(crate) schedule: Option<Schedule>,
}

#[derive(Debug, Clone)]
pub(crate) enum Logic {
    All,
    Any,
    /// Numbers from 1, as in `1 and (2 or 3)`.
    Numbered(Numbered),
}

#[derive(Debug, Clone)]
pub(crate) enum Numbered {
    Number(usize),
    And(Vec<Numbered>),
    Or(Vec<Numbered>),
}

#[derive(Debug, Clone)]
pub(crate) struct Trigger {
    pub(crate) act: Act,
    pub(crate) constraints: Vec<(String, Vec<Op>)>,
}

#[derive(Debug, Clone)]
pub(crate) enum Filter {
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
    Sample(Sample),
    Group {
        all: bool,
        filters: Vec<Filter>,
    },
}

#[derive(Debug, Clone)]
pub(crate) struct ActivityFilter {
    pub(crate) negated: bool,
    pub(crate) act: Act,
    pub(crate) constraints: Vec<(String, Vec<Op>)>,
    pub(crate) date: Vec<Op>,
    pub(crate) at_least: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// By which a wait is found again in another version.
    pub(crate) id: Option<String>,
    /// What the step is when no choice changes its parameters; it names the kind.
    pub(crate) default: Option<Action>,
    pub(crate) choices: Vec<(Filter, Option<Action>)>,
    /// The kind, also where every branch does nothing.
    pub(crate) kind: StepKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepKind {
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
    pub(crate) fn key(self) -> &'static str {
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

    pub(crate) fn row_type(self) -> &'static str {
        if self == Self::Wait {
            "wait_started"
        } else {
            self.key()
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Action {
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
pub(crate) enum NewValue {
    Null,
    Set(Template),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Change {
    Add(i64),
    Set(i64),
}

impl Change {
    pub(crate) fn text(self) -> String {
        match self {
            Self::Add(n) => format!("{n:+}"),
            Self::Set(n) => format!("={n}"),
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Wait {
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
pub(crate) struct Template(pub(crate) Vec<Part>);

#[derive(Debug, Clone)]
pub(crate) enum Part {
    Text(String),
    Token {
        token: Token,
        default: Option<String>,
    },
}

#[derive(Debug, Clone)]
pub(crate) enum Token {
    Lead(String),
    CampaignName,
    ProgramName,
    My(String),
    SystemDate,
    SystemDateTime,
    Trigger(String),
}

#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    pub(crate) first: NaiveDate,
    pub(crate) time: NaiveTime,
    pub(crate) repeat: Repeat,
    pub(crate) ends: Option<NaiveDate>,
    /// The workspace's where none is written.
    pub(crate) zone: Option<Zone>,
}

#[derive(Debug, Clone)]
pub(crate) enum Repeat {
    Once,
    Daily { every: u32, weekdays_only: bool },
    Weekly { every: u32, weekdays: Vec<Weekday> },
    Monthly { every: u32, day: MonthDay },
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum MonthDay {
    /// The last day of a month that has no such day.
    Day(u32),
    Nth(u32, Weekday),
}
