//! `bugle schema`: JSON Schema of the files that people write, for editors.

use std::io::Write as _;

use clap::{Args, ValueEnum};

use std::path::PathBuf;

use crate::app::schema::{self, File, SchemaWorkspace};
use crate::domain::text::counted;

use super::context::{CommandResult, Context};
use super::exit::Exit;

/// What `bugle schema` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle schema > campaign.schema.json
  bugle schema workspace > workspace.schema.json
  bugle schema program > program.schema.json
  bugle schema --workspace > campaigns/schema/campaign.schema.json

First line of a campaign file, for editors with yaml-language-server:
  # yaml-language-server: $schema=../campaign.schema.json")]
pub(crate) struct Arguments {
    /// The kind of file: campaign, workspace or program
    #[arg(value_enum, default_value_t = FileName::Campaign, hide_possible_values = true)]
    file: FileName,
    /// Mark names that the workspace in PATH does not have
    #[arg(
        long,
        value_name = "PATH",
        num_args = 0..=1,
        default_missing_value = "campaigns/"
    )]
    workspace: Option<PathBuf>,
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
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let file = match arguments.file {
        FileName::Campaign => File::Campaign,
        FileName::Workspace => File::Workspace,
        FileName::Program => File::Program,
    };
    let schema = match &arguments.workspace {
        None => schema::schema(file),
        Some(path) => {
            let workspace = SchemaWorkspace::read(path.clone())?;
            if workspace.errors > 0 {
                let errors = counted(workspace.errors as u64, "error", "errors");
                context.notices.warning(&format!(
                    "the files have {errors}, and names may be missing here: see `bugle campaign validate`"
                ));
            }
            workspace.schema(file)
        }
    };
    context.out.write_all(schema::text(&schema).as_bytes())?;
    Ok(Exit::Done)
}
