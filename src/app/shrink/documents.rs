//! The definitions of a workspace as trees from which parts can be taken out, and the test in one of them.

use serde_json::{Map, Value as Json, json};

use crate::app::Error;
use crate::app::stored_workspace::StoredWorkspace;
use crate::app::test::passes;
use crate::app::test::scene::Scene;
use crate::campaign::case::Expectation;
use crate::campaign::compile::{DatabaseNames, compile_with};
use crate::campaign::{Campaign, StartedCampaign, Step, Workspace};
use crate::diagnostic::{Diagnostics, Severity, Sources, Span};
use crate::domain::PersonKey;
use crate::domain::field::FieldOrigin;
use crate::source::{LoadedFiles, StoredCampaign, StoredTexts, from_stored};
use crate::store::Store;
use crate::yaml::{self, Node, NodeKind};

use super::cut::cuts;
use super::is_named;

/// The definitions, each as a tree.
#[derive(Debug, Clone)]
pub(super) struct Documents {
    workspace: Option<Json>,
    campaigns: Vec<(String, Json)>,
    /// The place of the campaign with the test.
    tested: usize,
}

impl Documents {
    /// Reads the stored definitions; what the database knows and no definition declares is declared.
    pub(super) fn of(store: &Store, opened: &StoredWorkspace) -> Result<Self, Error> {
        let texts = opened.as_stored(store)?;
        let campaigns = opened.workspace.campaigns.iter().zip(&opened.stored);
        let campaigns = campaigns.filter(|(campaign, _)| !opened.is_invalid(campaign.id));
        let named = campaigns.filter_map(|(campaign, stored)| {
            let tree = tree(&stored.definition)?;
            Some((campaign.full_name.to_string(), tree))
        });
        let named = named.collect();
        let mut workspace = texts.workspace.as_deref().and_then(tree);
        let inferred = opened.workspace.fields.iter();
        let inferred: Vec<_> = inferred
            .filter(|(_, field)| field.origin == FieldOrigin::Inferred)
            .collect();
        if !inferred.is_empty() {
            let tree = workspace.get_or_insert_with(|| Json::Object(Map::new()));
            let fields = entry(tree, "fields", Json::Object(Map::new()));
            for (_, field) in inferred {
                let declared = json!({ "type": field.field_type.name() });
                entry(fields, &field.name, declared);
            }
        }
        if let Some(Json::Array(lists)) = workspace.as_mut().and_then(|tree| tree.get_mut("lists"))
        {
            for name in opened.workspace.lists.iter() {
                let name = json!(name.as_ref());
                if !lists.contains(&name) {
                    lists.push(name);
                }
            }
        }
        Ok(Self {
            workspace,
            campaigns: named,
            tested: 0,
        })
    }

    /// Returns them with a test in one of the campaigns, and no other test.
    pub(super) fn with_test(&self, campaign: &str, test: Json) -> Self {
        let mut with = self.clone();
        let place = with
            .campaigns
            .iter()
            .position(|(name, _)| is_named(name, campaign));
        with.tested = place.unwrap_or_default();
        if let Some((_, Json::Object(tree))) = with.campaigns.get_mut(with.tested) {
            tree.insert("tests".to_owned(), Json::Array(vec![test]));
        }
        with
    }

    /// Returns what is expected of a scene's person, with a place in the files in which it stands; nothing where it is wrong.
    pub(super) fn expectations(
        &self,
        campaign: &str,
        keep: &Json,
        scene: &Scene,
    ) -> Option<(Vec<Expectation>, Span, Sources)> {
        let with = self.with_test(campaign, bare_test(keep, &scene.key()));
        let (loaded, workspace, faults) = with.compiled()?;
        if faults.errors() > 0 {
            return None;
        }
        let case = with.tested_in(&workspace)?.tests.first()?;
        Some((case.expect.clone(), case.span, loaded.sources))
    }

    /// Returns what is wrong with an expectation.
    pub(super) fn fault_of(&self, campaign: &str, keep: &Json) -> Option<String> {
        let key = PersonKey::Email("ann@example.com".to_owned());
        let with = self.with_test(campaign, bare_test(keep, &key));
        let (_, _, faults) = with.compiled()?;
        if faults.errors() == 0 {
            return None;
        }
        let sorted = faults.sorted();
        let errors = sorted
            .iter()
            .filter(|fault| fault.severity() == Severity::Error);
        let messages: Vec<&str> = errors.map(|fault| fault.message.as_str()).collect();
        Some(messages.join("; "))
    }

