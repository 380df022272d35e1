//! What makes a release: the version that the program names, and the files that build and describe releases.

#[path = "../../build.rs"]
#[expect(dead_code, reason = "tests call the function behind `main`")]
mod build;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use super::tool::Tool;

/// The folder of the repository.
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Runs git in a folder, as a committer with an odd time zone.
fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.com"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_COMMITTER_DATE", "2026-11-02T23:30:00-08:00")
        .env("GIT_AUTHOR_DATE", "2026-10-01T00:00:00Z")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        // A hook that runs the tests sets these.
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_WORK_TREE")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// A repository with one commit, which has `Cargo.toml` in a folder.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("bugle")).unwrap();
    std::fs::write(folder.path().join("bugle/Cargo.toml"), "").unwrap();
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["add", "bugle/Cargo.toml"]);
    git(folder.path(), &["commit", "--quiet", "--message=first"]);
    folder
}

#[test]
fn a_checkout_is_named_by_its_commit_and_the_date_of_it_in_utc() {
    let repository = repository();
    let commit = build::commit(&repository.path().join("bugle")).unwrap();
    let (id, date) = commit.split_once(' ').unwrap();
    assert!(id.len() == 9 && id.chars().all(|c| c.is_ascii_hexdigit()));
    assert_eq!(date, "2026-11-03");
}

#[test]
fn sources_without_a_commit_of_their_own_name_none() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Cargo.toml"), "").unwrap();
    assert_eq!(build::commit(folder.path()), None);
    // Sources that were unpacked inside the repository of another project.
    let repository = repository();
    let unpacked = repository.path().join("unpacked");
    std::fs::create_dir(&unpacked).unwrap();
    std::fs::write(unpacked.join("Cargo.toml"), "").unwrap();
    assert_eq!(build::commit(&unpacked), None);
}

#[test]
fn the_short_version_is_the_number_alone() {
    let number = concat!("bugle ", env!("CARGO_PKG_VERSION"), "\n");
    Tool::new().run(["-V"]).stdout(number).code(0);
    let long = Tool::new().text(["--version"]);
    let commit = build::commit(Path::new(ROOT));
    let named = commit.map(|commit| format!("{} ({commit})\n", number.trim_end()));
    // Unoptimised builds leave the commit out.
    assert!(long == number || Some(&long) == named.as_ref(), "{long}");
}

/// What cargo knows of this package.
fn package() -> serde_json::Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(ROOT)
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"][0].clone()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(ROOT).join(name)).unwrap()
}

/// The scripts of `.ci/`, by name: its files that can be executed.
#[cfg(unix)]
fn scripts() -> BTreeSet<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let entries = std::fs::read_dir(Path::new(ROOT).join(".ci")).unwrap();
    let scripts = entries.filter_map(|entry| {
        let entry = entry.unwrap();
        let meta = entry.metadata().unwrap();
        let is_script = meta.is_file() && meta.permissions().mode() & 0o111 != 0;
        is_script.then(|| entry.file_name().into_string().unwrap())
    });
    scripts.collect()
}

/// The scripts of `.ci/` that a text runs or refers to.
fn named_scripts(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let named = text.split(".ci/").skip(1).map(|rest| {
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        rest[..end].trim_end_matches('.').to_owned()
    });
    named.filter(|name| !name.is_empty()).collect()
}

/// The targets that the release workflow builds for, in its order.
fn targets() -> Vec<String> {
    let workflow: serde_yaml::Value =
        serde_yaml::from_str(&read(".github/workflows/release.yml")).unwrap();
    let builds = &workflow["jobs"]["build"]["strategy"]["matrix"]["include"];
    let targets = builds.as_sequence().unwrap().iter();
    targets
        .map(|build| build["target"].as_str().unwrap().to_owned())
        .collect()
}

