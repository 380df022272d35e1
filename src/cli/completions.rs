//! `bugle completions`: a script that lets a shell complete commands and options.

use std::io::Write as _;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::arguments::Cli;
use super::context::{CommandResult, Context};
use super::exit::Exit;

/// What `bugle completions` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle completions bash > ~/.local/share/bash-completion/completions/bugle
  bugle completions zsh > ~/.zfunc/_bugle
  bugle completions fish > ~/.config/fish/completions/bugle.fish")]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    // Into memory first: the generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "bugle", &mut script);
    context.out.write_all(&script)?;
    Ok(Exit::Done)
}
