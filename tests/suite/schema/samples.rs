//! The schemas beside the samples: they are those of the program, and every sample is valid by them.

use std::path::{Path, PathBuf};

use crate::tool::Tool;

use super::{File, faults};

#[test]
fn every_sample_is_valid_and_names_its_schema() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = ["campaigns", "fixtures"].map(|folder| samples(&root.join(folder)));
    for path in found.iter().flatten() {
        let (file, kind) = match path.file_name().unwrap().to_str().unwrap() {
            "workspace.yaml" => (File::Workspace, "workspace"),
            "program.yaml" => (File::Program, "program"),
            _ => (File::Campaign, "campaign"),
        };
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(faults(file, &text), [""; 0], "{}", path.display());
        let first = text.lines().next().unwrap();
        let named = first.strip_prefix("# yaml-language-server: $schema=");
        let named = path.parent().unwrap().join(named.unwrap_or(first));
        let schema =
            std::fs::canonicalize(root.join(format!("campaigns/schema/{kind}.schema.json")));
        assert_eq!(
            std::fs::canonicalize(named).ok(),
            schema.ok(),
            "{} names another schema: {first}",
            path.display()
        );
    }
    assert!(found.concat().len() > 25, "{found:?}");
}

#[test]
fn the_schemas_beside_the_samples_are_those_of_the_program() {
    let updating = std::env::var_os("BUGLE_DOCS").is_some_and(|value| value == "update");
    for file in File::ALL {
        let kind = file.name();
        let path = format!("campaigns/schema/{kind}.schema.json");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(&path);
        let actual = Tool::new().text(["schema", kind]);
        if updating {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, &actual).unwrap();
        }
        let shown = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(shown == actual, "`{path}` is not up to date");
    }
}

#[test]
fn the_demo_writes_the_schemas_that_its_samples_name() {
    let mut tool = Tool::new();
    tool.done("demo try");
    for sample in samples(&tool.path("try")) {
        let text = std::fs::read_to_string(&sample).unwrap();
        let line = text.lines().next().unwrap();
        let (_, named) = line.split_once("$schema=").unwrap();
        assert!(sample.parent().unwrap().join(named).is_file(), "{line}");
    }
}

pub(super) fn samples(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(samples(&path));
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn every_example_of_the_language_reference_is_valid() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/language.md");
    let reference = std::fs::read_to_string(path).unwrap();
    let mut seen = 0;
    for block in reference.split("\n```yaml").skip(1) {
        let (kind, rest) = block.split_once('\n').unwrap();
        let (text, _) = rest.split_once("\n```").unwrap();
        let (file, text) = match kind.split_whitespace().next() {
            None => (File::Campaign, text.to_owned()),
            Some("filters" | "triggers") => (
                File::Campaign,
                format!("name: Trial\nsmart_list:\n  {}:\n{text}", kind.trim()),
            ),
            Some("flow") => (
                File::Campaign,
                format!("name: Trial\nexecutable: true\nflow:\n{text}"),
            ),
            Some("workspace") => (File::Workspace, text.to_owned()),
            // A part of a sample, which is valid as a whole.
            Some(part) if !part.ends_with("program.yaml") => continue,
            Some(_) => (File::Program, text.to_owned()),
        };
        assert_eq!(faults(file, &text), [""; 0], "{text}");
        seen += 1;
    }
    assert!(seen > 10, "{seen} examples");
}
