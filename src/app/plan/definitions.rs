//! Which definitions differ between two databases, and in which parts.

use crate::app::StoredWorkspace;
use crate::diagnostic::{Diagnostics, Sources};
use crate::domain::Mode;
use crate::domain::text::same;
use crate::results::{CampaignChange, CampaignLoadRow, DefinitionChange, PlannedDefinition};
use crate::store::{Store, StoredDefinition};
use crate::yaml::{self, Node};

/// Keys whose own keys are parts.
const OPENED: [&str; 1] = ["smart_list"];

/// Compares the definitions of two databases; `loaded` says what the load of the change did.
pub(super) fn compare(
    stores: [&Store; 2],
    opened: [&StoredWorkspace; 2],
    loaded: &[CampaignLoadRow],
) -> Result<Vec<PlannedDefinition>, crate::app::Error> {
    let mut rows = Vec::new();
    let [before, after] = opened;
    let texts = [stores[0].workspace()?, stores[1].workspace()?];
    let parts = differing(texts.each_ref().map(Option::as_deref), None);
    if !parts.is_empty() {
        rows.push(PlannedDefinition {
            campaign: None,
            change: DefinitionChange::Changed,
            parts,
        });
    }
    for now in &after.stored {
        let mut was = before.stored.iter();
        let was = was.find(|was| same(&was.full_name, &now.full_name));
        let row = loaded
            .iter()
            .find(|row| same(&row.campaign, &now.full_name));
        let gone = row.and_then(|row| match row.change {
            CampaignChange::Missing => Some(DefinitionChange::Missing),
            CampaignChange::Pruned => Some(DefinitionChange::Pruned),
            CampaignChange::Added | CampaignChange::Changed | CampaignChange::Unchanged => None,
        });
        let (change, parts) = match (gone, was) {
            (Some(gone), _) => (gone, Vec::new()),
            (None, None) => (DefinitionChange::Added, Vec::new()),
            (None, Some(was)) => (DefinitionChange::Changed, changed_parts(was, now)),
        };
        if change != DefinitionChange::Changed || !parts.is_empty() {
            rows.push(PlannedDefinition {
                campaign: Some(now.full_name.to_string()),
                change,
                parts,
            });
        }
    }
    rows.sort_by(|one, other| one.campaign.cmp(&other.campaign));
    Ok(rows)
}

fn changed_parts(was: &StoredDefinition, now: &StoredDefinition) -> Vec<String> {
    let mut parts = Vec::new();
    if was.mode != now.mode {
        parts.push("mode".to_owned());
    }
    parts.extend(differing(
        [Some(&was.definition), Some(&now.definition)],
        Some(&OPENED),
    ));
    if was.active != now.active && now.mode == Mode::Triggered {
        parts.push("active".to_owned());
    }
    parts
}

/// Returns the keys under which two definitions differ; those of `opened` (of all, where it is none) with the keys below.
fn differing(texts: [Option<&str>; 2], opened: Option<&[&str]>) -> Vec<String> {
    let nodes = texts.map(|text| text.and_then(read));
    let mut parts = Vec::new();
    for key in keys(nodes.each_ref().map(Option::as_ref)) {
        let values = nodes.each_ref().map(|node| node.as_ref()?.get(&key));
        if text(values[0]) == text(values[1]) {
            continue;
        }
        let is_opened = opened.is_none_or(|opened| opened.contains(&key.as_str()));
        let below = if is_opened { keys(values) } else { Vec::new() };
        let below: Vec<String> = below
            .into_iter()
            .filter(|below| {
                let inner = values.map(|value| value?.get(below));
                text(inner[0]) != text(inner[1])
            })
            .collect();
        match (below.is_empty(), opened) {
            (true, _) => parts.push(key),
            (false, Some(_)) => parts.extend(below),
            (false, None) => parts.extend(below.iter().map(|below| format!("{key}.{below}"))),
        }
    }
    parts
}

fn read(text: &str) -> Option<Node> {
    let mut diagnostics = Diagnostics::default();
    let file = Sources::default().add(std::path::Path::new("stored"), text);
    yaml::parse(file, text, &mut diagnostics).into_iter().next()
}

/// Returns the keys of two mappings, each once, in order.
fn keys(nodes: [Option<&Node>; 2]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for node in nodes.into_iter().flatten() {
        for entry in node.as_map().unwrap_or_default() {
            if !keys.contains(&entry.key) {
                keys.push(entry.key.clone());
            }
        }
    }
    keys
}

fn text(node: Option<&Node>) -> Option<String> {
    node.map(|node| yaml::canonical(node, &[]))
}
