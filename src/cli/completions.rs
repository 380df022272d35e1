//! `bugle completions`: a script that lets a shell complete commands, options and names of the database.
//!
//! The script asks the program itself by one of the [`VARIABLES`]; `candidates` answers.

use std::io::Write as _;

use clap::{Args, ValueEnum as _};
use clap_complete::Shell;
use clap_complete::env::Shells;

use super::context::{CommandResult, Context};
use super::error::Error;
use super::exit::Exit;

/// What `bugle completions` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle completions bash > ~/.local/share/bash-completion/completions/bugle
  bugle completions zsh > ~/.zfunc/_bugle
  bugle completions fish --people > ~/.config/fish/completions/bugle.fish

Campaigns, lists, emails and activity types come from the database that the
command line names, else from the one of BUGLE_DB or `bugle.db`.")]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
    /// Offer people as well, by email or id
    #[arg(long)]
    people: bool,
}

/// The variables by which a script asks for candidates: without people, and with them.
pub(super) const VARIABLES: [&str; 2] = ["BUGLE_COMPLETE", "BUGLE_COMPLETE_PEOPLE"];

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let shell = arguments.shell.to_possible_value();
    let name = shell.as_ref().map_or("", |shell| shell.get_name());
    let [plain, with_people] = VARIABLES;
    let variable = if arguments.people { with_people } else { plain };
    let shells = Shells::builtins();
    let Some(shell) = shells.completer(name) else {
        return Err(Error::new(Exit::Program, format!("no script for `{name}`")));
    };
    let mut script = Vec::new();
    shell.write_registration(variable, "bugle", "bugle", "bugle", &mut script)?;
    let script = String::from_utf8_lossy(&script);
    let script = if name == "bash" {
        with_quotes(&script, arguments.people)
    } else {
        script.into_owned()
    };
    context.out.write_all(script.as_bytes())?;
    Ok(Exit::Done)
}

/// Lets bash quote names with blanks, as it quotes names of files, and not break addresses at their `@`.
fn with_quotes(script: &str, people: bool) -> String {
    let quotes = "
    if [[ \"${COMPREPLY[*]-}\" == *' '* ]]; then
        compopt -o filenames 2> /dev/null
    fi
}
if [[";
    let script = script.replacen("\n}\nif [[", quotes, 1);
    if people {
        return format!("{script}COMP_WORDBREAKS=${{COMP_WORDBREAKS//@/}}\n");
    }
    script
}
