//! `bugle demo`: writes a sample workspace and runs a first session on it, each command as people type it.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::app::demo;
use crate::app::reexports::reason;

use super::context::{CommandResult, Context};
use super::error::Error;
use super::exit::Exit;

/// What `bugle demo` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle demo
  bugle demo /tmp/try-bugle

Go on in that folder with the same date, for instance:
  cd bugle-demo && export BUGLE_NOW=2026-12-01T17:00:00Z
  bugle campaign show \"California newsletter\"")]
pub(crate) struct Arguments {
    /// The folder; nothing in it is overwritten
    #[arg(default_value = "bugle-demo", value_name = "DIR")]
    folder: PathBuf,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    demo::write(&arguments.folder)?;
    let folder = arguments.folder.display();
    std::env::set_current_dir(&arguments.folder).map_err(|error| {
        let message = format!("cannot enter `{folder}`: {}", reason(&error));
        Error::told(Exit::Storage, message)
    })?;
    context.notices.notice(&format!(
        "wrote {} files into `{folder}`; now is {}",
        demo::FILES.len(),
        demo::NOW
    ));
    context.globals.db = PathBuf::from("bugle.db");
    context.globals.now = Some(demo::NOW.to_owned());
    for (place, words) in demo::SESSION.iter().enumerate() {
        if place > 0 {
            writeln!(context.out)?;
        }
        writeln!(context.out, "$ bugle {}", typed(words))?;
        // What the command has to say on standard error comes after its name, what it results in before the next.
        context.out.flush()?;
        let line = ["bugle"].iter().chain(*words);
        let cli =
            super::parse(line).map_err(|error| Error::told(Exit::Program, error.to_string()))?;
        let exit = super::dispatch(cli.command, context)?;
        if !matches!(exit, Exit::Done | Exit::SetAside) {
            return Ok(exit);
        }
        context.out.flush()?;
    }
    Ok(Exit::Done)
}

/// Returns words as a shell is given them.
fn typed(words: &[&str]) -> String {
    let quoted = words.iter().map(|word| {
        if word.contains(' ') {
            format!("\"{word}\"")
        } else {
            (*word).to_owned()
        }
    });
    quoted.collect::<Vec<_>>().join(" ")
}