    /// Returns whether the definitions have no error and the test passes.
    pub(super) fn passes(&self, seed: u64) -> bool {
        let Some((loaded, workspace, faults)) = self.compiled() else {
            return false;
        };
        let campaign = self.tested_in(&workspace);
        let case = campaign.and_then(|campaign| campaign.tests.first());
        let (Some(campaign), Some(case)) = (campaign, case) else {
            return false;
        };
        faults.errors() == 0
            && !case.expect.is_empty()
            && passes(&workspace, campaign, case, seed, &loaded.sources).is_some()
    }

    fn compiled(&self) -> Option<(LoadedFiles, Workspace, Diagnostics)> {
        let campaigns = self.campaigns.iter().map(|(name, tree)| {
            Some(StoredCampaign {
                file: format!("{name}.yaml"),
                definition: yaml::written(tree).ok()?,
                description: None,
            })
        });
        let texts = StoredTexts {
            workspace: self.workspace_text(),
            campaigns: campaigns.collect::<Option<Vec<_>>>()?,
            retired: Vec::new(),
        };
        let loaded = from_stored(&texts);
        let (workspace, faults) = compile_with(&loaded, DatabaseNames::default());
        Some((loaded, workspace, faults))
    }

    fn tested_in<'w>(&self, workspace: &'w Workspace) -> Option<&'w Campaign> {
        let (name, _) = self.campaigns.get(self.tested)?;
        let mut campaigns = workspace.campaigns.iter();
        campaigns.find(|campaign| is_named(&campaign.full_name, name))
    }

    /// Returns the text of the workspace, where something is left in it.
    pub(super) fn workspace_text(&self) -> Option<String> {
        let tree = self.workspace.as_ref()?;
        let is_empty = tree.as_object().is_none_or(Map::is_empty);
        (!is_empty).then(|| yaml::written(tree).unwrap_or_default())
    }

    /// Returns the text of the campaigns, that with the test first.
    pub(super) fn campaigns_text(&self) -> String {
        let mut trees: Vec<&Json> = self.campaigns.iter().map(|(_, tree)| tree).collect();
        if self.tested < trees.len() {
            trees[..=self.tested].rotate_right(1);
        }
        let texts = trees
            .into_iter()
            .map(|tree| yaml::written(tree).unwrap_or_default());
        texts.collect::<Vec<String>>().join("---\n")
    }

    /// Returns the test.
    pub(super) fn test(&mut self) -> Option<&mut Json> {
        let (_, tree) = self.campaigns.get_mut(self.tested)?;
        tree.get_mut("tests")?.get_mut(0)
    }

    /// Returns whether a text is written in a definition, or in what is expected.
    pub(super) fn mentions(&self, text: &str) -> bool {
        let mut written: Vec<Json> = self
            .campaigns
            .iter()
            .map(|(_, tree)| tree.clone())
            .collect();
        for tree in written.iter_mut().filter_map(Json::as_object_mut) {
            if let Some(tests) = tree.remove("tests") {
                let expected = tests.get(0).and_then(|test| test.get("expect"));
                tree.insert("expect".to_owned(), expected.cloned().unwrap_or_default());
            }
        }
        written.extend(self.workspace.clone());
        let text = text.to_lowercase();
        written
            .iter()
            .any(|tree| tree.to_string().to_lowercase().contains(&text))
    }

    /// Takes out everything that is not needed for the test to pass.
    pub(super) fn shrink(&mut self, seed: u64) {
        self.drop_campaigns(seed);
        if self.workspace.is_some() {
            let without = Self {
                workspace: None,
                ..self.clone()
            };
            if without.passes(seed) {
                *self = without;
            }
        }
        loop {
            let before = self.size();
            for place in 0..self.campaigns.len() {
                self.shrink_tree(Some(place), seed);
            }
            self.shrink_tree(None, seed);
            self.drop_campaigns(seed);
            if self.size() == before {
                return;
            }
        }
    }

    fn size(&self) -> usize {
        let campaigns = self
            .campaigns
            .iter()
            .map(|(_, tree)| tree.to_string().len());
        campaigns.sum::<usize>()
            + self
                .workspace
                .as_ref()
                .map_or(0, |tree| tree.to_string().len())
    }

    /// Drops campaigns: first all that the tested one has nothing to do with, then one by one.
    fn drop_campaigns(&mut self, seed: u64) {
        let (alone, kept) = (self.without_strangers(), self.campaigns.len());
        if alone.campaigns.len() < kept && alone.passes(seed) {
            *self = alone;
        }
        let mut place = 0;
        while place < self.campaigns.len() {
            let mut less = self.clone();
            less.campaigns.remove(place);
            if place < less.tested {
                less.tested -= 1;
            }
            if place != self.tested && less.passes(seed) {
                *self = less;
            } else {
                place += 1;
            }
        }
    }

    /// Returns the tested campaign with those that take part in the test and those that these start.
    fn without_strangers(&self) -> Self {
        let mut less = self.clone();
        let Some((_, workspace, _)) = self.compiled() else {
            return less;
        };
        let Some(tested) = self.tested_in(&workspace) else {
            return less;
        };
        let mut kept = vec![tested.id];
        kept.extend(tested.tests.iter().flat_map(|case| &case.with));
        let mut next = 0;
        while let Some(id) = kept.get(next).copied() {
            next += 1;
            for action in workspace.campaign(id).flow.iter().flat_map(Step::actions) {
                if let Some(StartedCampaign::Requested(id) | StartedCampaign::Executed(id)) =
                    action.effects().starts
                    && !kept.contains(&id)
                {
                    kept.push(id);
                }
            }
        }
        let names: Vec<&str> = kept
            .iter()
            .map(|id| workspace.campaign(*id).full_name.as_ref())
            .collect();
        let own = self
            .campaigns
            .get(self.tested)
            .map(|(name, _)| name.clone());
        less.campaigns
            .retain(|(name, _)| names.iter().any(|kept| is_named(kept, name)));
        let place = less
            .campaigns
            .iter()
            .position(|(name, _)| Some(name) == own.as_ref());
        less.tested = place.unwrap_or_default();
        less
    }

    /// Takes out of one tree what is not needed, the larger parts first.
    fn shrink_tree(&mut self, place: Option<usize>, seed: u64) {
        let mut next = 0;
        loop {
            let Some(tree) = self.tree(place) else { return };
            let Some(cut) = cuts(tree).into_iter().nth(next) else {
                return;
            };
            let mut less = self.clone();
            if let Some(tree) = less.tree_mut(place) {
                cut.make(tree);
            }
            if less.passes(seed) {
                *self = less;
            } else {
                next += 1;
            }
        }
    }

    fn tree(&self, place: Option<usize>) -> Option<&Json> {
        match place {
            Some(place) => self.campaigns.get(place).map(|(_, tree)| tree),
            None => self.workspace.as_ref(),
        }
    }

    fn tree_mut(&mut self, place: Option<usize>) -> Option<&mut Json> {
        match place {
            Some(place) => self.campaigns.get_mut(place).map(|(_, tree)| tree),
            None => self.workspace.as_mut(),
        }
    }
}

