//! Adds up the counts of a run, chunk by chunk.

use crate::campaign::Campaign;
use crate::domain::{RunCounts, StepCount};
use crate::engine::{RunTally, Tally};

/// Moves what was counted since the last chunk into the counts of the run; `flows` is what its flows did in it.
pub(super) fn add(
    counts: &mut RunCounts,
    campaign: &Campaign,
    tally: &mut Tally,
    flows: &RunTally,
) {
    counts.waiting += std::mem::take(&mut tally.waiting);
    counts.finished += std::mem::take(&mut tally.finished);
    counts.cut += std::mem::take(&mut tally.cut);
    // Each person is in one chunk.
    counts.blocked_people += flows.blocked_people.len();
    if counts.steps.is_empty() {
        counts.steps = (1..)
            .zip(&campaign.flow)
            .map(|(step, written)| StepCount {
                step,
                name: written.kind.name().to_owned(),
                ..StepCount::default()
            })
            .collect();
    }
    add_flows(counts, campaign, flows);
}

/// Adds what flows did to the counts of their run, but for the people to whom some email was not sent.
pub(in crate::app) fn add_flows(counts: &mut RunCounts, campaign: &Campaign, flows: &RunTally) {
    for (reason, count) in &flows.blocked {
        *counts.blocked.entry(*reason).or_default() += count;
    }
    for ((id, step), flow) in &flows.steps {
        let place = step.saturating_sub(1) as usize;
        if let Some(step) = counts.steps.get_mut(place).filter(|_| *id == campaign.id) {
            step.succeeded += flow.succeeded;
            step.skipped += flow.skipped;
            step.failed += flow.failed;
        }
    }
}
