//! `bugle person load`: person lists into the database, all of them or nothing.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use clap::Args;

use crate::app::Control;
use crate::app::load_people::{AsActivities, AsMembers, LoadOutcome, Options, load_people};
use crate::app::outputs::{Output, Outputs};
use crate::app::reexports::Input;
use crate::app::reexports::person_lists;
use crate::app::reexports::person_lists::formats::{
    BooleanWords, DateFormat, Formats, NumberFormat,
};
use crate::app::reexports::person_lists::key::KeyChoice;
use crate::app::settings::{reserved_names, settings};
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;
use crate::cli::globals::renames;
use crate::cli::warnings;
use crate::domain::person_address::check_name;
use crate::results::ImportPeopleSummary;

/// What `bugle person load` takes.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[command(after_help = "\
Examples:
  bugle person load fixtures/people.csv
  bugle person load leads.csv --list \"Newsletter readers\"
  bugle person load fair.csv --list \"Fair guests\" --as-activities
  bugle person load guests.csv --as-members \"Spring fair\" --status Registered
  bugle person load export.csv --map \"Work Email=email\" --rejects bad.csv
  bugle person load crm.csv --key lead_no --date-format %m/%d/%Y --booleans Yes/No
  gzip -dc people.csv.gz | bugle person load -

A blank cell leaves the stored value as it is; `NULL` clears it.")]
pub(crate) struct Arguments {
    /// CSV files, also packed with gzip or zstd; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Put everyone on this static list as well
    #[arg(long, value_parser = list_name, value_name = "NAME")]
    list: Option<String>,
    /// Make the files the whole content of the list: people who are not in them leave it
    #[arg(long, requires = "list")]
    replace: bool,
    /// Make everyone a member of this program; columns such as those of Marketo's program member extract set status, dates,
    /// success and member fields
    #[arg(long, value_parser = program_name, value_name = "PROGRAM")]
    as_members: Option<String>,
    /// The status of rows that name none; nobody moves to a lower one [default: the program's first, for new members]
    #[arg(long, requires = "as_members", value_name = "STATUS")]
    status: Option<String>,
    /// The column or columns by which people are known, or `row` to number the rows [default: email, or id where there is
    /// none]
    #[arg(long, value_parser = KeyChoice::parse, value_name = "COLUMN[,COLUMN]|row")]
    key: Option<KeyChoice>,
    /// Load a file although many rows repeat a key, or rows with one key have different emails
    #[arg(long)]
    allow_repeats: bool,
    /// How dates are written, as strftime has it: `%m/%d/%Y` for 3/25/2026
    #[arg(long, value_parser = DateFormat::parse, value_name = "FORMAT")]
    date_format: Option<DateFormat>,
    /// How 1000.5 is written: `1,000.5`, `1.000,5`, `$1,000.50`
    #[arg(long, value_parser = NumberFormat::parse, value_name = "EXAMPLE")]
    number_format: Option<NumberFormat>,
    /// The words for true and false: `Yes/No`
    #[arg(long, value_parser = BooleanWords::parse, value_name = "TRUE/FALSE")]
    booleans: Option<BooleanWords>,
    /// Read a column under another name
    #[arg(long, value_name = "FROM=TO")]
    map: Vec<String>,
    /// What separates cells: `,`, `;` or `tab` [default: seen from the header]
    #[arg(long, value_parser = delimiter, value_name = "CHARACTER")]
    delimiter: Option<u8>,
    /// Log what the files change, and let active trigger campaigns react
    #[arg(long)]
    as_activities: bool,
    /// Copy bad rows to this file instead of refusing everything
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Write nothing to the database, and print what would happen
    #[arg(long)]
    dry_run: bool,
}

/// Takes the name of a list, in which nothing may be hidden.
fn list_name(text: &str) -> Result<String, String> {
    check_name(text).map_err(|message| format!("the name {message}"))?;
    if text.trim().is_empty() {
        return Err("give the list a name".to_owned());
    }
    Ok(text.to_owned())
}

