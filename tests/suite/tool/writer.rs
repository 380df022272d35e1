//! A command that has the database open for writing for as long as a test wants.

use std::fs;
use std::io::{Read as _, Write as _};
use std::process::{Child, Stdio};
use std::time::Duration;

use super::{Line, Tool};

/// A replay that waits for its events on standard input.
pub(crate) struct Writer(Child);

impl Tool {
    /// Starts a replay without events, and returns once it has the database open.
    pub(crate) fn writer(&self) -> Writer {
        let mut command = self.command();
        command.args(["--wait", "1 minute", "campaign", "replay-events", "-"]);
        let pipes = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = pipes.spawn().unwrap();
        let pid = child.id().to_string();
        let is_open = || {
            let note = fs::read_to_string(self.path("bugle.db.lock")).unwrap_or_default();
            note.starts_with(&pid) && self.is_read() && waits_for_events(&pid)
        };
        while !is_open() {
            assert!(child.try_wait().unwrap().is_none(), "it has ended");
            std::thread::sleep(Duration::from_millis(5));
        }
        Writer(child)
    }

    /// Returns whether a connection has read the database: its first page makes the index of the journal.
    fn is_read(&self) -> bool {
        fs::metadata(self.path("bugle.db-shm")).is_ok_and(|metadata| metadata.len() > 0)
    }
}

impl Writer {
    /// Runs another command that would write, which leaves and says who is writing since when.
    #[track_caller]
    pub(crate) fn turns_away(&self, tool: &mut Tool, line: impl Line) {
        let ran = tool.run(line);
        assert_eq!(ran.code, Some(5), "{}", ran.stderr);
        let report = ran.into_stderr();
        let pid = self.0.id();
        let (who, since) = report.split_once(", since 20").unwrap();
        assert_eq!(
            who,
            format!("error: another command is writing: `campaign replay-events`, process {pid}")
        );
        assert_eq!(
            since.split_once('\n').unwrap().1,
            "help: wait for it, or wait longer with `--wait 1 minute`\n"
        );
    }

    /// Gives it its events; returns what it prints as errors, and its exit code.
    pub(crate) fn finish(mut self, events: &[u8]) -> (String, Option<i32>) {
        self.0.stdin.take().unwrap().write_all(events).unwrap();
        let mut report = String::new();
        let mut stderr = self.0.stderr.take().unwrap();
        stderr.read_to_string(&mut report).unwrap();
        (report, self.0.wait().unwrap().code())
    }
}

impl Drop for Writer {
    /// Ends it without events.
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Returns whether a command reads its standard input, so that nothing of its beginning is left to do.
///
/// Where the system does not say what a process is doing, having read the database is all that is known.
fn waits_for_events(pid: &str) -> bool {
    match fs::read_to_string(format!("/proc/{pid}/syscall")) {
        // `read` on x86-64 and on arm64, and descriptor 0.
        Ok(call) => ["0 0x0 ", "63 0x0 "]
            .iter()
            .any(|read| call.starts_with(read)),
        Err(_) => true,
    }
}
