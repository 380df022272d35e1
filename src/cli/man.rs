//! `bugle man`: manual pages, one a command.

use std::io::Write as _;

use clap::{Args, CommandFactory as _};

use super::arguments::Cli;
use super::context::{CommandResult, Context};
use super::error::Error;
use super::exit::Exit;

/// What `bugle man` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle man | man -l -
  bugle man campaign run | man -l -
  bugle man > /usr/local/share/man/man1/bugle.1")]
pub struct Arguments {
    /// The command; the program itself where none is given
    command: Vec<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let mut root = Cli::command();
    root.build();
    let mut command = root;
    let mut name = "bugle".to_owned();
    for word in &arguments.command {
        let found = command.find_subcommand(word).cloned();
        command = found.ok_or_else(|| {
            Error::usage(
                format!("there is no command `{name} {word}`"),
                "`bugle --help` lists the commands",
            )
        })?;
        name = format!("{name} {word}");
    }
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text)?;
    context.out.write_all(&text)?;
    Ok(Exit::Done)
}
