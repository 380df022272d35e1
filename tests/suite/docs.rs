//! The documents hold: their examples are valid, their commands say what is shown, their links lead somewhere.
//!
//! What a fenced block is, stands behind its opening fence:
//!
//! | fence | what is tested |
//! |---|---|
//! | `yaml` | campaigns that are valid, without a warning, beside the sample campaigns |
//! | `yaml filters`, `yaml triggers`, `yaml flow` | the same of a part, put into a campaign |
//! | `yaml workspace` | a workspace that is valid |
//! | `yaml … wrong`, `… right`, `… given` | an example of a diagnostic: see `diagnostics.rs` |
//! | `yaml shows=PATH` | the lines stand in that file of the repository |
//! | `… file=PATH` | nothing by itself: the file is there for the commands that follow |
//! | `console` | each command after `$ ` is run by `sh`, and says exactly what stands below it |
//!
//! Commands run in a folder with the sample campaigns and fixtures, one folder a document; `<!-- fresh folder -->`
//! begins anew. One that fails shows its exit code by `; echo $?`. `BUGLE_DOCS=update cargo test docs`
//! writes the outputs into the documents as they are now; read the difference before you keep it.

mod commands;
mod markdown;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::help;
use super::names;
use super::tool::Tool;
use markdown::{Block, blocks, links, slugs};

/// What is run in every document, and how it is put into a campaign that stands beside the samples.
const WRAPPERS: &[(&str, &str, &str)] = &[
    ("", "", ""),
    (
        "filters",
        "name: Example\nprogram: Monthly newsletter\nsmart_list:\n  filters:\n",
        "flow:\n  - send_email: thanks-contact\n",
    ),
    (
        "triggers",
        "name: Example\nsmart_list:\n  triggers:\n",
        "flow:\n  - send_email: thanks-contact\n",
    ),
    (
        "flow",
        "name: Example\nprogram: Monthly newsletter\nsmart_list:\n  triggers:\n    - fills_out_form: any\nflow:\n",
        "",
    ),
];

#[test]
fn readme_says_what_the_program_says() {
    commands::check("README.md");
}

#[test]
fn the_language_reference_says_what_the_program_says() {
    commands::check("docs/language.md");
}

#[test]
fn the_engine_rules_say_what_the_program_says() {
    commands::check("docs/engine.md");
}

#[test]
fn the_data_reference_says_what_the_program_says() {
    commands::check("docs/data.md");
}

#[test]
fn the_command_line_reference_says_what_the_program_says() {
    commands::check("docs/cli.md");
}

#[test]
fn the_other_documents_say_what_the_program_says() {
    let with_a_test_of_their_own = ["README.md", "docs/language.md", "docs/engine.md"]
        .into_iter()
        .chain(["docs/data.md", "docs/cli.md"]);
    let tested: BTreeSet<String> = with_a_test_of_their_own.map(str::to_owned).collect();
    for document in documents() {
        if !tested.contains(&document) {
            commands::check(&document);
        }
    }
}

/// What happens to the names that Marketo's documents give, as the tests of `names.rs` find.
#[test]
fn the_counts_of_marketo_names_are_those_that_the_tests_find() {
    const BEGIN: &str = "<!-- table tried names -->\n";
    let shown = read("docs/catalogue.md");
    let (before, rest) = shown.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once("<!-- end of table -->").unwrap();
    let mut table = "| kind | work | are refused by name |\n|---|---|---|\n".to_owned();
    let kinds = [
        ("triggers", names::triggers()),
        ("activity filters", names::filters()),
        ("inactivity filters", names::inactivity_filters()),
        ("flow steps", names::steps()),
    ];
    for (kind, count) in kinds {
        let _ = writeln!(table, "| {kind} | {} | {} |", count.works, count.refused);
    }
    let actual = format!("{before}{BEGIN}{table}<!-- end of table -->{after}");
    if shown != actual && updating() {
        std::fs::write(path("docs/catalogue.md"), actual).unwrap();
    } else {
        assert!(shown == actual, "`docs/catalogue.md` is not up to date");
    }
}

