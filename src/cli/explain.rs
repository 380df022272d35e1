//! `bugle explain`: what a diagnostic code means.

use clap::Args;

use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, page};
use crate::domain::Zone;
use crate::results::{CodePage, CodeRow};

use super::context::{CommandResult, Context};
use super::error::Error;
use super::exit::Exit;

/// What `bugle explain` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle explain unknown-field   what it means, an example, and the same mended
  bugle explain                 list every code")]
pub(crate) struct Arguments {
    /// The code, as faults show it in brackets; every code where none is given
    code: Option<String>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let zone = Zone::utc();
    let Some(name) = &arguments.code else {
        let rows: Vec<CodeRow> = Code::ALL.iter().copied().map(row).collect();
        context.rows(&zone, &rows)?;
        return Ok(Exit::Done);
    };
    let code = Code::ALL
        .iter()
        .copied()
        .find(|code| code.name() == name.as_str())
        .ok_or_else(|| Error::Message {
            exit: Exit::State,
            message: format!("there is no code `{name}`"),
            help: did_you_mean(name, Code::ALL.iter().map(|code| code.name()))
                .or_else(|| Some("`bugle explain` lists every code".to_owned())),
        })?;
    let page = CodePage {
        code: code.name(),
        severity: code.severity().name(),
        meaning: code.meaning(),
        page: page::text(code),
    };
    context.sheet(&zone, &page)?;
    Ok(Exit::Done)
}

fn row(code: Code) -> CodeRow {
    CodeRow {
        code: code.name(),
        severity: code.severity().name(),
        meaning: code.meaning(),
    }
}
