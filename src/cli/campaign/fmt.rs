//! `bugle campaign fmt`: campaign files in canonical layout.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::app::fmt::{FmtMode, Formatted, fmt, fmt_text};
use crate::app::reexports::{reason, streams};
use crate::cli::context::{CommandResult, Context};
use crate::cli::error::{Error, diagnostics};
use crate::cli::exit::Exit;
use crate::domain::Zone;
use crate::domain::text::counted;
use crate::render::Format;

/// What `bugle campaign fmt` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign fmt
  bugle campaign fmt campaigns/trial.yaml --diff
  bugle campaign fmt --check              exit code 1 if a file would change
  bugle campaign fmt - < trial.yaml       print it in canonical layout

Comments, the order of keys and what a campaign means stay as they are. A file
with an error of syntax is left alone, and reported.")]
pub(crate) struct Arguments {
    /// Files and folders; a folder is read with all beneath it; `-` is stdin
    #[arg(default_value = "campaigns/")]
    paths: Vec<PathBuf>,
    /// Write nothing, and exit with 1 if a file would change
    #[arg(long)]
    check: bool,
    /// Write nothing, and show what would change
    #[arg(long)]
    diff: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let stdin = |path: &PathBuf| path.as_path() == Path::new("-");
    if arguments.paths.iter().any(stdin) {
        if arguments.paths.len() > 1 {
            return Err(Error::usage(
                "`-` stands for one text and allows no other path",
                "write `bugle campaign fmt -` alone",
            ));
        }
        return standard_input(arguments, context);
    }
    let compare = arguments.check || arguments.diff;
    let mode = if compare {
        FmtMode::Compare
    } else {
        FmtMode::Write
    };
    let done = fmt(&arguments.paths, mode)?;
    write(arguments, &done, context)?;
    let faulty = done.rows.len() > done.changed();
    Ok(if faulty || arguments.check && done.changed() > 0 {
        Exit::Files
    } else {
        Exit::Done
    })
}

/// Writes a row for each file that changes, or the lines that do; then why files were left alone, and a summary.
fn write(arguments: &Arguments, done: &Formatted, context: &mut Context) -> Result<(), Error> {
    if arguments.diff && context.format()? == Format::Table {
        for row in &done.rows {
            let diff = row.diff.as_deref().unwrap_or_default();
            context.out.write_all(diff.as_bytes())?;
        }
    } else if !done.rows.is_empty() || context.format()? != Format::Table {
        context.rows(&Zone::utc(), &done.rows)?;
    }
    context.out.flush()?;
    diagnostics(context.notices, &done.diagnostics, &done.sources);
    let all = counted(done.files as u64, "file", "files");
    let changed = done.changed();
    match (done.files, changed) {
        (0, _) => context.notices.warning("no campaign file was found"),
        (_, 0) if done.rows.is_empty() => {
            context
                .notices
                .notice(&format!("{all} in canonical layout"));
        }
        (_, 0) => {}
        (_, changed) if arguments.check => context.notices.error(
            &format!("{changed} of {all} not in canonical layout"),
            Some("`bugle campaign fmt` puts them into it"),
        ),
        (_, changed) if arguments.diff => context
            .notices
            .notice(&format!("{changed} of {all} would change")),
        (_, changed) => context
            .notices
            .notice(&format!("{changed} of {all} changed")),
    }
    Ok(())
}

/// Puts the text of standard input into canonical layout, for editors and pipes.
fn standard_input(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let mut bytes = Vec::new();
    let read = streams::standard_input().and_then(|mut stdin| stdin.read_to_end(&mut bytes));
    read.map_err(|error| {
        let message = format!("cannot read standard input: {}", reason(&error));
        Error::new(Exit::Storage, message)
    })?;
    let done = fmt_text("-", bytes)?;
    if arguments.diff {
        let diff = done.diff.as_deref().unwrap_or_default();
        context.out.write_all(diff.as_bytes())?;
    } else if !arguments.check {
        context.out.write_all(done.text.as_bytes())?;
    }
    Ok(if arguments.check && done.diff.is_some() {
        Exit::Files
    } else {
        Exit::Done
    })
}
