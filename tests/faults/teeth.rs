//! Whether the sweep bites: faults that are planted on purpose, each of which it must find.
//!
//! Three stand in the program, where tests compile it (`store::planted`): what belongs to one transaction is committed in
//! two. The others are lies of the shim: a sync that does nothing, an error that is swallowed.

use std::time::{Duration, Instant};

use super::commands::CASES;
use super::report::{Bite, Report};
use super::shim::{Fault, Shim};
use super::sweep::{Prepared, Trial, attempt};

/// A fault that is planted.
#[derive(Debug, Clone, Copy)]
struct Planted {
    name: &'static str,
    variable: (&'static str, &'static str),
    /// The command that has it.
    command: &'static str,
    trials: fn(u64) -> Trial,
}

const PROGRAM: &str = "BUGLE_PLANTED";
const SHIM: &str = "FAULTS_LIE";

const PLANTED: [Planted; 10] = [
    Planted {
        name: "progress of a run in a transaction of its own",
        variable: (PROGRAM, "progress"),
        command: "campaign run",
        trials: |at| Trial::Fault(Fault::Kill, at),
    },
    Planted {
        name: "identities of events in a transaction of their own",
        variable: (PROGRAM, "identities"),
        command: "replay-events",
        trials: |at| Trial::Fault(Fault::Kill, at),
    },
    Planted {
        name: "watermark in a transaction of its own",
        variable: (PROGRAM, "watermark"),
        command: "replay-events",
        trials: |at| Trial::Fault(Fault::Kill, at),
    },
    Planted {
        name: "matches of triggers in a transaction of their own",
        variable: (PROGRAM, "matches"),
        command: "replay-events --people",
        trials: |at| Trial::Fault(Fault::Kill, at),
    },
    Planted {
        name: "a swallowed write error",
        variable: (SHIM, "write"),
        command: "campaign run --people",
        trials: |at| Trial::Fault(Fault::Io, at),
    },
    Planted {
        name: "a swallowed write error in an export",
        variable: (SHIM, "write"),
        command: "outbox export --mbox",
        trials: |at| Trial::Fault(Fault::Io, at),
    },
    Planted {
        name: "synchronous = NORMAL",
        variable: (SHIM, "commit"),
        command: "campaign run",
        trials: Trial::Power,
    },
    Planted {
        name: "synchronous = OFF",
        variable: (SHIM, "sync"),
        command: "person load, changes",
        trials: Trial::Power,
    },
    Planted {
        name: "a lock for which nobody waits",
        variable: (SHIM, "alone"),
        command: "campaign run",
        trials: Trial::Crowd,
    },
    Planted {
        name: "a new name that nobody waits for",
        variable: (SHIM, "folder"),
        command: "db backup",
        trials: Trial::Power,
    },
];

/// Looks for each planted fault until it is found, or until its time is over.
pub(crate) fn all(shim: &mut Shim, seconds: u64, seed: u64, report: &mut Report) {
    for planted in PLANTED {
        let case = CASES.iter().find(|case| case.name == planted.command);
        let prepared = Prepared::of(*case.unwrap(), shim);
        let mut places: Vec<u64> = (1..=prepared.calls).collect();
        fastrand::Rng::with_seed(seed).shuffle(&mut places);
        shim.planted = Some(planted.variable);
        let until = Instant::now() + Duration::from_secs(seconds);
        let mut tried = 0;
        let found = places.into_iter().find_map(|place| {
            if Instant::now() > until {
                return None;
            }
            tried += 1;
            attempt(&prepared, (planted.trials)(place), shim)
        });
        shim.planted = None;
        report.bite(Bite {
            name: planted.name,
            tried,
            found,
        });
    }
}
