//! Adds up the counts of a run, chunk by chunk.

use std::collections::BTreeMap;

use crate::campaign::Campaign;
use crate::domain::{RunCounts, StepCount};
use crate::engine::Tally;

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
            .map(|(step, written)| StepCount {
                step,
                name: written.kind.name().to_owned(),
                ..StepCount::default()
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
