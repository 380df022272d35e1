//! Warnings about what a command left out: bad rows, entries that the cascade limit cut, scheduled runs that were
//! refused.

use super::out::Notices;
use crate::app::Cutting;
use crate::app::reexports::Faults;
use crate::app::scheduled::RefusedOccurrence;

/// Prints the bad rows of data files: those that say the same once, with the place of the first; and counts the rest.
pub(crate) fn data_faults(notices: Notices, faults: &Faults) {
    let groups = faults.groups();
    let mut groups = groups.iter().peekable();
    while let Some(group) = groups.next() {
        // One remedy for several faults stands once, below the last of them.
        let again = groups
            .peek()
            .is_some_and(|next| next.first.help == group.first.help);
        let help = group.first.help.as_deref().filter(|_| !again);
        notices.error(&group.to_string(), help);
    }
    match faults.unreported() {
        0 => {}
        1 => notices.error("and 1 more fault", None),
        more => notices.error(&format!("and {more} more faults"), None),
    }
}

/// Warns of the first entries that the cascade limit cut, with the circle of campaigns that made them: one warning a
/// circle.
pub(crate) fn cut_entries(notices: Notices, cuts: &[Cutting]) {
    let mut rest: Vec<&Cutting> = cuts.iter().collect();
    while let Some(first) = rest.first().copied() {
        let all = rest.len();
        rest.retain(|cut| cut.cycle != first.cycle);
        let more = match all - rest.len() - 1 {
            0 => String::new(),
            1 => ", and 1 more".to_owned(),
            more => format!(", and {more} more"),
        };
        let (person, at, cycle) = (&first.person, first.at, first.cycle.join(" → "));
        notices.warning(&format!(
            "the cascade limit cut an entry of person {person} at {at}{more}: {cycle}"
        ));
    }
}

/// Says what the guards of runs leave to be said, each thing once.
pub(crate) fn notes(notices: Notices, notes: &[String]) {
    for (place, note) in notes.iter().enumerate() {
        if !notes[..place].contains(note) {
            notices.notice(note);
        }
    }
}

/// Warns of scheduled runs that were refused by a guard, and of campaigns that no longer compile.
pub(crate) fn refused_runs(notices: Notices, refused: &[RefusedOccurrence], broken: &[String]) {
    for campaign in broken {
        notices.warning(&format!(
            "the stored version of `{campaign}` no longer compiles, so its scheduled runs are left out"
        ));
    }
    let mut rest: Vec<&RefusedOccurrence> = refused.iter().collect();
    while let Some(first) = rest.first().copied() {
        let all = rest.len();
        rest.retain(|one| one.why != first.why);
        let more = match all - rest.len() - 1 {
            0 => "was".to_owned(),
            1 => "and 1 later one were".to_owned(),
            more => format!("and {more} later ones were"),
        };
        let (at, why) = (first.at, &first.why);
        notices.warning(&format!("the run due at {at} {more} refused: {why}"));
    }
}
