//! The library that lets calls go wrong, and commands that run under it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::folder::Folder;

/// How a call goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// The process is killed before the call.
    Kill,
    /// Of a write, half is done; then the process is killed.
    Tear,
    /// The process is killed after the call.
    After,
    /// The call fails: the device does not answer.
    Io,
    /// The call and all later ones fail: the disk is full.
    Full,
    /// The call fails: too many files are open.
    Open,
    /// From this call on the system starts no thread.
    Thread,
}

impl Fault {
    /// Every way, those that end the process first.
    pub(crate) const ALL: [Self; 7] = [
        Self::Kill,
        Self::Tear,
        Self::After,
        Self::Io,
        Self::Full,
        Self::Open,
        Self::Thread,
    ];

    /// Returns whether it ends the process at once.
    pub(crate) fn kills(self) -> bool {
        match self {
            Self::Kill | Self::Tear | Self::After => true,
            Self::Io | Self::Full | Self::Open | Self::Thread => false,
        }
    }

    /// Returns what stands in the table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Kill => "killed before a call",
            Self::Tear => "killed within a write",
            Self::After => "killed after a call",
            Self::Io => "a call fails: EIO",
            Self::Full => "all calls from one on fail: ENOSPC",
            Self::Open => "a call fails: EMFILE",
            Self::Thread => "no thread from a call on: EAGAIN",
        }
    }

    fn how(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Tear => "tear",
            Self::After => "after",
            Self::Io => "5",
            Self::Full => "28",
            Self::Open => "24",
            Self::Thread => "11",
        }
    }
}

/// The compiled library.
#[derive(Debug)]
pub(crate) struct Shim {
    folder: tempfile::TempDir,
    /// A variable that plants a fault into every command of which a call goes wrong.
    pub(crate) planted: Option<(&'static str, &'static str)>,
}

impl Shim {
    /// Compiles the library; none where there is no C compiler.
    pub(crate) fn compile() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/shim.c");
        let compiled = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"])
            .arg(folder.path().join("shim.so"))
            .arg(source)
            .args(["-lpthread", "-ldl"])
            .status();
        compiled.ok()?.success().then_some(Self {
            folder,
            planted: None,
        })
    }

    /// Returns a command that runs with the library.
    fn command(&self, folder: &Folder, line: &str) -> Command {
        let mut command = folder.command(line);
        command.env("LD_PRELOAD", self.folder.path().join("shim.so"));
        command
    }

    /// Returns a command that runs with what is planted, and undisturbed otherwise.
    pub(crate) fn planted(&self, folder: &Folder, line: &str) -> Command {
        let mut command = self.command(folder, line);
        command.envs(self.planted);
        command
    }

    /// Runs a command of which one call goes wrong.
    pub(crate) fn run(&self, folder: &Folder, line: &str, fault: Fault, at: u64) -> Output {
        let mut command = self.command(folder, line);
        command
            .envs(self.planted)
            .env("FAULTS_AT", at.to_string())
            .env("FAULTS_HOW", fault.how());
        if matches!(fault, Fault::Full | Fault::Thread) {
            command.env("FAULTS_LASTING", "1");
        }
        command.output().unwrap()
    }

    /// Runs a command to which the library lies.
    pub(crate) fn lie(&self, folder: &Folder, line: &str, lie: &str) -> Output {
        let mut command = self.command(folder, line);
        command.env("FAULTS_LIE", lie).output().unwrap()
    }

    /// Runs a command undisturbed, and counts its calls.
    pub(crate) fn count(&self, folder: &Folder, line: &str) -> (Output, u64) {
        let counted = tempfile::NamedTempFile::new().unwrap();
        let output = self
            .command(folder, line)
            .env("FAULTS_COUNT", counted.path())
            .output()
            .unwrap();
        let count = fs::read_to_string(counted.path()).unwrap();
        (output, count.parse().unwrap())
    }

    /// Runs a command undisturbed, and records what it writes and syncs.
    pub(crate) fn record(&self, folder: &Folder, line: &str, log: &PathBuf) -> Output {
        let mut command = self.command(folder, line);
        command.envs(self.planted);
        command.env("FAULTS_LOG", log).output().unwrap()
    }
}
