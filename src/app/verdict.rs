//! Makes the `--people` row of one person from the verdict of a batch run.

use crate::campaign::Campaign;
use crate::engine::BatchVerdict;
use crate::results::VerdictRow;
use crate::world::Activity;

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
            *slot = Some(step(activity, origin.choice));
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

fn step(activity: &Activity, choice: Option<u32>) -> String {
    let mut text = match choice {
        None => String::new(),
        Some(0) => "default: ".to_owned(),
        Some(choice) => format!("{choice}: "),
    };
    if let Some(outcome) = activity.outcome {
        text.push_str(outcome.name());
    }
    if let Some(reason) = activity.reason {
        text.push_str(" (");
        text.push_str(&reason.text());
        text.push(')');
    }
    text
}
