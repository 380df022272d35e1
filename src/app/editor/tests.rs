//! Unit tests of what an editor is answered, on the samples and on the texts of all diagnostics.

use std::path::Path;

use super::home::{home, home_in};
use super::rename::bytes;
use super::{DatabaseView, Snapshot};
use crate::campaign::references::Access;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::domain::text::same;
use crate::source::{FileRole, Overlay};
use crate::yaml::{self, MapEntry, Node, NodeKind};

#[test]
fn the_home_of_a_file_is_the_uppermost_workspace_else_the_campaigns_else_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for path in ["a/campaigns/sales", "b/campaigns/sales", "c/d"] {
        std::fs::create_dir_all(root.join(path)).unwrap();
    }
    std::fs::write(root.join("a/workspace.yaml"), "").unwrap();
    std::fs::write(root.join("a/campaigns/workspace.yaml"), "").unwrap();
    let opened = [root.to_owned()];
    for (file, expected) in [
        ("a/campaigns/sales/c.yaml", "a"),
        ("b/campaigns/sales/c.yaml", "b/campaigns"),
        ("c/d/c.yaml", "c/d"),
    ] {
        assert_eq!(home(&root.join(file), &opened), root.join(expected));
    }
    // What lies above the folder that is open is not looked at.
    let file = root.join("a/campaigns/sales/c.yaml");
    assert_eq!(
        home(&file, &[root.join("a/campaigns")]),
        root.join("a/campaigns")
    );
    assert_eq!(home_in(&root.join("b")), Some(root.join("b/campaigns")));
    assert_eq!(home_in(&root.join("c")), None);
}

/// Reads the samples.
fn samples() -> Snapshot {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("campaigns");
    Snapshot::read(&folder, &Overlay::default(), &DatabaseView::default())
}

/// Calls `each` with every key of a document, its place, and whether it is a word of the language: names of people's own are
/// not known before they are written.
fn each_key<'n>(node: &'n Node, way: &[&'n str], each: &mut impl FnMut(&'n MapEntry, &[&'n str])) {
    match &node.kind {
        NodeKind::Map(entries) => {
            for entry in entries {
                each(entry, way);
                let below = [way, &[entry.key.as_str()]].concat();
                each_key(&entry.value, &below, each);
            }
        }
        NodeKind::List(items) => items.iter().for_each(|item| each_key(item, way, each)),
        NodeKind::Scalar { .. } | NodeKind::Null => {}
    }
}

#[test]
fn every_key_of_the_samples_is_offered_where_the_text_ends_before_it() {
    let samples = samples();
    let mut missing = Vec::new();
    let mut tried = 0;
    for (id, file) in samples.sources().all() {
        if !crate::source::is_yaml(&file.path) {
            continue;
        }
        let role = FileRole::of(&file.path);
        let nodes = yaml::parse(id, &file.text, &mut Diagnostics::default());
        for node in &nodes {
            each_key(node, &[], &mut |entry, way| {
                let named = [
                    "emails",
                    "programs",
                    "smart_lists",
                    "channels",
                    "tokens",
                    "activities",
                    "webhooks",
                ];
                let own = named.contains(way.last().unwrap_or(&""))
                    || role == FileRole::Workspace && ["fields", "attributes"].contains(way.last().unwrap_or(&""))
                    // What an event has depends on its type.
                    || way.ends_with(&["tests", "events"]);
                let start = entry.key_span.start as usize;
                for deep in [0, 1] {
                    if own || !file.text.is_char_boundary(start + deep) {
                        continue;
                    }
                    tried += 1;
                    let text = &file.text[..start + deep];
                    let offered = samples.completions(text, role, start + deep);
                    if !offered.iter().any(|one| one.label == entry.key) {
                        missing.push(format!("{} {way:?} {}", file.path.display(), entry.key));
                    }
                }
            });
        }
    }
    assert!(tried > 500, "{tried}");
    assert!(missing.is_empty(), "{missing:#?} of {tried}");
}

#[test]
fn every_name_of_the_samples_is_offered_where_the_text_ends_before_it() {
    let samples = samples();
    let mut missing = Vec::new();
    let mut tried = 0;
    for name in &samples.references {
        let file = samples.sources().file(name.span.file);
        let raw = samples.sources().text(name.span);
        // Keys are tried by another test, tokens are within texts, and a name is not known where it is defined.
        if name.access == Access::Defines
            || raw.starts_with("{{")
            || file.text[name.span.end as usize..].starts_with(':')
        {
            continue;
        }
        let start = name.span.start as usize;
        let text = &file.text[..start];
        let offered = samples.completions(text, FileRole::of(&file.path), start);
        tried += 1;
        // A campaign's bare name means the one of that name.
        let is_it = |label: &str| same(label, &name.name) || same(label, raw);
        if !offered.iter().any(|one| is_it(&one.label)) {
            missing.push(format!(
                "{} {:?} {}",
                samples.sources().place(name.span),
                name.kind,
                name.name
            ));
        }
    }
    assert!(tried > 100, "{tried}");
    assert!(missing.is_empty(), "{missing:#?} of {tried}");
}

#[test]
fn no_place_of_a_half_written_file_is_too_much() {
    let samples = samples();
    for (id, file) in samples.sources().all() {
        let role = FileRole::of(&file.path);
        for (at, _) in file.text.char_indices().step_by(29) {
            samples.completions(&file.text[..at], role, at);
            samples.hover(id, role, at);
            samples.completions(&file.text, role, at);
        }
    }
}

#[test]
fn every_did_you_mean_has_a_fix_that_mends_the_fault() {
    let cases = include_str!("../../../tests/diagnostics.txt");
    let mut tried = 0;
    for case in cases.split("\n## ").skip(1) {
        let (rule, rest) = case.split_once('\n').unwrap();
        let (files, _) = rest.split_once("\n>>>").unwrap();
        let mut overlay = Overlay::default();
        let folder = Path::new("/not/there");
        for file in format!("\n{files}\n").split("\n@ ").skip(1) {
            let (name, text) = file.split_once('\n').unwrap();
            overlay.put(folder.join(name), text.to_owned());
        }
        let read = |overlay: &Overlay| Snapshot::read(folder, overlay, &DatabaseView::default());
        let before = read(&overlay);
        let asks = |fault: &&Diagnostic| {
            fault
                .help
                .as_ref()
                .is_some_and(|help| help.contains("did you mean"))
        };
        for fault in before.faults().into_iter().filter(asks) {
            let file = fault.span.file;
            let found = before.fixes(file, fault.span.start as usize..fault.span.end as usize);
            let fix = found.iter().find(|fix| fix.fault == fault);
            let fix = fix.unwrap_or_else(|| panic!("{rule}: no fix of {fault:?}"));
            let mut text = before.text(file).to_owned();
            text.replace_range(bytes(fix.edit.span), &fix.edit.text);
            let mut overlay = overlay.clone();
            overlay.put(before.sources().path(file).to_owned(), text.clone());
            let after = read(&overlay);
            let is_left = after
                .faults()
                .iter()
                .any(|left| left.message == fault.message);
            assert!(
                !is_left,
                "{rule}: {} leaves {fault:?} in\n{text}",
                fix.title
            );
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried}");
}
