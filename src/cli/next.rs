//! What to look at next: commands that a user at a terminal may want after one that has written.
//!
//! They are advice, not a result: pipes and scripts see nothing of them, and `-q` leaves them out.

use std::io::{self, IsTerminal as _};

use crate::app::run_batch::command::shell_word;
use crate::render::{Format, Screen};
use crate::results::{ReplaySummary, RunSummary};

use super::context::Context;
use super::error::Error;
use super::out::{Notices, Verbosity};

/// Shows commands; `database` is the option that names the database, where one is needed.
pub(crate) fn show(
    context: &mut Context,
    commands: &[String],
    database: &str,
) -> Result<(), Error> {
    use std::io::Write as _;
    let at_terminal = context.out.screen() == Screen::Terminal && io::stderr().is_terminal();
    let is_wanted = at_terminal
        && !context.is_part
        && context.notices.verbosity > Verbosity::Quiet
        && context.format()? == Format::Table;
    if !is_wanted || commands.is_empty() {
        return Ok(());
    }
    context.out.flush()?;
    let lines: Vec<String> = commands
        .iter()
        .map(|command| format!("  bugle {command}{database}\n"))
        .collect();
    Notices::text(&format!("\nnext:\n{}", lines.concat()));
    Ok(())
}

/// Returns what to look at after a run: why nobody came in, who waits, what was done.
pub(crate) fn after_run(run: &RunSummary) -> Vec<String> {
    let (name, counts) = (shell_word(&run.campaign), &run.counts);
    if counts.qualified == 0 {
        return vec![format!("campaign explain {name} --all")];
    }
    if run.is_dry {
        return vec![format!("campaign run {name}")];
    }
    let waits = (counts.waiting > 0).then(|| format!("campaign members {name} --waiting"));
    let log = format!("campaign log {name}");
    waits.into_iter().chain([log]).collect()
}

/// Returns what to look at after a replay: what the busiest campaign did, or why nobody entered one, and what is due next.
pub(crate) fn after_replay(replay: &ReplaySummary) -> Vec<String> {
    let campaigns = || replay.campaigns.iter();
    let busiest = campaigns().max_by_key(|campaign| campaign.entered);
    let busiest = busiest.filter(|campaign| campaign.entered > 0);
    let asked = campaigns().max_by_key(|campaign| campaign.triggered);
    let asked = asked.filter(|campaign| campaign.triggered > 0);
    let first = match (busiest, asked) {
        (Some(campaign), _) => Some(format!("campaign log {}", shell_word(&campaign.campaign))),
        (None, Some(campaign)) => {
            let name = shell_word(&campaign.campaign);
            Some(format!("campaign explain {name} --all"))
        }
        (None, None) => None,
    };
    let waits = campaigns().any(|campaign| campaign.waiting > 0);
    let due = waits.then(|| "campaign advance --dry-run".to_owned());
    first.into_iter().chain(due).collect()
}
