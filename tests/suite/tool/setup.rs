//! The words of set-up: what leads to the state that a test is about.

use super::{Line, Tool};

impl Tool {
    /// Adds a batch that writes to everyone at nine each day from November 2, 2026, and holds them for three days.
    pub(crate) fn daily_letter(self) -> Self {
        self.file(
            "campaigns/letter.yaml",
            "
            name: Letter
            smart_list: { filters: [ member_of_smart_list: All People ] }
            flow: [ send_email: letter, wait: 3 days, change_score: +1 ]
            schedule: { first_run: 2026-11-02 09:00, repeat: daily }
            qualification: every_time
            ",
        )
    }

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