#[cfg(unix)]
#[test]
fn each_script_that_is_named_can_be_run_and_each_is_explained() {
    let scripts = scripts();
    let workflows = [".github/workflows/ci.yml", ".github/workflows/release.yml"];
    let documents = ["justfile", "README.md", "CONTRIBUTING.md", "SECURITY.md"];
    let settings = [
        "Cargo.toml",
        "Containerfile",
        "deny.toml",
        "typos.toml",
        ".gitattributes",
    ];
    for file in workflows.iter().chain(&documents).chain(&settings) {
        let mut named = named_scripts(&read(file));
        // Folders and files of this name are not scripts.
        named.remove("tools");
        let missing: Vec<_> = named.difference(&scripts).collect();
        assert!(missing.is_empty(), "{file} names {missing:?}");
    }
    let explained = named_scripts(&read("CONTRIBUTING.md"));
    let called_by_others = ["pack.py", "smoke", "third_party.py"].map(str::to_owned);
    let explained = &explained | &BTreeSet::from(called_by_others);
    assert_eq!(scripts.difference(&explained).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn each_action_of_a_workflow_is_pinned() {
    for workflow in ["ci", "release"] {
        let text = read(&format!(".github/workflows/{workflow}.yml"));
        let uses = text.lines().filter_map(|line| line.split_once("uses: "));
        let mut count = 0;
        for (_, action) in uses {
            count += 1;
            let pinned = action
                .split_once('@')
                .and_then(|(_, at)| at.split_once(" # v"));
            let (commit, _) = pinned.unwrap_or_else(|| panic!("{workflow}: {action}"));
            assert!(
                commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()),
                "{workflow}: {action}"
            );
        }
        assert!(count > 0, "{workflow} uses no action");
    }
}

#[test]
fn the_changelog_has_this_version_and_room_for_the_next() {
    let text = read("CHANGELOG.md");
    let versions: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .collect();
    assert_eq!(versions[0], "[Unreleased]");
    let this = concat!("[", env!("CARGO_PKG_VERSION"), "] - ");
    let date = versions[1].strip_prefix(this).unwrap();
    let shape = date
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c });
    assert_eq!(shape.collect::<String>(), "0000-00-00");
}

#[test]
fn the_oldest_rust_is_the_same_everywhere() {
    let package = package();
    let oldest = package["rust_version"].as_str().unwrap();
    for file in ["README.md", "CONTRIBUTING.md", "docs/install.md", ".ci/run"] {
        let text = read(file);
        let named = text.replace("[Rust](https://rustup.rs)", "Rust");
        let line = format!("Rust {oldest} or newer");
        assert!(named.contains(&line), "{file} lacks `{line}`");
    }
}

#[test]
fn the_targets_of_releases_are_those_of_the_documents_and_of_the_licence_check() {
    let targets = targets();
    let install = read("docs/install.md");
    let documented = install.lines().filter_map(|line| {
        let cell = line.strip_prefix("| ")?.split(" | ").nth(1)?;
        Some(cell.strip_prefix('`')?.split_once('`')?.0.to_owned())
    });
    let documented: BTreeSet<String> = documented.filter(|name| name.contains('-')).collect();
    assert_eq!(documented, targets.iter().cloned().collect());
    let deny = read("deny.toml");
    let missing: Vec<_> = targets
        .iter()
        .filter(|target| !deny.contains(&format!("\"{target}\"")))
        .collect();
    assert!(missing.is_empty(), "deny.toml lacks {missing:?}");
}

