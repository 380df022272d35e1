//! What the tests in `tests/` ask of the library, where the program cannot be asked. No part of the program.

pub mod readers;

use std::error::Error;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::app::replay::{self, replay};
use crate::app::scheduled::Missed;
use crate::app::{
    ChunkBounds, Control, Session, Stop, StoredWorkspace,
    advance::{self, advance},
};
use crate::campaign::compile::compile;
use crate::diagnostic::{Diagnostics, Sources};
use crate::domain::value::parse_datetime;
use crate::domain::{Instant, Zone};
use crate::filter::Filter;
use crate::filter::reason::Reason;
use crate::intake::events;
use crate::intake::input::Input;
use crate::source::{StoredCampaign, StoredTexts, from_stored};
use crate::store::{Access, Store};
use crate::yaml;

/// What is known of two filters without looking at people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// They never hold for one person at the same time.
    pub exclude: bool,
    /// The second holds wherever the first does.
    pub implies: bool,
}

/// Returns what is known of the filters of each campaign that has exactly two, in order.
///
/// The texts are those of `workspace.yaml` and of campaign files.
pub fn claims(workspace: &str, campaigns: &[String]) -> Result<Vec<Claim>, Box<dyn Error>> {
    let campaigns = campaigns.iter().enumerate();
    let loaded = from_stored(&StoredTexts {
        workspace: Some(workspace.to_owned()),
        campaigns: campaigns
            .map(|(place, definition)| StoredCampaign {
                file: format!("{place}.yaml"),
                definition: definition.clone(),
                description: None,
            })
            .collect(),
        retired: Vec::new(),
    });
    let (compiled, diagnostics) = compile(&loaded, &[]);
    if diagnostics.errors() > 0 {
        return Err(format!("{:#?}", diagnostics.sorted()).into());
    }
    let reason = Reason::new(&compiled.fields, &compiled.zone, compiled.week_start);
    let claims = compiled.campaigns.iter().filter_map(|campaign| {
        let Filter::All(parts) = &campaign.filter else {
            return None;
        };
        let [one, other] = parts.as_slice() else {
            return None;
        };
        Some(Claim {
            exclude: reason.never(&[one, other]),
            implies: reason.follows(&[one], other),
        })
    });
    Ok(claims.collect())
}

/// Returns the canonical text of every document of a YAML file: what distinguishes two versions of a campaign. None
/// where the file has an error.
pub fn canonical_texts(yaml: &str) -> Option<Vec<String>> {
    let mut diagnostics = Diagnostics::default();
    let file = Sources::default().add("", yaml);
    let documents = yaml::parse(file, yaml, &mut diagnostics).into_iter();
    let texts = documents.map(|node| yaml::canonical(&node, &[])).collect();
    (diagnostics.errors() == 0).then_some(texts)
}

/// Returns a YAML file in the layout of `campaign fmt`; none where the file has an error.
pub fn laid_out(yaml: &str) -> Option<String> {
    yaml::laid_out(yaml).ok()
}

/// How a command does its work.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// People or events in a chunk.
    pub chunk: usize,
    /// How often it reports progress until it is asked to stop.
    pub reports: u64,
}

/// Advances the clock of a database at some pace; returns whether it came to its end.
///
/// `until` is in UTC: `2026-11-25T00:00:00Z`.
pub fn advance_at_pace(database: &Path, until: &str, pace: Pace) -> Result<bool, Box<dyn Error>> {
    let mut store = Store::open_existing(database, &access())?;
    let opened = opened(&store)?;
    let options = advance::Options {
        until: instant(until)?,
        missed: Missed::All,
        listed: false,
    };
    let stop = Stop::default();
    let mut progress = stopping(&stop, pace);
    let session = Session::new(&opened, 0, ChunkBounds::of(pace.chunk));
    let mut control = Control::new(&stop, &mut progress);
    Ok(advance(&mut store, &session, &options, &mut control).is_ok())
}

/// Replays a file of events with scheduled campaigns at some pace; returns whether it came to its end.
pub fn replay_at_pace(
    database: &Path,
    events: &Path,
    until: &str,
    pace: Pace,
) -> Result<bool, Box<dyn Error>> {
    let mut store = Store::open_existing(database, &access())?;
    let opened = opened(&store)?;
    let workspace = &opened.workspace;
    let events = events::open(
        &[Input::Path(events.to_owned())],
        &events::Options::default(),
        &workspace.activities,
        &workspace.fields,
        &workspace.zone,
        &events::Watch::new(&|_| {}),
    )?;
    let options = replay::Options {
        until: Some(instant(until)?),
        scheduled: true,
        ..replay::Options::plain()
    };
    let stop = Stop::default();
    let mut progress = stopping(&stop, pace);
    let session = Session::new(&opened, 0, ChunkBounds::of(pace.chunk));
    let mut control = Control::new(&stop, &mut progress);
    Ok(replay(
        &mut store,
        &session,
        events,
        &options,
        &mut |_| Ok(()),
        &mut control,
    )
    .is_ok())
}

fn opened(store: &Store) -> Result<StoredWorkspace, Box<dyn Error>> {
    StoredWorkspace::of(store).map_err(|error| format!("{error:?}").into())
}

fn instant(text: &str) -> Result<Instant, Box<dyn Error>> {
    parse_datetime(text, &Zone::utc()).ok_or_else(|| format!("`{text}` is not an instant").into())
}

fn access() -> Access {
    Access {
        command: "campaign advance".to_owned(),
        now: Instant::MIN,
        // A program that another test is just starting holds our files open for a moment.
        wait: Duration::from_secs(5),
    }
}

/// Returns a progress that asks to stop once it was reported so many times.
fn stopping(stop: &Stop, pace: Pace) -> impl FnMut(u64) {
    let raised = stop.raw().clone();
    let mut left = pace.reports;
    move |_| {
        left = left.saturating_sub(1);
        if left == 0 {
            raised.store(15, Ordering::Relaxed);
        }
    }
}
