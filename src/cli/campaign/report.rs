//! `bugle campaign report`: what has become of campaigns, in the terminal or as a page.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::app::Error;
use crate::app::outputs::{Output, Outputs};
use crate::app::reexports::Place;
use crate::app::report::{ReportRequest, named, report};
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;
use crate::cli::globals::FormatName;
use crate::domain::text::counted;
use crate::render::page::{self, PageHead};

/// What `bugle campaign report` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign report trial-nurture
  bugle campaign report trial-nurture -o trial.html
  bugle campaign report \"November webinar\" -o webinar.html   a program
  bugle campaign report -o all.html                          every campaign
  bugle campaign report trial-nurture --format json

The page is one file that needs no script and no network, prints well, and has
light and dark colours. It has no personal data: counts alone, and `(address)`
in the place of addresses that campaigns name, unless --show-values is given.")]
pub(crate) struct Arguments {
    /// Campaigns, or programs; without a name, every campaign
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Every campaign
    #[arg(long, conflicts_with = "names")]
    all: bool,
    /// Write a page to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let mut outputs = Outputs::new(&context.globals.db, &[]);
    let output = arguments.output.as_deref();
    let place = output.map(|path| {
        outputs.admit(Output {
            what: "the page",
            option: "--output",
            path,
        })
    });
    let place = place.transpose()?;
    let store = context.read()?;
    outputs.spare_stored(&store)?;
    let opened = StoredWorkspace::of(&store)?;
    let campaigns = named(&opened, &arguments.names)?;
    let zone = &opened.workspace.zone;
    let request = ReportRequest {
        now: context.now(zone)?,
        seed: context.globals.seed,
        threads: context.bounds().threads,
        show_values: context.globals.show_values,
    };
    let reports = report(&store, &opened, &campaigns, request)?;
    if place.is_none() || context.globals.format != FormatName::Table {
        context.sheets(zone, &reports)?;
    }
    if let Some(place) = place {
        let head = PageHead {
            at: request.now,
            zone: zone.clone(),
        };
        write(&place, &page::report(&head, &reports))?;
        let campaigns = counted(reports.len() as u64, "campaign", "campaigns");
        let path = place.path();
        context
            .notices
            .notice(&format!("wrote {campaigns} to `{}`", path.display()));
    }
    Ok(Exit::Done)
}

/// Writes a page whole.
fn write(place: &Place, page: &str) -> Result<(), Error> {
    let mut file = place.create()?;
    let written = file.write_all(page.as_bytes());
    written.map_err(|cause| file.unwritable(cause))?;
    Ok(file.publish()?)
}
