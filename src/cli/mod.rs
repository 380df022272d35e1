//! The command line: arguments, printing, signals, exit codes; one file a command, each of them thin.
//!
//! A command parses its arguments, calls one use case of `app` and hands the results to `render`. Rules live
//! elsewhere. What is written to standard output is the result alone.

mod arguments;
mod campaign;
mod candidates;
pub(crate) mod clock;
mod completions;
mod context;
mod csv_file;
mod db;
mod demo;
mod difference_file;
mod error;
mod exit;
mod explain;
mod globals;
mod init;
mod lsp;
mod man;
mod match_file;
mod next;
mod out;
mod outbox;
mod pager;
mod panic;
mod person;
mod progress;
mod quiet;
mod schema;
mod selection;
mod shard;
mod signals;
mod stream;
mod verdict_file;
mod warnings;

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{CommandFactory as _, FromArgMatches as _};

use crate::diagnostic::visible::{visible, visible_lines};
use arguments::{Cli, Command};
use context::{CommandResult, Context};
use exit::Exit;

/// Runs the program on its own arguments.
pub fn main() -> ExitCode {
    panic::guard(|| {
        // Without it a limit ends the program where it would be reported; that is not a reason not to run.
        let _ = signals::take_size_limits_as_errors();
        match candidates::answered() {
            Ok(false) => {}
            Ok(true) => return Exit::Done,
            Err(error) => return refuse(&error),
        }
        match parse(std::env::args_os()) {
            Ok(cli) => run(cli),
            Err(unparsed) => refuse(&repeating_no_escapes(unparsed)),
        }
    })
    .into()
}

/// Reads a command line.
fn parse<I, T>(arguments: I) -> Result<Cli, clap::Error>
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let matches = Cli::command()
        .try_get_matches_from(arguments)
        .map_err(with_plain_usage)?;
    let mut cli = Cli::from_arg_matches(&matches)?;
    let named = |name| matches.value_source(name) == Some(ValueSource::CommandLine);
    cli.globals.db_named = named("db");
    cli.globals.now_named = named("now");
    cli.globals.paged = !cli.globals.no_pager && paged(&matches);
    cli.globals.silent = cli.globals.quiet && !named("format") && quiet::writes(&matches);
    Ok(cli)
}

/// Returns whether a command line shows what is there, so that a long result may be read page by page. What writes or checks
/// is not: it would hold the database while the user reads.
fn paged(matches: &clap::ArgMatches) -> bool {
    let (mut path, mut leaf) = (Vec::new(), matches);
    while let Some((name, inner)) = leaf.subcommand() {
        path.push(name);
        leaf = inner;
    }
    matches!(
        path.as_slice(),
        [
            "campaign",
            "list"
                | "show"
                | "schedule"
                | "runs"
                | "log"
                | "members"
                | "explain"
                | "where-used"
                | "report"
        ] | ["person", "list" | "show" | "log" | "explain"]
            | ["outbox", "list"]
            | ["explain"]
    )
}

/// Gives an error the usage of its command. The parser's own usage lists options that were given, be it by the environment,
/// as if they were required.
fn with_plain_usage(mut error: clap::Error) -> clap::Error {
    if let Some(meant) = meant_command(&error) {
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(
            ContextKind::Suggested,
            ContextValue::StyledStrs(vec![meant.into()]),
        );
    }
    let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) else {
        return error;
    };
    let usage = usage.to_string();
    let mut root = Cli::command();
    root.build();
    let mut command = &root;
    for word in usage.split_whitespace().skip(2) {
        match command.find_subcommand(word) {
            Some(found) => command = found,
            None => break,
        }
    }
    let usage = command.clone().render_usage();
    let usage = ContextValue::StyledStr(usage);
    error.insert(ContextKind::Usage, usage);
    error
}

/// Returns which commands of a family may be meant by a command that was written without it: `bugle validate`.
fn meant_command(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(written)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    let root = Cli::command();
    let families = root.get_subcommands();
    let families = families.filter(|family| family.find_subcommand(written).is_some());
    let commands: Vec<String> = families
        .map(|family| format!("`bugle {} {written}`", family.get_name()))
        .collect();
    let (last, others) = commands.split_last()?;
    Some(match others {
        [] => format!("write {last}"),
        others => format!("write {} or {last}", others.join(", ")),
    })
}

/// Runs one command to its end, and reports what went wrong.
fn run(cli: Cli) -> Exit {
    let mut context = Context::new(cli.globals);
    if context.globals.silent {
        context.out.hold();
    }
    context.page();
    let ended = context
        .check_now()
        .and_then(|()| dispatch(cli.command, &mut context));
    let ended = match context.out.release(!matches!(ended, Ok(Exit::Done))) {
        Ok(()) => ended,
        Err(error) => ended.and(Err(error.into())),
    };
    // Every other error is then a consequence of it.
    let ended = context.displaced().map_or(ended, |error| Err(error.into()));
    ended.unwrap_or_else(|error| {
        error.report(context.notices, context.stop.signal(), &context.globals.db)
    })
}

fn dispatch(command: Command, context: &mut Context) -> CommandResult {
    match command {
        Command::Campaign(command) => campaign::run(command, context),
        Command::Person(command) => person::run(command, context),
        Command::Outbox(command) => outbox::run(command, context),
        Command::Demo(arguments) => demo::run(&arguments, context),
        Command::Init(arguments) => init::run(&arguments, context),
        Command::Explain(arguments) => explain::run(&arguments, context),
        Command::Schema(arguments) => schema::run(&arguments, context),
        Command::Lsp(arguments) => lsp::run(&arguments, context),
        Command::Db(command) => db::run(command, context),
        Command::Shard(command) => shard::run(command, context),
        Command::Completions(arguments) => completions::run(&arguments, context),
        Command::Man(arguments) => man::run(&arguments, Cli::command(), context),
    }
}

/// Returns a fault whose message repeats arguments without what a terminal would obey: that of the escaped arguments.
fn repeating_no_escapes(unparsed: clap::Error) -> clap::Error {
    let given: Vec<String> = std::env::args_os()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let shown: Vec<Cow<'_, str>> = given.iter().map(|argument| visible(argument)).collect();
    if shown == given {
        return unparsed;
    }
    let escaped = shown.iter().map(AsRef::as_ref).map(OsString::from);
    parse(escaped).err().unwrap_or(unparsed)
}

/// Writes help or version as the result they are, and faults of the command line to standard error.
fn refuse(unparsed: &clap::Error) -> Exit {
    let rendered = unparsed.render();
    if unparsed.use_stderr() {
        let mut stderr = anstream::stderr().lock();
        let plain = rendered.to_string();
        let _ = match visible_lines(&plain) {
            Cow::Borrowed(_) => write!(stderr, "{}", rendered.ansi()),
            Cow::Owned(escaped) => write!(stderr, "{escaped}"),
        };
        return Exit::Usage;
    }
    let mut stdout = anstream::stdout().lock();
    let written = out::check_open()
        .and_then(|()| write!(stdout, "{}", rendered.ansi()))
        .and_then(|()| stdout.flush());
    match written {
        Ok(()) => Exit::Done,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Done,
        Err(_) => Exit::Storage,
    }
}
