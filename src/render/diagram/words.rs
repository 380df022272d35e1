//! What diagrams say of counts: `64`, `3 skipped (no change 2, unsubscribed 1)`.

use crate::domain::Outcome;
use crate::results::{ActionRole, ChoiceTally, ReasonTally, StepDetail, StepTally};

/// Returns a number as people read it: `1,234,567`.
pub(crate) fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns what happened at a step besides that people went on, a line each.
pub(crate) fn of_step(step: &StepDetail, tally: &StepTally) -> Vec<String> {
    let mut lines = Vec::new();
    if tally.choices.is_empty() {
        lines.extend(undone(&tally.reasons));
    }
    if tally.waiting > 0 {
        lines.push(format!("{} wait here", number(tally.waiting)));
    }
    let otherwise = tally.left.saturating_sub(removed(step, tally));
    if otherwise > 0 {
        lines.push(format!("{} left the flow here", number(otherwise)));
    }
    lines
}

/// Returns how many left the flow because the step says so, which its arrows show.
fn removed(step: &StepDetail, tally: &StepTally) -> u64 {
    match tally.choices.as_slice() {
        [] if step.role == ActionRole::Leave => tally.succeeded,
        [] => 0,
        choices => {
            let branches = step.branches().into_iter().zip(choices);
            let leave = branches.filter(|(branch, _)| branch.role == ActionRole::Leave);
            leave.map(|(_, taken)| taken.succeeded).sum()
        }
    }
}

/// Returns what happened at a choice besides that it did what it says. One that says to do nothing is skipped for that reason
/// alone, which needs no words.
pub(crate) fn of_choice(tally: &ChoiceTally, role: ActionRole) -> Vec<String> {
    match role {
        ActionRole::Nothing => Vec::new(),
        ActionRole::Change | ActionRole::Mail | ActionRole::Wait | ActionRole::Leave => {
            undone(&tally.reasons)
        }
    }
}

/// Returns how many were skipped and failed, and why.
pub(crate) fn undone(reasons: &[ReasonTally]) -> Vec<String> {
    let of = |outcome: Outcome| {
        let rows: Vec<&ReasonTally> = reasons
            .iter()
            .filter(|row| row.outcome == outcome)
            .collect();
        let all: u64 = rows.iter().map(|row| row.count).sum();
        let word = outcome.name();
        match rows.as_slice() {
            [] => None,
            [one] => Some(format!("{} {word}: {}", number(all), one.reason)),
            _ => {
                let whys: Vec<String> = rows
                    .iter()
                    .map(|row| format!("{} {}", row.reason, number(row.count)))
                    .collect();
                Some(format!("{} {word}: {}", number(all), whys.join(", ")))
            }
        }
    };
    [Outcome::Skipped, Outcome::Failed]
        .into_iter()
        .filter_map(of)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas_between_thousands() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1000), "1,000");
        assert_eq!(number(1_234_567), "1,234,567");
    }
}
