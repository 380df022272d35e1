//! People who wait in flows that a load changes: where each goes on, who finishes the old version, whose wait ends.
//!
//! A wait is found again in the new version by its `id`, else by its place among the waits. The load brings the rows of
//! waits up to that version, so that they always speak of the version whose steps follow.

use crate::app::abandon::abandon;
use crate::app::error::{Error, Kind, Problem};
use crate::app::opened::{Opened, fault_in, stored_version};
use crate::app::show::wait_in_short;
use crate::campaign::compile::{Known, compile_with};
use crate::campaign::{Campaign, Workspace};
use crate::domain::text::{counted, same};
use crate::domain::{CampaignId, Instant, PersonId};
use crate::engine::Abandoned;
use crate::results::{LoadedWait, WaitFate};
use crate::source::{Loaded, StoredVersion};
use crate::store::{Definition, JournalNames, Loading, Moved, Store, Version, WaitPlace};
use crate::world::WaitRow;

/// What becomes of people whose wait the new version of their campaign has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LostWaits {
    /// The load is refused.
    Refuse,
    /// They finish the version they are in.
    Keep,
    /// Their waits end with the load, and nothing follows.
    Drop,
}

/// Waits looked at together.
const AT_ONCE: usize = 50_000;

/// What becomes of everyone who waits.
pub(super) struct Fates(Vec<Fate>);

/// What becomes of those who wait at one place.
struct Fate {
    place: WaitPlace,
    /// The campaign's full name.
    campaign: String,
    /// The wait in a few words.
    wait: String,
    /// When the first and the last of them wake, in the zone that campaigns are written in.
    until: [String; 2],
    then: Then,
}

/// What follows the wait.
enum Then {
    /// The steps of the newest version after this wait, which is brought up to it.
    GoesOn(Following, Moved),
    /// The remaining steps of an older version.
    Finishes {
        following: Following,
        /// Whether that is new: the load takes them out of the present version.
        from_now: bool,
    },
    /// Nothing.
    Dropped {
        /// The version that drops them.
        by: u32,
    },
}

/// A step that follows a wait.
#[derive(Clone, Copy)]
struct Following {
    version: u32,
    /// From 1; none at the end of the flow.
    step: Option<u32>,
}

/// What a load is compared with.
pub(super) struct Setting<'a> {
    pub(super) store: &'a Store,
    pub(super) before: &'a Opened,
    pub(super) loaded: &'a Loaded,
    pub(super) workspace: &'a Workspace,
    pub(super) definitions: &'a [Definition],
    pub(super) known: Known<'a>,
}

impl Fates {
    /// Decides what becomes of everyone who waits, or refuses the load.
    pub(super) fn of(setting: &Setting<'_>, lost: LostWaits) -> Result<Self, Error> {
        let places = setting.store.wait_places(&setting.before.bindings)?;
        let mut fates: Vec<Fate> = places
            .into_iter()
            .map(|place| setting.fate(place, lost))
            .collect();
        if lost == LostWaits::Refuse {
            refuse_lost(&fates)?;
        }
        let faulty = setting.faulty_versions(&fates)?;
        let mut problems = Vec::new();
        for fate in &mut fates {
            let Then::Finishes {
                following,
                from_now,
            } = &fate.then
            else {
                continue;
            };
            let fault = faulty.iter().find(|faulty| {
                faulty.version == following.version && same(&faulty.full_name, &fate.campaign)
            });
            let Some(fault) = fault else { continue };
            // One that did not compile before is no fault of this load.
            let was_so = !from_now && setting.version(&fate.place).is_none();
            match lost {
                LostWaits::Drop => fate.then = setting.dropped(&fate.place),
                LostWaits::Refuse | LostWaits::Keep if was_so => {}
                LostWaits::Refuse | LostWaits::Keep => problems.push(fault.problem(fate)),
            }
        }
        if problems.is_empty() {
            Ok(Self(fates))
        } else {
            Err(Error::Problems(problems))
        }
    }

