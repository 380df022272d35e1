//! Runs the real program in a folder of its own and compares its whole output.
//!
//! ```ignore
//! Tool::new()
//!     .file("campaigns/trial.yaml", "…")
//!     .now("2026-11-02T10:00:00Z")
//!     .run("campaign validate campaigns/")
//!     .stdout("…")
//!     .code(0);
//! ```
//!
//! Whole output is compared: output that a test does not expect fails it. The environment is bare, and its zone and
//! language are odd ones, so that a test fails where they would show.
//!
//! | file | has |
//! |---|---|
//! | `mod.rs` | the folder, its files, running, comparing |
//! | `line.rs` | command lines as one text or as words |
//! | `setup.rs` | the words of set-up, the same in all tests: `loaded`, `done`, `load`, `replay`, … |
//! | `read.rs` | what a test reads back: `text`, `rows`, `cells`, `log`, `dump`, `query`, … |
//! | `table.rs` | the rows of a truth table in `tests/*.csv` |
//! | `writer.rs` | a command that writes for as long as a test wants |

mod line;
pub(crate) mod query;
mod read;
mod setup;
pub(crate) mod table;
mod writer;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) use line::Line;
pub(crate) use writer::Writer;

/// A folder to run the program in, with its environment and the next standard input.
pub(crate) struct Tool {
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
    stdin: Vec<u8>,
}

impl Tool {
    /// Makes an empty folder.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            environment: Vec::new(),
            stdin: Vec::new(),
        }
    }

    /// Returns a path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file; blanks that all lines begin with are not part of it.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        self.write(name, text);
        self
    }

    /// Writes a file of exactly these bytes.
    pub(crate) fn bytes(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.write_bytes(name, bytes);
        self
    }

    /// Writes a file between commands; blanks that all lines begin with are not part of it.
    pub(crate) fn write(&self, name: &str, text: &str) {
        self.write_bytes(name, dedent(text));
    }

    /// Writes a file of exactly these bytes between commands.
    pub(crate) fn write_bytes(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Copies a file or folder of the repository, such as `campaigns`.
    pub(crate) fn copy(self, name: &str) -> Self {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        copy(&from, &self.path(name));
        self
    }

    /// Returns another folder with the same files and the same environment.
    pub(crate) fn twin(&self) -> Self {
        let twin = Self {
            folder: tempfile::tempdir().unwrap(),
            environment: self.environment.clone(),
            stdin: Vec::new(),
        };
        copy(self.folder.path(), twin.folder.path());
        twin
    }

    /// Sets the instant taken as now for every command that follows.
    pub(crate) fn now(self, now: &str) -> Self {
        self.variable("BUGLE_NOW", now)
    }

    /// Sets an environment variable for every command that follows.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Gives the next command its standard input.
    pub(crate) fn stdin(mut self, text: impl AsRef<[u8]>) -> Self {
        self.stdin = text.as_ref().to_vec();
        self
    }

    /// Returns the program, ready to be run in the folder; for what this builder does not know.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bugle"));
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("TZ", "Pacific/Chatham")
            .env("LANG", "tr_TR.UTF-8")
            .env("LC_ALL", "tr_TR.UTF-8")
            .env("COLUMNS", "40")
            .env("HOME", self.folder.path())
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs the program with a command line: one text, such as `"person log ann@example.com"`, or its words.
    pub(crate) fn run(&mut self, line: impl Line) -> Ran<'_> {
        let arguments: Vec<OsString> = line.words();
        let mut child = self
            .command()
            .args(&arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that reads nothing may be gone already.
        let _ = child
            .stdin
            .take()
            .unwrap()
            .write_all(&std::mem::take(&mut self.stdin));
        let output = child.wait_with_output().unwrap();
        let words: Vec<String> = arguments
            .iter()
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
        Ran {
            tool: self,
            line: format!("bugle {}", words.join(" ")),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code(),
            expected_stdout: Expected::Exactly(String::new()),
            expected_stderr: Expected::Exactly(String::new()),
        }
    }
}

/// What the program wrote, and what it should have written.
#[must_use = "`code` compares"]
pub(crate) struct Ran<'a> {
    tool: &'a mut Tool,
    line: String,
    stdout: String,
    stderr: String,
    code: Option<i32>,
    expected_stdout: Expected,
    expected_stderr: Expected,
}

enum Expected {
    Exactly(String),
    Anything,
}

impl<'a> Ran<'a> {
    /// Expects this result; blanks that all lines begin with are not part of it.
    pub(crate) fn stdout(mut self, text: &str) -> Self {
        self.expected_stdout = Expected::Exactly(dedent(text));
        self
    }

    /// Expects these notices and errors.
    pub(crate) fn stderr(mut self, text: &str) -> Self {
        self.expected_stderr = Expected::Exactly(dedent(text));
        self
    }

    /// Takes any result. A command that only leads to what is tested is written with `Tool::done`.
    pub(crate) fn any_stdout(mut self) -> Self {
        self.expected_stdout = Expected::Anything;
        self
    }

    /// Takes any notices.
    pub(crate) fn any_stderr(mut self) -> Self {
        self.expected_stderr = Expected::Anything;
        self
    }

    /// Compares all of it, the exit code included, and goes on in the same folder.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> &'a mut Tool {
        let mut wrong = String::new();
        compare(&mut wrong, "stdout", &self.expected_stdout, &self.stdout);
        compare(&mut wrong, "stderr", &self.expected_stderr, &self.stderr);
        if self.code != Some(code) {
            let _ = writeln!(wrong, "exit code: expected {code}, was {:?}", self.code);
            if wrong.lines().count() == 1 {
                let _ = write!(wrong, "stderr was:\n{}", self.stderr);
            }
        }
        assert!(wrong.is_empty(), "\n$ {}\n{wrong}", self.line);
        self.tool
    }

    /// Returns the result as it is.
    pub(crate) fn into_stdout(self) -> String {
        self.stdout
    }

    /// Returns notices and errors as they are.
    pub(crate) fn into_stderr(self) -> String {
        self.stderr
    }
}

fn compare(wrong: &mut String, name: &str, expected: &Expected, actual: &str) {
    match expected {
        Expected::Anything => {}
        Expected::Exactly(text) if text == actual => {}
        Expected::Exactly(text) => {
            let _ = write!(
                wrong,
                "{name}: expected\n{text}---- but was\n{actual}----\n"
            );
        }
    }
}

/// Takes off a first empty line, and the blanks that every line begins with.
pub(crate) fn dedent(text: &str) -> String {
    let text = text.strip_prefix('\n').unwrap_or(text);
    let margin = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        // The line that closes the literal in the source is not a line of the text.
        if !line.ends_with('\n') && line.trim().is_empty() {
            continue;
        }
        out.push_str(line.get(margin..).unwrap_or("\n"));
    }
    out
}

fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(from, to).unwrap();
        return;
    }
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}
