//! `bugle schema`: JSON Schema of the files that people write, for editors.

use std::io::Write as _;

use clap::{Args, ValueEnum};

use crate::app::schema::{self, File};

use super::context::{CommandResult, Context};
use super::exit::Exit;

/// What `bugle schema` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle schema > campaign.schema.json
  bugle schema workspace > workspace.schema.json
  bugle schema program > program.schema.json

First line of a campaign file, for editors with yaml-language-server:
  # yaml-language-server: $schema=../campaign.schema.json")]
pub struct Arguments {
    /// The kind of file: campaign, workspace or program
    #[arg(value_enum, default_value_t = FileName::Campaign, hide_possible_values = true)]
    file: FileName,
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FileName {
    /// A campaign file
    Campaign,
    /// `workspace.yaml`
    Workspace,
    /// `program.yaml`
    Program,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let file = match arguments.file {
        FileName::Campaign => File::Campaign,
        FileName::Workspace => File::Workspace,
        FileName::Program => File::Program,
    };
    writeln!(context.out, "{:#}", schema::schema(file))?;
    Ok(Exit::Done)
}
