//! `bugle campaign test`: the tests of campaign files, in memory.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::app;
use crate::app::outputs::{Output, Outputs};
use crate::app::reexports::Place;
use crate::app::test::{TestOptions, Tested, test};
use crate::cli::context::{CommandResult, Context};
use crate::cli::error::{Error, diagnostics};
use crate::cli::exit::Exit;
use crate::cli::globals::FormatName;
use crate::domain::text::counted;
use crate::render::junit::junit;
use crate::render::{Colour, Format, Look, Screen, coverage, test_results};
use crate::results::{CoverageReport, CoverageTotal, TestRow};

/// What `bugle campaign test` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign test
  bugle campaign test campaigns/sales/ --format json
  bugle campaign test --name webinar
  bugle campaign test --coverage
  bugle campaign test --witness           tests that would see the rest
  bugle campaign test --threshold 100     exit code 1 if a point is missing
  bugle campaign test --format lcov > lcov.info
  bugle campaign test --junit results.xml
  bugle campaign test --format github     annotations for a workflow
  bugle campaign test --update            after writing `expect: record`
  bugle campaign test - < trial.yaml

No database is opened, and only --update and --junit write files. Of a test that fails it is shown
what was expected, what was found, and why the person qualified or did not.

With --coverage it is also shown what the tests have seen: each trigger fire,
each filter hold and fail, the qualification rule admit and reject, each choice
and default taken, each wait end, each step succeed. What nobody can ever reach
is listed and does not count.")]
pub(crate) struct Arguments {
    /// Files and folders; a folder is read with all beneath it; `-` is standard input
    #[arg(default_value = "campaigns/")]
    paths: Vec<PathBuf>,
    /// Only tests with this text in their name, or in that of their campaign
    #[arg(long, value_name = "PATTERN")]
    name: Option<String>,
    /// Show what the tests have seen of each campaign, and what they have not
    #[arg(long)]
    coverage: bool,
    /// Fail if less than N percent of all points is covered; implies --coverage
    #[arg(long, value_name = "N", value_parser = percent)]
    threshold: Option<u64>,
    /// Write a test for each point that no test has seen, or say that none was found; implies --coverage
    #[arg(long)]
    witness: bool,
    /// Write the results as XML as well, in the form of `JUnit`, for CI services
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write what was found into the tests with `expect: record`
    #[arg(long)]
    update: bool,
}

/// Reads a share in percent, as hundredths of it.
fn percent(text: &str) -> Result<u64, String> {
    let advice = "write a percentage from 0 to 100: `95`, `99.5`";
    let number = text.trim().trim_end_matches('%').trim_end();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 2 {
        return Err(advice.to_owned());
    }
    let whole: u64 = whole.parse().map_err(|_| advice.to_owned())?;
    let fraction: u64 = format!("{fraction:0<2}")
        .parse()
        .map_err(|_| advice.to_owned())?;
    let share = whole.saturating_mul(100).saturating_add(fraction);
    (share <= 10_000)
        .then_some(share)
        .ok_or_else(|| advice.to_owned())
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let options = TestOptions {
        seed: context.globals.seed,
        threads: context.bounds().threads,
        name: arguments.name.as_deref(),
        update: arguments.update,
        witness: arguments.witness,
    };
    let junit = junit_place(arguments, context)?;
    if arguments.update
        && arguments
            .paths
            .iter()
            .any(|path| path.as_path() == Path::new("-"))
    {
        return Err(Error::usage(
            "`--update` writes into files, and `-` is standard input",
            "name the file",
        ));
    }
    let tested = test(&arguments.paths, options);
    let tested = context.annotate_faults(tested)?;
    let total = CoverageTotal::of(&tested.coverage);
    let (rows, recorded) = (tested.rows.clone(), tested.recorded);
    if let Some(place) = junit {
        write_junit(&place, &tested)?;
    }
    write(arguments, tested, total, context)?;
    context.out.flush()?;
    if let (tests @ 1.., files) = recorded {
        let tests = counted(tests as u64, "test", "tests");
        let files = counted(files as u64, "file", "files");
        let notice = format!("the expectations of {tests} recorded in {files}");
        context.notices.notice(&notice);
    }
    ended(&rows, arguments, context)?;
    match arguments.threshold {
        Some(threshold) if total.share() < threshold => Err(below(total, threshold)),
        Some(_) | None => Ok(Exit::Done),
    }
}

