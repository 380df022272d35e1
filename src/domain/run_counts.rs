//! What a batch run counts, and which guards it was allowed to break: kept with the run in the database, and shown as it is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::guard::GuardName;
use super::outcome::Reason;

/// What a run counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RunCounts {
    /// People whom the smart list matched.
    pub(crate) matched: u64,
    /// Of them, those whom the qualification rule excluded.
    pub(crate) excluded: u64,
    /// Of them, those who entered.
    pub(crate) qualified: u64,
    /// Emails not sent, by reason.
    pub(crate) blocked: BTreeMap<Reason, u64>,
    /// People to whom some email was not sent.
    pub(crate) blocked_people: u64,
    /// People whom a wait holds.
    pub(crate) waiting: u64,
    /// People who reached the end.
    pub(crate) finished: u64,
    /// Each step of the flow.
    pub(crate) steps: Vec<StepCount>,
    /// Guards that were broken, and allowed to be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) allowed: Vec<GuardName>,
    /// Entries that the cascade limit cut.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) cut: u64,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature is that of serde"
)]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// The outcome of one step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StepCount {
    /// From 1.
    pub(crate) step: u32,
    /// Its name: `send_email`.
    pub(crate) name: String,
    /// How often it did what it says.
    pub(crate) succeeded: u64,
    /// How often it had nothing to do, or was not allowed to.
    pub(crate) skipped: u64,
    /// How often it could not.
    pub(crate) failed: u64,
}

impl RunCounts {
    /// Adds what the same run counted of other people.
    pub(crate) fn add(&mut self, other: &Self) {
        self.matched += other.matched;
        self.excluded += other.excluded;
        self.qualified += other.qualified;
        for (reason, count) in &other.blocked {
            *self.blocked.entry(*reason).or_default() += count;
        }
        self.blocked_people += other.blocked_people;
        self.waiting += other.waiting;
        self.finished += other.finished;
        self.cut += other.cut;
        for guard in &other.allowed {
            if !self.allowed.contains(guard) {
                self.allowed.push(*guard);
            }
        }
        for step in &other.steps {
            match self.steps.iter_mut().find(|own| own.step == step.step) {
                Some(own) => {
                    own.succeeded += step.succeeded;
                    own.skipped += step.skipped;
                    own.failed += step.failed;
                }
                None => self.steps.push(step.clone()),
            }
        }
        self.steps.sort_by_key(|step| step.step);
    }
}
