//! Warnings about what a command left out: bad rows, entries that the cascade limit cut, scheduled runs that were
//! refused.

use super::out::Notices;
use crate::app::Cutting;
use crate::app::reexports::Faults;
use crate::app::scheduled::RefusedOccurrence;

/// Prints the first bad rows of data files, each with its place, and counts the rest.
pub(crate) fn data_faults(notices: Notices, faults: &Faults) {
    let mut told = faults.reported().iter().peekable();
    while let Some(fault) = told.next() {
        // One remedy for several faults stands once, below the last of them.
        let again = told.peek().is_some_and(|next| next.help == fault.help);
        let help = fault.help.as_deref().filter(|_| !again);
        notices.error(&fault.to_string(), help);
    }
    match faults.unreported() {
        0 => {}
        1 => notices.error("and 1 more fault", None),
        more => notices.error(&format!("and {more} more faults"), None),
    }
}

/// Warns of the first entries that the cascade limit cut, with the circle of campaigns that made them.
pub(crate) fn cut_entries(notices: Notices, cuts: &[Cutting]) {
    for cut in cuts {
        notices.warning(&format!(
            "the cascade limit cut an entry of person #{} at {}: {}",
            cut.person,
            cut.at,
            cut.cycle.join(" → ")
        ));
    }
}

/// Warns of scheduled runs that were refused by `max_people`, and of campaigns that no longer compile.
pub(crate) fn refused_runs(notices: Notices, refused: &[RefusedOccurrence], broken: &[String]) {
    for campaign in broken {
        notices.warning(&format!(
            "the stored version of `{campaign}` no longer compiles, so its scheduled runs are left out"
        ));
    }
    for one in refused {
        notices.warning(&format!(
            "the run due at {} was refused: {}",
            one.at, one.why
        ));
    }
}
