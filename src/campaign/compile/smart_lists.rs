//! Named smart lists of the workspace, and those that every workspace has.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::domain::text::fold;
use crate::filter::compile as filters;
use crate::filter::{BuiltIn, Criterion, Filter, Leaf, LeafKind, SmartList, Test};
use crate::source::campaign::SmartList as Written;
use crate::source::{name, reader};
use crate::yaml::{MapEntry, Node, NodeKind};

use super::contradictions;
use super::draft::Draft;

/// The smart list of everyone.
const EVERYONE: &str = "All People";

/// System smart lists and the flag that puts a person in each.
const BY_FLAG: [(&str, &str); 4] = [
    ("Unsubscribed People", "unsubscribed"),
    ("Marketing Suspended", "marketing_suspended"),
    ("Blocklist", "black_listed"),
    ("Bounced Email Addresses", "email_invalid"),
];

/// Returns the names of the system smart lists.
pub(super) fn system_names() -> impl Iterator<Item = &'static str> {
    let flags = BY_FLAG.iter().map(|(name, _)| *name);
    flags.chain([EVERYONE])
}

/// Adds the system smart lists, then the declared ones, each after those it is made of.
pub(super) fn add(section: Option<&Node>, draft: &mut Draft) {
    system(draft);
    let entries =
        section.and_then(|node| reader::named(node, "smart_lists", &mut draft.diagnostics));
    let entries = entries.unwrap_or_default();
    let mut order = Order {
        entries: BTreeMap::new(),
        done: BTreeSet::new(),
        path: Vec::new(),
    };
    for entry in entries {
        let key = fold(&entry.key);
        let place = entry.key_span;
        if !name::check(
            &entry.key,
            "a smart list's name",
            place,
            &mut draft.diagnostics,
        ) {
            continue;
        }
        if draft.smart_lists.contains_key(&key) || order.entries.contains_key(&key) {
            let message = format!("there is a smart list `{}` already", entry.key);
            draft.diagnostics.fault(Code::DuplicateName, place, message);
            continue;
        }
        order.entries.insert(key, entry);
    }
    for entry in entries {
        order.visit(&fold(&entry.key), draft);
    }
}

fn system(draft: &mut Draft) {
    let mut add = |name: &str, filter: Filter| {
        let list = SmartList::new(name.to_owned(), true, filter);
        draft.smart_lists.insert(fold(name), Arc::new(list));
    };
    add(EVERYONE, Filter::everyone());
    for (name, flag) in BY_FLAG {
        if let Some(field) = draft.workspace.fields.find(flag) {
            add(
                name,
                Filter::Leaf(Leaf {
                    subject: flag.replace('_', " "),
                    wanted: "is true".to_owned(),
                    kind: LeafKind::Field {
                        field,
                        tests: vec![Test::that(Criterion::Truth(true))],
                    },
                }),
            );
        }
    }
}

/// Smart lists in the order in which they can be compiled.
struct Order<'a> {
    entries: BTreeMap<String, &'a MapEntry>,
    done: BTreeSet<String>,
    /// The lists being compiled, each made of the next.
    path: Vec<String>,
}

impl Order<'_> {
    fn visit(&mut self, key: &str, draft: &mut Draft) {
        let Some(entry) = self.entries.get(key).copied() else {
            return;
        };
        if self.done.contains(key) {
            return;
        }
        if let Some(start) = self.path.iter().position(|on_path| on_path == key) {
            self.circle(start, draft);
            return;
        }
        self.path.push(key.to_owned());
        let mut parts = Vec::new();
        parts_of(&entry.value, &mut parts);
        for part in parts {
            if part.trim().eq_ignore_ascii_case("any") {
                let all: Vec<String> = self.entries.keys().cloned().collect();
                for list in &all {
                    self.visit(list, draft);
                }
            } else {
                self.visit(&fold(part), draft);
            }
        }
        self.path.pop();
        if self.done.insert(key.to_owned()) {
            let list = Arc::new(compile(entry, draft));
            draft.workspace.smart_lists.push(Arc::clone(&list));
            draft.smart_lists.insert(key.to_owned(), list);
        }
    }

    /// Reports lists made of each other. One stands in as everyone, so that the others are still checked.
    fn circle(&mut self, start: usize, draft: &mut Draft) {
        let circle = &self.path[start..];
        let entries: Vec<&MapEntry> = circle
            .iter()
            .filter_map(|key| self.entries.get(key).copied())
            .collect();
        let Some(first) = entries.first() else {
            return;
        };
        let names: Vec<String> = entries
            .iter()
            .chain([first])
            .map(|entry| format!("`{}`", entry.key))
            .collect();
        let message = format!("smart lists are made of each other: {}", names.join(" of "));
        draft.diagnostics.push(
            Diagnostic::new(Code::SmartListCycle, first.key_span, message)
                .help("take one of them out of the other"),
        );
        let stand_in = SmartList::new(first.key.clone(), false, Filter::everyone());
        let key = fold(&first.key);
        draft.smart_lists.insert(key.clone(), Arc::new(stand_in));
        self.done.insert(key);
    }
}

/// Finds the names of smart lists that a filter refers to.
fn parts_of<'a>(node: &'a Node, found: &mut Vec<&'a str>) {
    match &node.kind {
        NodeKind::Null | NodeKind::Scalar { .. } => {}
        NodeKind::List(entries) => entries.iter().for_each(|entry| parts_of(entry, found)),
        NodeKind::Map(entries) => {
            for entry in entries {
                if BuiltIn::named(&entry.key) == Some(BuiltIn::MemberOfSmartList) {
                    scalars(&entry.value, found);
                } else {
                    parts_of(&entry.value, found);
                }
            }
        }
    }
}

fn scalars<'a>(node: &'a Node, found: &mut Vec<&'a str>) {
    match &node.kind {
        NodeKind::Null => {}
        NodeKind::Scalar { text, .. } => found.push(text),
        NodeKind::List(entries) => entries.iter().for_each(|entry| scalars(entry, found)),
        NodeKind::Map(entries) => entries
            .iter()
            .for_each(|entry| scalars(&entry.value, found)),
    }
}

fn compile(entry: &MapEntry, draft: &mut Draft) -> SmartList {
    let written = Written::named(&entry.value, &mut draft.diagnostics);
    let filter = written.map_or_else(Filter::everyone, |list| {
        if list.filters.is_empty() {
            draft.diagnostics.fault_with(
                Code::NoSmartList,
                list.span,
                format!("the smart list `{}` has no filter", entry.key),
                "for everyone, use the smart list `All People`",
            );
        }
        let mut cx = draft.filter_context(None, format!("smart list {}", fold(&entry.key)));
        let filter = filters::smart_list(&list.filters, list.logic.as_ref(), &mut cx).filter();
        // A list that could not be read stands in as everyone, in any list made of it.
        if draft.diagnostics.errors() == 0 {
            contradictions::smart_list(&list, &filter, draft);
        }
        filter
    });
    draft.know_programs();
    SmartList::new(entry.key.clone(), false, filter)
}
