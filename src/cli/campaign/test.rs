//! `bugle campaign test`: the tests of campaign files, in memory.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::app::test::test;
use crate::cli::context::{CommandResult, Context};
use crate::cli::error::diagnostics;
use crate::cli::exit::Exit;
use crate::cli::globals::FormatName;
use crate::domain::text::counted;
use crate::render::{Format, test_results};

/// What `bugle campaign test` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign test
  bugle campaign test campaigns/sales/ --format json
  bugle campaign test --format github     annotations for a workflow
  bugle campaign test - < trial.yaml

No database is opened and nothing is written. Of a test that fails it is shown
what was expected, what was found, and why the person qualified or did not.")]
pub(crate) struct Arguments {
    /// Files and folders; a folder is read with all beneath it; `-` is standard input
    #[arg(default_value = "campaigns/")]
    paths: Vec<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let tested = test(&arguments.paths, context.globals.seed);
    let tested = context.annotate_faults(tested)?;
    let (rows, zone) = (&tested.rows, &tested.zone);
    if context.globals.format == FormatName::Github {
        context.annotate(&tested.warnings, &tested.sources)?;
        test_results::github(&mut context.out, rows)?;
    } else {
        diagnostics(context.notices, &tested.warnings, &tested.sources);
        context.rows(zone, rows)?;
        if context.format()? == Format::Table {
            let look = context.look(zone);
            test_results::failures(&mut context.out, &look, rows)?;
        }
    }
    context.out.flush()?;
    let failed = rows.iter().filter(|row| !row.passed).count();
    let all = counted(rows.len() as u64, "test", "tests");
    match (rows.len(), failed) {
        (0, _) => context.notices.warning("no test was found"),
        (_, 0) => context.notices.notice(&format!("{all} passed")),
        (_, failed) => {
            let message = format!("{failed} of {all} failed");
            return Err(crate::cli::error::Error::new(Exit::Files, message));
        }
    }
    Ok(Exit::Done)
}
