//! Answers the script of a shell that completes a command line: commands, options, and names of the database.
//!
//! With one of the variables that `bugle completions` writes into its scripts, the program answers with candidates and does
//! nothing else.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::CommandFactory as _;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::CompleteEnv;

use super::arguments::Cli;
use super::completions::VARIABLES;
use crate::app::completion::{CompletedKind, names};
use crate::diagnostic::Code;

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