    /// Writes it all into a load that is under way.
    pub(super) fn write(
        &self,
        loading: &mut Loading<'_>,
        reader: &Store,
        before: &Opened,
        at: Instant,
    ) -> Result<(), Error> {
        for fate in &self.0 {
            match &fate.then {
                Then::GoesOn(_, to) if !is_there(&fate.place, to) => {
                    loading.move_waits(&fate.place, to)?;
                }
                Then::Finishes {
                    following,
                    from_now: true,
                } => {
                    let version = following.version;
                    loading.move_waits(&fate.place, &Moved::Finish { version })?;
                }
                Then::GoesOn(..) | Then::Finishes { .. } | Then::Dropped { .. } => {}
            }
        }
        let drops = |fate: &Fate| matches!(fate.then, Then::Dropped { .. });
        if self.0.iter().any(drops) {
            self.drop_all(loading, reader, before, at)?;
        }
        Ok(())
    }

    /// Ends the waits that are dropped, in portions of whole people.
    fn drop_all(
        &self,
        loading: &mut Loading<'_>,
        reader: &Store,
        before: &Opened,
        at: Instant,
    ) -> Result<(), Error> {
        let mut bindings = before.bindings.clone();
        let mut after = PersonId(0);
        loop {
            let waits = reader.waits_of_people_after(after, AT_ONCE, &bindings)?;
            let Some(last) = waits.last() else {
                return Ok(());
            };
            after = last.person;
            let dropped: Vec<(WaitRow, Abandoned)> = waits
                .into_iter()
                .filter_map(|wait| self.dropped_by(&wait).map(|why| (wait, why)))
                .collect();
            let mut world = abandon(reader, before, &dropped, at)?;
            let journal = world.take_journal();
            let names = JournalNames {
                lists: &world.lists,
                programs: &world.programs,
            };
            loading.write(&journal, &mut bindings, names)?;
        }
    }

    fn dropped_by(&self, wait: &WaitRow) -> Option<Abandoned> {
        let fate = self.0.iter().find(|fate| fate.place.holds(wait))?;
        match fate.then {
            Then::Dropped { by } => Some(Abandoned::Dropped { by }),
            Then::GoesOn(..) | Then::Finishes { .. } => None,
        }
    }

    /// Returns what becomes of those who wait in one campaign.
    pub(super) fn in_campaign(&self, full_name: &str) -> Vec<LoadedWait> {
        let mine = self.0.iter().filter(|fate| same(&fate.campaign, full_name));
        mine.map(Fate::told).collect()
    }

    /// Returns what becomes of those who wait in one campaign, in a sentence a place.
    pub(super) fn sentences(&self, full_name: &str) -> Vec<String> {
        let mine = self.0.iter().filter(|fate| same(&fate.campaign, full_name));
        mine.map(Fate::sentence).collect()
    }
}

/// Returns whether waits need no moving.
fn is_there(place: &WaitPlace, to: &Moved) -> bool {
    match to {
        Moved::To {
            step,
            wait_ordinal,
            step_id,
        } => (place.step, place.wait_ordinal, &place.step_id) == (*step, *wait_ordinal, step_id),
        Moved::Finish { version } => place.finishes == Some(*version),
    }
}

/// Refuses a load that has no place for some who wait.
fn refuse_lost(fates: &[Fate]) -> Result<(), Error> {
    let lost: Vec<(&Fate, u32)> = fates
        .iter()
        .filter_map(|fate| match fate.then {
            Then::Finishes {
                following,
                from_now: true,
            } => Some((fate, following.version)),
            Then::GoesOn(..) | Then::Finishes { .. } | Then::Dropped { .. } => None,
        })
        .collect();
    let mut problems: Vec<Problem> = lost
        .iter()
        .map(|(fate, version)| {
            let who = fate.who();
            let (campaign, new) = (&fate.campaign, version + 1);
            let message = format!("`{campaign}`: {who}, and version {new} has no such wait");
            Problem::new(Kind::State, message)
        })
        .collect();
    let Some(last) = problems.last_mut() else {
        return Ok(());
    };
    last.help = Some(
        "`bugle campaign load --waiting keep` lets them finish the version they are in, `--waiting drop` ends their waits; or leave the wait in the flow: one that has an `id` is found wherever it then stands"
            .to_owned(),
    );
    Err(Error::Problems(problems))
}

