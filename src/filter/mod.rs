//! Filters: what a smart list or a choice asks of a person, and the one place that answers.
//!
//! `operator` gives each operator its single meaning; `compile` turns what was written into a checked
//! [`Filter`]; `holds` answers it for a person of the world. Batch runs, triggers, choices, `explain`,
//! `person list` and tests all ask here; no query decides who matches.

mod built_in;
pub(crate) mod campaign_names;
pub(crate) mod compile;
pub(crate) mod explain;
pub(crate) mod holds;
mod needs;
mod numbered;
pub(crate) mod operator;
pub(crate) mod reason;
pub(crate) mod survey;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::{ActivityTypeId, CampaignId, FieldId, Key, ListId, ProgramId};

pub(crate) use built_in::{BuiltIn, ConstraintValue, FilterValue, MEMBER_KEYS, MemberConstraint};
pub(crate) use campaign_names::CampaignNames;
pub(crate) use holds::{Draw, Facts, Occasion, constraints_hold};
pub(crate) use numbered::{Logic, Numbered};
pub(crate) use operator::{Criterion, Operator, Test};

/// A checked filter: a tree of groups over leaves.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Filter {
    /// Holds when all hold; so it does when there is none.
    All(Vec<Filter>),
    /// Holds when any holds; so it does not when there is none.
    Any(Vec<Filter>),
    /// One filter of a smart list.
    Leaf(Leaf),
}

impl Filter {
    /// Returns the filter that everyone meets.
    pub(crate) fn everyone() -> Self {
        Self::All(Vec::new())
    }

    /// Calls `see` with every leaf, those of named smart lists included; those of one list once.
    pub(crate) fn each_leaf<'a>(&'a self, see: &mut dyn FnMut(&'a Leaf)) {
        self.each_new_leaf(&mut BTreeSet::new(), see);
    }

    /// Leaves out the smart lists that are known; it adds those that it meets.
    fn each_new_leaf<'a>(
        &'a self,
        known: &mut BTreeSet<*const SmartList>,
        see: &mut dyn FnMut(&'a Leaf),
    ) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.each_new_leaf(known, see);
                }
            }
            Self::Leaf(leaf) => {
                see(leaf);
                if let LeafKind::MemberOfSmartList { lists, .. } = &leaf.kind {
                    for list in lists {
                        if known.insert(Arc::as_ptr(list)) {
                            list.filter.each_new_leaf(known, see);
                        }
                    }
                }
            }
        }
    }

    /// Returns how many filters are asked at most for one answer, those of named smart lists included.
    fn weight(&self) -> usize {
        match self {
            Self::All(parts) | Self::Any(parts) => parts
                .iter()
                .fold(1, |sum: usize, part| sum.saturating_add(part.weight())),
            Self::Leaf(leaf) => match &leaf.kind {
                LeafKind::MemberOfSmartList { lists, .. } => lists
                    .iter()
                    .fold(1, |sum: usize, list| sum.saturating_add(list.weight)),
                LeafKind::Field { .. }
                | LeafKind::Activity(_)
                | LeafKind::MemberOfList { .. }
                | LeafKind::MemberOfSmartCampaign { .. }
                | LeafKind::MemberOfProgram { .. }
                | LeafKind::ProgramStatus { .. }
                | LeafKind::RandomSample { .. } => 1,
            },
        }
    }
}

/// One filter as it stands in a smart list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Leaf {
    /// What it is about: `lead score`, `opened email: spring`.
    pub(crate) subject: String,
    /// What must be: `is CA, California`; nothing where the subject says it.
    pub(crate) wanted: String,
    /// What it asks.
    pub(crate) kind: LeafKind,
}

impl Leaf {
    /// Returns what was written, in one line, as `explain` and `show` quote it: `state is CA, California`.
    pub(crate) fn words(&self) -> String {
        if self.wanted.is_empty() {
            return self.subject.clone();
        }
        format!("{} {}", self.subject, self.wanted)
    }
}

/// Whether a filter asks for something or for its exact complement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sense {
    /// As written.
    Positive,
    /// The exact complement.
    Negative,
}

impl Sense {
    /// Applies the sense to the positive answer.
    pub(crate) fn of(self, positive: bool) -> bool {
        match self {
            Self::Positive => positive,
            Self::Negative => !positive,
        }
    }
}

