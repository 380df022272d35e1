//! The options of logs: which rows, and in which order.

use clap::Args;

use crate::app::log::{Selection, activity_type};
use crate::app::reexports::LogOrder;
use crate::app::reexports::Workspace;

use super::context::instant;
use super::error::Error;

/// Which rows of a log are wanted.
#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Arguments {
    /// From this instant
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Up to this instant, included
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Of this activity type, by any of its names; may be given several times
    #[arg(long = "type", value_name = "NAME")]
    types: Vec<String>,
    /// At most so many rows
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Newest first
    #[arg(long)]
    reverse: bool,
}

impl Arguments {
    /// Reads instants in the workspace's zone and names in its catalogue.
    pub(crate) fn selection(&self, workspace: &Workspace) -> Result<Selection, Error> {
        let moment = |text: &Option<String>, option| {
            text.as_ref()
                .map(|text| instant(text, &workspace.zone, option))
                .transpose()
        };
        Ok(Selection {
            since: moment(&self.since, "--since")?,
            until: moment(&self.until, "--until")?,
            types: self
                .types
                .iter()
                .map(|name| {
                    let id = activity_type(name, &workspace.activities)?;
                    Ok(workspace.activities.get(id).code)
                })
                .collect::<Result<_, Error>>()?,
            limit: self.limit,
            order: if self.reverse {
                LogOrder::Reverse
            } else {
                LogOrder::Forward
            },
        })
    }
}
