//! Static lists: those the workspace declares, and those that nothing ever fills.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::{Action, Step};
use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic};
use crate::domain::text::fold;
use crate::domain::{ListId, Text};
use crate::source::{Campaign, LoadedFiles, name, reader};
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

/// Lets a bare name mean the list that campaigns call by that name with its program before it, where it is the only one: one
/// campaign may write `VIP`, another `Spring.VIP`.
pub(super) fn join(campaigns: &[Campaign], smart_lists: Option<&Node>, draft: &mut Draft) {
    if draft.lists_declared {
        return;
    }
    let named = named(campaigns, smart_lists);
    let mut joined: BTreeMap<String, BTreeMap<String, &str>> = BTreeMap::new();
    for name in &named {
        for (dot, _) in name.match_indices('.') {
            let (program, bare) = (&name[..dot], &name[dot + 1..]);
            if draft.workspace.program_names.find(program).is_some() {
                let full = joined.entry(fold(bare)).or_default();
                full.insert(fold(name), name);
            }
        }
    }
    let bare: BTreeSet<String> = named.iter().map(|name| fold(name)).collect();
    for (name, full) in joined {
        let mut full = full.into_values();
        if let (true, Some(only), None) = (bare.contains(&name), full.next(), full.next()) {
            let lists = &mut draft.workspace.lists;
            let number = lists.intern(only);
            lists.also(&name, number);
        }
    }
}

/// Returns what may be names of lists in filters and steps.
fn named<'a>(campaigns: &'a [Campaign], smart_lists: Option<&'a Node>) -> Vec<&'a str> {
    let mut nodes = Vec::new();
    if let Some(node) = smart_lists {
        lists_of(node, false, &mut nodes);
    }
    for campaign in campaigns {
        for node in campaign.smart_list.iter().flat_map(|list| &list.filters) {
            lists_of(node, false, &mut nodes);
        }
        for step in campaign.flow.iter().flat_map(|flow| &flow.steps) {
            let is_list = ["add_to_list", "remove_from_list"].contains(&step.name.value.as_str());
            lists_of(&step.value, is_list, &mut nodes);
        }
    }
    nodes.into_iter().filter_map(Node::as_scalar).collect()
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
