//! Names the commit in `bugle --version`: `0.1.0 (fbd450612 2026-11-26)` for an optimised build of a git checkout.
//!
//! The date is that of the commit, never that of the build, so that a commit gives the same program whenever it is
//! compiled. Other builds are named by the version alone: outside git there is no commit, and in an unoptimised build
//! every new commit would compile the whole program again.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() -> std::io::Result<()> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let is_release = std::env::var_os("PROFILE").is_some_and(|profile| profile == "release");
    let commit = if is_release { commit(&root) } else { None };

    let mut cargo = std::io::stdout();
    writeln!(cargo, "cargo::rerun-if-changed=build.rs")?;
    if is_release {
        for path in head_files(&root) {
            writeln!(cargo, "cargo::rerun-if-changed={}", path.display())?;
        }
    }
    let number = env!("CARGO_PKG_VERSION");
    let version = commit.map_or_else(
        || number.to_owned(),
        |commit| format!("{number} ({commit})"),
    );
    writeln!(cargo, "cargo::rustc-env=BUGLE_VERSION={version}")
}

/// Returns the abbreviated id and the date (UTC) of the commit that is checked out in a folder.
///
/// None where there is no git, and where the folder lies in the repository of another project.
pub(crate) fn commit(root: &Path) -> Option<String> {
    git(root, ["ls-files", "--error-unmatch", "Cargo.toml"])?;
    let format = "--format=%h %cd";
    let date = "--date=format-local:%Y-%m-%d";
    git(root, ["-c", "core.abbrev=9", "log", "-1", format, date])
}

/// Returns the files that change whenever another commit is checked out.
fn head_files(root: &Path) -> Vec<PathBuf> {
    let names = ["HEAD", "logs/HEAD"];
    let paths = names.iter().filter_map(|name| {
        let path = git(root, ["rev-parse", "--git-path", name])?;
        Some(root.join(path))
    });
    paths.filter(|path| path.exists()).collect()
}

/// Runs git in a folder, and returns what it prints if it succeeds.
fn git<A: AsRef<OsStr>>(root: &Path, arguments: impl IntoIterator<Item = A>) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(arguments)
        .env("TZ", "UTC")
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
