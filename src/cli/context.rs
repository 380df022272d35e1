//! The context of a command: the common options, resolved.

use std::cell::{Cell, RefCell};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::app::reexports::{Access, Restored, Store, StoreError, Watch};
use crate::app::{self, ChunkBounds, Session, Stop, StoredWorkspace};
use crate::diagnostic::{Diagnostics, Sources, github};
use crate::domain::text::counted;
use crate::domain::{Instant, Value, Zone};
use crate::render::table::terminal_width;
use crate::render::{self, Colour, Format, Look, Screen, Sheet, TableRow};

use super::error::Error;
use super::exit::Exit;
use super::globals::{ColorName, FormatName, Globals};
use super::out::{Notices, Out, Verbosity};
use super::pager::{Pager, PagerChoice, screen_size};
use super::progress::{ProgressDisplay, Show};
use super::{clock, signals};

/// What a command ends with.
pub(crate) type CommandResult = Result<Exit, Error>;

/// What a command works with.
pub(crate) struct Context {
    /// The options as given.
    pub(crate) globals: Globals,
    /// Standard output.
    pub(crate) out: Out,
    /// Standard error.
    pub(crate) notices: Notices,
    /// Whether the command is one of several whose end is not its own, as in `demo`.
    pub(crate) is_part: bool,
    /// Raised by a signal.
    pub(crate) stop: Stop,
    /// Whether signals raise it already.
    listening: Cell<bool>,
    /// Over the files of the databases that were opened for writing.
    watches: RefCell<Vec<Watch>>,
}

impl Context {
    /// Makes ready what the options ask for.
    pub(crate) fn new(globals: Globals) -> Self {
        let notices = Notices {
            colour: colour(globals.color, &std::io::stderr()),
            verbosity: match (globals.quiet, globals.verbose) {
                (true, _) => Verbosity::Quiet,
                (false, false) => Verbosity::Normal,
                (false, true) => Verbosity::Verbose,
            },
        };
        Self {
            globals,
            out: Out::new(),
            notices,
            is_part: false,
            stop: Stop::default(),
            listening: Cell::new(false),
            watches: RefCell::default(),
        }
    }

    /// Lets a result that is longer than the screen go through a pager, where the command line allows it.
    pub(crate) fn page(&mut self) {
        let globals = &self.globals;
        if globals.paged && self.out.screen() == Screen::Terminal {
            let command = globals.pager.as_ref().or(globals.usual_pager.as_ref());
            let choice = PagerChoice {
                command: command.cloned(),
                has_less_options: globals.less.is_some(),
            };
            if let Some(size) = screen_size() {
                self.out.page(Pager::of(choice, size));
            }
        }
    }

    /// Returns the format of results; that of annotations belongs to one command.
    pub(crate) fn format(&self) -> Result<Format, Error> {
        match self.globals.format {
            FormatName::Table => Ok(Format::Table),
            FormatName::Json => Ok(Format::Json),
            FormatName::Jsonl => Ok(Format::Jsonl),
            FormatName::Csv => Ok(Format::Csv),
            FormatName::Github => Err(Error::usage(
                "`--format github` belongs to `campaign validate`, `load` and `test` alone",
                "write `--format table`, `json`, `jsonl` or `csv`",
            )),
            FormatName::Markdown => Err(Error::usage(
                "`--format markdown` belongs to `campaign plan` alone",
                "write `--format table`, `json`, `jsonl` or `csv`",
            )),
            FormatName::Parquet => Err(Error::usage(
                "`--format parquet` belongs to `db export` alone",
                "write `--format table`, `json`, `jsonl` or `csv`",
            )),
            FormatName::Ics => Err(Error::usage(
                "`--format ics` belongs to `campaign schedule` alone",
                "write `--format table`, `json`, `jsonl` or `csv`",
            )),
            FormatName::Lcov => Err(Error::usage(
                "`--format lcov` belongs to `campaign test` alone",
                "write `--format table`, `json`, `jsonl` or `csv`",
            )),
            FormatName::Html => Err(Error::usage(
                "`--format html` belongs to `campaign schedule` alone",
                "write `--format table`, `json`, `jsonl` or `csv`; `campaign report -o FILE` writes a page about campaigns",
            )),
        }
    }

    /// Returns what standard output looks like, with instants in a zone.
    pub(crate) fn look(&self, zone: &Zone) -> Look {
        let screen = self.out.screen();
        Look {
            width: match screen {
                Screen::Terminal => terminal_width(),
                Screen::File => None,
            },
            zone: zone.clone(),
            colour: colour(self.globals.color, &std::io::stdout()),
            screen,
        }
    }

    /// Returns the instant taken as now; a local time is one of the workspace's zone.
    pub(crate) fn now(&self, zone: &Zone) -> Result<Instant, Error> {
        let now = match &self.globals.now {
            None => clock::now(),
            Some(text) => self.given_now(text, zone)?,
        };
        self.notices.detail(&format!("now is {now}"));
        Ok(now)
    }

