//! Derives the priority of a campaign that does not set one from the steps of its flow.

use crate::campaign::{Action, Priority, Step, StepKind, Wait};

/// A wait so long or shorter does not lower the priority.
const SHORT_WAIT_MICROS: i64 = 5 * 60 * 1_000_000;

/// Returns the highest of the steps' priorities: high where one sends an email or alert; low where every step changes
/// data or a score, waits over five minutes or calls a webhook; medium for all other flows, an empty one included.
pub(super) fn of(flow: &[Step]) -> Priority {
    let of_steps = flow.iter().map(of_step).min();
    of_steps.unwrap_or(Priority::Medium)
}

fn of_step(step: &Step) -> Priority {
    if step.kind == StepKind::Wait && step.actions().any(is_short_wait) {
        return Priority::Medium;
    }
    step.kind.priority()
}

fn is_short_wait(action: &Action) -> bool {
    if let Action::Wait(Wait::Duration { length, .. }) = action {
        return length.elapsed_micros() <= SHORT_WAIT_MICROS;
    }
    false
}
