//! The points of a command: at each, one call goes wrong, and then the same command is given again.

use std::collections::BTreeMap;
use std::process::Output;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::Request;
use super::commands::{CASES, Case};
use super::crowd;
use super::disk;
use super::folder::{Folder, Left, text};
use super::locks;
use super::power;
use super::report::{Report, Wrong};
use super::shim::{Fault, Shim};
use super::teeth;

/// The command that is tried where locks do not work.
const LOCKED: &str = "person load, changes";

/// How many sizes of disks are tried on each command.
const ROOMS: u64 = 24;

/// How often several commands are given at once, and what that is called.
const MIXED: usize = 400;
const TOGETHER: &str = "several commands at once, some killed";

/// A command with what an undisturbed one leaves.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) case: Case,
    /// The folder in which it is given.
    pub(crate) before: Folder,
    /// How many calls it makes.
    pub(crate) calls: u64,
    /// What is there before.
    pub(crate) untouched: Left,
    /// What is there afterwards.
    pub(crate) wanted: Left,
    /// What it ends with.
    pub(crate) code: Option<i32>,
}

impl Prepared {
    pub(crate) fn of(case: Case, shim: &Shim) -> Self {
        let before = case.folder(shim);
        let untouched = before.copy().left();
        let folder = before.copy();
        let (output, calls) = shim.count(&folder, case.line);
        let said = text(&output.stderr);
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 6)), "{}: {said}", case.line);
        Self {
            case,
            before,
            calls,
            untouched,
            wanted: folder.left(),
            code,
        }
    }
}

/// One thing to be tried.
#[derive(Debug, Clone, Copy)]
struct Point {
    command: usize,
    trial: Trial,
}

/// What is tried.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trial {
    /// A call goes wrong.
    Fault(Fault, u64),
    /// The process is killed before a call, and the command given again is killed as well.
    Twice(u64, u64),
    /// The power is cut.
    Power(u64),
    /// Several processes give the command, some of which are killed.
    Crowd(u64),
    /// The disk has little room.
    Disk(u64),
}

/// Tries what there is time for, and reports.
pub(crate) fn everything(request: &Request) -> Report {
    let Some(mut shim) = Shim::compile() else {
        return Report::skipped("there is no C compiler");
    };
    let wanted = |case: &&Case| {
        let part = request.only.as_deref();
        part.is_none_or(|part| case.name.contains(part))
    };
    let prepared: Vec<Prepared> = CASES
        .iter()
        .filter(wanted)
        .map(|case| Prepared::of(*case, &shim))
        .collect();
    let points = points(&prepared, request);
    let next = Mutex::new(points.into_iter());
    let report = Mutex::new(Report::new(request.seed));
    let began = Instant::now();
    let until = request
        .seconds
        .map(|seconds| began + Duration::from_secs(seconds));
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let all_methods = request.method.is_none();
        let loads = prepared.iter().find(|one| one.case.name == LOCKED);
        if let Some(one) = loads.filter(|_| all_methods) {
            let (shim, report) = (&shim, &report);
            // It waits most of the time.
            scope.spawn(move || {
                let tried = locks::attempt(one, shim);
                report.lock().unwrap().append(tried);
            });
        }
        if request.only.is_none() && all_methods {
            let (folder, report) = (crowd::mixed_folder(&shim), &report);
            scope.spawn(move || {
                let seeds = request.seed * 1000..;
                let is_time = |_: &u64| until.is_none_or(|until| Instant::now() < until);
                for seed in seeds.take_while(is_time).take(MIXED) {
                    let wrong = crowd::mixed(&folder, seed).map(|what| Wrong {
                        command: "several commands",
                        method: TOGETHER,
                        place: format!("seed {seed}"),
                        what,
                    });
                    report.lock().unwrap().add(TOGETHER, wrong);
                }
            });
        }
        for _ in 0..threads {
            scope.spawn(|| {
                while until.is_none_or(|until| Instant::now() < until) {
                    let Some(point) = next.lock().unwrap().next() else {
                        return;
                    };
                    let prepared = &prepared[point.command];
                    let wrong = attempt(prepared, point.trial, &shim);
                    let (method, place) = named(point.trial);
                    report.lock().unwrap().add(
                        method,
                        wrong.map(|what| Wrong {
                            command: prepared.case.name,
                            method,
                            place,
                            what,
                        }),
                    );
                }
            });
        }
    });
    let mut report = report.into_inner().unwrap();
    if request.only.is_none() && request.method.is_none() {
        teeth::all(&mut shim, 120, request.seed, &mut report);
    }
    report.finish(
        prepared
            .iter()
            .map(|p| (p.case.name, p.calls))
            .collect::<BTreeMap<_, _>>(),
    );
    report
}

