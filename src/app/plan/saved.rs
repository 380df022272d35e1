//! A plan that is kept: `campaign plan --out FILE`, and `campaign run NAME --plan FILE`, which does exactly that or refuses.
//!
//! It holds digests of the definitions, and for each batch campaign whom a run would take in, each with a digest of what the
//! campaign, and all that follows from it, reads of them. It has no personal data.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::app::run_batch::Judged;
use crate::app::unreadable_path::unreadable;
use crate::app::{Error, ErrorKind, Session, Stop, StoredWorkspace, UserError};
use crate::campaign::Campaign;
use crate::domain::hash::{StableHasher, stable_hash};
use crate::domain::text::{counted, same};
use crate::domain::{Instant, Mode, PersonId, Value};
use crate::engine::needs_of;
use crate::files::{OutputFile, Place};
use crate::store::Store;
use crate::world::{Person, World};

/// The form of the file.
const FORM: u32 = 1;

/// A plan as it is kept.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SavedPlan {
    /// The form of the file.
    bugle_plan: u32,
    /// The instant of the plan.
    at: String,
    seed: u64,
    /// The digest of the workspace.
    workspace: String,
    definitions: Vec<SavedDefinition>,
    audiences: Vec<Audience>,
}

/// One campaign as it was planned.
#[derive(Debug, Serialize, Deserialize)]
struct SavedDefinition {
    campaign: String,
    digest: String,
    active: bool,
}

/// Whom a run of one campaign was to take in.
#[derive(Debug, Serialize, Deserialize)]
struct Audience {
    campaign: String,
    /// Each person's number, and the digest of what is read of them; in order of person.
    people: Vec<(i64, u32)>,
}

/// How many people are named of each kind of change.
const NAMED: usize = 3;

impl SavedPlan {
    /// Works out what a database is to be when the batch campaigns run.
    pub(super) fn of(
        store: &Store,
        session: &Session<'_>,
        now: Instant,
        stop: &Stop,
    ) -> Result<Self, Error> {
        let opened = session.opened;
        let campaigns = opened.workspace.campaigns.iter();
        let batches = campaigns
            .filter(|campaign| campaign.mode == Mode::Batch && !opened.is_invalid(campaign.id));
        let audience = |campaign: &Campaign| -> Result<Audience, Error> {
            Ok(Audience {
                campaign: campaign.full_name.to_string(),
                people: audience(store, session, campaign, now, stop)?,
            })
        };
        Ok(Self {
            bugle_plan: FORM,
            at: now.rfc3339(),
            seed: session.seed,
            workspace: workspace(store)?,
            definitions: definitions(opened),
            audiences: batches.map(audience).collect::<Result<_, _>>()?,
        })
    }

    /// Writes it.
    pub(crate) fn write(&self, place: &Place) -> Result<(), Error> {
        let mut file = place.create()?;
        let text = serde_json::to_vec(self).unwrap_or_default();
        let written = file.write_all(&text).and_then(|()| file.write_all(b"\n"));
        written.map_err(|cause| file.unwritable(cause))?;
        Ok(OutputFile::publish(file)?)
    }

    /// Reads one.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let mut text = Vec::new();
        let opened = std::fs::File::open(path);
        let read = opened.and_then(|mut file| file.read_to_end(&mut text));
        read.map_err(|cause| unreadable(path, &cause))?;
        let none = || {
            let message = format!("`{}` is no saved plan", path.display());
            UserError::new(ErrorKind::Usage, message)
                .help("`bugle campaign plan --out FILE` writes one")
        };
        let saved: Self = serde_json::from_slice(&text).map_err(|_| none())?;
        if saved.bugle_plan != FORM {
            return Err(none().into());
        }
        Ok(saved)
    }

    /// Refuses to run a campaign that would not do what was planned.
    pub(crate) fn check(
        &self,
        store: &Store,
        session: &Session<'_>,
        campaign: &Campaign,
        now: Instant,
        stop: &Stop,
    ) -> Result<(), Error> {
        let name = &campaign.full_name;
        let mut faults = self.definition_faults(store, session, campaign)?;
        let audiences = self.audiences.iter();
        match audiences.clone().find(|one| same(&one.campaign, name)) {
            None => faults.push("it was not planned".to_owned()),
            Some(planned) if faults.is_empty() => {
                let found = audience(store, session, campaign, now, stop)?;
                faults.extend(differences(&planned.people, &found));
            }
            Some(_) => {}
        }
        if faults.is_empty() {
            return Ok(());
        }
        let fault = |fault: String| {
            let message = format!("`{name}` is not as planned at {}: {fault}", self.at);
            UserError::new(ErrorKind::Guard, message)
        };
        let mut problems: Vec<UserError> = faults.into_iter().map(fault).collect();
        if let Some(last) = problems.pop() {
            problems.push(last.help("`bugle campaign plan --out` plans it anew"));
        }
        Err(Error::Problems(problems))
    }

    /// Says which definitions are others than those of the plan, as far as a run of a campaign may come to them.
    fn definition_faults(
        &self,
        store: &Store,
        session: &Session<'_>,
        campaign: &Campaign,
    ) -> Result<Vec<String>, Error> {
        let mut faults = Vec::new();
        if workspace(store)? != self.workspace {
            faults.push("the workspace is another one".to_owned());
        }
        if session.seed != self.seed {
            faults.push(format!("the plan has `--seed {}`", self.seed));
        }
        let opened = session.opened;
        let planned: BTreeMap<&str, &SavedDefinition> = self
            .definitions
            .iter()
            .map(|one| (one.campaign.as_str(), one))
            .collect();
        for found in definitions(opened) {
            let is_own = same(&found.campaign, &campaign.full_name);
            let row = opened
                .stored
                .iter()
                .find(|row| same(&row.full_name, &found.campaign));
            let follows = row.is_some_and(|row| row.mode != Mode::Batch);
            if !is_own && !follows {
                continue;
            }
            let what = if is_own {
                "its definition".to_owned()
            } else {
                format!("`{}`, which it may start,", found.campaign)
            };
            match planned.get(found.campaign.as_str()) {
                None => faults.push(format!("{what} is new")),
                Some(planned) if planned.digest != found.digest => {
                    faults.push(format!("{what} is another one"));
                }
                Some(planned) if planned.active != found.active && !is_own => {
                    let is = if found.active {
                        "is active"
                    } else {
                        "is not active"
                    };
                    faults.push(format!("{what} {is}"));
                }
                Some(_) => {}
            }
        }
        Ok(faults)
    }
}