/// Admits the file of `--junit`: none that is in use.
fn junit_place(arguments: &Arguments, context: &Context) -> Result<Option<Place>, Error> {
    let Some(path) = &arguments.junit else {
        return Ok(None);
    };
    let outputs = Outputs::new(&context.globals.db, &[]);
    let paths = arguments.paths.iter().map(PathBuf::as_path);
    let place = outputs.spare_paths(paths).admit(Output {
        what: "the results",
        option: "--junit",
        path,
    });
    Ok(Some(place?))
}

fn write_junit(place: &Place, tested: &Tested) -> Result<(), Error> {
    let look = Look {
        width: None,
        zone: tested.zone.clone(),
        colour: Colour::Never,
        screen: Screen::File,
    };
    let mut out = place.create().map_err(app::Error::from)?;
    junit(&mut out, &look, &tested.rows)
        .map_err(|cause| app::Error::from(out.unwritable(cause)))?;
    out.publish().map_err(app::Error::from)?;
    Ok(())
}

/// Writes the rows, with what was seen where that is asked for.
fn write(
    arguments: &Arguments,
    tested: Tested,
    total: CoverageTotal,
    context: &mut Context,
) -> Result<(), Error> {
    let covers = arguments.coverage || arguments.witness || arguments.threshold.is_some();
    let (rows, zone) = (tested.rows, &tested.zone);
    if context.globals.format == FormatName::Github {
        context.annotate(&tested.warnings, &tested.sources)?;
        test_results::github(&mut context.out, &rows)?;
        return Ok(());
    }
    diagnostics(context.notices, &tested.warnings, &tested.sources);
    if context.globals.format == FormatName::Lcov {
        coverage::lcov(&mut context.out, &tested.coverage)?;
    } else if covers {
        let report = CoverageReport {
            tests: rows,
            coverage: tested.coverage,
            total,
            witnesses: tested.witnesses,
            looked_for_tests: arguments.witness,
        };
        context.sheet(zone, &report)?;
    } else {
        context.rows(zone, &rows)?;
        if context.format()? == Format::Table {
            let look = context.look(zone);
            test_results::failures(&mut context.out, &look, &rows)?;
        }
    }
    Ok(())
}

/// Says how many tests passed, or failed.
fn ended(rows: &[TestRow], arguments: &Arguments, context: &Context) -> Result<(), Error> {
    let failed = rows.iter().filter(|row| !row.passed).count();
    let all = counted(rows.len() as u64, "test", "tests");
    match (rows.len(), failed) {
        (0, _) => match &arguments.name {
            Some(pattern) => {
                let message = format!("no test has `{pattern}` in its name");
                return Err(Error::new(Exit::State, message));
            }
            None => context.notices.warning("no test was found"),
        },
        (_, 0) => context.notices.notice(&format!("{all} passed")),
        (_, failed) => {
            let message = format!("{failed} of {all} failed");
            return Err(Error::new(Exit::Files, message));
        }
    }
    Ok(())
}

/// Makes the error of a coverage that is too low.
fn below(total: CoverageTotal, threshold: u64) -> Error {
    let CoverageTotal { points, covered } = total;
    let shown = |share: u64| match share % 100 {
        0 => (share / 100).to_string(),
        rest => format!("{}.{rest:02}", share / 100),
    };
    let message = format!(
        "{covered} of {points} points are covered: {} percent, and {} are asked for",
        shown(total.share()),
        shown(threshold)
    );
    Error::new(Exit::Files, message)
}
