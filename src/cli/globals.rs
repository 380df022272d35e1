//! The options that every command takes, and how their values are read.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::app::reexports::Renames;

use super::error::Error;

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[command(next_help_heading = "Options every command takes")]
pub(crate) struct Globals {
    /// The database file; created by the first command that writes
    #[arg(
        long,
        global = true,
        env = "BUGLE_DB",
        hide_env_values = true,
        default_value = "bugle.db",
        value_name = "PATH"
    )]
    pub(crate) db: PathBuf,
    /// The instant to use as now: RFC 3339, or local to the workspace's zone [default: the system clock]
    #[arg(
        long,
        global = true,
        env = "BUGLE_NOW",
        hide_env_values = true,
        value_name = "TIME"
    )]
    pub(crate) now: Option<String>,
    /// For random samples
    #[arg(
        long,
        global = true,
        env = "BUGLE_SEED",
        hide_env_values = true,
        default_value_t = 0,
        value_name = "N"
    )]
    pub(crate) seed: u64,
    /// People, events or rows per commit; results do not depend on it
    #[arg(long, global = true, hide = true, env = "BUGLE_CHUNK", hide_env = true)]
    pub(crate) chunk: Option<usize>,
    /// Threads that evaluate ranges of people, none to process everything in order of time; results do not depend on it
    #[arg(
        long,
        global = true,
        hide = true,
        env = "BUGLE_THREADS",
        hide_env = true
    )]
    pub(crate) threads: Option<usize>,
    /// Events of a stretch of time at most; results do not depend on it
    #[arg(
        long,
        global = true,
        hide = true,
        env = "BUGLE_STRETCH",
        hide_env = true
    )]
    pub(crate) stretch: Option<u64>,
    /// The pager; empty for none
    #[arg(long, global = true, hide = true, env = "BUGLE_PAGER", hide_env = true)]
    pub(crate) pager: Option<String>,
    /// The pager of all programs
    #[arg(long, global = true, hide = true, env = "PAGER", hide_env = true)]
    pub(crate) usual_pager: Option<String>,
    /// The options of `less`
    #[arg(long, global = true, hide = true, env = "LESS", hide_env = true)]
    pub(crate) less: Option<String>,
    /// How results are written: table, json, jsonl or csv
    #[arg(short, long, global = true, value_enum, default_value_t = FormatName::Table, hide_possible_values = true)]
    pub(crate) format: FormatName,
    /// Whether colours are used: auto, always or never; `NO_COLOR` is heeded
    #[arg(long, global = true, value_enum, default_value_t = ColorName::Auto, value_name = "WHEN", hide_possible_values = true)]
    pub(crate) color: ColorName,
    /// How long a writing command waits for another
    #[arg(long, global = true, value_parser = patience, default_value = "5 seconds", value_name = "DURATION")]
    pub(crate) wait: Duration,
    /// Print only errors; a command that writes prints no result either, unless `-f` is given
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print more on standard error
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// Show long results at once, not page by page in `BUGLE_PAGER`, `PAGER` or `less`
    #[arg(long, global = true)]
    pub(crate) no_pager: bool,
    /// Show no progress
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
    /// Let errors quote personal values
    #[arg(long, global = true)]
    pub(crate) show_values: bool,
    /// Whether `--db` stands on the command line itself
    #[arg(skip)]
    pub(crate) db_named: bool,
    /// Whether `--now` stands on the command line itself
    #[arg(skip)]
    pub(crate) now_named: bool,
    /// Whether a success prints nothing
    #[arg(skip)]
    pub(crate) silent: bool,
    /// Whether a result that is longer than the screen is shown page by page
    #[arg(skip)]
    pub(crate) paged: bool,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatName {
    /// For people
    Table,
    /// One array or object
    Json,
    /// A row a line
    Jsonl,
    /// With a header
    Csv,
    /// Workflow annotations; `campaign validate`, `load` and `test` alone
    Github,
    /// A calendar; `campaign schedule` alone
    Ics,
    /// Covered lines; `campaign test` alone
    Lcov,
    /// The comment of a pull request; `campaign plan` alone
    Markdown,
    /// A page; `campaign schedule` alone
    Html,
    /// Columns with types; `db export` alone
    Parquet,
}

/// Whether colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorName {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Reads how long to wait: `5 seconds`, `1 minute`.
fn patience(text: &str) -> Result<Duration, String> {
    let advice = || "write a whole number and a unit: `5 seconds`, `2 minutes`".to_owned();
    let (number, unit) = text
        .trim()
        .split_once(char::is_whitespace)
        .ok_or_else(advice)?;
    let number: u32 = number.parse().map_err(|_| advice())?;
    let seconds: u32 = match unit.trim() {
        "second" | "seconds" => 1,
        "minute" | "minutes" => 60,
        "hour" | "hours" => 3600,
        _ => return Err(advice()),
    };
    Ok(Duration::from_secs(u64::from(number) * u64::from(seconds)))
}

/// Reads the pairs of every `--map`: other names for the columns or keys of a data file.
pub(crate) fn renames(arguments: &[String]) -> Result<Renames, Error> {
    Renames::parse(arguments.iter().map(String::as_str))
        .map_err(|message| Error::usage(message, "write `--map \"Work Email=email\"`"))
}
