//! A disk that becomes full: a small file system in memory, where the system lets us make one.
//!
//! The command has so much room beyond what lies there already; then it is given more, and the command is given again.

use std::process::{Command, Output};

use super::folder::Folder;
use super::sweep::Prepared;

/// What the shell ends with where it can make no file system.
const IMPOSSIBLE: i32 = 99;

/// How much room each further seed gives, in KiB.
const STEP: u64 = 12;

const SCRIPT: &str = r#"
disk=$1 before=$2 kept=$3 room=$4
shift 4
mount -t tmpfs -o size=64m tmpfs "$disk" && cp -a "$before/." "$disk/" || exit 99
used=$(df -k --output=used "$disk" | tail -1)
mount -o remount,size=$((used + room))k "$disk" || exit 99
(cd "$disk" && TMPDIR=$disk "$@")
code=$?
mount -o remount,size=64m "$disk" && cp -a "$disk/." "$kept/" || exit 99
umount "$disk" && cp -a "$kept/." "$disk/" || exit 99
exit $code
"#;

/// Returns whether the system lets us make file systems.
pub(crate) fn is_possible() -> bool {
    let (before, disk) = (Folder::new(), Folder::new());
    let ran = run(&before, &disk, 64, Command::new("true"));
    ran.is_some_and(|output| output.status.success())
}

/// Gives a command on a disk with little room; returns what is left there, and how the command has ended.
pub(crate) fn small(prepared: &Prepared, seed: u64) -> Option<(Folder, Output)> {
    let disk = Folder::new();
    let command = prepared.before.command(prepared.case.line);
    let output = run(&prepared.before, &disk, seed * STEP, command)?;
    let possible = output.status.code() != Some(IMPOSSIBLE);
    possible.then_some((disk, output))
}

/// Leaves in the folder of the disk what was on it: a command is known again by the paths of its files.
fn run(before: &Folder, disk: &Folder, room: u64, given: Command) -> Option<Output> {
    let kept = Folder::new();
    let mut command = Command::new("unshare");
    command
        .args([
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            SCRIPT,
            "sh",
        ])
        .args([disk.path(), before.path(), kept.path()])
        .arg(room.to_string())
        .arg(given.get_program())
        .args(given.get_args());
    for (name, value) in given.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command.output().ok()
}
