//! The tests of the samples: all of them pass, and every sample campaign has one.

use std::path::{Path, PathBuf};

use crate::tool::Tool;
use serde_json::Value;

#[test]
fn the_tests_of_all_samples_pass() {
    let mut tool = Tool::new().copy("campaigns").copy("fixtures/deals");
    tool.run("campaign test campaigns/")
        .any_stdout()
        .stderr("note: 47 tests passed\n")
        .code(0);
    tool.run("campaign test fixtures/deals/")
        .any_stdout()
        .stderr("note: 4 tests passed\n")
        .code(0);
    assert!(!tool.path("bugle.db").exists(), "no database is made");
}

#[test]
fn the_tests_of_all_samples_see_everything() {
    let mut tool = Tool::new().copy("campaigns").copy("fixtures/deals");
    tool.run("init new").any_stdout().any_stderr().code(0);
    for folder in ["campaigns", "fixtures/deals", "new/campaigns"] {
        let line = format!("campaign test {folder} --threshold 100");
        let ran = tool.run(line.as_str()).any_stdout();
        let said = ran.into_stderr();
        assert!(said.ends_with("tests passed\n"), "{folder}: {said}");
    }
}

/// Returns every YAML file of a folder.
fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.partition(|path| path.is_dir());
    let files = files.into_iter();
    let mut found: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    found.extend(folders.iter().flat_map(|folder| yaml_files(folder)));
    found
}

#[test]
fn every_sample_campaign_has_a_test_that_expects_something_of_someone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for path in ["campaigns", "fixtures/deals"]
        .map(|folder| yaml_files(&root.join(folder)))
        .concat()
    {
        let text = std::fs::read_to_string(&path).unwrap();
        for document in serde_yaml::Deserializer::from_str(&text) {
            let campaign: Value = serde::Deserialize::deserialize(document).unwrap();
            if campaign["flow"].is_null() {
                continue;
            }
            let of_someone = |expected: &Value| !expected["person"].is_null();
            let expects = |test: &Value| {
                test["expect"]
                    .as_array()
                    .is_some_and(|all| all.iter().any(of_someone))
            };
            let tests = campaign["tests"].as_array();
            assert!(
                tests.is_some_and(|all| all.iter().any(expects)),
                "{}: {}",
                path.display(),
                campaign["name"]
            );
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen}");
}
