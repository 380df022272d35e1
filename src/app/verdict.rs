//! Makes the rows of `--people`: the verdict of a batch run on one person, and what became of the match of a trigger.

use crate::campaign::{Campaign, Workspace};
use crate::domain::{Mode, Outcome, Reason};
use crate::engine::{BatchVerdict, Match, MatchVerdict};
use crate::results::VerdictRow;
use crate::store::{self, activity_id};

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
            *slot = Some(cell(activity.outcome, activity.reason, origin.choice));
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

/// Returns the columns of matches; the last ones are the steps of the longest flow of a trigger campaign.
pub(crate) fn match_columns(workspace: &Workspace) -> Vec<String> {
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
    let steps = (1..=steps_of_triggered(workspace)).map(|step| format!("step_{step}"));
    known.map(str::to_owned).into_iter().chain(steps).collect()
}

/// Reports the match of a trigger: a cell a column.
pub(crate) fn match_cells(
    matched: &Match,
    workspace: &Workspace,
) -> Result<Vec<String>, store::Error> {
    let campaign = workspace.campaign(matched.campaign);
    let person = &matched.person;
    let event = match &matched.event {
        Some(event) => event.to_string(),
        None => activity_id(person.person, matched.place)?.to_string(),
    };
    let trigger = campaign.triggers.get(matched.trigger);
    let parent = matched.parent.map(|parent| workspace.campaign(parent));
    let mut cells = vec![
        matched.at.rfc3339(),
        person.person.0.to_string(),
        person.email.as_deref().unwrap_or_default().to_owned(),
        event,
        trigger.map_or_else(String::new, |trigger| trigger.written.clone()),
        campaign.full_name.to_string(),
        match matched.verdict {
            MatchVerdict::Entered => "entered",
            MatchVerdict::Filters => "filters",
            MatchVerdict::Excluded => "excluded",
            MatchVerdict::Inactive => "inactive",
            MatchVerdict::Cut => "cut",
        }
        .to_owned(),
        match matched.verdict {
            MatchVerdict::Filters => matched.failing.clone().unwrap_or_default(),
            MatchVerdict::Excluded => "qualification rule".to_owned(),
            MatchVerdict::Cut => "cascade limit".to_owned(),
            MatchVerdict::Entered | MatchVerdict::Inactive => String::new(),
        },
        parent.map_or_else(String::new, |parent| parent.full_name.to_string()),
    ];
    let steps = 0..steps_of_triggered(workspace);
    cells.extend(steps.map(|step| {
        let outcome = matched.steps.get(step).copied().flatten();
        outcome.map_or_else(String::new, |step| {
            cell(Some(step.outcome), step.reason, step.choice)
        })
    }));
    Ok(cells)
}

fn steps_of_triggered(workspace: &Workspace) -> usize {
    let triggered = workspace.campaigns.iter();
    let triggered = triggered.filter(|campaign| campaign.mode == Mode::Triggered);
    triggered
        .map(|campaign| campaign.flow.len())
        .max()
        .unwrap_or(0)
}

/// Says what a step did.
fn cell(outcome: Option<Outcome>, reason: Option<Reason>, choice: Option<u32>) -> String {
    let mut text = match choice {
        None => String::new(),
        Some(0) => "default: ".to_owned(),
        Some(choice) => format!("{choice}: "),
    };
    if let Some(outcome) = outcome {
        text.push_str(outcome.name());
    }
    if let Some(reason) = reason {
        text.push_str(" (");
        text.push_str(&reason.text());
        text.push(')');
    }
    text
}
