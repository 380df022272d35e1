//! Adds up the counts of a run, chunk by chunk.

use std::collections::BTreeMap;

use crate::campaign::Campaign;
use crate::engine::Tally;
use crate::results::{ReasonCount, RunSummary, StepCount};
use crate::store::{RunCounts, StepCounts};

/// Moves what was counted since the last chunk into the counts of the run.
pub(super) fn add(counts: &mut RunCounts, campaign: &Campaign, tally: &mut Tally) {
    counts.waiting += std::mem::take(&mut tally.waiting);
    counts.finished += std::mem::take(&mut tally.finished);
    counts.cut += std::mem::take(&mut tally.cut);
    counts.blocked_people += std::mem::take(&mut tally.blocked_people);
    for (reason, count) in std::mem::take(&mut tally.blocked) {
        *counts.blocked.entry(reason).or_default() += count;
    }
    if counts.steps.is_empty() {
        counts.steps = (1..)
            .zip(&campaign.flow)
            .map(|(step, written)| StepCounts {
                step,
                name: written.kind.name().to_owned(),
                ..StepCounts::default()
            })
            .collect();
    }
    let steps: BTreeMap<_, _> = std::mem::take(&mut tally.steps);
    for ((_, step), [succeeded, skipped, failed]) in
        steps.into_iter().filter(|((id, _), _)| *id == campaign.id)
    {
        if let Some(counts) = counts.steps.get_mut(step.saturating_sub(1) as usize) {
            counts.succeeded += succeeded;
            counts.skipped += skipped;
            counts.failed += failed;
        }
    }
}

/// Returns the counts of a run as its summary.
pub(super) fn summary(campaign: &Campaign, counts: &RunCounts) -> RunSummary {
    RunSummary {
        campaign: campaign.full_name.to_string(),
        run_id: None,
        matched: counts.matched,
        excluded: counts.excluded,
        qualified: counts.qualified,
        blocked: counts.blocked_people,
        waiting: counts.waiting,
        finished: counts.finished,
        steps: counts
            .steps
            .iter()
            .map(|step| StepCount {
                step: step.step,
                name: step.name.clone(),
                succeeded: step.succeeded,
                skipped: step.skipped,
                failed: step.failed,
            })
            .collect(),
        blocked_by: counts
            .blocked
            .iter()
            .map(|(reason, count)| ReasonCount {
                reason: *reason,
                count: *count,
            })
            .collect(),
        cut: counts.cut,
    }
}
