//! What makes a release: the version that the program names, and the files that build and describe releases.

#[path = "../../build.rs"]
#[expect(dead_code, reason = "tests call the function behind `main`")]
mod build;

use std::path::Path;
use std::process::Command;

use super::tool::Tool;

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
    let long = Tool::new().run(["--version"]).into_stdout();
    let commit = build::commit(Path::new(env!("CARGO_MANIFEST_DIR")));
    let named = commit.map(|commit| format!("{} ({commit})\n", number.trim_end()));
    // Unoptimised builds leave the commit out.
    assert!(long == number || Some(&long) == named.as_ref(), "{long}");
}
