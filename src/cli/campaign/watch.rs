//! `bugle campaign watch`: checks and tests campaign files whenever one is saved.

use std::io::Write as _;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use clap::Args;

use crate::app::watch::{Look, Watched};
use crate::cli::context::{CommandResult, Context};
use crate::cli::error::{Error, diagnostics};
use crate::cli::exit::Exit;
use crate::domain::text::counted;
use crate::render::{Colour, Format, Screen, json, test_results};
use crate::results::WatchRow;

/// How often the files are looked at. They must look the same twice: an editor may still be writing.
const PAUSE: Duration = Duration::from_millis(150);

/// Clears the screen with what has scrolled away, and goes to its upper left corner.
const CLEAR: &str = "\x1b[H\x1b[2J\x1b[3J";

/// What `bugle campaign watch` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign watch
  bugle campaign watch campaigns/sales/
  bugle campaign watch -f jsonl

After each save all files are checked, and those tests are run that the save may
have changed, and those that have failed. Ctrl-C ends it.")]
pub(crate) struct Arguments {
    /// Files and folders; a folder is watched with all beneath it
    #[arg(default_value = "campaigns/")]
    paths: Vec<PathBuf>,
}

/// Runs the command until it is interrupted.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let format = context.format()?;
    if !matches!(format, Format::Table | Format::Jsonl) {
        return Err(Error::usage(
            "`campaign watch` goes on and on, so that it cannot print one result",
            "write `-f jsonl`: a line after each save",
        ));
    }
    context.listen()?;
    let mut watched = Watched::new(arguments.paths.clone())?;
    let look = watched.look(context.globals.seed)?;
    show(&look, format, context)?;
    loop {
        if let Some(signal) = context.stop.signal() {
            return Ok(Exit::Interrupted(u8::try_from(signal).unwrap_or(2)));
        }
        thread::sleep(PAUSE);
        if !watched.has_changed() {
            continue;
        }
        match watched.look(context.globals.seed) {
            Ok(look) => show(&look, format, context)?,
            // It may be mended with the next save.
            Err(error) => {
                clear(context)?;
                Error::from(error).report(context.notices, None, &context.globals.db);
            }
        }
    }
}

fn clear(context: &mut Context) -> Result<(), Error> {
    if context.out.screen() == Screen::Terminal {
        context.out.write_all(CLEAR.as_bytes())?;
        context.out.flush()?;
    }
    Ok(())
}

/// Shows what is wrong, and the verdict in one line.
fn show(look: &Look, format: Format, context: &mut Context) -> Result<(), Error> {
    let (checked, row) = (&look.checked, &look.row);
    if format == Format::Jsonl {
        json::line(&mut context.out, row)?;
        return Ok(context.out.flush()?);
    }
    clear(context)?;
    diagnostics(context.notices, &checked.diagnostics, &checked.sources);
    if let Some(workspace) = &checked.workspace {
        let appearance = context.look(&workspace.zone);
        test_results::failures(&mut context.out, &appearance, &look.tests)?;
    }
    let (verdict, colour) = verdict(row);
    let verdict = match context.look(&crate::domain::Zone::utc()).colour {
        Colour::Always => {
            let style = Style::new().fg_color(Some(colour.into())).bold();
            format!("{style}{verdict}{style:#}")
        }
        Colour::Never => verdict,
    };
    writeln!(context.out, "{verdict}{}", saved(row))?;
    Ok(context.out.flush()?)
}

/// Says in a few words how it stands.
fn verdict(row: &WatchRow) -> (String, AnsiColor) {
    let count = |count: usize, one, many| counted(count as u64, one, many);
    let tests = |number: usize| count(number, "test", "tests");
    if row.errors > 0 {
        let errors = count(row.errors, "error", "errors");
        let text = format!("{errors}; tests run when there is none");
        return (text, AnsiColor::Red);
    }
    if row.failed > 0 {
        let text = format!("{} of {} failed", row.failed, tests(row.tests));
        return (text, AnsiColor::Red);
    }
    let campaigns = count(row.campaigns, "campaign", "campaigns");
    let passed = tests(row.tests);
    if row.warnings > 0 {
        let warnings = count(row.warnings, "warning", "warnings");
        let text = format!("{warnings} in {campaigns}, {passed} passed");
        return (text, AnsiColor::Yellow);
    }
    let text = format!("all is well: {campaigns}, {passed} passed");
    (text, AnsiColor::Green)
}

/// Says which files were saved.
fn saved(row: &WatchRow) -> String {
    match row.changed.as_slice() {
        [] => String::new(),
        [one] => format!(" (saved: {one})"),
        [one, others @ ..] => {
            let others = counted(others.len() as u64, "more file", "more files");
            format!(" (saved: {one} and {others})")
        }
    }
}
