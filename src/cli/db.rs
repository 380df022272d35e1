//! `bugle db`: the database file as a whole.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::context::{Context, Ended};
use super::exit::Exit;

/// What the help of `bugle db` ends with.
pub const EXAMPLES: &str = "\
Examples:
  bugle db backup before-launch.db";

/// A command on the database file.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Copy the database into a new file, also while a command writes
    Backup(Backup),
}

/// What `bugle db backup` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle db backup before-launch.db
  bugle db backup --db team.db /mnt/backups/team-2026-11-02.db")]
pub struct Backup {
    /// The new file; an existing one is not replaced
    file: PathBuf,
}

/// Runs the command.
pub fn run(command: Command, context: &mut Context) -> Ended {
    match command {
        Command::Backup(arguments) => {
            context.read()?.backup(&arguments.file)?;
            let file = arguments.file.display();
            context.notices.notice(&format!("copied to `{file}`"));
            Ok(Exit::Done)
        }
    }
}
