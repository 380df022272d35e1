//! The options of the outbox: which messages, and in which order.

use clap::Args;

use crate::app::outbox::{Messages, email};
use crate::app::people::find;
use crate::app::reexports::{Store, Workspace};
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::{person, selection};

/// Which messages are wanted.
#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Arguments {
    /// Only what this campaign's steps sent
    #[arg(long, value_name = "NAME")]
    campaign: Option<String>,
    /// Only this email
    #[arg(long, value_name = "NAME")]
    email: Option<String>,
    /// Only what was sent to, or because of, this person
    #[arg(long, value_name = "KEY")]
    person: Option<String>,
    #[command(flatten)]
    rows: selection::Arguments,
}

impl Arguments {
    /// Finds what the names mean.
    pub(crate) fn wanted(
        &self,
        store: &Store,
        workspace: &Workspace,
        context: &Context,
    ) -> Result<Messages, Error> {
        let rows = self.rows.selection(workspace)?;
        let person = match &self.person {
            Some(key) => {
                let found = find(store, key)?;
                person::report_shared_email(context, key, found);
                Some(found.person)
            }
            None => None,
        };
        let campaign = match &self.campaign {
            Some(name) => Some(
                StoredWorkspace::of(store)?
                    .find(name)?
                    .full_name
                    .to_string(),
            ),
            None => None,
        };
        let email = match &self.email {
            Some(name) => Some(email(store, workspace, name)?),
            None => None,
        };
        Ok(Messages {
            rows,
            person,
            campaign,
            email,
        })
    }
}
