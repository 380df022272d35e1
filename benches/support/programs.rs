//! The programs that are compared, each run in the bench's folder: `bugle` and the `sqlite3` shell.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use super::contest::Outcome;
use super::memory;

/// The instant that every command takes as now.
const NOW: &str = "2026-11-23T12:00:00Z";
/// Where the shell's scripts lie.
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/sql");

/// The programs, and the folder they work in.
pub(crate) struct Programs<'a> {
    /// Where the databases lie.
    pub(crate) folder: &'a Path,
}

impl Programs<'_> {
    /// Runs one `bugle` command on a database.
    pub(crate) fn bugle(&self, database: &str, arguments: &[&str]) -> Outcome {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bugle"));
        command.args(["--db", database, "--now", NOW, "--quiet"]);
        command.args(arguments);
        for name in ["BUGLE_DB", "BUGLE_NOW", "BUGLE_SEED"] {
            command.env_remove(name);
        }
        self.finish(command)
    }

    /// Runs one of the shell's scripts on a database.
    pub(crate) fn script(&self, database: &str, script: &str) -> Outcome {
        let mut command = shell();
        command.args(["-bail", database]);
        command.stdin(File::open(Path::new(SCRIPTS).join(script))?);
        self.finish(command)
    }

    /// Lets the shell answer one query, as CSV.
    pub(crate) fn query(&self, database: &str, sql: &str) -> Outcome {
        let mut command = shell();
        command.args(["-csv", "-header", database, sql]);
        self.finish(command)
    }

    /// Puts the scripts where their `.read` finds them.
    pub(crate) fn lay_out_scripts(&self) -> Outcome {
        for script in ["person.sql", "qualified.sql"] {
            std::fs::copy(Path::new(SCRIPTS).join(script), self.folder.join(script))?;
        }
        Ok(())
    }

    /// Copies a database onto another, through to the disk, so that no later process pays for it.
    pub(crate) fn copy(&self, from: &str, to: &str) -> Outcome {
        self.remove(to);
        std::fs::copy(self.folder.join(from), self.folder.join(to))?;
        File::open(self.folder.join(to))?.sync_all()?;
        Ok(())
    }

    /// Removes a database.
    pub(crate) fn remove(&self, database: &str) {
        for suffix in ["", "-wal", "-shm", "-journal", ".lock"] {
            // Most of them are not there.
            std::fs::remove_file(self.folder.join(format!("{database}{suffix}"))).ok();
        }
    }

    fn finish(&self, mut command: Command) -> Outcome {
        let child = command
            .current_dir(self.folder)
            .stdout(Stdio::null())
            .spawn()?;
        let status = memory::watched(child)?;
        if status.success() {
            return Ok(());
        }
        Err(format!("{command:?} ended with {status}").into())
    }
}

/// Returns the shell's version, where there is a shell.
pub(crate) fn shell_version() -> Option<String> {
    let said = shell().arg("--version").output().ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    Some(said.split(' ').next()?.to_owned())
}

/// A shell that reads nobody's settings.
fn shell() -> Command {
    let mut command = Command::new("sqlite3");
    command.args(["-batch", "-init", "/dev/null"]);
    command
}
