//! The table of operators: a row each, from which everything else about them derives.
//!
//! The parser and its suggestions, the JSON Schema and the reference tables of the documentation read it; `holds`
//! answers for the comparisons that it names. A new operator is a row here; a new comparison a variant besides.

use crate::domain::FieldType;
use crate::filter::Sense;

use super::family::Family;
use super::text::TextRelation;
use super::window::Window;

/// How an operator compares a value with its operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// There is no value.
    Empty,
    /// The value is the operand, or one of several.
    Equal,
    /// The text stands in a relation to the operand, or to one of several.
    Text(TextRelation),
    /// The value lies between two operands, both included.
    Between,
    /// The value lies on one side of the operand.
    Side(Side),
    /// The value lies in a window of the operand's length that begins or ends now.
    Window(Window),
    /// The value lies in a named part of the calendar.
    Frame,
}

/// On which side of a bound a value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Above it, or later.
    Above,
    /// On it or above, or later.
    AtLeast,
    /// Below it, or earlier.
    Below,
    /// On it or below, or earlier.
    AtMost,
}

/// What stands after an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operand {
    /// `true` or `false`; `false` asks for the complement.
    Flag,
    /// A value, or a list of which any may match.
    Values,
    /// A list of two values.
    Range,
    /// A single value.
    Value,
    /// A duration.
    Duration,
    /// The name of a [`TimeFrame`](super::TimeFrame).
    Frame,
}

/// What the table says of one operator.
struct OperatorRow {
    name: &'static str,
    about: &'static str,
    sense: Sense,
    comparison: Comparison,
    families: &'static [Family],
    other_words: &'static [&'static str],
}

