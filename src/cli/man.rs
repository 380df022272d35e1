//! `bugle man`: manual pages, one for each command.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::app::UserError;
use crate::app::outputs::{Output, Outputs};
use crate::app::reexports::{FileError, Place, reason};

use super::context::{CommandResult, Context};
use super::error::Error;
use super::exit::Exit;

/// What `bugle man` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle man | man -l -
  bugle man campaign run | man -l -
  bugle man --all /usr/local/share/man/man1")]
pub(crate) struct Arguments {
    /// The command; without one, the program itself
    command: Vec<String>,
    /// Write the pages of all commands into this folder, and print their paths
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    all: Option<PathBuf>,
}

/// Runs the command; `root` is the tree of all commands.
pub(crate) fn run(arguments: &Arguments, root: Command, context: &mut Context) -> CommandResult {
    let root = documented(root);
    if let Some(folder) = &arguments.all {
        return write_all(&root, folder, context);
    }
    let mut command = &root;
    let mut parent = None;
    let mut name = "bugle".to_owned();
    for word in &arguments.command {
        parent = Some(command);
        command = command.find_subcommand(word).ok_or_else(|| {
            Error::usage(
                format!("there is no command `{name} {word}`"),
                "`bugle --help` lists the commands",
            )
        })?;
        name = format!("{name} {word}");
    }
    context.out.write_all(&page(command, parent)?)?;
    Ok(Exit::Done)
}

/// Returns the tree of commands as the pages describe it: without the commit, so that all builds of a version have the
/// same pages.
fn documented(root: Command) -> Command {
    let mut root = root.long_version(None::<&str>);
    root.build();
    root
}

/// Writes the pages of all commands into a folder, which is made if it is missing.
fn write_all(root: &Command, folder: &Path, context: &mut Context) -> CommandResult {
    std::fs::create_dir_all(folder).map_err(|error| {
        let message = format!("cannot make `{}`: {}", folder.display(), reason(&error));
        Error::new(Exit::Storage, message)
    })?;
    let mut outputs = Outputs::new(&context.globals.db, &[]);
    for (command, parent) in with_subcommands(root, None) {
        let path = folder.join(format!("{}.1", page_name(command)));
        let place = outputs.admit(Output {
            what: "a manual page",
            option: "--all",
            path: &path,
        })?;
        let text = page(command, parent)?;
        write(&place, &text).map_err(UserError::from)?;
        writeln!(context.out, "{}", path.display())?;
    }
    Ok(Exit::Done)
}

/// Writes a page for everybody to read.
fn write(place: &Place, text: &[u8]) -> Result<(), FileError> {
    let mut file = place.create()?;
    let written = file.write_all(text);
    written.map_err(|cause| file.unwritable(cause))?;
    file.share()?;
    file.publish()
}

/// Returns a command and those below it, in the order of `--help`, each with the command that it belongs to.
fn with_subcommands<'c>(
    command: &'c Command,
    parent: Option<&'c Command>,
) -> Vec<(&'c Command, Option<&'c Command>)> {
    let mut all = vec![(command, parent)];
    for subcommand in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        all.extend(with_subcommands(subcommand, Some(command)));
    }
    all
}

/// Returns the page of a command, which ends with a reference to the command that it belongs to.
fn page(command: &Command, parent: Option<&Command>) -> Result<Vec<u8>, Error> {
    let man = Man::new(command.clone())
        .source(concat!("bugle ", env!("CARGO_PKG_VERSION")))
        .manual("bugle manual");
    let mut text = Vec::new();
    man.render(&mut text)?;
    if let Some(parent) = parent {
        let mut roff = Roff::new();
        roff.control("SH", ["SEE ALSO"]);
        roff.text([bold(page_name(parent)), roman("(1)")]);
        roff.to_writer(&mut text)?;
    }
    Ok(text)
}

/// Returns the name of a command's page, such as `bugle-campaign-run`.
fn page_name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}