impl Setting<'_> {
    /// Decides what becomes of those who wait at a place; nobody looks yet whether an old version still compiles.
    fn fate(&self, place: WaitPlace, lost: LostWaits) -> Fate {
        let old = self.before.workspace.campaign(place.campaign);
        let walked = self.version(&place);
        let step = place.step.saturating_sub(1) as usize;
        let wait = wait_in_short(&place, &self.before.workspace);
        let then = match (place.finishes, self.successor(old)) {
            (Some(version), _) => Then::Finishes {
                following: Following {
                    version,
                    step: walked.and_then(|walked| next(walked, step)),
                },
                from_now: false,
            },
            (None, None) => stays(&place, old, old.version),
            (None, Some(new)) => match found(&place, new, old.version + 1) {
                Some(then) => then,
                None if lost == LostWaits::Drop => self.dropped(&place),
                None => Then::Finishes {
                    following: Following {
                        version: old.version,
                        step: next(old, step),
                    },
                    from_now: true,
                },
            },
        };
        Fate {
            campaign: old.full_name.to_string(),
            until: [place.first, place.last].map(|at| {
                let civil = self.workspace.zone.civil(at);
                civil.format("%Y-%m-%d %H:%M:%S").to_string()
            }),
            place,
            wait,
            then,
        }
    }

    fn version(&self, place: &WaitPlace) -> Option<&Campaign> {
        let before = &self.before.workspace;
        before.version(place.campaign, place.finishes)
    }

    /// Returns the new version of a campaign, where the load brings one.
    fn successor(&self, old: &Campaign) -> Option<&Campaign> {
        let brought = |definition: &&Definition| same(&definition.full_name, &old.full_name);
        let definition = self.definitions.iter().find(brought)?;
        let stored = self.before.row(old.id);
        let campaigns = &self.workspace.campaigns;
        campaigns.iter().find(|campaign| {
            definition.definition != stored.definition && same(&campaign.full_name, &old.full_name)
        })
    }

    fn dropped(&self, place: &WaitPlace) -> Then {
        let old = self.before.workspace.campaign(place.campaign);
        let is_new = self.successor(old).is_some();
        Then::Dropped {
            by: old.version + u32::from(is_new),
        }
    }

    /// Finds the old versions that somebody is to finish and that do not compile in the new workspace.
    fn faulty_versions(&self, fates: &[Fate]) -> Result<Vec<Faulty>, Error> {
        let mut versions = self.store.finished_versions()?;
        let mut kept: Vec<CampaignId> = fates
            .iter()
            .filter(|fate| matches!(fate.then, Then::Finishes { from_now: true, .. }))
            .map(|fate| fate.place.campaign)
            .collect();
        kept.dedup();
        versions.extend(kept.into_iter().map(|campaign| {
            let row = self.before.row(campaign);
            Version {
                full_name: row.full_name.clone(),
                file: row.file.clone(),
                version: row.version,
                definition: row.definition.clone(),
                description: row.description.clone(),
            }
        }));
        if versions.is_empty() {
            return Ok(Vec::new());
        }
        let retired: Vec<StoredVersion> = versions.into_iter().map(stored_version).collect();
        let mut loaded = self.loaded.clone();
        loaded.add_retired(&retired);
        let (_, told) = compile_with(&loaded, self.known);
        let faulty = loaded.retired.iter().filter_map(|old| {
            fault_in(&old.campaign, &told).map(|fault| Faulty {
                full_name: old.campaign.full_name(),
                version: old.version,
                fault: fault.message.clone(),
            })
        });
        Ok(faulty.collect())
    }
}

