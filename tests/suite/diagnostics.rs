//! What people are told of faulty campaigns: every code at least once, the whole text compared.
//!
//! `tests/diagnostics.txt` holds the cases: `## ` and the rule, the files (each after a line `@ name`), a line `>>>`,
//! and what is told.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use bugle::app::validate::validate;
use bugle::campaign::compile::compile;
use bugle::diagnostic::{Code, Diagnostics, Sources, text};
use bugle::source::{Stored, StoredCampaign, from_stored};

const CASES: &str = include_str!("../diagnostics.txt");

struct Case {
    rule: String,
    stored: Stored,
    told: String,
}

fn cases() -> Vec<Case> {
    CASES.split("\n## ").skip(1).map(case).collect()
}

fn case(text: &str) -> Case {
    let (rule, rest) = text.split_once('\n').unwrap();
    let (files, told) = rest.split_once("\n>>>").unwrap();
    let mut stored = Stored::default();
    for file in format!("\n{files}\n").split("\n@ ").skip(1) {
        let (name, text) = file.split_once('\n').unwrap();
        if name == "workspace.yaml" {
            stored.workspace = Some(text.to_owned());
        } else {
            stored.campaigns.push(StoredCampaign {
                file: name.to_owned(),
                definition: text.to_owned(),
                description: None,
            });
        }
    }
    Case {
        rule: rule.to_owned(),
        stored,
        told: told.trim().to_owned(),
    }
}

fn diagnose(stored: &Stored) -> (Diagnostics, Sources) {
    let loaded = from_stored(stored);
    let (_, diagnostics) = compile(&loaded, &[]);
    (diagnostics, loaded.sources)
}

#[test]
fn every_fault_is_told_with_its_place_and_its_remedy() {
    let mut wrong = String::new();
    for case in cases() {
        let (diagnostics, sources) = diagnose(&case.stored);
        let told = text::render(&diagnostics, &sources, false);
        if told.trim() != case.told {
            writeln!(wrong, "## {}\n{}\n", case.rule, told.trim()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "told otherwise:\n\n{wrong}");
}

#[test]
fn every_code_of_a_campaign_file_is_shown() {
    let shown: BTreeSet<Code> = cases()
        .iter()
        .flat_map(|case| {
            let (diagnostics, _) = diagnose(&case.stored);
            let sorted = diagnostics.sorted();
            sorted.into_iter().map(|d| d.code).collect::<Vec<_>>()
        })
        .collect();
    let missing: Vec<&str> = Code::ALL
        .iter()
        .filter(|code| !shown.contains(code))
        .map(|code| code.name())
        .collect();
    assert!(missing.is_empty(), "never shown: {missing:?}");
}

#[test]
fn the_sample_workspaces_have_no_fault() {
    for folder in ["campaigns", "fixtures/deals"] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
        let validation = validate(&[path]).unwrap();
        let told = text::render(&validation.diagnostics, &validation.sources, false);
        assert!(told.is_empty(), "{told}");
        assert!(!validation.rows.is_empty());
    }
}