/// Takes the name of a program, in which nothing may be hidden.
fn program_name(text: &str) -> Result<String, String> {
    check_name(text).map_err(|message| format!("the name {message}"))?;
    if text.trim().is_empty() {
        return Err("name the program".to_owned());
    }
    Ok(text.to_owned())
}

pub(crate) fn delimiter(text: &str) -> Result<u8, String> {
    match (text, text.as_bytes()) {
        ("tab" | "\\t", _) => Ok(b'\t'),
        (_, [one]) if one.is_ascii_punctuation() || *one == b'\t' => Ok(*one),
        (_, _) => Err("write one character, such as `;`, or `tab`".to_owned()),
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let inputs: Vec<Input> = arguments.files.iter().map(Input::from_argument).collect();
    let mut outputs = Outputs::new(&context.globals.db, &inputs);
    let rejects = arguments.rejects.as_ref().map(|path| {
        outputs.admit(Output {
            what: "bad rows",
            option: "--rejects",
            path,
        })
    });
    let rejects = rejects.transpose()?;
    let mut store = if arguments.dry_run {
        context.rehearse("person load")?
    } else {
        context.write("person load")?
    };
    outputs.spare_stored(&store)?;
    let workspace = settings(&store)?;
    let now = context.now(&workspace.zone)?;
    let mut catalogue = workspace.fields.clone();
    store.merge_fields(&mut catalogue)?;
    let read = Arc::new(AtomicU64::new(0));
    let options = Options {
        reading: person_lists::Options {
            delimiter: arguments.delimiter,
            key: arguments.key.clone().unwrap_or_default(),
            allow_repeats: arguments.allow_repeats,
            formats: Formats {
                date: arguments.date_format.clone(),
                number: arguments.number_format.clone(),
                booleans: arguments.booleans.clone(),
            },
            renames: renames(&arguments.map)?,
            zone: workspace.zone.clone(),
            members: None,
            read: Arc::clone(&read),
            reserved: reserved_names(&workspace),
            show_values: context.globals.show_values,
        },
        list: arguments.list.clone(),
        replace: arguments.replace,
        members: arguments.as_members.as_ref().map(|program| AsMembers {
            program: program.clone(),
            status: arguments.status.clone(),
        }),
        as_activities: arguments.as_activities.then(|| AsActivities {
            seed: context.globals.seed,
            bounds: context.bounds(),
        }),
        rejects,
        dry_run: arguments.dry_run,
    };
    let sizes = inputs.iter().map(Input::size);
    let total: Option<u64> = sizes.sum();
    let progress = context.progress_of_bytes("rows", total, &read);
    let mut reached = |rows| progress.reached(rows);
    let control = Control::new(&context.stop, &mut reached);
    let loaded = load_people(&mut store, &inputs, &options, now, &catalogue, control)?;
    drop(progress);
    report(&loaded, context);
    if arguments.as_activities {
        let files: Vec<_> = loaded.files.iter().map(ImportPeopleSummary).collect();
        context.summaries(&workspace.zone, &files)?;
    } else {
        context.summaries(&workspace.zone, &loaded.files)?;
    }
    Ok(if loaded.rejected.is_empty() && loaded.cut == 0 {
        Exit::Done
    } else {
        Exit::SetAside
    })
}

fn report(loaded: &LoadOutcome, context: &Context) {
    for (name, field_type) in &loaded.new_fields {
        let field_type = field_type.name();
        context
            .notices
            .notice(&format!("new field `{name}`: {field_type}"));
    }
    match loaded.shared {
        0 => {}
        1 => context
            .notices
            .notice("1 row has an email that several people have; the first of them was meant"),
        rows => context.notices.notice(&format!(
            "{rows} rows have an email that several people have; the first of them was meant"
        )),
    }
    warnings::data_faults(context.notices, &loaded.rejected);
    warnings::cut_entries(context.notices, &loaded.cuts);
    if loaded.repeats {
        let notice = "this load was the last thing done, at this very instant: nothing changed";
        context.notices.notice(notice);
    }
    if let Some(due) = loaded.due_since {
        context.notices.warning(&format!(
            "waits have been due since {due} and still hold people: `bugle campaign advance` before a load lets them end first"
        ));
    }
}
