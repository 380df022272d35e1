//! `bugle db`: the database file as a whole.

mod export;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::app::outputs::{Output, Outputs};
use crate::app::reexports::{Store, StoreError};

use super::context::{CommandResult, Context};
use super::error::Error;
use super::exit::Exit;

/// What the help of `bugle db` ends with.
pub(crate) const EXAMPLES: &str = "\
Examples:
  bugle db check
  bugle db backup before-launch.db
  bugle db restore before-launch.db
  bugle db scratch try.db
  bugle db dump | sha256sum
  bugle db export out --format parquet";

/// A command on the database file.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look for damage: pages, references, and what must always hold
    Check(Check),
    /// Copy the database into a new file, also while a command writes
    Backup(Backup),
    /// Go back to a backup; the database before is kept beside it
    Restore(Restore),
    /// Copy the database into a new file for trying things out
    Scratch(Scratch),
    /// Print the canonical logical content, a JSON object a line
    Dump(Dump),
    /// Write the views as files, for programs that read tables
    Export(export::Arguments),
}

/// What `bugle db check` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle db check
  bugle db check --db before-launch.db")]
pub(crate) struct Check {}

/// What `bugle db backup` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle db backup before-launch.db
  bugle db backup --db team.db /mnt/backups/team-2026-11-02.db")]
pub(crate) struct Backup {
    /// The new file; an existing one is not replaced
    file: PathBuf,
}

/// What `bugle db scratch` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle db scratch try.db
  bugle campaign run \"California newsletter\" --db try.db
  rm try.db*

The copy is marked: `campaign list` and every command that writes say that they
work on a copy. `bugle db restore` makes it a database like others.")]
pub(crate) struct Scratch {
    /// The new file; an existing one is not replaced
    file: PathBuf,
}

/// What `bugle db restore` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle db restore before-launch.db
  bugle db restore --db team.db /mnt/backups/team-2026-11-02.db

The backup is checked and copied, and stays as it is. It asks nothing: the
database before is kept as `bugle.db.before-restore-1`, and may be restored in
the same way. Never copy a file over a database by hand: what its journal
(`-wal`) holds would be applied to the wrong one.")]
pub(crate) struct Restore {
    /// A file that `bugle db backup` has written, or any other sound database of bugle
    file: PathBuf,
}

/// What `bugle db dump` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle db dump > content.jsonl
  bugle db dump | sha256sum
  bugle db dump --by-key --db whole.db

Equal content gives equal bytes on any machine: no cursors, codes, versions of
the software or instants of the wall clock stand in it.")]
pub(crate) struct Dump {
    /// Order and name people by their keys, not by the numbers that this database has given them
    #[arg(long)]
    by_key: bool,
}

/// Runs the command.
pub(crate) fn run(command: Command, context: &mut Context) -> CommandResult {
    match command {
        Command::Check(_) => check(context),
        Command::Backup(arguments) => copy(&arguments.file, "db backup", context, Store::backup),
        Command::Scratch(arguments) => copy(
            &arguments.file,
            "db scratch",
            context,
            Store::copy_as_scratch,
        ),
        Command::Export(arguments) => export::run(&arguments, context),
        Command::Restore(arguments) => restore(&arguments, context),
        Command::Dump(arguments) => {
            let store = context.read()?;
            let mut out = Watched {
                out: &mut context.out,
                failed: None,
            };
            let dumped = if arguments.by_key {
                store.dump_by_key(&mut out)
            } else {
                store.dump(&mut out)
            };
            match out.failed {
                // What went wrong with the output is reported as such: a closed pipe is not a fault at all.
                Some(error) => Err(Error::Output(error)),
                None => Ok(dumped.map(|()| Exit::Done)?),
            }
        }
    }
}

/// Copies the database into a new file by a method of the store.
fn copy(
    file: &Path,
    command: &'static str,
    context: &mut Context,
    copy: fn(&Store, &Path) -> Result<(), StoreError>,
) -> CommandResult {
    let admitted = Outputs::new(&context.globals.db, &[]).admit(Output {
        what: "the copy",
        option: command,
        path: file,
    });
    // The store refuses to replace a file of any kind, also one that another command has made just now.
    if !file.is_file() {
        admitted?;
    }
    copy(&context.read()?, file)?;
    let file = file.display();
    context.notices.notice(&format!("copied to `{file}`"));
    Ok(Exit::Done)
}

fn restore(arguments: &Restore, context: &Context) -> CommandResult {
    let restored = context.restore(&arguments.file)?;
    let given = &context.globals.db;
    // A link to the database leads to another folder: there the full path says more.
    let is_real = std::path::absolute(given).is_ok_and(|given| given == restored.path);
    let shown = |path: &Path| match path.file_name() {
        Some(name) if is_real => given.with_file_name(name).display().to_string(),
        Some(_) | None => path.display().to_string(),
    };
    context.notices.notice(&format!(
        "`{}` is now what `{}` holds",
        shown(&restored.path),
        arguments.file.display()
    ));
    if let Some(kept) = &restored.kept {
        let kept = shown(kept);
        context
            .notices
            .notice(&format!("the database before is kept as `{kept}`"));
    }
    Ok(Exit::Done)
}

fn check(context: &mut Context) -> CommandResult {
    let faults = crate::app::check::check(&context.read()?)?;
    let Some((last, others)) = faults.split_last() else {
        context.notices.notice("all is well");
        return Ok(Exit::Done);
    };
    for fault in others {
        context.notices.error(fault, None);
    }
    Err(Error::Message {
        exit: Exit::Storage,
        message: last.clone(),
        help: Some(
            "`bugle db restore FILE` goes back to a backup; what the database still holds can be read with \
             `bugle db dump`"
                .to_owned(),
        ),
    })
}

/// An output that remembers why it failed.
struct Watched<'a, W> {
    out: &'a mut W,
    failed: Option<io::Error>,
}

impl<W: Write> Write for Watched<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes).map_err(|error| {
            let kind = error.kind();
            self.failed = Some(error);
            io::Error::from(kind)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
