//! `bugle campaign where-used`: what defines, reads and writes a name, from the files.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::app::where_used::UsedNames;
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;
use crate::domain::Zone;
use crate::domain::text::counted;
use crate::render::graph::{GraphLanguage, graph};

/// What `bugle campaign where-used` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign where-used lead_score
  bugle campaign where-used \"Hot leads\" --format csv
  bugle campaign where-used opens_email --path campaigns/sales
  bugle campaign where-used --graph mermaid
  bugle campaign where-used \"Sales alert\" --graph dot | dot -Tsvg

Reads the files and no database. `reads` is a trigger, filter, choice or token;
`writes` a step that changes, sends, starts, ends or calls it.")]
pub(crate) struct Arguments {
    /// A field, list, program, email, smart list, campaign, status, webhook or
    /// activity; may be left out with `--graph`
    #[arg(required_unless_present = "graph")]
    name: Option<String>,
    /// A file or folder to read instead of campaigns/; may be given several
    /// times
    #[arg(long = "path", value_name = "PATH", default_value = "campaigns/")]
    paths: Vec<PathBuf>,
    /// Draw which campaigns request, execute or feed each other: mermaid or dot
    #[arg(long, value_enum, value_name = "LANGUAGE", hide_possible_values = true)]
    graph: Option<Language>,
}

/// A language of graphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    /// Of mermaid
    Mermaid,
    /// Of Graphviz
    Dot,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let names = UsedNames::read(&arguments.paths)?;
    if names.errors > 0 {
        let errors = counted(names.errors as u64, "error", "errors");
        context.notices.warning(&format!(
            "the files have {errors}, and names may be missing here: see `bugle campaign validate`"
        ));
    }
    let name = arguments.name.as_deref();
    if let Some(language) = arguments.graph {
        let language = match language {
            Language::Mermaid => GraphLanguage::Mermaid,
            Language::Dot => GraphLanguage::Dot,
        };
        graph(&mut context.out, language, &names.edges(name)?)?;
        return Ok(Exit::Done);
    }
    let rows = names.places(name.unwrap_or_default())?;
    context.rows(&Zone::utc(), &rows)?;
    if rows.is_empty() {
        context.notices.notice("it is known, and no file uses it");
    }
    Ok(Exit::Done)
}
