//! Makes the rows of `--people`: the verdict of a batch run on one person, and what became of the match of a trigger.

use crate::campaign::{Campaign, Workspace};
use crate::domain::Mode;
use crate::engine::BatchVerdict;
use crate::results::VerdictRow;
use crate::store::MatchRow;
use crate::world::{MatchVerdict, StepOutcome};

use super::run_batch::JudgedPerson;

/// Reports a verdict, and what each step of the campaign's own flow did.
pub(crate) fn row(judged: &JudgedPerson<'_>, campaign: &Campaign) -> VerdictRow {
    let mut steps = vec![None; campaign.flow.len()];
    let own = judged.activities.iter();
    for row in own.filter(|row| row.person == judged.who.person) {
        let activity = &row.activity;
        let Some(origin) = activity
            .origin
            .filter(|origin| origin.campaign == campaign.id)
        else {
            continue;
        };
        let place = usize::try_from(origin.step).unwrap_or_default();
        let slot = place.checked_sub(1).and_then(|place| steps.get_mut(place));
        // The first row of a step is its own; a wait that ends at once leaves a second one.
        if let Some(slot @ None) = slot {
            let outcome = StepOutcome {
                outcome: activity.outcome,
                reason: activity.reason,
                choice: origin.choice,
            };
            *slot = Some(outcome.text());
        }
    }
    VerdictRow {
        person_id: judged.who.person.0,
        email: judged.who.email.as_deref().map(str::to_owned),
        id: judged.who.id.as_deref().map(str::to_owned),
        person: judged.who.best(),
        verdict: match judged.verdict {
            BatchVerdict::NotMatched => "not matched",
            BatchVerdict::Excluded => "excluded",
            BatchVerdict::Qualified => "qualified",
        },
        reason: match judged.verdict {
            BatchVerdict::Excluded => Some("qualification rule".to_owned()),
            BatchVerdict::NotMatched | BatchVerdict::Qualified => judged.reason.clone(),
        },
        steps,
    }
}

/// Returns the columns of matches; the last ones are so many steps.
pub(crate) fn match_columns(steps: usize) -> Vec<String> {
    let known = [
        "at",
        "person_id",
        "email",
        "event",
        "trigger",
        "campaign",
        "verdict",
        "reason",
        "parent",
    ];
    let steps = (1..=steps).map(|step| format!("step_{step}"));
    known.map(str::to_owned).into_iter().chain(steps).collect()
}

/// Reports the match of a trigger: a cell a column.
pub(crate) fn match_cells(matched: MatchRow, steps: usize) -> Vec<String> {
    let is = |verdict: MatchVerdict| matched.verdict == verdict.name();
    let reason = if is(MatchVerdict::Excluded) {
        "qualification rule".to_owned()
    } else if is(MatchVerdict::Cut) {
        "cascade limit".to_owned()
    } else {
        matched.failing.unwrap_or_default()
    };
    let mut cells = vec![
        matched.at.rfc3339(),
        matched.person.to_string(),
        matched.email.unwrap_or_default(),
        matched.event,
        matched.trigger,
        matched.campaign,
        matched.verdict,
        reason,
        matched.parent.unwrap_or_default(),
    ];
    let outcomes = matched.steps.into_iter().chain(std::iter::repeat(None));
    cells.extend(outcomes.take(steps).map(Option::unwrap_or_default));
    cells
}

/// Returns the number of steps of the longest flow that a trigger starts.
pub(crate) fn steps_of_triggered(workspace: &Workspace) -> usize {
    let triggered = workspace.campaigns.iter();
    let triggered = triggered.filter(|campaign| campaign.mode == Mode::Triggered);
    triggered
        .map(|campaign| campaign.flow.len())
        .max()
        .unwrap_or(0)
}
