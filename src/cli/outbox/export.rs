//! `bugle outbox export`: what flows have sent as MIME messages.

use std::path::PathBuf;

use clap::Args;

use super::messages;
use crate::app::export_outbox::{ExportTarget, Exported, export};
use crate::app::outputs::{Output, Outputs};
use crate::app::settings::settings;
use crate::cli::context::{CommandResult, Context};
use crate::cli::error::Error;
use crate::cli::exit::Exit;

/// What `bugle outbox export` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle outbox export --maildir sent
  bugle outbox export --mbox sent.mbox --campaign california-newsletter
  bugle outbox export --maildir sent --from 'Example News <news@example.com>'

A Maildir gets the messages that are not there yet, an mbox is written anew.
Messages whose headers cannot hold what they say, such as a subject with a line
break in it, are set aside and named; the exit code is then 6.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    target: Where,
    /// The sender where an email names none
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    #[command(flatten)]
    messages: messages::Arguments,
}

/// Where messages go: one of the two.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Where {
    /// Write a file a message into this folder, made if it is not there
    #[arg(long, value_name = "DIR")]
    maildir: Option<PathBuf>,
    /// Write all messages into this file
    #[arg(long, value_name = "FILE")]
    mbox: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let output = |option, path| Output {
        what: "the messages",
        option,
        path,
    };
    let mut outputs = Outputs::new(&context.globals.db, &[]);
    let place;
    let target = match (&arguments.target.maildir, &arguments.target.mbox) {
        (Some(folder), _) => {
            outputs.admit_folder(output("--maildir", folder))?;
            ExportTarget::Maildir(folder)
        }
        (None, Some(file)) => {
            place = outputs.admit(output("--mbox", file))?;
            ExportTarget::Mbox(&place)
        }
        // The parser asks for one of them already.
        (None, None) => {
            let help = "write `--maildir DIR` or `--mbox FILE`";
            return Err(Error::usage("nothing says where to", help));
        }
    };
    context.listen()?;
    let store = context.read()?;
    outputs.spare_stored(&store)?;
    let workspace = settings(&store)?;
    let wanted = arguments.messages.wanted(&store, &workspace, context)?;
    let from = arguments.from.as_deref();
    let exported = export(&store, &wanted, target, from, &context.stop)?;
    report(&exported, context);
    context.sheet(&workspace.zone, &exported.summary)?;
    Ok(match exported.summary.set_aside {
        0 => Exit::Done,
        _ => Exit::SetAside,
    })
}

/// Warns of the first messages that were set aside, and counts the rest.
fn report(exported: &Exported, context: &Context) {
    for one in &exported.set_aside {
        context.notices.warning(&format!(
            "message {} (`{}`) is set aside: {}",
            one.activity_id, one.email, one.why
        ));
    }
    match exported.summary.set_aside - exported.set_aside.len() as u64 {
        0 => {}
        1 => context.notices.warning("and 1 more message"),
        more => context
            .notices
            .warning(&format!("and {more} more messages")),
    }
}
