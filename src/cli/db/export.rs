//! `bugle db export`: the views as files, for other programs that read tables.

use std::path::PathBuf;

use clap::Args;

use crate::app::export_views::{ViewFile, export_views};
use crate::app::outputs::{Output, Outputs};
use crate::app::reexports::{OutputFile, Place, Store};
use crate::app::{self, Control};
use crate::cli::context::{CommandResult, Context};
use crate::cli::error::Error;
use crate::cli::exit::Exit;
use crate::cli::globals::FormatName;
use crate::domain::view_column::ViewColumn;
use crate::domain::{ValueRef, Zone};
use crate::render::export::{ExportFormat, TableFile};

/// What `bugle db export` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle db export out
  bugle db export out --format parquet
  duckdb -c \"SELECT count(*) FROM 'out/v_activity.parquet'\"

One file a view, of one moment: CSV unless `--format jsonl` or `parquet` is given.
Parquet has real types; released archives of bugle have it, a build of your own
with `--features parquet`. Files of these names are replaced.")]
pub(crate) struct Arguments {
    /// The folder; made if it is not there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let format = format(context.globals.format)?;
    let mut outputs = Outputs::new(&context.globals.db, &[]);
    outputs.admit_folder(Output {
        what: "the views",
        option: "db export",
        path: &arguments.folder,
    })?;
    let store = context.read()?;
    let mut places = Vec::new();
    for view in Store::views() {
        let path = arguments
            .folder
            .join(format!("{view}.{}", format.extension()));
        let place = outputs.admit(Output {
            what: "a view",
            option: "db export",
            path: &path,
        })?;
        places.push((view, place));
    }
    outputs.spare_stored(&store)?;
    context.listen()?;
    app::export_views::make_folder(&arguments.folder)?;
    let progress = context.progress("rows");
    let mut reached = |rows| progress.reached(rows);
    let mut control = Control::new(&context.stop, &mut reached);
    let mut begin =
        |view: &'static str, columns: &[ViewColumn]| begin(&places, view, format, columns);
    let views = export_views(&store, &mut begin, &mut control)?;
    drop(progress);
    context.globals.format = FormatName::Table;
    context.rows(&Zone::utc(), &views)?;
    Ok(Exit::Done)
}

/// Returns the form of the files, which is what `--format` means here.
fn format(name: FormatName) -> Result<ExportFormat, Error> {
    match name {
        FormatName::Table | FormatName::Csv => Ok(ExportFormat::Csv),
        FormatName::Jsonl => Ok(ExportFormat::Jsonl),
        #[cfg(feature = "parquet")]
        FormatName::Parquet => Ok(ExportFormat::Parquet),
        #[cfg(not(feature = "parquet"))]
        FormatName::Parquet => Err(Error::usage(
            "this bugle was built without Parquet",
            "released archives have it, and so has a build with `--features parquet`; `--format csv` and `jsonl` are always there",
        )),
        FormatName::Json
        | FormatName::Github
        | FormatName::Ics
        | FormatName::Lcov
        | FormatName::Markdown
        | FormatName::Html => Err(Error::usage(
            "`db export` writes CSV, JSON lines or Parquet",
            "write `--format csv`, `jsonl` or `parquet`",
        )),
    }
}

/// The file of one view.
struct File {
    table: Option<TableFile<OutputFile>>,
    complete: Option<OutputFile>,
    place: Place,
}

fn begin(
    places: &[(&'static str, Place)],
    view: &str,
    format: ExportFormat,
    columns: &[ViewColumn],
) -> Result<(String, Box<dyn ViewFile>), app::Error> {
    let found = places.iter().find(|(known, _)| *known == view);
    let (_, place) = found.ok_or_else(|| {
        app::UserError::new(app::ErrorKind::Program, format!("`{view}` has no file"))
    })?;
    let out = place.create()?;
    let table = TableFile::new(format, out, columns);
    let file = File {
        table: Some(table.map_err(|cause| place.unwritable(cause))?),
        complete: None,
        place: place.clone(),
    };
    let shown = place.path().display().to_string();
    Ok((shown, Box::new(file)))
}

impl ViewFile for File {
    fn row(&mut self, cells: &[Option<ValueRef<'_>>]) -> Result<(), app::Error> {
        let Some(table) = &mut self.table else {
            return Ok(());
        };
        let written = table.row(cells);
        Ok(written.map_err(|cause| self.place.unwritable(cause))?)
    }

    fn end(&mut self) -> Result<(), app::Error> {
        if let Some(table) = self.table.take() {
            let finished = table.finish();
            let mut out = finished.map_err(|cause| self.place.unwritable(cause))?;
            out.sync()?;
            self.complete = Some(out);
        }
        Ok(())
    }

    fn publish(&mut self) -> Result<(), app::Error> {
        match self.complete.take() {
            Some(out) => Ok(out.publish()?),
            None => Ok(()),
        }
    }
}