/// Says how an audience differs from the one that was planned.
fn differences(planned: &[(i64, u32)], found: &[(i64, u32)]) -> Vec<String> {
    let planned: BTreeMap<i64, u32> = planned.iter().copied().collect();
    let there: BTreeMap<i64, u32> = found.iter().copied().collect();
    let new: Vec<i64> = there
        .keys()
        .filter(|person| !planned.contains_key(person))
        .copied()
        .collect();
    let gone: Vec<i64> = planned
        .keys()
        .filter(|person| !there.contains_key(person))
        .copied()
        .collect();
    let others: Vec<i64> = planned
        .iter()
        .filter(|(person, digest)| there.get(person).is_some_and(|found| found != *digest))
        .map(|(person, _)| *person)
        .collect();
    let sentences = [
        (new, "qualifies now", "qualify now"),
        (gone, "no longer qualifies", "no longer qualify"),
        (
            others,
            "has changed in what it reads of them",
            "have changed in what it reads of them",
        ),
    ];
    let sentences = sentences
        .into_iter()
        .filter(|(people, ..)| !people.is_empty());
    sentences
        .map(|(people, one, many)| {
            let words = if people.len() == 1 { one } else { many };
            let count = counted(people.len() as u64, "person", "people");
            let first: Vec<String> = people
                .iter()
                .take(NAMED)
                .map(|id| format!("#{id}"))
                .collect();
            let more = if people.len() > NAMED { ", …" } else { "" };
            format!("{count} {words} ({}{more})", first.join(", "))
        })
        .collect()
}

fn workspace(store: &Store) -> Result<String, Error> {
    let text = store.workspace()?.unwrap_or_default();
    Ok(digest(&text))
}

fn definitions(opened: &StoredWorkspace) -> Vec<SavedDefinition> {
    let stored = opened.stored.iter();
    let definition = |row: &crate::store::StoredDefinition| SavedDefinition {
        campaign: row.full_name.to_string(),
        digest: digest(&row.definition),
        active: row.active,
    };
    stored.map(definition).collect()
}

fn digest(text: &str) -> String {
    format!("{:016x}", stable_hash(&[text.as_bytes()]))
}

/// Returns whom a run would take in, each with the digest of what is read of them.
fn audience(
    store: &Store,
    session: &Session<'_>,
    campaign: &Campaign,
    now: Instant,
    stop: &Stop,
) -> Result<Vec<(i64, u32)>, Error> {
    let judged = Judged::of(store, session, campaign, now, None, stop)?;
    let world = session.world(store, needs_of(&session.engine, [campaign.id]))?;
    let mut audience = Vec::new();
    let mut last = PersonId(0);
    loop {
        stop.check()?;
        let next = judged.qualified.after(last);
        let next: Vec<PersonId> = next.take(session.bounds.people).collect();
        let Some(end) = next.last() else {
            return Ok(audience);
        };
        last = *end;
        for person in store.people(&next, session.request(&world))? {
            audience.push((person.id.0, digest_of(&person, session, &world)));
        }
    }
}

/// Returns the digest of what was loaded of a person, by names and not by numbers, which each command may give anew.
fn digest_of(person: &Person, session: &Session<'_>, world: &World) -> u32 {
    let mut hasher = StableHasher::default();
    let workspace = session.workspace();
    let layout = world.layout();
    let mut text = |text: &str| hasher.part(text.as_bytes());
    for field in layout.fields() {
        if let Some(value) = person.field(layout, *field) {
            text(&workspace.fields.field(*field).name);
            text(&value.to_text());
        }
    }
    let mut lists: Vec<String> = (person.lists.iter())
        .map(|list| world.lists.name(list.0).to_string())
        .collect();
    lists.sort();
    for list in &lists {
        text(list);
    }
    let mut programs: Vec<String> = (person.programs.iter())
        .map(|(program, membership)| format!("{} {membership:?}", world.programs.name(program.0)))
        .collect();
    programs.sort();
    for program in &programs {
        text(program);
    }
    for past in &person.history {
        text(&past.at.rfc3339());
        text(&workspace.activities.get(past.activity).name);
        text(past.primary.as_deref().unwrap_or_default());
        for (key, value) in past.attributes.iter() {
            text(key);
            text(&Value::to_text(value));
        }
    }
    for passed in &person.passed {
        text(&workspace.campaign(passed.campaign).full_name);
        text(&passed.last_at.rfc3339());
    }
    for wait in &person.waits {
        text(&wait.until.rfc3339());
    }
    let whole = hasher.finish();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "half of the bits are enough to notice a change"
    )]
    let half = (whole ^ (whole >> 32)) as u32;
    half
}
