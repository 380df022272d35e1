//! `max_people`: a run that would take in more people than it may does not run at all.

use crate::app::stored_workspace::StoredWorkspace;
use crate::app::{Error, ErrorKind, UserError};
use crate::campaign::Campaign;
use crate::domain::{PersonId, Text, WaitId};
use crate::engine::{BatchVerdict, Engine};
use crate::store::Store;
use crate::world::{Layout, Needs, NextNumbers, World};

use super::Options;
use super::source::PeopleSource;

/// A run that was refused as a whole: more people qualify than it may take in, and nobody entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefusedRun {
    /// The campaign's full name.
    pub(crate) campaign: Text,
    /// How many people qualify.
    pub(crate) qualified: u64,
    /// Everyone who was judged, by verdict.
    pub(crate) audience: Audience,
    /// `max_people`.
    pub(crate) maximum: u64,
}

impl std::fmt::Display for RefusedRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            campaign,
            qualified,
            maximum,
            audience: _,
        } = self;
        write!(
            f,
            "{qualified} people qualify for `{campaign}`, but max_people is {maximum}: nobody entered"
        )
    }
}

impl From<RefusedRun> for UserError {
    fn from(refused: RefusedRun) -> Self {
        Self::new(ErrorKind::Guard, refused.to_string())
            .help("narrow the smart list, or raise max_people where that many are meant")
    }
}

/// Returns the refusal of a run, where more people qualify than it may have.
pub(super) fn guard(
    store: &Store,
    opened: &StoredWorkspace,
    engine: &Engine<'_>,
    campaign: &Campaign,
    options: &Options<'_>,
    maximum: u64,
) -> Result<Option<RefusedRun>, Error> {
    let audience = audience(store, opened, engine, campaign, options)?;
    let qualified = audience.qualified;
    Ok((qualified > maximum).then(|| RefusedRun {
        campaign: Text::clone(&campaign.full_name),
        qualified,
        audience,
        maximum,
    }))
}

/// How many people a batch campaign judges, and with which verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Audience {
    /// People whom the filters reject.
    pub(crate) not_matched: u64,
    /// People whom the qualification rule rejects.
    pub(crate) excluded: u64,
    /// People who may enter.
    pub(crate) qualified: u64,
}

/// Judges everyone for a batch campaign, without entering anyone.
pub(in crate::app) fn audience(
    store: &Store,
    opened: &StoredWorkspace,
    engine: &Engine<'_>,
    campaign: &Campaign,
    options: &Options<'_>,
) -> Result<Audience, Error> {
    let mut needs = Needs::default();
    campaign.filter.needs(&mut needs);
    let layout = Layout::of(needs.fields.iter().copied(), &opened.workspace.fields);
    let workspace = &opened.workspace;
    let next = NextNumbers {
        person: PersonId(1),
        wait: WaitId(1),
    };
    let world = World::new(
        layout,
        needs,
        workspace.lists.clone(),
        workspace.program_names.clone(),
        next,
    );
    let mut source = PeopleSource::of(store, opened, options)?;
    let (mut after, mut audience) = (PersonId(0), Audience::default());
    loop {
        let people = source.read(after, &world)?;
        let Some(last) = people.last() else {
            return Ok(audience);
        };
        after = last.id;
        for person in &people {
            match engine.judge(campaign, &world, person, options.now) {
                BatchVerdict::NotMatched => audience.not_matched += 1,
                BatchVerdict::Excluded => audience.excluded += 1,
                BatchVerdict::Qualified => audience.qualified += 1,
            }
        }
    }
}