#[cfg(unix)]
#[test]
fn binstall_finds_the_archives_that_are_built() {
    let package = package();
    let binstall = &package["metadata"]["binstall"];
    for target in targets() {
        let output = Command::new(Path::new(ROOT).join(".ci/archive"))
            .args(["--name", &target])
            .output()
            .unwrap();
        let archive = String::from_utf8(output.stdout).unwrap();
        let own = binstall["overrides"][&target]["pkg-fmt"].as_str();
        let format = own.unwrap_or_else(|| binstall["pkg-fmt"].as_str().unwrap());
        let (suffix, extension) = match format {
            "tgz" => (".tar.gz", ""),
            "zip" => (".zip", ".exe"),
            other => panic!("{other}"),
        };
        let fill = |template: &str| {
            let filled = template
                .replace("{ repo }", "https://example.com/bugle")
                .replace("{ name }", "bugle")
                .replace("{ bin }", "bugle")
                .replace("{ version }", env!("CARGO_PKG_VERSION"))
                .replace("{ target }", &target)
                .replace("{ archive-suffix }", suffix)
                .replace("{ binary-ext }", extension);
            assert!(!filled.contains('{'), "{filled}");
            filled
        };
        let folder = archive.trim_end().strip_suffix(suffix).unwrap();
        let tag = concat!("v", env!("CARGO_PKG_VERSION"));
        assert_eq!(
            fill(binstall["pkg-url"].as_str().unwrap()),
            format!("https://example.com/bugle/releases/download/{tag}/{folder}{suffix}")
        );
        assert_eq!(
            fill(binstall["bin-dir"].as_str().unwrap()),
            format!("{folder}/bugle{extension}")
        );
    }
}

#[cfg(unix)]
#[test]
fn release_notes_are_the_section_of_the_version() {
    let notes = |tag: &str, repository: Option<&str>| {
        let mut command = Command::new(Path::new(ROOT).join(".ci/release-notes"));
        command.arg(tag).env_remove("GITHUB_REPOSITORY");
        if let Some(repository) = repository {
            command.env("GITHUB_SERVER_URL", "https://example.com");
            command.env("GITHUB_REPOSITORY", repository);
        }
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        (
            output.status.success(),
            String::from_utf8(output.stdout).unwrap(),
            stderr,
        )
    };
    let tag = concat!("v", env!("CARGO_PKG_VERSION"));
    let (good, text, _) = notes(tag, None);
    assert!(
        good && text.contains("### Added") && !text.contains("## ["),
        "{text}"
    );
    let changelog = read("CHANGELOG.md");
    assert!(changelog.contains(text.trim()), "{text}");

    let (good, _, said) = notes("v0.0.1", None);
    let expected = format!(
        "release-notes: the tag is v0.0.1, but Cargo.toml has version {}\n",
        &tag[1..]
    );
    assert_eq!((good, said), (false, expected));

    let (good, _, said) = notes(tag, Some("nobody/bugle"));
    let line = "Cargo.toml lacks the line `repository = \"https://example.com/nobody/bugle\"`";
    assert_eq!((good, said), (false, format!("release-notes: {line}\n")));
}

#[test]
fn each_generated_file_of_the_attributes_exists() {
    let attributes = read(".gitattributes");
    let patterns: Vec<&str> = attributes
        .lines()
        .filter_map(|line| line.strip_suffix(" linguist-generated"))
        .collect();
    assert!(patterns.contains(&"docs/catalogue.md"));
    for pattern in patterns {
        let path = Path::new(ROOT).join(pattern);
        let (folder, name) = (path.parent().unwrap(), path.file_name().unwrap());
        let (start, end) = name
            .to_str()
            .unwrap()
            .split_once('*')
            .unwrap_or((name.to_str().unwrap(), ""));
        let is_meant = |file: std::fs::DirEntry| {
            let name = file.file_name().into_string().unwrap();
            name.starts_with(start) && name.ends_with(end)
        };
        let mut files = std::fs::read_dir(folder).unwrap();
        assert!(
            files.any(|file| is_meant(file.unwrap())),
            "no file is `{pattern}`"
        );
    }
}

#[test]
fn the_wheel_is_described_as_the_crate_is() {
    let package = package();
    let project = read("pyproject.toml");
    for key in ["name", "license"] {
        let line = format!("\n{key} = {}\n", package[key]);
        assert!(
            project.contains(&line),
            "pyproject.toml lacks `{}`",
            line.trim()
        );
    }
}
