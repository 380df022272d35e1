//! Every operator and its single meaning.
//!
//! Here are the words: operators, what they compare with, and the types they go with. `argument` and `value`
//! read what was written; `holds` answers, with `text`, `moment` and `window` for the families that need more
//! than a comparison. The truth table `tests/operators.csv` shows each rule.

mod advice;
pub mod argument;
mod holds;
mod moment;
mod text;
mod value;
mod window;

use chrono::NaiveDate;

use crate::domain::text::name_key;
use crate::domain::{Duration, FieldType, Instant, Zone};

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operator {
    /// Equal to any of the values.
    Is,
    /// Equal to none of them; holds where there is no value.
    IsNot,
    /// Begins with any of the texts.
    StartsWith,
    /// Begins with none of them.
    NotStartsWith,
    /// Has any of the texts in it.
    Contains,
    /// Has none of them in it.
    NotContains,
    /// No value.
    IsEmpty,
    /// A value.
    IsNotEmpty,
    /// From the first to the second, both included.
    Between,
    /// Strictly more.
    GreaterThan,
    /// Strictly less.
    LessThan,
    /// As much or more.
    AtLeast,
    /// As much or less.
    AtMost,
    /// Strictly later.
    After,
    /// Strictly earlier, or no value.
    Before,
    /// As late or later.
    OnOrAfter,
    /// As early or earlier, or no value.
    OnOrBefore,
    /// In the time just past, now included.
    InPast,
    /// Before that time, or no value.
    InPastBefore,
    /// In the time to come, now included.
    InFuture,
    /// After that time.
    InFutureAfter,
    /// In a named calendar window.
    InTimeFrame,
}

impl Operator {
    /// Every operator, in the order of the documentation.
    pub const ALL: [Self; 22] = [
        Self::Is,
        Self::IsNot,
        Self::StartsWith,
        Self::NotStartsWith,
        Self::Contains,
        Self::NotContains,
        Self::IsEmpty,
        Self::IsNotEmpty,
        Self::Between,
        Self::GreaterThan,
        Self::LessThan,
        Self::AtLeast,
        Self::AtMost,
        Self::After,
        Self::Before,
        Self::OnOrAfter,
        Self::OnOrBefore,
        Self::InPast,
        Self::InPastBefore,
        Self::InFuture,
        Self::InFutureAfter,
        Self::InTimeFrame,
    ];

    /// Returns the name in campaign files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::IsNot => "is_not",
            Self::StartsWith => "starts_with",
            Self::NotStartsWith => "not_starts_with",
            Self::Contains => "contains",
            Self::NotContains => "not_contains",
            Self::IsEmpty => "is_empty",
            Self::IsNotEmpty => "is_not_empty",
            Self::Between => "between",
            Self::GreaterThan => "greater_than",
            Self::LessThan => "less_than",
            Self::AtLeast => "at_least",
            Self::AtMost => "at_most",
            Self::After => "after",
            Self::Before => "before",
            Self::OnOrAfter => "on_or_after",
            Self::OnOrBefore => "on_or_before",
            Self::InPast => "in_past",
            Self::InPastBefore => "in_past_before",
            Self::InFuture => "in_future",
            Self::InFutureAfter => "in_future_after",
            Self::InTimeFrame => "in_time_frame",
        }
    }

    /// Finds an operator by its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.name() == name)
    }

    /// Returns the operator of which this one is the exact complement.
    pub fn complement_of(self) -> Option<Self> {
        match self {
            Self::IsNot => Some(Self::Is),
            Self::NotStartsWith => Some(Self::StartsWith),
            Self::NotContains => Some(Self::Contains),
            Self::IsNotEmpty => Some(Self::IsEmpty),
            Self::Is
            | Self::StartsWith
            | Self::Contains
            | Self::IsEmpty
            | Self::Between
            | Self::GreaterThan
            | Self::LessThan
            | Self::AtLeast
            | Self::AtMost
            | Self::After
            | Self::Before
            | Self::OnOrAfter
            | Self::OnOrBefore
            | Self::InPast
            | Self::InPastBefore
            | Self::InFuture
            | Self::InFutureAfter
            | Self::InTimeFrame => None,
        }
    }

    /// Returns whether the operator goes with a type.
    pub fn allowed_for(self, field_type: FieldType) -> bool {
        let family = Family::of(field_type);
        match self {
            Self::IsEmpty | Self::IsNotEmpty => true,
            Self::Is | Self::IsNot => family != Family::Decimal,
            Self::StartsWith | Self::NotStartsWith | Self::Contains | Self::NotContains => {
                family == Family::Text
            }
            Self::Between => matches!(family, Family::Whole | Family::Decimal | Family::Moment),
            Self::GreaterThan | Self::LessThan | Self::AtLeast | Self::AtMost => {
                matches!(family, Family::Whole | Family::Decimal)
            }
            Self::After
            | Self::Before
            | Self::OnOrAfter
            | Self::OnOrBefore
            | Self::InPast
            | Self::InPastBefore
            | Self::InFuture
            | Self::InFutureAfter
            | Self::InTimeFrame => family == Family::Moment,
        }
    }
}

