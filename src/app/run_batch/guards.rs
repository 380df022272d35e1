//! Guards: whether the people whom a run would take in are as many and such as they must be.
//!
//! Everyone has been judged when guards are asked, and nobody has entered. All guards are asked, so that all that are broken
//! are reported at once.

use crate::app::{Error, ErrorKind, UserError};
use crate::campaign::{Campaign, Guards};
use crate::domain::text::counted;
use crate::domain::{GuardName, PersonId, PersonKey};
use crate::engine::BatchVerdict;
use crate::results::GuardRow;
use crate::store::{LastAudience, Store};

use super::Judged;

/// What a guard found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GuardOutcome {
    /// The guard with its numbers.
    pub(crate) row: GuardRow,
    /// What is wrong, where it is broken.
    pub(crate) fault: Option<String>,
    /// What is worth knowing though it holds.
    pub(crate) note: Option<String>,
}

/// Asks every guard of a campaign about the people who were judged.
///
/// A run for some people alone is a trial: only how many they are at most, and who may never be among them, counts there.
pub(in crate::app) fn ask(
    store: &Store,
    campaign: &Campaign,
    judged: &Judged,
    is_trial: bool,
) -> Result<Vec<GuardOutcome>, Error> {
    let guards = &campaign.guards;
    let asked = Asked {
        name: &campaign.full_name,
        guards,
        judged,
    };
    let mut outcomes = Vec::new();
    outcomes.extend(asked.max_people());
    if !is_trial {
        outcomes.extend(asked.min_people());
        if guards.max_change.is_some() {
            outcomes.extend(asked.max_change(store.last_audience(&campaign.full_name)?));
        }
    }
    outcomes.extend(asked.never());
    if !is_trial {
        for key in &guards.must_include {
            let person = store.find(key)?.map(|found| found.person);
            outcomes.push(asked.must_include(key, person));
        }
    }
    Ok(outcomes)
}

struct Asked<'a> {
    name: &'a str,
    guards: &'a Guards,
    judged: &'a Judged,
}

impl Asked<'_> {
    fn qualified(&self) -> u64 {
        self.judged.audience.qualified
    }

    /// Returns the beginning of what is wrong with a number.
    fn qualify(&self) -> String {
        match self.qualified() {
            0 => format!("nobody qualifies for `{}`", self.name),
            1 => format!("1 person qualifies for `{}`", self.name),
            many => format!("{many} people qualify for `{}`", self.name),
        }
    }

    fn max_people(&self) -> Option<GuardOutcome> {
        let most = self.guards.max_people?;
        let holds = self.qualified() <= most;
        Some(GuardOutcome {
            row: row(GuardName::MaxPeople, most, self.qualified(), holds),
            fault: (!holds).then(|| format!("{}, but max_people is {most}", self.qualify())),
            note: None,
        })
    }

    fn min_people(&self) -> Option<GuardOutcome> {
        let least = self.guards.min_people?;
        let holds = self.qualified() >= least;
        Some(GuardOutcome {
            row: row(GuardName::MinPeople, least, self.qualified(), holds),
            fault: (!holds).then(|| format!("{}, but min_people is {least}", self.qualify())),
            note: None,
        })
    }

    fn max_change(&self, last: Option<LastAudience>) -> Option<GuardOutcome> {
        let most = self.guards.max_change?;
        let now = self.qualified();
        let name = GuardName::MaxChange;
        let Some(last) = last else {
            let note = format!(
                "max_change of `{}` has no finished run to compare with",
                self.name
            );
            return Some(GuardOutcome {
                row: row(name, most, "no run has finished", true),
                fault: None,
                note: Some(note),
            });
        };
        let holds = most.allows(last.people, now);
        let from = format!("{} → {now}", last.people);
        let fault = || {
            format!(
                "{}, after {} in run {}, but max_change is {most}",
                self.qualify(),
                last.people,
                last.run
            )
        };
        Some(GuardOutcome {
            row: row(name, most, from, holds),
            fault: (!holds).then(fault),
            note: None,
        })
    }

    fn never(&self) -> impl Iterator<Item = GuardOutcome> {
        let hits = self.judged.never.iter();
        hits.map(|hit| {
            let holds = hit.people == 0;
            let fault = || {
                let people = match hit.people {
                    1 => "1 person qualifies".to_owned(),
                    many => format!("{many} people qualify"),
                };
                let first: Vec<String> = hit.first.iter().map(|id| format!("#{}", id.0)).collect();
                let more = if hit.people > hit.first.len() as u64 {
                    ", …"
                } else {
                    ""
                };
                format!(
                    "{people} for `{}` who may never be in it ({}{more}): {}",
                    self.name,
                    first.join(", "),
                    hit.wanted
                )
            };
            GuardOutcome {
                row: row(
                    GuardName::Never,
                    &hit.wanted,
                    counted(hit.people, "person", "people"),
                    holds,
                ),
                fault: (!holds).then(fault),
                note: None,
            }
        })
    }

    /// It holds for people whom the smart list matches, also if the rule excludes them because they have entered before.
    fn must_include(&self, key: &PersonKey, person: Option<PersonId>) -> GuardOutcome {
        let (actual, holds) = match person.map(|person| self.judged.verdict(person)) {
            None => (GuardRow::NO_SUCH_PERSON, false),
            Some(BatchVerdict::NotMatched) => ("the smart list does not match them", false),
            Some(BatchVerdict::Excluded) => ("matches, and has entered before", true),
            Some(BatchVerdict::Qualified) => ("qualifies", true),
        };
        let fault = || format!("`{}` must include `{key}`, but {actual}", self.name);
        GuardOutcome {
            row: row(GuardName::MustInclude, key, actual, holds),
            fault: (!holds).then(fault),
            note: None,
        }
    }
}

fn row(
    guard: GuardName,
    limit: impl std::fmt::Display,
    actual: impl std::fmt::Display,
    holds: bool,
) -> GuardRow {
    GuardRow {
        guard,
        limit: limit.to_string(),
        actual: actual.to_string(),
        holds,
    }
}

/// How a broken guard is put right.
pub(super) fn problem(guard: GuardName, fault: &str) -> UserError {
    let help = match guard {
        GuardName::MaxPeople => {
            "narrow the smart list, or raise max_people where that many are meant".to_owned()
        }
        GuardName::MinPeople | GuardName::MaxChange | GuardName::Never | GuardName::MustInclude => {
            format!(
                "look at the smart list; where this is meant, `--allow {}` lets one run break it",
                guard.name()
            )
        }
    };
    UserError::new(ErrorKind::Guard, format!("{fault}: nobody entered")).help(help)
}
