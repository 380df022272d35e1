//! `bugle campaign validate`: checks files and opens no database, unless one is named on the command line.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::app::validate::{DatabaseNames, Validation, validate_against};
use crate::cli::context::{CommandResult, Context};
use crate::cli::error::{Error, diagnostics};
use crate::cli::exit::Exit;
use crate::cli::globals::FormatName;
use crate::domain::Zone;
use crate::render::{Format, json};

/// What `bugle campaign validate` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign validate campaigns/
  bugle campaign validate campaigns/trial.yaml --deny-warnings
  bugle campaign validate --db bugle.db       also against what its people have
  bugle campaign validate --format github     annotations for a workflow
  bugle campaign validate - < trial.yaml      as if it lay in campaigns/")]
pub(crate) struct Arguments {
    /// Files and folders; a folder is read with all beneath it; `-` is standard input
    #[arg(default_value = "campaigns/")]
    paths: Vec<PathBuf>,
    /// Let warnings fail the check as well
    #[arg(long)]
    deny_warnings: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let store = if context.globals.db_named {
        Some(context.read()?)
    } else {
        None
    };
    let (fields, lists) = match &store {
        Some(store) => (store.stored_fields()?, store.list_names()?),
        None => (Vec::new(), Vec::new()),
    };
    let known = DatabaseNames {
        fields: &fields,
        lists: &lists,
    };
    let checked = validate_against(&arguments.paths, known, store.as_ref())?;
    write(&checked, context)?;
    let faulty = checked.diagnostics.errors() > 0
        || arguments.deny_warnings && checked.diagnostics.warnings() > 0;
    Ok(if faulty { Exit::Files } else { Exit::Done })
}

/// Writes a row a campaign; faults go with them in JSON, and to standard error otherwise.
fn write(checked: &Validation, context: &mut Context) -> Result<(), Error> {
    if context.globals.format == FormatName::Github {
        return context.annotate(&checked.diagnostics, &checked.sources);
    }
    match context.format()? {
        Format::Json => json::array(&mut context.out, &checked.reports())?,
        Format::Jsonl => {
            for report in checked.reports() {
                json::line(&mut context.out, &report)?;
            }
        }
        Format::Table | Format::Csv => {
            if checked.rows.is_empty() && checked.diagnostics.errors() == 0 {
                context.notices.warning("no campaign was found");
            }
            context.rows(&Zone::utc(), &checked.rows)?;
            context.out.flush()?;
            diagnostics(context.notices, &checked.diagnostics, &checked.sources);
        }
    }
    Ok(())
}
