//! `bugle campaign show`: a campaign in plain words, as a diagram, or as its canonical definition.

use std::io::Write as _;

use clap::{Args, ValueEnum};

use crate::app::report::flow_counts;
use crate::app::show::show;
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;
use crate::render::diagram::{self, DiagramLanguage};
use crate::render::graph::GraphLanguage;

/// What `bugle campaign show` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign show \"California newsletter\"
  bugle campaign show trial-nurture --diagram mermaid
  bugle campaign show trial-nurture --diagram svg --counts > trial.svg
  bugle campaign show trial-nurture --diagram dot | dot -Tpng > trial.png
  bugle campaign show trial-nurture --yaml")]
pub(crate) struct Arguments {
    /// The campaign
    name: String,
    /// Draw the flow: mermaid, dot or svg
    #[arg(long, value_enum, value_name = "LANGUAGE", hide_possible_values = true)]
    diagram: Option<Diagram>,
    /// Say in the diagram how many went which way, and why steps were skipped
    #[arg(long, requires = "diagram")]
    counts: bool,
    /// Print the canonical definition
    #[arg(long, conflicts_with = "diagram")]
    yaml: bool,
}

/// A language of diagrams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Diagram {
    /// Of mermaid
    Mermaid,
    /// Of Graphviz
    Dot,
    /// A picture
    Svg,
}

impl Diagram {
    fn language(self) -> DiagramLanguage {
        match self {
            Self::Mermaid => DiagramLanguage::Graph(GraphLanguage::Mermaid),
            Self::Dot => DiagramLanguage::Graph(GraphLanguage::Dot),
            Self::Svg => DiagramLanguage::Svg,
        }
    }
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
    let Some(diagram) = arguments.diagram else {
        context.sheet(zone, &detail)?;
        return Ok(Exit::Done);
    };
    let counts = if arguments.counts {
        Some(flow_counts(&store, &opened, &detail)?)
    } else {
        None
    };
    diagram::write(
        &mut context.out,
        diagram.language(),
        &detail,
        counts.as_ref(),
    )?;
    Ok(Exit::Done)
}