/// Returns every point in an order that the seed gives: the first ones are of all commands and methods.
fn points(prepared: &[Prepared], request: &Request) -> Vec<Point> {
    let mut random = fastrand::Rng::with_seed(request.seed);
    let disks = disk::is_possible();
    let mut rows: Vec<Vec<Point>> = Vec::new();
    for (command, one) in prepared.iter().enumerate() {
        let mut add = |trials: Vec<Trial>| {
            let mut row: Vec<Point> = trials
                .into_iter()
                .map(|trial| Point { command, trial })
                .collect();
            random.shuffle(&mut row);
            rows.push(row);
        };
        for fault in Fault::ALL {
            add((1..=one.calls).map(|at| Trial::Fault(fault, at)).collect());
        }
        add((1..=one.calls)
            .map(|at| Trial::Twice(at, at / 2 + 1))
            .collect());
        add((1..=one.calls).map(Trial::Power).collect());
        add((1..=one.calls / 4).map(Trial::Crowd).collect());
        if disks {
            add((0..ROOMS).map(Trial::Disk).collect());
        }
    }
    random.shuffle(&mut rows);
    if let Some(method) = &request.method {
        for row in &mut rows {
            row.retain(|point| named(point.trial).0.contains(method.as_str()));
        }
    }
    let longest = rows.iter().map(Vec::len).max().unwrap_or_default();
    (0..longest)
        .flat_map(|number| rows.iter().filter_map(move |row| row.get(number).copied()))
        .collect()
}

fn named(trial: Trial) -> (&'static str, String) {
    match trial {
        Trial::Fault(fault, at) => (fault.name(), format!("call {at}")),
        Trial::Twice(first, second) => ("killed twice", format!("calls {first} and {second}")),
        Trial::Power(seed) => ("the power is cut", format!("seed {seed}")),
        Trial::Crowd(seed) => ("several at once, some killed", format!("seed {seed}")),
        Trial::Disk(seed) => ("a small disk becomes full", format!("room {seed}")),
    }
}

/// Tries one point, and returns what is wrong afterwards.
pub(crate) fn attempt(prepared: &Prepared, trial: Trial, shim: &Shim) -> Option<String> {
    let folder = prepared.before.copy();
    let line = prepared.case.line;
    match trial {
        Trial::Fault(fault, at) => {
            let output = shim.run(&folder, line, fault, at);
            let wrong = unfit(prepared, &folder, fault, &output);
            wrong.or_else(|| given_again(prepared, &folder))
        }
        Trial::Twice(first, second) => {
            shim.run(&folder, line, Fault::Kill, first);
            shim.run(&folder, line, Fault::Kill, second);
            given_again(prepared, &folder)
        }
        Trial::Crowd(seed) => crowd::the_same(prepared, shim, seed),
        Trial::Disk(seed) => {
            let (disk, output) = disk::small(prepared, seed)?;
            let wrong = unfit(prepared, &disk, Fault::Full, &output);
            wrong.or_else(|| given_again(prepared, &disk))
        }
        Trial::Power(seed) => {
            let (disk, has_ended) = power::cut(prepared, shim, seed);
            let lost = has_ended.then(|| disk.copy().left().differs_from(&prepared.wanted));
            let lost = lost
                .flatten()
                .map(|what| format!("it had ended, but {what}"));
            lost.or_else(|| given_again(prepared, &disk))
        }
    }
}

/// Judges a command of which a call went wrong by its exit code and its errors.
fn unfit(prepared: &Prepared, folder: &Folder, fault: Fault, output: &Output) -> Option<String> {
    let said = text(&output.stderr);
    match output.status.code() {
        None if fault.kills() => None,
        // The call was never made, or it did not matter: then all must be done.
        code if code == prepared.code => {
            let left = folder.left();
            let differs = left.differs_from(&prepared.wanted);
            differs.map(|what| format!("exit code {code:?}, but {what}"))
        }
        Some(3) if said.starts_with("error: ") || said.contains("\nerror: ") => {
            let says_nothing = said.contains("othing was changed");
            let changed = says_nothing
                .then(|| folder.left().differs_from(&prepared.untouched))
                .flatten();
            changed.map(|what| format!("it says that nothing was changed, but {what}"))
        }
        code => Some(format!("exit code {code:?}: {}", said.trim_end())),
    }
}

/// Gives the command again, undisturbed, and compares what it leaves.
pub(crate) fn given_again(prepared: &Prepared, folder: &Folder) -> Option<String> {
    let output = folder.run(prepared.case.line);
    let code = output.status.code();
    let allowed = code == prepared.code
        || code.is_some_and(|code| prepared.case.done_already.contains(&code));
    if !allowed {
        let said = text(&output.stderr);
        return Some(format!(
            "given again, exit code {code:?}: {}",
            said.trim_end()
        ));
    }
    let differs = folder.left().differs_from(&prepared.wanted);
    differs.map(|what| format!("given again, {what}"))
}
