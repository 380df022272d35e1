//! What people are reported of faulty campaigns: every code at least once, the whole text compared.
//!
//! `tests/diagnostics.txt` holds the cases: `## ` and the rule, the files (each after a line `@ name`), a line `>>>`,
//! and what is reported. The pages of the codes, `docs/diagnostics.md`, have examples of their own: a wrong one of which
//! nothing but the code is reported, and a right one of which nothing is reported.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use crate::app::validate::validate;
use crate::campaign::compile::compile;
use crate::diagnostic::page::{Piece, pieces};
use crate::diagnostic::{Code, Diagnostics, Severity, Sources, text};
use crate::source::{StoredCampaign, StoredTexts, from_stored};

const CASES: &str = include_str!("../../../tests/diagnostics.txt");

struct Case {
    rule: String,
    stored: StoredTexts,
    reported: String,
}

/// Only the people of a database show it: see `tests/suite/validate.rs`.
const OF_PEOPLE: Code = Code::ValueNobodyHas;

fn cases() -> Vec<Case> {
    CASES.split("\n## ").skip(1).map(case).collect()
}

fn case(text: &str) -> Case {
    let (rule, rest) = text.split_once('\n').unwrap();
    let (files, reported) = rest.split_once("\n>>>").unwrap();
    let mut stored = StoredTexts::default();
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
        reported: reported.trim().to_owned(),
    }
}

fn diagnose(stored: &StoredTexts) -> (Diagnostics, Sources) {
    let loaded = from_stored(stored);
    let (_, diagnostics) = compile(&loaded, &[]);
    (diagnostics, loaded.sources)
}

#[test]
fn every_fault_is_reported_with_its_place_and_its_remedy() {
    let mut wrong = String::new();
    for case in cases() {
        let (diagnostics, sources) = diagnose(&case.stored);
        let reported = text::render(&diagnostics, &sources, false);
        if reported.trim() != case.reported {
            writeln!(wrong, "## {}\n{}\n", case.rule, reported.trim()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "reported otherwise:\n\n{wrong}");
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
        .filter(|code| !shown.contains(code) && **code != OF_PEOPLE)
        .map(|code| code.name())
        .collect();
    assert!(missing.is_empty(), "never shown: {missing:?}");
}

/// Returns the files that an example of a page stands for: `---` divides them, and a part stands in a whole campaign.
fn example(words: &str, text: &str, given: Option<&str>) -> StoredTexts {
    let has = |word| words.split_whitespace().any(|written| written == word);
    let indented = |by: &str| {
        let lines = text.lines().map(|line| format!("{by}{line}\n"));
        lines.collect::<String>()
    };
    let step = "flow: [ change_score: +5 ]\n";
    let campaigns = if has("filters") {
        format!(
            "name: Trial\nsmart_list:\n  filters:\n{}{step}",
            indented("    ")
        )
    } else if has("triggers") {
        format!(
            "name: Trial\nsmart_list:\n  triggers:\n{}{step}",
            indented("    ")
        )
    } else if has("flow") {
        format!(
            "name: Trial\nsmart_list: {{ triggers: [ fills_out_form: Trial ] }}\nflow:\n{}",
            indented("  ")
        )
    } else if has("workspace") {
        format!("name: Trial\nsmart_list: {{ triggers: [ fills_out_form: Trial ] }}\n{step}")
    } else {
        format!("{text}\n")
    };
    StoredTexts {
        workspace: if has("workspace") { Some(text) } else { given }.map(str::to_owned),
        campaigns: campaigns
            .split("---\n")
            .enumerate()
            .map(|(place, definition)| StoredCampaign {
                file: format!("{place}.yaml"),
                definition: definition.to_owned(),
                description: None,
            })
            .collect(),
        retired: Vec::new(),
    }
}

#[test]
fn the_page_of_each_code_shows_it_and_shows_it_mended() {
    let mut wrong = String::new();
    for code in Code::ALL {
        let pieces = pieces(*code);
        let severity = match code.severity() {
            Severity::Error => "Error",
            Severity::Warning => "Warning",
        };
        let meaning = format!("**{severity}.** {}", code.meaning());
        let given = pieces.iter().find_map(|piece| match piece {
            Piece::Example(words, text) if words.ends_with("given") => Some(*text),
            Piece::Example(..) | Piece::Prose(_) => None,
        });
        let reported = |end: &str| {
            let examples = pieces.iter().filter_map(|piece| match piece {
                Piece::Example(words, text) if words.ends_with(end) => Some((words, text)),
                Piece::Example(..) | Piece::Prose(_) => None,
            });
            let reported: Vec<BTreeSet<Code>> = examples
                .map(|(words, text)| {
                    let (diagnostics, _) = diagnose(&example(words, text, given));
                    diagnostics.sorted().into_iter().map(|d| d.code).collect()
                })
                .collect();
            reported
        };
        let (bad, good) = (reported("wrong"), reported("right"));
        let shown = if *code == OF_PEOPLE {
            BTreeSet::new()
        } else {
            BTreeSet::from([*code])
        };
        if pieces.first() != Some(&Piece::Prose(&meaning))
            || !matches!(pieces.get(1), Some(Piece::Prose(_)))
            || bad != [shown]
            || good != [BTreeSet::new()]
        {
            writeln!(wrong, "{}: wrong {bad:?}, right {good:?}", code.name()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_page_is_that_of_a_code_in_their_order() {
    let document = include_str!("../../../docs/diagnostics.md");
    let headings: Vec<&str> = document
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .collect();
    let names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(headings, names);
}

#[test]
fn the_sample_workspaces_have_no_fault() {
    for folder in ["campaigns", "fixtures/deals"] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
        let validation = validate(&[path]).unwrap();
        let reported = text::render(&validation.diagnostics, &validation.sources, false);
        assert!(reported.is_empty(), "{reported}");
        assert!(!validation.rows.is_empty());
    }
}
