//! `campaign shrink`: the smallest workspace, person and events that still show something which a person of the database
//! shows, written as a test (delta debugging).
//!
//! [`story`] makes a scene of the person's log, `app::test::scene` leaves out what is not needed of it, [`documents`] does the
//! same with the definitions, and [`stand_ins`] puts other values in the place of personal ones. Whatever is left out or
//! changed, the test is run again: what is returned passes.

mod cut;
mod documents;
mod stand_ins;
mod story;

use std::path::Path;

use serde_json::Value as Json;

use crate::campaign::case::Expectation;
use crate::campaign::{Campaign, Workspace};
use crate::diagnostic::{Diagnostics, Sources, Span};
use crate::domain::text::same;
use crate::domain::{CampaignId, Instant, Mode};
use crate::files::{NewFiles, Permission};
use crate::results::ShrunkTest;
use crate::store::Store;
use crate::yaml;

use super::outputs::{Output, Outputs};
use super::people::find;
use super::stored_workspace::StoredWorkspace;
use super::test::passes;
use super::test::scene::{Scene, fewer_events, smaller};
use super::{Error, ErrorKind, UserError};
use documents::Documents;
use story::{Retelling, Story};

/// What is to be kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shrink<'a> {
    /// The person.
    pub(crate) person: &'a str,
    /// An entry of `expect`, as YAML.
    pub(crate) keep: &'a str,
    /// The campaign whose test it is; else one for which it holds.
    pub(crate) campaign: Option<&'a str>,
    /// Whether personal values stay as they are.
    pub(crate) show_values: bool,
    /// The instant taken as now, for someone whose log is empty.
    pub(crate) now: Instant,
    /// For random samples.
    pub(crate) seed: u64,
}

/// Finds the smallest test that still shows what is to be kept.
pub(crate) fn shrink(store: &Store, wanted: Shrink<'_>) -> Result<ShrunkTest, Error> {
    let opened = StoredWorkspace::of(store)?;
    let person = find(store, wanted.person)?.person;
    let lived = Story::of(store, &opened, person, wanted.now)?;
    let documents = Documents::of(store, &opened)?;
    let keep = expectation(wanted.keep)?;
    let campaigns = candidates(&opened, &lived, wanted.campaign)?;
    if let Some(error) = faulty(&opened, &campaigns, &documents, &keep) {
        return Err(error.into());
    }
    for way in Retelling::ALL {
        for id in &campaigns {
            let campaign = opened.workspace.campaign(*id);
            let scene = lived.scene(&opened, campaign, way);
            let kept = Kept {
                workspace: &opened.workspace,
                campaign,
                keep: &keep,
                seed: wanted.seed,
            };
            if let Some(found) = kept.shrink(&documents, scene, wanted.show_values)? {
                return Ok(found);
            }
        }
    }
    let message = "the log of this person does not show that, when it happens again";
    let error = UserError::new(ErrorKind::State, message);
    Err(error
        .help("`activities` are exactly the steps of one campaign that succeeded, in order, as `bugle person log` shows them; what was loaded or changed by hand does not happen again")
        .into())
}

/// Writes what was found into a folder.
pub(crate) fn write(test: &ShrunkTest, database: &Path, folder: &Path) -> Result<(), Error> {
    Outputs::new(database, &[]).admit_folder(Output {
        what: "the test",
        option: "--output",
        path: folder,
    })?;
    let mut files = NewFiles::default();
    if let Some(workspace) = &test.workspace {
        let path = folder.join("workspace.yaml");
        files.file(&path, workspace.as_bytes(), Permission::Read)?;
    }
    let path = folder.join("shrunk.yaml");
    files.file(&path, test.campaigns.as_bytes(), Permission::Read)?;
    files.finish()?;
    Ok(())
}

