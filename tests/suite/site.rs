//! The site that `.ci/site` makes of the documents: each page has its place in `docs/SUMMARY.md`.
//!
//! That links in it lead somewhere is checked with those of all documents (`docs.rs`), and again in the built site.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The pages of the summary, and how often each stands there.
fn summary() -> BTreeMap<String, usize> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let text = fs::read_to_string(folder.join("SUMMARY.md")).unwrap();
    let mut pages = BTreeMap::new();
    for link in text.split("](").skip(1) {
        let target = link.split_once(')').unwrap().0;
        *pages.entry(target.to_owned()).or_default() += 1;
    }
    pages
}

#[test]
fn every_document_has_one_place_in_the_site() {
    let pages = summary();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let documents = fs::read_dir(folder).unwrap();
    let names = documents.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let missing: Vec<String> = names
        .filter(|name| {
            let page = name.strip_suffix(".md");
            page.is_some_and(|page| page != "SUMMARY")
        })
        .filter(|name| !pages.contains_key(name))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/SUMMARY.md does not list {missing:?}: put them under the job that they are for"
    );
    let twice: Vec<&String> = pages
        .iter()
        .filter(|(_, count)| **count > 1)
        .map(|(page, _)| page)
        .collect();
    assert!(twice.is_empty(), "docs/SUMMARY.md lists twice {twice:?}");
}