/// Types that have the same operators: a line of the table in the language reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Texts, addresses among them.
    Text,
    /// Whole numbers, and amounts of money with them.
    Whole,
    /// Numbers with a fraction.
    Decimal,
    /// Days and instants.
    Moment,
    /// True or false.
    Boolean,
}

impl Family {
    /// Returns the family of a type.
    pub fn of(field_type: FieldType) -> Self {
        match field_type {
            FieldType::String
            | FieldType::Text
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Url => Self::Text,
            FieldType::Integer | FieldType::Score | FieldType::Percent | FieldType::Currency => {
                Self::Whole
            }
            FieldType::Float => Self::Decimal,
            FieldType::Date | FieldType::Datetime => Self::Moment,
            FieldType::Boolean => Self::Boolean,
        }
    }
}

/// What an operator compares with, read by the field's type.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// Nothing: `is_empty`, `is_not_empty`.
    None,
    /// Texts as comparison keys (see `domain::text::fold`).
    Texts(Vec<Box<str>>),
    /// Comparison keys of asset names, which are equal with or without their `Program.` prefix.
    Assets(Vec<Box<str>>),
    /// Whole numbers; two for `between`, else one or, for `is` and `is_not`, several.
    Integers(Vec<i64>),
    /// Decimal numbers.
    Floats(Vec<f64>),
    /// True or false.
    Boolean(bool),
    /// Days or instants.
    Moments(Vec<Moment>),
    /// A window's length.
    Duration(Duration),
    /// A named window.
    Frame(TimeFrame),
}

/// A day, or an instant: what a date operator is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Compared day by day in the workspace's zone.
    Day(NaiveDate),
    /// Compared exactly.
    Instant(Instant),
}

/// The windows of `in_time_frame`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeFrame {
    /// The day of now.
    Today,
    /// The day before.
    Yesterday,
    /// The day after.
    Tomorrow,
    /// The calendar week of now.
    ThisWeek,
    /// The one before.
    LastWeek,
    /// The month of now.
    ThisMonth,
    /// The one before.
    LastMonth,
    /// The quarter of now.
    ThisQuarter,
    /// The one before.
    LastQuarter,
    /// The year of now.
    ThisYear,
    /// The one before.
    LastYear,
    /// Seven days, today the last.
    Last7Days,
    /// Thirty days.
    Last30Days,
    /// Ninety days.
    Last90Days,
}

impl TimeFrame {
    /// Every window, in the order of the documentation.
    pub const ALL: [Self; 14] = [
        Self::Today,
        Self::Yesterday,
        Self::Tomorrow,
        Self::ThisWeek,
        Self::LastWeek,
        Self::ThisMonth,
        Self::LastMonth,
        Self::ThisQuarter,
        Self::LastQuarter,
        Self::ThisYear,
        Self::LastYear,
        Self::Last7Days,
        Self::Last30Days,
        Self::Last90Days,
    ];

    /// Returns the name in campaign files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Yesterday => "yesterday",
            Self::Tomorrow => "tomorrow",
            Self::ThisWeek => "this_week",
            Self::LastWeek => "last_week",
            Self::ThisMonth => "this_month",
            Self::LastMonth => "last_month",
            Self::ThisQuarter => "this_quarter",
            Self::LastQuarter => "last_quarter",
            Self::ThisYear => "this_year",
            Self::LastYear => "last_year",
            Self::Last7Days => "last_7_days",
            Self::Last30Days => "last_30_days",
            Self::Last90Days => "last_90_days",
        }
    }

    /// Finds a window by its name, in any spelling: `last_7_days`, `Last 7 Days`.
    pub fn named(name: &str) -> Option<Self> {
        let key = name_key(name);
        Self::ALL.into_iter().find(|f| name_key(f.name()) == key)
    }
}

/// The first day of a calendar week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WeekStart {
    /// The default.
    #[default]
    Sunday,
    /// ISO's.
    Monday,
}

/// The instant at which something is evaluated, and the calendar that goes with it.
#[derive(Debug, Clone, Copy)]
pub struct EvaluationTime<'a> {
    /// Now.
    pub now: Instant,
    /// The workspace's zone.
    pub zone: &'a Zone,
    /// The workspace's first day of the week.
    pub week_start: WeekStart,
}

/// One operator with its argument.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// How.
    pub operator: Operator,
    /// With what.
    pub argument: Argument,
}