macro_rules! operators {
    ($(
        $(#[doc = $about:literal])+
        $operator:ident = $name:literal, $sense:ident $comparison:expr, [$($family:ident),+], instead of $words:expr;
    )*) => {
        /// How a value is compared.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Operator { $( $(#[doc = $about])+ $operator, )* }

        const COUNT: usize = [$( Operator::$operator ),*].len();

        impl Operator {
            /// Every operator, in the order of the table.
            pub(crate) const ALL: [Self; COUNT] = [$( Self::$operator ),*];
        }

        static ROWS: [OperatorRow; COUNT] = [$( OperatorRow {
            name: $name,
            about: concat!($($about),+),
            sense: Sense::$sense,
            comparison: $comparison,
            families: &[$( Family::$family ),+],
            other_words: &$words,
        } ),*];
    };
}

operators! {
    /// The value is the given one, or one of a list.
    Is = "is", Positive Comparison::Equal, [Text, Whole, Moment, Boolean],
        instead of ["=", "==", "eq", "equals", "equal", "in", "any_of", "one_of"];
    /// The value is none of those given, or there is none.
    IsNot = "is_not", Negative Comparison::Equal, [Text, Whole, Moment, Boolean],
        instead of ["!=", "<>", "ne", "not", "not_equals", "not_in", "none_of"];
    /// The text begins with the given one, or with one of a list.
    StartsWith = "starts_with", Positive Comparison::Text(TextRelation::StartsWith), [Text],
        instead of ["begins_with", "prefix"];
    /// The text begins with none of those given, or there is none.
    NotStartsWith = "not_starts_with", Negative Comparison::Text(TextRelation::StartsWith), [Text],
        instead of ["does_not_start_with"];
    /// The text contains the given one, or one of a list.
    Contains = "contains", Positive Comparison::Text(TextRelation::Contains), [Text],
        instead of ["includes", "has", "like", "matches"];
    /// The text contains none of those given, or there is none.
    NotContains = "not_contains", Negative Comparison::Text(TextRelation::Contains), [Text],
        instead of ["does_not_contain", "excludes"];
    /// There is no value.
    IsEmpty = "is_empty", Positive Comparison::Empty, [Text, Whole, Decimal, Moment, Boolean],
        instead of ["empty", "is_null", "blank", "missing"];
    /// There is a value.
    IsNotEmpty = "is_not_empty", Negative Comparison::Empty, [Text, Whole, Decimal, Moment, Boolean],
        instead of ["exists", "present", "is_set"];
    /// The value lies between the two given ones, both included.
    Between = "between", Positive Comparison::Between, [Whole, Decimal, Moment], instead of [];
    /// The number is larger.
    GreaterThan = "greater_than", Positive Comparison::Side(Side::Above), [Whole, Decimal],
        instead of [">", "gt", "more_than", "above", "over"];
    /// The number is smaller.
    LessThan = "less_than", Positive Comparison::Side(Side::Below), [Whole, Decimal],
        instead of ["<", "lt", "below", "under"];
    /// The number is the same or larger.
    AtLeast = "at_least", Positive Comparison::Side(Side::AtLeast), [Whole, Decimal],
        instead of [">=", "gte", "ge", "min", "minimum"];
    /// The number is the same or smaller.
    AtMost = "at_most", Positive Comparison::Side(Side::AtMost), [Whole, Decimal],
        instead of ["<=", "lte", "le", "max", "maximum"];
    /// The date or time is later.
    After = "after", Positive Comparison::Side(Side::Above), [Moment], instead of [];
    /// The date or time is earlier, or there is none.
    Before = "before", Positive Comparison::Side(Side::Below), [Moment], instead of [];
    /// The date or time is the same or later.
    OnOrAfter = "on_or_after", Positive Comparison::Side(Side::AtLeast), [Moment], instead of ["since", "from"];
    /// The date or time is the same or earlier, or there is none.
    OnOrBefore = "on_or_before", Positive Comparison::Side(Side::AtMost), [Moment], instead of ["until", "to"];
    /// The date or time lies in the time just past, which ends now.
    InPast = "in_past", Positive Comparison::Window(Window::Past), [Moment],
        instead of ["in_last", "within", "last"];
    /// The date or time lies before the time just past, or there is none.
    InPastBefore = "in_past_before", Positive Comparison::Window(Window::PastBefore), [Moment], instead of [];
    /// The date or time lies in the time to come, which begins now.
    InFuture = "in_future", Positive Comparison::Window(Window::Future), [Moment], instead of [];
    /// The date or time lies after the time to come.
    InFutureAfter = "in_future_after", Positive Comparison::Window(Window::FutureAfter), [Moment], instead of [];
    /// The date or time lies in a named part of the calendar.
    InTimeFrame = "in_time_frame", Positive Comparison::Frame, [Moment], instead of [];
}

impl Operator {
    fn row(self) -> &'static OperatorRow {
        &ROWS[self as usize]
    }

    /// Returns the name in campaign files.
    pub(crate) fn name(self) -> &'static str {
        self.row().name
    }

    /// Finds an operator by its name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|operator| operator.name() == name)
    }

    /// Returns when the operator holds, in a sentence.
    pub(crate) fn about(self) -> &'static str {
        self.row().about.trim()
    }

    /// Returns how the operator compares, apart from its sense.
    pub(crate) fn comparison(self) -> Comparison {
        self.row().comparison
    }

    /// Returns whether the operator holds where its comparison does, or exactly where it does not.
    pub(crate) fn sense(self) -> Sense {
        self.row().sense
    }

    /// Returns what stands after the operator.
    pub(crate) fn operand(self) -> Operand {
        match self.comparison() {
            Comparison::Empty => Operand::Flag,
            Comparison::Equal | Comparison::Text(_) => Operand::Values,
            Comparison::Between => Operand::Range,
            Comparison::Side(_) => Operand::Value,
            Comparison::Window(_) => Operand::Duration,
            Comparison::Frame => Operand::Frame,
        }
    }

    /// Returns the operator with the same comparison and the other sense.
    pub(super) fn opposite(self) -> Option<Self> {
        Self::ALL.into_iter().find(|other| {
            other.comparison() == self.comparison()
                && other.sense() != self.sense()
                && other.row().families == self.row().families
        })
    }

    /// Returns the operator of which this one is the exact complement.
    #[cfg(test)]
    pub(crate) fn complement_of(self) -> Option<Self> {
        match self.sense() {
            Sense::Positive => None,
            Sense::Negative => self.opposite(),
        }
    }

    /// Returns whether the operator goes with a type.
    pub(crate) fn allowed_for(self, field_type: FieldType) -> bool {
        self.row().families.contains(&Family::of(field_type))
    }

    /// Returns the words that people write in place of the operator's name.
    pub(super) fn other_words(self) -> &'static [&'static str] {
        self.row().other_words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_operator_has_a_positive_one_for_the_same_types() {
        for operator in Operator::ALL {
            let negative = operator.sense() == Sense::Negative;
            assert_eq!(operator.complement_of().is_some(), negative, "{operator:?}");
        }
    }

    #[test]
    fn an_operator_is_named_like_its_variant() {
        for operator in Operator::ALL {
            let variant = crate::domain::text::snake_case(&format!("{operator:?}"));
            assert_eq!(operator.name(), variant);
        }
    }
}
