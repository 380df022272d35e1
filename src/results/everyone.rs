//! Why the audience of a campaign is what it is, for `campaign explain --all`.

use serde::{Serialize, Serializer};

use super::Explanation;
use crate::domain::{Instant, Reason};

/// One campaign and everyone, or every match of its triggers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct EveryoneExplanation {
    /// The campaign's full name.
    pub(crate) campaign: String,
    /// Whether matches of triggers were asked about, and not people.
    #[serde(skip)]
    pub(crate) of_matches: bool,
    /// The instant at which everyone was asked about; of a trigger campaign, the instant taken as now.
    pub(crate) at: Instant,
    /// How many people were asked about; of a trigger campaign, how many matches.
    pub(crate) asked: u64,
    /// How many the filters and the qualification rule admit.
    pub(crate) qualify: u64,
    /// How many the filters admit and the rule does not.
    pub(crate) excluded: u64,
    /// Of those who qualify, how many emails of the flow would not go to.
    pub(crate) blocked: Vec<BlockedCount>,
    /// Each filter, groups and named smart lists opened.
    pub(crate) filters: Vec<FilterCount>,
    /// Values that filters ask for and nobody has.
    pub(crate) hints: Vec<HintRow>,
    /// What was written right after a filter was asked about it.
    pub(crate) races: Vec<RaceRow>,
    /// The one person who was asked about as well.
    pub(crate) person: Option<Explanation>,
    /// The smallest changes by which that person would get in; none where none is known, and without a person.
    pub(crate) change: Option<Vec<ChangeRow>>,
}

/// How many people one reason holds emails back from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct BlockedCount {
    /// The reason.
    pub(crate) reason: Reason,
    /// How many people.
    pub(crate) people: u64,
}

/// One filter, and how many people it holds for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct FilterCount {
    /// Its number, as in `logic`; `2.1` inside a group or named smart list.
    pub(crate) number: String,
    /// Whether it joins the filters beneath it.
    #[serde(skip)]
    pub(crate) is_group: bool,
    /// What it is about.
    pub(crate) rule: String,
    /// What must be.
    pub(crate) wanted: String,
    /// For how many it holds.
    pub(crate) holds: u64,
    /// For how many it does not.
    pub(crate) fails: u64,
    /// How many have no value.
    pub(crate) empty: u64,
    /// For how many this filter alone turns the verdict of the smart list from no to yes.
    pub(crate) decides: u64,
    /// How many of these are within some round distances.
    #[serde(skip)]
    pub(crate) distances: Vec<PeopleWithin>,
    /// What these have, the nearest or the most first.
    pub(crate) nearest: Vec<NearMiss>,
}

/// How many people are within a distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PeopleWithin {
    /// The distance.
    pub(crate) within: f64,
    /// How many people.
    pub(crate) people: u64,
}

/// What some people have instead of what a filter asks for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct NearMiss {
    /// The value; none where there is none.
    pub(crate) actual: Option<String>,
    /// How far it is from what is asked for, by number, by days or by count.
    pub(crate) distance: Option<Distance>,
    /// How many people have it.
    pub(crate) people: u64,
}

/// A distance, which is written without a fraction where it has none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Distance(pub(crate) f64);

impl Serialize for Distance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// Up to here whole numbers are exact.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if self.0.fract() == 0.0 && self.0.abs() < EXACT {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "it has no fraction and fits"
            )]
            return serializer.serialize_i64(self.0 as i64);
        }
        serializer.serialize_f64(self.0)
    }
}

/// A value that a filter asks for and nobody has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct HintRow {
    /// The number of the filter.
    pub(crate) filter: String,
    /// What it is about.
    #[serde(skip)]
    pub(crate) about: String,
    /// The value.
    pub(crate) value: String,
    /// How many people have it.
    pub(crate) people: u64,
    /// The nearest value that someone has.
    pub(crate) nearest: Option<String>,
    /// How many people have that one.
    pub(crate) nearest_people: Option<u64>,
}

/// People for whom a filter became true right after it was asked about them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct RaceRow {
    /// The number of the filter.
    pub(crate) filter: String,
    /// The number of these people.
    pub(crate) people: u64,
    /// What wrote it.
    pub(crate) by: String,
}

/// One change of a person that a filter asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ChangeRow {
    /// The number of the filter.
    pub(crate) filter: String,
    /// What changes.
    pub(crate) field: String,
    /// What is.
    pub(crate) from: Option<String>,
    /// What would do.
    pub(crate) to: Option<String>,
    /// It in words.
    #[serde(skip)]
    pub(crate) words: String,
}
