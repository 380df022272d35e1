//! `bugle campaign load`: checks files and stores what they mean, all or nothing.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::app::load_campaigns::{LostWaits, load_campaigns};
use crate::app::reexports::MissingPolicy;
use crate::app::settings::settings;
use crate::cli::context::{CommandResult, Context};
use crate::cli::error::diagnostics;
use crate::cli::exit::Exit;
use crate::cli::globals::FormatName;
use crate::results::CampaignChange;

/// What `bugle campaign load` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign load campaigns/
  bugle campaign load campaigns/trial.yaml
  bugle campaign load campaigns/ --prune         deactivate what has no file now
  bugle campaign load campaigns/ --waiting keep  whose wait is gone finishes the old version
  bugle campaign load campaigns/ --dry-run       what would change, and who waits

A campaign gets a new version when its meaning changed: comments, layout, the
order of keys, `description`, `tests` and `active` do not count.

People in a wait go on with the steps of the new version. Their wait is found
again by its `id`, else by its number among the waits; where the new version has
no such wait, the load is refused, unless `--waiting` says what becomes of them.")]
pub(crate) struct Arguments {
    /// Files and folders; a folder is read with all beneath it
    #[arg(default_value = "campaigns/")]
    paths: Vec<PathBuf>,
    /// Deactivate and unschedule campaigns whose file is gone from under these paths
    #[arg(long)]
    prune: bool,
    /// What happens to people whose wait is not in the new version
    #[arg(long, value_enum, value_name = "WHAT")]
    waiting: Option<WaitingPolicy>,
    /// Write nothing to the database, and print what a load would print
    #[arg(long)]
    dry_run: bool,
}

/// What happens to people whose wait is not in the new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WaitingPolicy {
    /// They finish the version they are in
    Keep,
    /// Their wait ends now, and nothing follows
    Drop,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let mut store = if arguments.dry_run {
        context.copy()?
    } else {
        context.write("campaign load")?
    };
    let before = settings(&store)?.zone;
    let now = context.now(&before)?;
    let gone = if arguments.prune {
        MissingPolicy::Prune
    } else {
        MissingPolicy::Keep
    };
    let lost = match arguments.waiting {
        None => LostWaits::Refuse,
        Some(WaitingPolicy::Keep) => LostWaits::Keep,
        Some(WaitingPolicy::Drop) => LostWaits::Drop,
    };
    let loaded = load_campaigns(&mut store, &arguments.paths, gone, lost, now);
    let loaded = context.annotate_faults(loaded)?;
    let annotates = context.globals.format == FormatName::Github;
    if annotates {
        context.annotate(&loaded.warnings, &loaded.sources)?;
    } else {
        diagnostics(context.notices, &loaded.warnings, &loaded.sources);
    }
    for sentence in &loaded.waiting {
        context.notices.notice(sentence);
    }
    for row in loaded
        .rows
        .iter()
        .filter(|row| row.change == CampaignChange::Missing)
    {
        context.notices.warning(&format!(
            "`{}` has no file any more (it was `{}`) and stays as it is; `--prune` deactivates it",
            row.campaign, row.file
        ));
    }
    for name in &loaded.invalid {
        context.notices.warning(&format!(
            "`{name}` has no file any more and is invalid from now on, since the workspace no longer has what it names"
        ));
    }
    let zone = settings(&store)?.zone;
    if !annotates {
        context.rows(&zone, &loaded.rows)?;
    }
    Ok(Exit::Done)
}