#[test]
fn every_campaign_in_the_documents_is_valid() {
    let mut wrong = String::new();
    for document in documents() {
        for block in blocks(&read(&document)) {
            if let Some(fault) = fault_of(&block) {
                writeln!(wrong, "{document}:{}\n{fault}", block.line).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Says what is wrong with a block of YAML.
fn fault_of(block: &Block) -> Option<String> {
    let of_a_diagnostic = ["wrong", "right", "given"]
        .iter()
        .any(|word| block.words.last().is_some_and(|last| last == word));
    if block.language != "yaml" || block.value("file").is_some() || of_a_diagnostic {
        return None;
    }
    if let Some(shown) = block.value("shows") {
        let differs = !read(shown).contains(&block.text);
        return differs.then(|| format!("these lines do not stand in `{shown}`"));
    }
    let part = block.words.first().map_or("", String::as_str);
    let mut tool = if part == "workspace" {
        Tool::new()
            .copy("campaigns/emails")
            .bytes("campaigns/workspace.yaml", block.text.as_bytes())
            .file(
                "campaigns/example.yaml",
                "name: Example\nsmart_list:\n  filters:\n    - member_of_smart_list: All People\nflow:\n  - change_score: 1\n",
            )
    } else {
        let Some((_, before, after)) = WRAPPERS.iter().find(|(known, _, _)| *known == part) else {
            return Some(format!("no part of a campaign is called `{part}`"));
        };
        let campaign = format!("{before}{}{after}", block.text);
        Tool::new()
            .copy("campaigns")
            .bytes("campaigns/example.yaml", campaign)
    };
    let ran = tool.run("--quiet campaign validate --deny-warnings");
    let reported = ran.into_stderr();
    (!reported.is_empty()).then_some(reported)
}

#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    for document in documents() {
        let text = read(&document);
        for link in links(&text) {
            if link.contains("://") {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file {
                "" => path(&document),
                file => path(&document).parent().unwrap().join(file),
            };
            let found = target.exists()
                && (heading.is_empty()
                    || slugs(&std::fs::read_to_string(&target).unwrap()).contains(heading));
            if !found {
                wrong.push(format!("{document}: {link}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_command_line_reference_speaks_of_every_command_and_option() {
    let text = read("docs/cli.md");
    let mut silent = BTreeSet::new();
    for command in help::commands(&[]) {
        if let Some(name) = command.last()
            && !text.contains(name.as_str())
        {
            silent.insert(command.join(" "));
        }
        let reported = help::help(&command);
        let options = reported
            .lines()
            .filter(|line| line.trim_start().starts_with('-'))
            .flat_map(|line| line.split(|c: char| c.is_whitespace() || c == ','))
            .filter(|word| word.starts_with("--"));
        silent.extend(
            options
                .filter(|option| !["--help", "--version"].contains(option))
                .filter(|option| !text.contains(*option))
                .map(|option| format!("{} {option}", command.join(" "))),
        );
    }
    assert_eq!(silent, BTreeSet::new());
}

#[test]
fn the_first_command_of_readme_needs_nothing_before_it() {
    let readme = blocks(&read("README.md"));
    let first = readme.iter().find(|block| block.language == "sh").unwrap();
    let words = first.text.strip_prefix(commands::FROM_SOURCE).unwrap();
    Tool::new().done(words.trim_end());
}

#[test]
fn the_tests_that_readme_names_are_those_that_ci_runs() {
    let reported = blocks(&read("README.md"))
        .into_iter()
        .find(|block| block.language == "sh" && block.text.starts_with("cargo test"))
        .unwrap();
    let script = read(".ci/run");
    let run = script
        .lines()
        .find_map(|line| line.strip_prefix("step cargo test"))
        .unwrap();
    assert_eq!(reported.text, format!("cargo test{run}\n"));
}

/// Every document, by its path in the repository.
fn documents() -> Vec<String> {
    let mut documents: Vec<String> = std::fs::read_dir(path("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|end| end == "md"))
        .map(|name| format!("docs/{name}"))
        .collect();
    let at_the_top = [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ];
    documents.extend(at_the_top.map(str::to_owned));
    documents.sort();
    documents
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap_or_default()
}

/// Returns whether documents are to be written anew rather than compared.
fn updating() -> bool {
    std::env::var_os("BUGLE_DOCS").is_some_and(|value| value == "update")
}