/// What one filter asks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum LeafKind {
    /// A person field; all tests must hold.
    Field {
        /// The field.
        field: FieldId,
        /// The comparisons; all of them must hold.
        tests: Vec<Test>,
    },
    /// Activities of the person's log.
    Activity(ActivityFilter),
    /// Static lists; positive: on any of them.
    MemberOfList {
        /// On them, or on none of them.
        sense: Sense,
        /// The lists.
        lists: MemberOf<ListId>,
    },
    /// Named and system smart lists, evaluated live; positive: in any of them.
    MemberOfSmartList {
        /// In them, or in none of them.
        sense: Sense,
        /// The lists with their filters.
        lists: Vec<Arc<SmartList>>,
    },
    /// People who have entered a campaign; positive: any of them.
    MemberOfSmartCampaign {
        /// Entered, or never.
        sense: Sense,
        /// The campaigns.
        campaigns: MemberOf<CampaignId>,
    },
    /// One membership of any of the programs that satisfies all of it.
    MemberOfProgram {
        /// Some such membership, or none.
        sense: Sense,
        /// The programs.
        programs: MemberOf<ProgramId>,
        /// What the membership must be.
        tests: MembershipTests,
    },
    /// The status in the campaign's own program; empty where the person is not a member.
    ProgramStatus {
        /// The campaign's program.
        program: ProgramId,
        /// Tests on the status' name.
        tests: Vec<Test>,
    },
    /// A random share of people, drawn by the key by which each was first given.
    RandomSample {
        /// The share, in hundredths of a per cent: 10 % is 1,000.
        share: u32,
        /// Keeps this filter's draws apart from those of others: a hash of the campaign and the place in it.
        key: u64,
        /// How often is drawn.
        frequency: DrawFrequency,
    },
}

/// What a membership filter names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MemberOf<T> {
    /// `any`: every activity of the type counts.
    Any,
    /// These.
    These(Vec<T>),
}

impl<T: Copy + PartialEq> MemberOf<T> {
    /// Returns whether it names something.
    pub(crate) fn has(&self, one: T) -> bool {
        match self {
            Self::Any => true,
            Self::These(named) => named.contains(&one),
        }
    }

    /// Returns what it names, one by one; nothing where it is `any`.
    pub(crate) fn named(&self) -> &[T] {
        match self {
            Self::Any => &[],
            Self::These(named) => named,
        }
    }

    /// Returns whether another names all that this one does.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Any) => true,
            (Self::Any, Self::These(_)) => false,
            (Self::These(named), Self::These(of)) => named.iter().all(|one| of.contains(one)),
        }
    }
}

/// What a filter asks of one membership in a program, besides the program; all must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct MembershipTests {
    /// Tests on the status' name.
    pub(crate) status: Vec<Test>,
    /// Whether success was reached.
    pub(crate) success: Option<bool>,
    /// Tests on when the membership began.
    pub(crate) since: Vec<Test>,
    /// Tests on when success was reached.
    pub(crate) success_at: Vec<Test>,
    /// Whether the program acquired the person.
    pub(crate) acquired_by: Option<bool>,
    /// Tests on fields of the membership.
    pub(crate) fields: Vec<(Key, Vec<Test>)>,
}

impl MembershipTests {
    /// Returns whether every membership is as asked.
    pub(crate) fn ask_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// How often a random sample is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DrawFrequency {
    /// Once a person: the sample is the same for ever.
    OncePerPerson,
    /// Anew for every run, event or wake-up.
    EachTime,
}

impl DrawFrequency {
    /// Every frequency, the default first.
    pub(crate) const ALL: [Self; 2] = [Self::OncePerPerson, Self::EachTime];

    /// Returns the word in campaign files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::OncePerPerson => "once_per_person",
            Self::EachTime => "each_time",
        }
    }
}

/// Activities of one type in the log.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ActivityFilter {
    /// At least so many, or the exact complement.
    pub(crate) sense: Sense,
    /// The type.
    pub(crate) activity: ActivityTypeId,
    /// All bind to one and the same activity.
    pub(crate) constraints: Vec<Constraint>,
    /// Tests on the activity's instant (`date_of_activity`); none means the whole log.
    pub(crate) date: Vec<Test>,
    /// How many there must be.
    pub(crate) at_least: u32,
}

/// What an attribute of one activity must be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Constraint {
    /// Which attribute.
    pub(crate) attribute: ConstraintOn,
    /// What was written for it: `is California newsletter`.
    pub(crate) wanted: String,
    /// All must hold.
    pub(crate) tests: Vec<Test>,
}

/// The primary attribute, which has its own place in the log, or one of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ConstraintOn {
    /// The primary attribute.
    Primary,
    /// Another, by its name.
    Other(Key),
}

/// A named or system smart list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SmartList {
    /// The name as written.
    pub(crate) name: String,
    /// Whether every workspace has it.
    pub(crate) is_system: bool,
    /// Who is in it.
    pub(crate) filter: Filter,
    /// How many filters are asked at most to know whether someone is in it.
    weight: usize,
}

/// Up to how many filters a smart list is taken apart in reasoning about it, and asked anew for each answer.
const LIGHT: usize = 1_000;

impl SmartList {
    /// Returns whether it is made of so few filters that looking at all of them costs nothing.
    fn is_light(&self) -> bool {
        self.weight <= LIGHT
    }

    /// Makes one.
    pub(crate) fn new(name: String, is_system: bool, filter: Filter) -> Self {
        let weight = filter.weight();
        Self {
            name,
            is_system,
            filter,
            weight,
        }
    }
}
