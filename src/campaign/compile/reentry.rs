//! Qualification rules that contradict the rest of their campaign. Warnings: they do not stop a load.

use crate::campaign::{Action, Repeat, Schedule, Step, Wait};
use crate::diagnostic::{Code, Diagnostic};
use crate::domain::Duration;
use crate::domain::duration::Unit;
use crate::source;

use super::draft::Draft;

/// Reports a batch that recurs although no rule was written, so that it takes each person once.
///
/// Who writes `only_once` means it: such a run takes those who have newly come to match.
pub(super) fn recurring(schedule: Option<&Schedule>, source: &source::Campaign, draft: &mut Draft) {
    let (Some(schedule), Some(written)) = (schedule, &source.schedule) else {
        return;
    };
    if schedule.repeat == Repeat::Once {
        return;
    }
    draft.diagnostics.fault_with(
        Code::OnceOnRecurring,
        written.key_span,
        "this runs again and again, but takes each person only once",
        "write `qualification: every_time` or `{ once_every: … }`, or `only_once` where it is meant",
    );
}

/// Reports waits that hold everyone longer than the window after which the person may enter again.
pub(super) fn window(
    window: Duration,
    flow: &[Step],
    source: &source::Campaign,
    draft: &mut Draft,
) {
    let Some(qualification) = &source.qualification else {
        return;
    };
    let written = source.flow.as_ref().map_or(&[][..], |flow| &flow.steps);
    if written.len() != flow.len() {
        return;
    }
    let mut held: i64 = 0;
    for (step, written) in flow.iter().zip(written) {
        held = held.saturating_add(step.actions().map(at_least).min().unwrap_or_default());
        if held > window.elapsed_micros() {
            draft.diagnostics.push(
                Diagnostic::new(
                    Code::WindowShorterThanWait,
                    qualification.span,
                    format!("{window} are over before the flow is"),
                )
                .help("people may be in the flow twice at a time: make the window longer, or the wait shorter")
                .related(written.name.span, "people are still held here"),
            );
            return;
        }
    }
}

/// Returns for how many microseconds an action holds everyone at the least, on any day of the calendar.
fn at_least(action: &Action) -> i64 {
    let Action::Wait(Wait::Duration { length, .. }) = action else {
        return 0;
    };
    let micros = length.elapsed_micros();
    let hours = |n: i64| n * 60 * 60 * 1_000_000;
    match length.unit {
        Unit::Minute | Unit::Hour => micros,
        // Clocks are put forward by two hours at most.
        Unit::Day | Unit::Week | Unit::Year => micros.saturating_sub(hours(2)).max(0),
        // The shortest month has 28 days, not the 30 of a window.
        Unit::Month => (micros / 30 * 28).saturating_sub(hours(2)).max(0),
    }
}
