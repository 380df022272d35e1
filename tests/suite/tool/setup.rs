//! The words of set-up: what leads to the state that a test is about.

use super::{Line, Tool};

impl Tool {
    /// Loads what lies in the folder: first `campaigns/`, then `people.csv`.
    #[track_caller]
    pub(crate) fn loaded(mut self) -> Self {
        if self.path("campaigns").is_dir() {
            self.load();
        }
        if self.path("people.csv").is_file() {
            self.done("person load people.csv");
        }
        self
    }

    /// Runs a command that leads to what is tested: it must succeed, and may write what it wants.
    #[track_caller]
    pub(crate) fn done(&mut self, line: impl Line) -> &mut Self {
        let ran = self.run(line);
        assert_eq!(ran.code, Some(0), "$ {}\n{}", ran.line, ran.stderr);
        self
    }

    /// Loads `campaigns/`.
    #[track_caller]
    pub(crate) fn load(&mut self) -> &mut Self {
        self.done("campaign load")
    }

    /// Writes events, a line each, and replays them. All of them must be taken.
    #[track_caller]
    pub(crate) fn replay(&mut self, events: &str) -> &mut Self {
        self.write("events.jsonl", events);
        self.done("campaign replay-events events.jsonl")
    }

    /// Lets the clock pass to an instant: waits end and scheduled campaigns run.
    #[track_caller]
    pub(crate) fn advance(&mut self, until: &str) -> &mut Self {
        self.done(["campaign", "advance", "--until", until])
    }
}
