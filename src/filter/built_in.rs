//! The table of built-in filters: those that are neither person fields nor of an activity type.
//!
//! The compiler of filters and its suggestions, the names that no person field may take, the JSON Schema and the
//! reference tables of the documentation read it. A new filter is a row here, and a function in `compile`.

use crate::domain::FieldType;
use crate::domain::text::name_key;

/// What stands after the name of a built-in filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FilterValue {
    /// A list of filters.
    Group,
    /// Names of what one is a member of: bare, or after `is` or `is_not`, with constraints beside them.
    Members {
        /// What the names are of, in messages: `smart list`.
        noun: &'static str,
        /// What may be asked of the membership besides.
        constraints: &'static [MemberConstraint],
    },
    /// Operators on the name of a program status.
    Status,
    /// A percentage.
    Share,
}

/// What may be asked of a membership besides its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MemberConstraint {
    /// The key in campaign files.
    pub(crate) key: &'static str,
    /// What stands after it.
    pub(crate) value: ConstraintValue,
    /// What it asks, in a phrase.
    pub(crate) about: &'static str,
}

/// What stands after the key of a constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConstraintValue {
    /// Operators of a type, or a bare value or list.
    Tests(FieldType),
    /// `true` or `false`.
    Flag,
}

/// The keys of a membership filter that name what one is, or is not, a member of; each with its alias.
pub(crate) const MEMBER_KEYS: [(&str, &str); 2] = [("is", "in"), ("is_not", "not_in")];

const STATUS: MemberConstraint = MemberConstraint {
    key: "status",
    value: ConstraintValue::Tests(FieldType::String),
    about: "its status",
};

const SUCCESS: MemberConstraint = MemberConstraint {
    key: "success",
    value: ConstraintValue::Flag,
    about: "whether it has reached success",
};

const MEMBERSHIP_DATE: MemberConstraint = MemberConstraint {
    key: "membership_date",
    value: ConstraintValue::Tests(FieldType::Datetime),
    about: "when it began",
};

const SUCCESS_DATE: MemberConstraint = MemberConstraint {
    key: "success_date",
    value: ConstraintValue::Tests(FieldType::Datetime),
    about: "when it reached success",
};

const ACQUIRED_BY: MemberConstraint = MemberConstraint {
    key: "acquired_by",
    value: ConstraintValue::Flag,
    about: "whether the program acquired the person by it",
};

/// Memberships of which nothing is asked but the name.
const fn members(noun: &'static str) -> FilterValue {
    FilterValue::Members {
        noun,
        constraints: &[],
    }
}

macro_rules! built_ins {
    ($(
        $(#[doc = $about:literal])+
        $filter:ident = $name:literal, $value:expr, instead of $words:expr;
    )*) => {
        /// A filter that is neither a person field nor of an activity type.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum BuiltIn { $( $(#[doc = $about])+ $filter, )* }

        const COUNT: usize = [$( BuiltIn::$filter ),*].len();

        impl BuiltIn {
            /// Every built-in filter, in the order of the table.
            pub(crate) const ALL: [Self; COUNT] = [$( Self::$filter ),*];

            /// Returns the name in campaign files.
            pub(crate) fn name(self) -> &'static str {
                match self { $( Self::$filter => $name, )* }
            }

            /// Returns when the filter holds, in a sentence.
            pub(crate) fn about(self) -> &'static str {
                match self { $( Self::$filter => concat!($($about),+).trim(), )* }
            }

            /// Returns what stands after the name.
            pub(crate) fn value(self) -> FilterValue {
                match self { $( Self::$filter => $value, )* }
            }

            /// Returns the words that people write in place of the name.
            fn other_words(self) -> &'static [&'static str] {
                match self { $( Self::$filter => &$words, )* }
            }
        }
    };
}

built_ins! {
    /// Every filter of the list holds.
    All = "all", FilterValue::Group, instead of ["and"];
    /// One of the filters of the list holds.
    Any = "any", FilterValue::Group, instead of ["or"];
    /// The person is on the static list, or on one of several.
    MemberOfList = "member_of_list", members("list"), instead of ["list", "in_list", "static_list"];
    /// The person is in the smart list, or in one of several.
    MemberOfSmartList = "member_of_smart_list", members("smart list"), instead of ["smart_list"];
    /// The person has entered the campaign, or one of several.
    MemberOfSmartCampaign = "member_of_smart_campaign", members("campaign"), instead of [];
    /// The person is a member of the program, or of one of several, and the membership is as the constraints ask.
    MemberOfProgram = "member_of_program",
        FilterValue::Members {
            noun: "program",
            constraints: &[STATUS, SUCCESS, MEMBERSHIP_DATE, SUCCESS_DATE, ACQUIRED_BY],
        },
        instead of ["program"];
    /// The person's status in the campaign's own program is as asked; of others it is `Not in Program`.
    ProgramStatus = "program_status", FilterValue::Status, instead of [];
    /// The person is drawn for the share: once for ever, or anew for each run and event.
    RandomSample = "random_sample", FilterValue::Share, instead of ["sample"];
}

impl BuiltIn {
    /// Finds a filter by its name in any spelling.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let key = name_key(name);
        Self::ALL
            .into_iter()
            .find(|filter| name_key(filter.name()) == key)
    }

    /// Returns how the filter is written that people mean by another word.
    pub(super) fn meant(word: &str) -> Option<String> {
        let word = word.to_ascii_lowercase();
        let mut filters = Self::ALL.into_iter();
        let filter = filters.find(|filter| filter.other_words().contains(&word.as_str()))?;
        let name = filter.name();
        Some(match filter.value() {
            FilterValue::Group => format!("write the group as `{name}:`"),
            FilterValue::Members { .. } | FilterValue::Status => format!("write `{name}`"),
            FilterValue::Share => format!("write `{name}: 10%`"),
        })
    }

    /// Returns what the filter's names are of, in messages: `smart list`.
    pub(super) fn noun(self) -> &'static str {
        match self.value() {
            FilterValue::Members { noun, .. } => noun,
            FilterValue::Group | FilterValue::Status | FilterValue::Share => "filter",
        }
    }

    /// Returns what may be asked of the membership besides its name.
    pub(crate) fn constraints(self) -> &'static [MemberConstraint] {
        match self.value() {
            FilterValue::Members { constraints, .. } => constraints,
            FilterValue::Group | FilterValue::Status | FilterValue::Share => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_built_in_filter_is_known_by_the_word_for_another() {
        let words = BuiltIn::ALL.map(BuiltIn::other_words).concat();
        for word in &words {
            assert_eq!(BuiltIn::named(word), None, "`{word}` is a filter now");
            let times = words.iter().filter(|of| of == &word).count();
            assert_eq!(times, 1, "`{word}` stands for two filters");
        }
    }
}
