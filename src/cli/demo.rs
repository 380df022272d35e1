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

The session ends with what to try next in that folder. Its dates lie in the past,
so that these commands need no date of their own.")]
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
        Error::new(Exit::Storage, message)
    })?;
    context.notices.notice(&format!(
        "wrote {} files into `{folder}`; now is {}",
        demo::FILES.len(),
        demo::NOW
    ));
    context.globals.db = PathBuf::from("bugle.db");
    context.globals.now = Some(demo::NOW.to_owned());
    context.is_part = true;
    for (place, words) in demo::SESSION.iter().enumerate() {
        if place > 0 {
            writeln!(context.out)?;
        }
        writeln!(context.out, "$ bugle {}", typed(words))?;
        // What the command has to say on standard error comes after its name, what it results in before the next.
        context.out.flush()?;
        let line = ["bugle"].iter().chain(*words);
        let cli =
            super::parse(line).map_err(|error| Error::new(Exit::Program, error.to_string()))?;
        let exit = super::dispatch(cli.command, context)?;
        if !matches!(exit, Exit::Done | Exit::SetAside) {
            return Ok(exit);
        }
        context.out.flush()?;
    }
    writeln!(
        context.out,
        "\nnext:\n  cd {}",
        typed_word(&folder.to_string())
    )?;
    for words in demo::NEXT {
        writeln!(context.out, "  bugle {}", typed(words))?;
    }
    Ok(Exit::Done)
}

/// Returns words as a shell is given them.
fn typed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| typed_word(word)).collect();
    quoted.join(" ")
}

fn typed_word(word: &str) -> String {
    if word.contains(' ') {
        format!("\"{word}\"")
    } else {
        word.to_owned()
    }
}