/// Reads what is to be kept: a mapping.
fn expectation(text: &str) -> Result<Json, UserError> {
    let mut sources = Sources::default();
    let file = sources.add("--keep", text);
    let mut faults = Diagnostics::default();
    let nodes = yaml::parse(file, text, &mut faults);
    let node = nodes.first().filter(|node| node.as_map().is_some());
    match node {
        Some(node) if faults.errors() == 0 => Ok(documents::json(node)),
        Some(_) | None => Err(UserError::new(
            ErrorKind::Usage,
            "`--keep` takes an entry of `expect`",
        )
        .help(KEEP_HELP)),
    }
}

/// Returns the campaigns whose test it may be: the one that is named, else those that the person has entered, then all.
fn candidates(
    opened: &StoredWorkspace,
    story: &Story,
    named: Option<&str>,
) -> Result<Vec<CampaignId>, Error> {
    if let Some(name) = named {
        return Ok(vec![opened.find_valid(name)?.id]);
    }
    let mut found = story.entered();
    let all = opened
        .workspace
        .campaigns
        .iter()
        .map(|campaign| campaign.id);
    for id in all {
        if !found.contains(&id) && !opened.is_invalid(id) {
            found.push(id);
        }
    }
    Ok(found)
}

/// Makes the error of an expectation that is wrong in itself.
fn faulty(
    opened: &StoredWorkspace,
    campaigns: &[CampaignId],
    documents: &Documents,
    keep: &Json,
) -> Option<UserError> {
    let name = &opened.workspace.campaign(*campaigns.first()?).full_name;
    let message = documents.fault_of(name, keep)?;
    let message = format!("`--keep` is no entry of `expect`: {message}");
    Some(UserError::new(ErrorKind::Usage, message).help(KEEP_HELP))
}

/// What `--keep` takes.
const KEEP_HELP: &str =
    "write `--keep 'activities: [send_email]'`, or `--keep 'fields: { lead_score: 70 }'`";

/// A campaign, and what is to be kept of it.
struct Kept<'a> {
    workspace: &'a Workspace,
    campaign: &'a Campaign,
    keep: &'a Json,
    seed: u64,
}

impl Kept<'_> {
    /// Shrinks a scene and the definitions; nothing where the scene does not show what is to be kept.
    fn shrink(
        &self,
        documents: &Documents,
        scene: Scene,
        show_values: bool,
    ) -> Result<Option<ShrunkTest>, Error> {
        let name = &self.campaign.full_name;
        let Some((expected, place, sources)) = documents.expectations(name, self.keep, &scene)
        else {
            return Ok(None);
        };
        let mut keeps = |scene: &Scene| self.holds(scene, &expected, place, &sources);
        if !keeps(&scene) {
            return Ok(None);
        }
        let scene = smaller(fewer_events(scene, &mut keeps), &mut keeps);
        let expect = documents::of_person(self.keep, &scene.key());
        let test = scene.written("shrunk", self.workspace, Json::Array(vec![expect]));
        let definitions = documents;
        let mut documents = definitions.with_test(name, test);
        if !documents.passes(self.seed) {
            return Ok(None);
        }
        documents.shrink(self.seed);
        if !show_values {
            stand_ins::put(&mut documents, definitions, self.seed)?;
            documents.shrink(self.seed);
        }
        Ok(Some(ShrunkTest {
            campaign: name.to_string(),
            workspace: documents.workspace_text(),
            campaigns: documents.campaigns_text(),
        }))
    }

    fn holds(
        &self,
        scene: &Scene,
        expected: &[Expectation],
        place: Span,
        sources: &Sources,
    ) -> bool {
        let mut case = scene.case(self.workspace, place);
        case.expect = expected.to_vec();
        passes(self.workspace, self.campaign, &case, self.seed, sources).is_some()
    }
}

/// Returns whether a campaign takes part in a test as others do: by its triggers.
fn is_triggered(workspace: &Workspace, id: CampaignId) -> bool {
    workspace.campaign(id).mode == Mode::Triggered
}

/// Returns whether two campaigns have one name.
fn is_named(name: &str, other: &str) -> bool {
    same(name, other)
}