/// Returns what stands after a key of a mapping, put there first where it is missing.
fn entry<'t>(tree: &'t mut Json, key: &str, missing: Json) -> &'t mut Json {
    if !tree.is_object() {
        *tree = Json::Object(Map::new());
    }
    let Json::Object(entries) = tree else {
        return tree;
    };
    entries.entry(key.to_owned()).or_insert(missing)
}

/// Reads the first document of a text.
fn tree(text: &str) -> Option<Json> {
    let mut sources = Sources::default();
    let file = sources.add("stored", text);
    let mut faults = Diagnostics::default();
    let nodes = yaml::parse(file, text, &mut faults);
    nodes.first().map(json)
}

/// Returns a value as JSON has it, so that it is written as it was: what is written plain and is a number, a truth or null
/// stays plain.
pub(super) fn json(node: &Node) -> Json {
    match &node.kind {
        NodeKind::Null => Json::Null,
        NodeKind::Scalar { text, plain } => {
            if *plain && text.eq_ignore_ascii_case("null") {
                return Json::Null;
            }
            // What JSON would write otherwise, such as `1.10`, keeps its text.
            let read: Option<Json> = serde_json::from_str(text).ok().filter(|_| *plain);
            let read = read.map(|read| (read.to_string(), read));
            match read {
                Some((again, read)) if again == *text => read,
                Some(_) | None => Json::from(text.as_str()),
            }
        }
        NodeKind::List(items) => Json::Array(items.iter().map(json).collect()),
        NodeKind::Map(entries) => {
            let entries = entries.iter();
            Json::Object(
                entries
                    .map(|entry| (entry.key.clone(), json(&entry.value)))
                    .collect(),
            )
        }
    }
}

/// Returns an entry of `expect` that is about a person.
pub(super) fn of_person(keep: &Json, key: &PersonKey) -> Json {
    let Json::Object(entries) = keep else {
        return keep.clone();
    };
    let counts = |key: &str| key == "qualified" || key == "person";
    let mut about = Map::new();
    if entries.keys().any(|key| !counts(key)) {
        about.insert("person".to_owned(), json!(key.to_string()));
    }
    let others = entries.iter().filter(|(key, _)| *key != "person");
    about.extend(others.map(|(key, value)| (key.clone(), value.clone())));
    Json::Object(about)
}

fn bare_test(keep: &Json, key: &PersonKey) -> Json {
    json!({
        "name": "shrunk",
        "now": "2026-01-01T00:00:00Z",
        "expect": [of_person(keep, key)],
    })
}
