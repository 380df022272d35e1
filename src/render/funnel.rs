//! The funnel of a campaign: how many reached each step and choice, as rows for a table in a terminal or a page.

use super::diagram::words;
use crate::results::{Branch, CampaignReport, ChoiceTally, StepDetail, StepTally};

/// One line of a funnel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FunnelRow {
    /// What it counts.
    pub(super) place: FunnelPlace,
    /// In words.
    pub(super) text: String,
    /// How many came there.
    pub(super) reached: u64,
    /// What happened there besides.
    pub(super) notes: Vec<String>,
}

/// What a line of a funnel counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FunnelPlace {
    /// Those who entered.
    Entered,
    /// Those who reached a step.
    Step(u32),
    /// Those who took a choice of the step above.
    Choice,
    /// Those who reached the end.
    Finished,
}

/// Returns the funnel of a campaign, from its entries to its end.
pub(super) fn funnel(report: &CampaignReport) -> Vec<FunnelRow> {
    let row = |place, text: &str, reached| FunnelRow {
        place,
        text: text.to_owned(),
        reached,
        notes: Vec::new(),
    };
    let flow = &report.flow;
    let mut rows = vec![row(FunnelPlace::Entered, "entered", flow.entries)];
    for (step, tally) in report.detail.steps.iter().zip(&flow.steps) {
        rows.push(of_step(step, tally));
        let branches = step.branches();
        let choices = branches.iter().zip(&tally.choices);
        rows.extend(choices.map(|(branch, taken)| of_choice(branch, taken)));
    }
    rows.push(row(FunnelPlace::Finished, "finished", flow.finished));
    rows
}

fn of_step(step: &StepDetail, tally: &StepTally) -> FunnelRow {
    let text = if step.choices.is_empty() {
        step.does.clone()
    } else {
        step.name.replace('_', " ")
    };
    FunnelRow {
        place: FunnelPlace::Step(step.step),
        text,
        reached: tally.reached,
        notes: words::of_step(step, tally),
    }
}

fn of_choice(branch: &Branch<'_>, taken: &ChoiceTally) -> FunnelRow {
    let text = match branch.when {
        Some(when) => format!("if {when}, {}", branch.does),
        None => format!("else {}", branch.does),
    };
    FunnelRow {
        place: FunnelPlace::Choice,
        text,
        reached: taken.reached,
        notes: words::of_choice(taken, branch.role),
    }
}

/// Returns the share of a number in percent, rounded; nothing of nothing.
pub(super) fn percent(part: u64, whole: u64) -> Option<u64> {
    let scaled = u128::from(part) * 200 / u128::from(whole.max(1));
    let rounded = u64::try_from(scaled.div_ceil(2)).unwrap_or(u64::MAX);
    (whole > 0).then_some(rounded)
}

/// Returns the share of a number in percent, rounded down, so that 100 is all of it; all of nothing is everything.
pub(super) fn percent_below(part: u64, whole: u64) -> u64 {
    (part * 100).checked_div(whole).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_rounded() {
        assert_eq!(percent(1, 3), Some(33));
        assert_eq!(percent(2, 3), Some(67));
        assert_eq!(percent(1, 1), Some(100));
        assert_eq!(percent(0, 0), None);
    }
}
