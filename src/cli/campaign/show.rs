//! `bugle campaign show`: a campaign in plain words, as a diagram, or as its canonical definition.

use std::io::Write as _;

use clap::{Args, ValueEnum};

use crate::app::show::show;
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;
use crate::render::flow;

/// What `bugle campaign show` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign show \"California newsletter\"
  bugle campaign show trial-nurture --diagram mermaid
  bugle campaign show trial-nurture --yaml")]
pub(crate) struct Arguments {
    /// The campaign
    name: String,
    /// Draw the flow
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    diagram: Option<Diagram>,
    /// Print the canonical definition
    #[arg(long, conflicts_with = "diagram")]
    yaml: bool,
}

/// A language of diagrams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Diagram {
    Mermaid,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let store = context.read()?;
    let opened = StoredWorkspace::of(&store)?;
    if arguments.yaml {
        let campaign = opened.find(&arguments.name)?;
        let definition = &opened.row(campaign.id).definition;
        context.out.write_all(definition.as_bytes())?;
        return Ok(Exit::Done);
    }
    let zone = &opened.workspace.zone;
    let now = context.now(zone)?;
    let detail = show(&store, &opened, &arguments.name, now)?;
    let campaign = opened.find(&arguments.name)?;
    if opened.is_invalid(campaign.id) {
        context.notices.warning(&format!(
            "`{}` no longer compiles, so not all of it can be shown; `--yaml` prints it as it was loaded",
            campaign.full_name
        ));
    }
    match arguments.diagram {
        Some(Diagram::Mermaid) => flow::mermaid(&mut context.out, &detail)?,
        None => context.sheet(zone, &detail)?,
    }
    Ok(Exit::Done)
}
