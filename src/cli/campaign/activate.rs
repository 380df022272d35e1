//! `bugle campaign activate` and `deactivate`: whether events may start trigger campaigns.

use clap::Args;

use crate::app::activate::{Activation, activate};
use crate::app::list_campaigns::campaigns;
use crate::app::settings::settings;
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;

/// What `bugle campaign activate` and `deactivate` take.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign activate \"Pricing page follow-up\"
  bugle campaign deactivate pricing-page-follow-up trial-nurture

Events that are in the log already are never asked again. Deactivation stops
entries; people in the flow continue.")]
pub(crate) struct Arguments {
    /// The trigger campaigns; all of them or none
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(
    arguments: &Arguments,
    activation: Activation,
    context: &mut Context,
) -> CommandResult {
    let (command, word) = match activation {
        Activation::Activate => ("campaign activate", "active"),
        Activation::Deactivate => ("campaign deactivate", "inactive"),
    };
    let mut store = context.write_existing(command)?;
    let now = context.now(&settings(&store)?.zone)?;
    let done = activate(&mut store, &arguments.names, activation, now)?;
    for known in &done {
        let name = &known.campaign;
        if !known.changed {
            context
                .notices
                .notice(&format!("`{name}` was {word} already"));
        }
        if let Some(file) = &known.set_back_by {
            context.notices.warning(&format!(
                "`{file}` says otherwise: the next load will set `{name}` back"
            ));
        }
    }
    let opened = StoredWorkspace::of(&store)?;
    let mut rows = campaigns(&store, &opened)?;
    rows.retain(|row| done.iter().any(|known| known.campaign == row.campaign));
    context.rows(&opened.workspace.zone, &rows)?;
    Ok(Exit::Done)
}
