//! The priority of a campaign that writes none, read from its flow.

use crate::campaign::{Action, Priority, Step, Wait};
use crate::domain::activity_type::BuiltinActivity;

/// A wait so long or shorter does not lower the priority.
const SHORT_WAIT_MICROS: i64 = 5 * 60 * 1_000_000;

/// Returns high where a step sends an email or alert; low where every step changes data or a score, waits over
/// five minutes or calls a webhook; else medium.
pub(super) fn of(flow: &[Step]) -> Priority {
    let sends = [
        BuiltinActivity::SendEmail.id(),
        BuiltinActivity::SendAlert.id(),
    ];
    if flow.iter().any(|step| sends.contains(&step.activity)) {
        return Priority::High;
    }
    if !flow.is_empty() && flow.iter().all(is_minor) {
        return Priority::Low;
    }
    Priority::Medium
}

fn is_minor(step: &Step) -> bool {
    let minor = [
        BuiltinActivity::ChangeDataValue.id(),
        BuiltinActivity::ChangeScore.id(),
        BuiltinActivity::CallWebhook.id(),
    ];
    if step.activity == BuiltinActivity::WaitStarted.id() {
        return step.actions().all(|action| !is_short_wait(action));
    }
    minor.contains(&step.activity)
}

fn is_short_wait(action: &Action) -> bool {
    if let Action::Wait(Wait::Duration { length, .. }) = action {
        return length.elapsed_micros() <= SHORT_WAIT_MICROS;
    }
    false
}
