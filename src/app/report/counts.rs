//! The counts of a flow: the results in the log, brought into the order of the steps.
//!
//! Of those who reach a step, some go on to the next one, some wait, and the others left: the log has a row for each step
//! that was reached, so who went on is who reached the next.

use std::collections::BTreeMap;

use crate::domain::{Outcome, Reason};
use crate::results::{ActionRole, ChoiceTally, FlowCounts, ReasonTally, StepDetail, StepTally};
use crate::store::{FlowHistory, StepResult};

/// Brings what the log says of a flow into the order of its steps.
pub(super) fn flow_counts(history: &FlowHistory, steps: &[StepDetail]) -> FlowCounts {
    let mut tallies: Vec<StepTally> = steps.iter().map(|step| tally(history, step)).collect();
    let nexts: Vec<u64> = tallies.iter().skip(1).map(|step| step.reached).collect();
    let mut nexts = nexts.into_iter();
    for (step, tally) in steps.iter().zip(&mut tallies) {
        let there = tally.reached.saturating_sub(tally.waiting);
        tally.went_on = nexts
            .next()
            .unwrap_or_else(|| there.saturating_sub(ended(history, step)));
        tally.left = there.saturating_sub(tally.went_on);
    }
    FlowCounts {
        entries: history.entries,
        older_entries: history.other_entries,
        finished: tallies.last().map_or(history.entries, |last| last.went_on),
        steps: tallies,
    }
}

/// Returns for how many the flow ended at its last step before the end: removed by it, or waiting until something else ended
/// the wait.
fn ended(history: &FlowHistory, step: &StepDetail) -> u64 {
    let here = history.results.iter();
    let here = here.filter(|(result, _)| result.step == step.step);
    let sum = |wanted: &dyn Fn(&StepResult) -> bool| -> u64 {
        let chosen = here.clone().filter(|(result, _)| wanted(result));
        chosen.map(|(_, count)| count).sum()
    };
    match step.name.as_str() {
        "remove_from_flow" | "delete_person" => {
            sum(&|result| result.outcome == Outcome::Succeeded && ends_flow(step, result.choice))
        }
        "wait" => {
            let done = |result: &StepResult| result.outcome == Outcome::Succeeded;
            let begun = sum(&|result| !result.ends_wait && done(result));
            let ended = sum(&|result| result.ends_wait && done(result));
            let held = history.waiting.get(&step.step).copied().unwrap_or(0);
            begun.saturating_sub(ended).saturating_sub(held)
        }
        _ => 0,
    }
}

/// Returns whether a choice of a step ends the flow.
fn ends_flow(step: &StepDetail, choice: Option<u32>) -> bool {
    match choice {
        None | Some(0) => step.role == ActionRole::Leave,
        Some(number) => {
            let mut choices = step.choices.iter();
            choices.any(|choice| choice.choice == number && choice.role == ActionRole::Leave)
        }
    }
}

fn tally(history: &FlowHistory, step: &StepDetail) -> StepTally {
    let results = history.results.iter();
    // A wait that was gone when it ended has no first row of its own in this flow.
    let here: Vec<(&StepResult, u64)> = results
        .filter(|(result, _)| result.step == step.step && !result.ends_wait)
        .map(|(result, count)| (result, *count))
        .collect();
    let of = |outcome: Outcome| -> u64 {
        let chosen = here.iter().filter(|(result, _)| result.outcome == outcome);
        chosen.map(|(_, count)| count).sum()
    };
    let places: Vec<u32> = match step.choices.as_slice() {
        [] => Vec::new(),
        choices => choices
            .iter()
            .map(|choice| choice.choice)
            .chain([0])
            .collect(),
    };
    let choices = places.into_iter().map(|place| {
        let taken = here
            .iter()
            .filter(|(result, _)| result.choice == Some(place));
        let taken: Vec<(&StepResult, u64)> = taken.copied().collect();
        let done = taken
            .iter()
            .filter(|(one, _)| one.outcome == Outcome::Succeeded);
        ChoiceTally {
            choice: place,
            reached: taken.iter().map(|(_, count)| count).sum(),
            succeeded: done.map(|(_, count)| count).sum(),
            reasons: reasons(&taken),
        }
    });
    StepTally {
        step: step.step,
        reached: here.iter().map(|(_, count)| count).sum(),
        succeeded: of(Outcome::Succeeded),
        skipped: of(Outcome::Skipped),
        failed: of(Outcome::Failed),
        reasons: reasons(&here),
        waiting: history.waiting.get(&step.step).copied().unwrap_or(0),
        went_on: 0,
        left: 0,
        choices: choices.collect(),
    }
}

/// Counts the reasons, the most frequent first.
fn reasons(results: &[(&StepResult, u64)]) -> Vec<ReasonTally> {
    let mut counts: BTreeMap<(Outcome, Reason), u64> = BTreeMap::new();
    for (result, count) in results {
        if let (Outcome::Skipped | Outcome::Failed, Some(reason)) = (result.outcome, result.reason)
        {
            *counts.entry((result.outcome, reason)).or_default() += count;
        }
    }
    let mut rows: Vec<ReasonTally> = counts
        .into_iter()
        .map(|((outcome, reason), count)| ReasonTally {
            outcome,
            reason,
            count,
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.count));
    rows
}
