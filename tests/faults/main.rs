//! Lets every call that changes or opens a file go wrong, in every command that writes, and looks what is left.
//!
//! ```sh
//! cargo test --test faults                         # a short form: seeded points, about two minutes
//! cargo test --test faults -- --seconds 3600       # more points
//! cargo test --test faults -- --all                # every point of every command
//! cargo test --test faults -- --seed 7 run         # other points, and only commands with `run` in their name
//! cargo test --test faults -- --method disk        # only what has `disk` in its name in the table
//! ```
//!
//! A library that is loaded before the C library (`shim.c`) counts the calls of a command over all its threads and lets
//! one of them go wrong: the process is killed before it, in the midst of it or after it, or it fails with an error.
//! Then the same command is given again. Whatever happened before, the database, the files written and the outbox must
//! be those of a command that nothing has disturbed, and `db check` must find nothing. A command that says it has succeeded
//! must have done so before that. Power cuts are played from a record of what was written and synced.
//!
//! | file | has |
//! |---|---|
//! | `commands.rs` | the commands, and what leads to the state in which each is given |
//! | `folder.rs` | folders to work in: copies, and what lies in them in the end |
//! | `shim.rs`, `shim.c` | the library, and a command that runs under it |
//! | `sweep.rs` | the points of a command, one after the other |
//! | `disk.rs` | a disk that becomes full |
//! | `power.rs` | power cuts |
//! | `crowd.rs` | several processes, some of which are killed |
//! | `locks.rs` | a file system without locks |
//! | `teeth.rs` | faults that are planted, which the sweep must find |
//! | `report.rs` | the table that is printed |
//!
//! It works on Linux with a C compiler; elsewhere it says so and ends.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a sweep ends where its setting fails, and prints what it has found"
)]

#[cfg(target_os = "linux")]
mod commands;
#[cfg(target_os = "linux")]
mod crowd;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(target_os = "linux")]
mod folder;
#[cfg(target_os = "linux")]
mod locks;
#[cfg(target_os = "linux")]
mod power;
#[cfg(target_os = "linux")]
mod report;
#[cfg(target_os = "linux")]
mod shim;
#[cfg(target_os = "linux")]
mod sweep;
#[cfg(target_os = "linux")]
mod teeth;

use std::process::ExitCode;

/// What is asked for on the command line.
#[derive(Debug, Clone)]
struct Request {
    /// From which the points follow.
    seed: u64,
    /// How long the sweep may take; none: until every point was tried.
    seconds: Option<u64>,
    /// Part of the names of the commands.
    only: Option<String>,
    /// Part of the names of the methods.
    method: Option<String>,
}

impl Request {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut request = Self {
            seed: 1,
            seconds: Some(90),
            only: None,
            method: None,
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let text = arguments.next().unwrap_or_default();
                let number = text.parse::<u64>();
                number.map_err(|_| format!("`{argument}` needs a number, not `{text}`"))
            };
            match argument.as_str() {
                "--seed" => request.seed = number()?,
                "--seconds" => request.seconds = Some(number()?),
                "--all" => request.seconds = None,
                "--method" => request.method = arguments.next(),
                other if other.starts_with('-') => {
                    return Err(format!(
                        "`{other}` is unknown: --seed N, --seconds N, --all, --method WORD"
                    ));
                }
                name => request.only = Some(name.to_owned()),
            }
        }
        Ok(request)
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Programs that run many tests ask for their names first: there are none here.
    if arguments.iter().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    match Request::read(arguments.into_iter()) {
        Ok(request) => faults(&request),
        Err(fault) => {
            eprintln!("error: {fault}");
            ExitCode::from(2)
        }
    }
}

#[cfg(target_os = "linux")]
fn faults(request: &Request) -> ExitCode {
    let report = sweep::everything(request);
    println!("{report}");
    if report.has_wrong() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

#[cfg(not(target_os = "linux"))]
fn faults(_: &Request) -> ExitCode {
    println!("the sweep of faults needs Linux: skipped");
    ExitCode::SUCCESS
}
