//! Static lists: those the workspace declares, and those that nothing ever fills.

use std::collections::BTreeSet;

use crate::campaign::{Action, Step};
use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic};
use crate::domain::{ListId, Text};
use crate::source::{LoadedFiles, name, reader};
use crate::yaml::{Node, NodeKind};

use super::draft::Draft;

/// Reads `lists:`.
pub(super) fn add(section: Option<&Node>, draft: &mut Draft) {
    let diagnostics = &mut draft.diagnostics;
    let nodes = section.and_then(|node| reader::list(node, "lists", diagnostics));
    for node in nodes.unwrap_or_default() {
        let Some(name) = name::name(node, "a list's name", diagnostics) else {
            continue;
        };
        let lists = &mut draft.workspace.lists;
        if lists.find(&name.value).is_some() {
            let message = format!("the list `{}` is declared twice", name.value);
            diagnostics.push(Diagnostic::new(Code::DuplicateName, name.span, message));
        }
        lists.intern(&name.value);
        draft.lists_declared = true;
    }
}

/// Reports lists that filters ask for and no step fills. A declared list is filled by loads and events.
///
/// `known` are lists that the database has, filled by any command.
pub(super) fn never_filled(loaded: &LoadedFiles, known: &[Text], draft: &mut Draft) {
    if draft.lists_declared {
        return;
    }
    let mut filled: BTreeSet<ListId> = draft
        .workspace
        .campaigns
        .iter()
        .flat_map(|campaign| &campaign.flow)
        .flat_map(Step::actions)
        .filter_map(|action| {
            if let Action::AddToList { list } = action {
                return Some(*list);
            }
            None
        })
        .collect();
    let lists = &draft.workspace.lists;
    filled.extend(
        known
            .iter()
            .filter_map(|name| lists.find_asset(name))
            .map(ListId),
    );
    for campaign in &loaded.campaigns {
        let mut asked = Vec::new();
        if let Some(list) = &campaign.smart_list {
            list.filters
                .iter()
                .for_each(|node| lists_of(node, false, &mut asked));
        }
        for step in campaign.flow.iter().flat_map(|flow| &flow.steps) {
            lists_of(&step.value, false, &mut asked);
        }
        for node in asked {
            never(node, &filled, draft);
        }
    }
}

/// Finds the names under `member_of_list`.
fn lists_of<'a>(node: &'a Node, inside: bool, found: &mut Vec<&'a Node>) {
    match &node.kind {
        NodeKind::Null => {}
        NodeKind::Scalar { .. } => {
            if inside {
                found.push(node);
            }
        }
        NodeKind::List(entries) => {
            for entry in entries {
                lists_of(entry, inside, found);
            }
        }
        NodeKind::Map(entries) => {
            for entry in entries {
                lists_of(&entry.value, inside || entry.key == "member_of_list", found);
            }
        }
    }
}

fn never(node: &Node, filled: &BTreeSet<ListId>, draft: &mut Draft) {
    let NodeKind::Scalar { text, .. } = &node.kind else {
        return;
    };
    let lists = &draft.workspace.lists;
    let Some(list) = lists.find(text).map(ListId) else {
        return;
    };
    if filled.contains(&list) {
        return;
    }
    let message = format!("no step puts anyone on the list `{text}`");
    let names = filled.iter().map(|list| lists.name(list.0).as_ref());
    let help = did_you_mean(text, names).unwrap_or_else(|| {
        "if people are loaded onto it, declare it under `lists:` in the workspace file".to_owned()
    });
    draft
        .diagnostics
        .fault_with(Code::EmptyListForever, node.span, message, help);
}
