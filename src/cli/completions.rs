//! `bugle completions`: a script that lets a shell complete commands, options and names of the database.
//!
//! The script asks the program itself: with the variable of [`VARIABLES`] it answers with candidates and does nothing else.

use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, CommandFactory as _, ValueEnum as _};
use clap_complete::Shell;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Shells};

use super::arguments::Cli;
use super::context::{CommandResult, Context};
use super::error::Error;
use super::exit::Exit;
use crate::app::completion::{CompletedKind, names};
use crate::diagnostic::Code;

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
const VARIABLES: [&str; 2] = ["BUGLE_COMPLETE", "BUGLE_COMPLETE_PEOPLE"];

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

/// Answers a script that asks for candidates; returns whether one did.
pub(crate) fn answered() -> Result<bool, clap::Error> {
    let [plain, with_people] = VARIABLES;
    for (variable, people) in [(plain, false), (with_people, true)] {
        let completer = CompleteEnv::with_factory(move || with_candidates(people)).var(variable);
        if completer.try_complete(std::env::args_os(), std::env::current_dir().ok().as_deref())? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What stands at an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Offered {
    /// A name of the database.
    Name(CompletedKind),
    /// A code of a diagnostic.
    Code,
}

/// Where names stand: the command, the argument, and what it names.
const PLACES: &[(&[&str], &str, Offered)] = {
    use CompletedKind::{ActivityType, Campaign, Email, List, Person, Program, SmartList, Status};
    use Offered::{Code, Name};
    &[
        (&["explain"], "code", Code),
        (&["campaign", "show"], "name", Name(Campaign)),
        (&["campaign", "run"], "names", Name(Campaign)),
        (&["campaign", "run"], "person", Name(Person)),
        (&["campaign", "activate"], "names", Name(Campaign)),
        (&["campaign", "deactivate"], "names", Name(Campaign)),
        (&["campaign", "schedule"], "name", Name(Campaign)),
        (&["campaign", "runs"], "name", Name(Campaign)),
        (&["campaign", "log"], "name", Name(Campaign)),
        (&["campaign", "log"], "types", Name(ActivityType)),
        (&["campaign", "members"], "name", Name(Campaign)),
        (&["campaign", "explain"], "name", Name(Campaign)),
        (&["campaign", "explain"], "person", Name(Person)),
        (&["person", "load"], "list", Name(List)),
        (&["person", "load"], "as_members", Name(Program)),
        (&["person", "load"], "status", Name(Status)),
        (&["person", "log"], "key", Name(Person)),
        (&["person", "log"], "campaign", Name(Campaign)),
        (&["person", "log"], "types", Name(ActivityType)),
        (&["person", "show"], "key", Name(Person)),
        (&["person", "list"], "smart_list", Name(SmartList)),
        (&["person", "explain"], "key", Name(Person)),
        (&["person", "explain"], "email", Name(Email)),
        (&["person", "delete"], "key", Name(Person)),
        (&["outbox", "list"], "campaign", Name(Campaign)),
        (&["outbox", "list"], "email", Name(Email)),
        (&["outbox", "list"], "person", Name(Person)),
        (&["outbox", "export"], "campaign", Name(Campaign)),
        (&["outbox", "export"], "email", Name(Email)),
        (&["outbox", "export"], "person", Name(Person)),
    ]
};

/// Returns the tree of commands, its arguments with their candidates.
fn with_candidates(people: bool) -> clap::Command {
    let places = PLACES
        .iter()
        .filter(|(.., offered)| people || *offered != Offered::Name(CompletedKind::Person));
    places.fold(Cli::command(), |command, (path, argument, offered)| {
        offer(command, path, argument, *offered)
    })
}

fn offer(command: clap::Command, path: &[&str], argument: &str, offered: Offered) -> clap::Command {
    match path.split_first() {
        Some((first, rest)) => {
            command.mut_subcommand(*first, |command| offer(command, rest, argument, offered))
        }
        None => command.mut_arg(argument, |argument| {
            argument.add(ArgValueCompleter::new(move |current: &OsStr| {
                candidates(offered, current)
            }))
        }),
    }
}

fn candidates(offered: Offered, current: &OsStr) -> Vec<CompletionCandidate> {
    let current = current.to_string_lossy();
    let all: Vec<String> = match offered {
        Offered::Code => Code::ALL
            .iter()
            .map(|code| code.name().to_owned())
            .collect(),
        Offered::Name(kind) => names(&database(), kind, &current),
    };
    let typed = current.to_lowercase();
    let fits = all
        .into_iter()
        .filter(|name| name.to_lowercase().starts_with(&typed));
    fits.map(CompletionCandidate::new).collect()
}

/// Returns the database that the command line being completed works on.
fn database() -> PathBuf {
    let words: Vec<OsString> = std::env::args_os().collect();
    let after = words.iter().position(|word| word == "--db");
    let named = after.and_then(|at| words.get(at + 1)).cloned();
    let joined = words.iter().find_map(|word| {
        let path = word.to_str()?.strip_prefix("--db=")?;
        Some(OsString::from(path))
    });
    let named = named.or(joined).or_else(|| std::env::var_os("BUGLE_DB"));
    named.map_or_else(|| PathBuf::from("bugle.db"), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_a_name_is_an_argument() {
        for (path, argument, _) in PLACES {
            let root = Cli::command();
            let mut command = &root;
            for word in *path {
                command = command.find_subcommand(word).expect("a command");
            }
            let mut arguments = command.get_arguments();
            assert!(
                arguments.any(|known| known.get_id() == *argument),
                "{path:?} has no {argument}"
            );
        }
    }
}