    /// Refuses a `--now` that is no time, also for a command that does not need it: it is a slip that the next one would
    /// stumble over.
    pub(crate) fn check_now(&self) -> Result<(), Error> {
        let now = self.globals.now.as_deref();
        now.map_or(Ok(()), |text| {
            self.given_now(text, &Zone::utc()).map(|_| ())
        })
    }

    fn given_now(&self, text: &str, zone: &Zone) -> Result<Instant, Error> {
        let named = self.globals.now_named;
        instant(text, zone, if named { "--now" } else { "BUGLE_NOW=" })
    }

    /// Begins work on the campaigns of a database.
    pub(crate) fn session<'w>(&self, opened: &'w StoredWorkspace) -> Session<'w> {
        Session::new(opened, self.globals.seed, self.bounds())
    }

    /// Opens the database for reading; nobody is waited for.
    pub(crate) fn read(&self) -> Result<Store, Error> {
        self.report_database();
        Ok(Store::open_read(&self.globals.db)?)
    }

    /// Opens the database for writing, making it where there is none.
    pub(crate) fn write(&self, command: &str) -> Result<Store, Error> {
        let access = self.access(command)?;
        let store = self.watched(Store::create_or_open(&self.globals.db, &access)?);
        self.note_scratch(&store)?;
        Ok(store)
    }

    /// Makes a private copy of the database, for a dry run that works on it as if it wrote; where there is none, nothing is
    /// made but in memory.
    pub(crate) fn copy(&self) -> Result<Store, Error> {
        self.report_database();
        let copy = match self.globals.db.try_exists() {
            Ok(false) => Store::imagine(&self.globals.db)?,
            Ok(true) | Err(_) => Store::open_read(&self.globals.db)?.scratch()?,
        };
        self.listen()?;
        Ok(copy)
    }

    /// Opens the database as for writing, for a dry run: where there is none, nothing is made but in memory.
    pub(crate) fn rehearse(&self, command: &str) -> Result<Store, Error> {
        match self.globals.db.try_exists() {
            Ok(false) => {
                self.listen()?;
                self.report_database();
                Ok(Store::imagine(&self.globals.db)?)
            }
            Ok(true) | Err(_) => self.write(command),
        }
    }

    /// Opens a database that must be there, for writing.
    pub(crate) fn write_existing(&self, command: &str) -> Result<Store, Error> {
        let access = self.access(command)?;
        let store = self.watched(Store::open_existing(&self.globals.db, &access)?);
        self.note_scratch(&store)?;
        Ok(store)
    }

    /// Puts a backup in the place of the database.
    pub(crate) fn restore(&self, from: &Path) -> Result<Restored, Error> {
        let access = self.access("db restore")?;
        Ok(Store::restore(&self.globals.db, from, &access)?)
    }

    /// Says so where the database is a copy for trying things out.
    pub(crate) fn note_scratch(&self, store: &Store) -> Result<(), Error> {
        if store.is_scratch()? {
            let path = self.globals.db.display();
            self.notices.notice(&format!(
                "`{path}` is a copy for trying things out, made by `bugle db scratch`"
            ));
        }
        Ok(())
    }

    fn watched(&self, store: Store) -> Store {
        self.watches.borrow_mut().extend(store.watch());
        store
    }

    /// Returns what happened to the files of the database while the command was writing, once it is closed.
    pub(crate) fn displaced(&self) -> Option<StoreError> {
        self.watches.borrow().iter().find_map(Watch::displaced)
    }

    /// Says who wants to write. From here on a signal asks to stop instead of ending the program.
    fn access(&self, command: &str) -> Result<Access, Error> {
        self.listen()?;
        self.report_database();
        Ok(Access {
            command: command.to_owned(),
            // The note in the lock file has the real time, also with `--now`: another command waits for us.
            now: clock::now(),
            wait: self.globals.wait,
        })
    }

    /// Lets a signal ask to stop from here on, so that what was begun is tidied up.
    pub(crate) fn listen(&self) -> Result<(), Error> {
        if self.listening.replace(true) {
            return Ok(());
        }
        signals::listen(&self.stop).map_err(|error| {
            Error::new(Exit::Storage, format!("cannot listen for signals: {error}"))
        })
    }

    fn report_database(&self) {
        let path = self.globals.db.display();
        self.notices.detail(&format!("the database is `{path}`"));
    }

    /// Returns how much is done between two commits.
    pub(crate) fn bounds(&self) -> ChunkBounds {
        let globals = &self.globals;
        let bounds = globals
            .chunk
            .map_or_else(ChunkBounds::default, ChunkBounds::of);
        ChunkBounds {
            threads: globals.threads.unwrap_or(bounds.threads),
            stretch: globals.stretch.unwrap_or(bounds.stretch),
            ..bounds
        }
    }

    /// Begins showing progress in counts of something whose number is not known.
    pub(crate) fn progress(&self, what: &str) -> ProgressDisplay {
        self.progress_of(what, None)
    }

    /// Begins showing progress in counts of something, of so many where that is known.
    pub(crate) fn progress_of(&self, what: &str, total: Option<u64>) -> ProgressDisplay {
        ProgressDisplay::new(self.show(), what, total)
    }

    /// Begins showing progress in counts of something that is read from files of so many bytes, where that is known.
    pub(crate) fn progress_of_bytes(
        &self,
        what: &str,
        total: Option<u64>,
        read: &Arc<AtomicU64>,
    ) -> ProgressDisplay {
        match total {
            Some(total) => ProgressDisplay::of_bytes(self.show(), what, total, Arc::clone(read)),
            None => self.progress(what),
        }
    }

    /// Begins showing progress in time that passes, from an instant if there is one, and in counts of something.
    pub(crate) fn progress_of_time(
        &self,
        what: &str,
        zone: &Zone,
        from: Option<Instant>,
        until: Instant,
    ) -> ProgressDisplay {
        match from.filter(|from| *from < until) {
            Some(from) => ProgressDisplay::of_time(self.show(), what, zone, [from, until]),
            None => self.progress(what),
        }
    }

    /// Begins showing progress in events of a known number, by which time passes.
    pub(crate) fn progress_of_events(&self, zone: &Zone, total: u64) -> ProgressDisplay {
        ProgressDisplay::of_events(self.show(), zone, total)
    }

    fn show(&self) -> Show {
        if self.globals.no_progress || self.globals.quiet {
            Show::Never
        } else {
            Show::OnTerminal
        }
    }

    /// Writes faults of campaign files as annotations of a workflow.
    pub(crate) fn annotate(
        &mut self,
        diagnostics: &Diagnostics,
        sources: &Sources,
    ) -> Result<(), Error> {
        let annotations = github::render(diagnostics, sources);
        Ok(self.out.write_all(annotations.as_bytes())?)
    }

    /// Returns what a use case gives; where campaign files are at fault and annotations are asked for, the faults are
    /// written as such.
    pub(crate) fn annotate_faults<T>(
        &mut self,
        outcome: Result<T, app::Error>,
    ) -> Result<T, Error> {
        match outcome {
            Err(app::Error::Campaigns(faulty)) if self.globals.format == FormatName::Github => {
                self.annotate(&faulty.diagnostics, &faulty.sources)?;
                let errors = counted(faulty.diagnostics.errors() as u64, "error", "errors");
                Err(Error::new(
                    Exit::Files,
                    format!("the campaign files have {errors}"),
                ))
            }
            outcome => Ok(outcome?),
        }
    }

    /// Writes rows as the result.
    pub(crate) fn rows<R: TableRow>(&mut self, zone: &Zone, rows: &[R]) -> Result<(), Error> {
        let (format, look) = (self.format()?, self.look(zone));
        render::rows(&mut self.out, format, &look, rows)?;
        Ok(())
    }

    /// Writes summaries that are rows as the result, a single one alone.
    pub(crate) fn summaries<R: TableRow>(&mut self, zone: &Zone, rows: &[R]) -> Result<(), Error> {
        let (format, look) = (self.format()?, self.look(zone));
        render::summaries(&mut self.out, format, &look, rows)?;
        Ok(())
    }

    /// Writes an object as the result.
    pub(crate) fn sheet<S: Sheet>(&mut self, zone: &Zone, sheet: &S) -> Result<(), Error> {
        self.sheets(zone, std::slice::from_ref(sheet))
    }

    /// Writes objects as the result, a single one alone.
    pub(crate) fn sheets<S: Sheet>(&mut self, zone: &Zone, sheets: &[S]) -> Result<(), Error> {
        let (format, look) = (self.format()?, self.look(zone));
        render::sheets(&mut self.out, format, &look, sheets)?;
        Ok(())
    }
}

/// Reads an instant of an option: RFC 3339, or local to the workspace's zone.
pub(crate) fn instant(text: &str, zone: &Zone, option: &str) -> Result<Instant, Error> {
    match Value::parse(text, crate::domain::FieldType::Datetime, zone) {
        Ok(Value::Datetime(at)) => Ok(at),
        _ => Err(Error::usage(
            match option.strip_suffix('=') {
                Some(variable) => format!("`{variable}={text}` is not a time"),
                None => format!("`{option} {text}` is not a time"),
            },
            "write `2026-11-02T10:00:00Z`, or `2026-11-02 10:00` in the workspace's zone",
        )),
    }
}

fn colour(name: ColorName, stream: &impl anstream::stream::RawStream) -> Colour {
    match name {
        ColorName::Always => Colour::Always,
        ColorName::Never => Colour::Never,
        ColorName::Auto => match anstream::AutoStream::choice(stream) {
            anstream::ColorChoice::Never => Colour::Never,
            anstream::ColorChoice::Auto
            | anstream::ColorChoice::Always
            | anstream::ColorChoice::AlwaysAnsi => Colour::Always,
        },
    }
}
