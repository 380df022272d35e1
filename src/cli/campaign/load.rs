//! `bugle campaign load`: checks files and stores what they mean, all or nothing.

use std::path::PathBuf;

use clap::Args;

use crate::app::given::Gone;
use crate::app::load_campaigns::load_campaigns;
use crate::app::settings::settings;
use crate::cli::context::{Context, Ended};
use crate::cli::error::diagnostics;
use crate::cli::exit::Exit;
use crate::results::Change;

/// What `bugle campaign load` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign load campaigns/
  bugle campaign load campaigns/trial.yaml
  bugle campaign load campaigns/ --prune      deactivate what has no file now

A campaign gets a new version when its meaning changed: comments, layout, the
order of keys, `description`, `tests` and `active` do not count.")]
pub struct Arguments {
    /// Files and folders; a folder is read with all beneath it
    #[arg(default_value = "campaigns/")]
    paths: Vec<PathBuf>,
    /// Deactivate and unschedule campaigns whose file is gone from under these paths
    #[arg(long)]
    prune: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Ended {
    let mut store = context.write("campaign load")?;
    let before = settings(&store)?.zone;
    let now = context.now(&before)?;
    let gone = if arguments.prune {
        Gone::Prune
    } else {
        Gone::Keep
    };
    let loaded = load_campaigns(&mut store, &arguments.paths, gone, now)?;
    diagnostics(context.notices, &loaded.warnings, &loaded.sources);
    for row in loaded
        .rows
        .iter()
        .filter(|row| row.change == Change::Missing)
    {
        context.notices.warning(&format!(
            "`{}` has no file any more (it was `{}`) and stays as it is; `--prune` deactivates it",
            row.campaign, row.file
        ));
    }
    let zone = settings(&store)?.zone;
    context.rows(&zone, &loaded.rows)?;
    Ok(Exit::Done)
}