/// An old version that does not compile in the new workspace.
struct Faulty {
    full_name: String,
    version: u32,
    /// The first fault.
    fault: String,
}

impl Faulty {
    fn problem(&self, fate: &Fate) -> Problem {
        let message = format!(
            "`{}`: {}, to finish version {}, which would no longer compile: {}",
            fate.campaign,
            fate.who(),
            self.version,
            self.fault
        );
        Problem::new(Kind::State, message)
            .help("leave what it names in place until they are through, or `bugle campaign load --waiting drop` ends their waits")
    }
}

/// Returns the step after one, from 1; the step is counted from 0.
fn next(campaign: &Campaign, step: usize) -> Option<u32> {
    let next = step + 1;
    (next < campaign.flow.len())
        .then(|| u32::try_from(next + 1).ok())
        .flatten()
}

/// What becomes of those who wait in a flow that does not change.
fn stays(place: &WaitPlace, campaign: &Campaign, version: u32) -> Then {
    let following = Following {
        version,
        step: next(campaign, place.step.saturating_sub(1) as usize),
    };
    let there = Moved::To {
        step: place.step,
        wait_ordinal: place.wait_ordinal,
        step_id: place.step_id.clone(),
    };
    Then::GoesOn(following, there)
}

/// Finds a wait in the new version.
fn found(place: &WaitPlace, new: &Campaign, version: u32) -> Option<Then> {
    let step = new.wait_step(place.step_id.as_deref(), place.wait_ordinal)?;
    let following = Following {
        version,
        step: next(new, step),
    };
    let to = Moved::To {
        step: u32::try_from(step + 1).ok()?,
        wait_ordinal: new.wait_ordinal(step),
        step_id: new.flow[step].id.clone(),
    };
    Some(Then::GoesOn(following, to))
}

impl Fate {
    /// Tells who waits where, and until when: `2 people at step 2 (wait 3 days) until 2026-11-05 09:00:00`.
    fn who(&self) -> String {
        let step = self.place.step;
        let people = counted(self.place.people, "person", "people");
        let [first, last] = &self.until;
        let until = if first == last {
            first.clone()
        } else {
            format!("{first} at the earliest, {last} at the latest")
        };
        format!("{people} at step {step} ({}) until {until}", self.wait)
    }

    fn sentence(&self) -> String {
        let one = self.place.people == 1;
        let verb = |singular: &'static str, plural| if one { singular } else { plural };
        let then = match &self.then {
            Then::GoesOn(Following { version, step }, _) => match step {
                Some(step) => format!(
                    "{} on at step {step} of version {version}",
                    verb("goes", "go")
                ),
                None => format!("{} at the end of version {version} then", verb("is", "are")),
            },
            Then::Finishes { following, .. } => {
                format!(
                    "{} version {}",
                    verb("finishes", "finish"),
                    following.version
                )
            }
            Then::Dropped { .. } => format!("{} dropped from the flow", verb("was", "were")),
        };
        format!("`{}`: {}: {then}", self.campaign, self.who())
    }

    fn told(&self) -> LoadedWait {
        let (then, following) = match &self.then {
            Then::GoesOn(following, _) => (WaitFate::GoesOn, Some(following)),
            Then::Finishes { following, .. } => (WaitFate::Finishes, Some(following)),
            Then::Dropped { .. } => (WaitFate::Dropped, None),
        };
        LoadedWait {
            step: self.place.step,
            id: self.place.step_id.clone(),
            wait: self.wait.clone(),
            people: self.place.people,
            first_until: self.place.first,
            last_until: self.place.last,
            then,
            version: following.map(|following| following.version),
            next_step: following.and_then(|following| following.step),
        }
    }
}
