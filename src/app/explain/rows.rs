//! Turns the engine's answers into rows of an explanation, also for failures of `campaign test`.

use crate::app::Session;
use crate::app::show::qualification;
use crate::campaign::{Campaign, Qualification};
use crate::domain::{GuardName, Instant, Mode, PersonId, Reason};
use crate::engine::{Engine, ExplainedMoment, Reasons, TriggerReason};
use crate::filter::Occasion;
use crate::filter::explain::Rule;
use crate::filter::survey::Change;
use crate::results::{
    ChangeRow, ExplainRule, Explanation, GuardRow, HoldingWait, Obstacle, RulePart,
};
use crate::store::activity_id;
use crate::world::past::Past;
use crate::world::{EventIdentity, Person, World};

use super::event::Happened;
use super::story::Story;

/// The question, besides the person and the campaign.
pub(in crate::app) struct Question {
    /// The instant of everything.
    pub(in crate::app) at: Instant,
    /// Whether events might start the campaign then, where that is known.
    pub(in crate::app) active: Option<bool>,
    /// The row of the log that is asked about; without one, all of the log.
    pub(super) happened: Option<Happened>,
    /// The place in the log of the activity that triggers are asked about, in a world that has no stored log.
    pub(in crate::app) row: Option<u32>,
    /// The events of that row's instant.
    pub(super) events: Vec<EventIdentity>,
    /// What became of someone who has entered the campaign, in one sentence.
    pub(super) sentence: Option<String>,
    /// Waits of the campaign that hold the person.
    pub(super) waits: Vec<HoldingWait>,
    /// What the guards of a run find now, where that is known.
    pub(super) guards: Vec<GuardRow>,
}

impl Question {
    /// Asks about things as they are in a world.
    pub(in crate::app) fn now(at: Instant) -> Self {
        Self {
            at,
            active: None,
            happened: None,
            row: None,
            events: Vec::new(),
            sentence: None,
            waits: Vec::new(),
            guards: Vec::new(),
        }
    }
}

impl Question {
    /// Notes what became of someone who has entered the campaign.
    pub(super) fn add_story(&mut self, session: &Session<'_>, campaign: &Campaign, past: &Past) {
        let story = Story {
            session,
            past,
            until: self.at,
        };
        self.sentence = story.of_campaign(campaign, &self.waits);
    }
}

/// Asks the engine for its reasons.
///
/// The log does not say by which event of its instant a happening began, and samples that are drawn each time depend on
/// it: of several events, that one is meant by which the filters answer as they did.
fn reasons(
    engine: &Engine<'_>,
    campaign: &Campaign,
    world: &mut World,
    person: PersonId,
    question: &Question,
) -> Option<Reasons> {
    let now = ExplainedMoment {
        row: question.row,
        ..ExplainedMoment::now(question.at)
    };
    let Some(happened) = &question.happened else {
        return engine.explain(campaign, world, person, now);
    };
    let row = Some(happened.place);
    let came_in = happened.entered.is_some() || happened.cut;
    let occasions = question.events.iter().map(Occasion::of_event);
    let mut last = None;
    for occasion in occasions.chain([now.occasion]) {
        let moment = ExplainedMoment {
            row,
            occasion,
            ..now
        };
        let reasons = engine.explain(campaign, world, person, moment)?;
        if reasons.qualifies() == came_in {
            return Some(reasons);
        }
        last = last.or(Some(reasons));
    }
    last
}

/// Explains a campaign for a person of a world.
pub(in crate::app) fn explanation(
    engine: &Engine<'_>,
    campaign: &Campaign,
    world: &mut World,
    person: PersonId,
    question: &Question,
) -> Option<Explanation> {
    let happened = question.happened.as_ref();
    let reasons = reasons(engine, campaign, world, person, question)?;
    let known = world.person(person)?;
    let inactive = campaign.mode == Mode::Triggered && question.active == Some(false);
    let again = happened.and_then(|happened| happened.entered_before);
    let cut = happened.is_some_and(|happened| happened.cut);
    let blocks = [
        (Obstacle::Trigger, !reasons.fires),
        (Obstacle::Filters, !reasons.matches),
        (Obstacle::Qualification, !reasons.admitted),
        (Obstacle::Event, again.is_some()),
        (Obstacle::Inactive, inactive),
        (Obstacle::MaxPeople, broken(question, true)),
        (Obstacle::Guard, broken(question, false)),
        (Obstacle::CascadeLimit, cut),
        (Obstacle::Email, !reasons.held_back.is_empty()),
    ];
    let blocked_by = blocks.iter().filter(|(_, blocks)| *blocks);
    let mut rules = triggers(&reasons, person, happened);
    rules.extend(
        reasons
            .filters
            .iter()
            .map(|rule| row_of(RulePart::Filter, rule.number.clone(), rule, person)),
    );
    rules.push(qualification_rule(campaign, known, reasons.admitted));
    rules.extend(again.map(one_entry));
    if let (Mode::Triggered, Some(active)) = (campaign.mode, question.active) {
        rules.push(activation(active));
    }
    rules.extend(
        question
            .guards
            .iter()
            .filter(|row| is_size(row))
            .map(max_people),
    );
    let others = question.guards.iter().filter(|row| !is_size(row));
    rules.extend((1..).zip(others).map(guard));
    rules.extend(cut.then(cascade_limit));
    rules.extend(held_back(&reasons));
    let names = known.names(world.layout());
    // What has happened is not changed any more.
    let changes = if happened.is_none() {
        changes(&reasons)
    } else {
        Vec::new()
    };
    Some(Explanation {
        change: if happened.is_none() && reasons.matches && reasons.admitted {
            Some(Vec::new())
        } else {
            changes.first().cloned()
        },
        changes,
        campaign: campaign.full_name.to_string(),
        person: names.best(),
        person_id: person.0,
        email: names.email.map(|email| email.to_string()),
        id: names.id.map(|id| id.to_string()),
        at: question.at,
        event: happened.map(|happened| happened.event.clone()),
        qualifies: reasons.qualifies() && again.is_none(),
        entered: happened.and_then(|happened| happened.entered),
        sentence: question.sentence.clone(),
        blocked_by: blocked_by.map(|(obstacle, _)| *obstacle).collect(),
        waits: question.waits.clone(),
        rules,
    })
}

/// Returns the changes of the person by which they would get in; none where the qualification rule keeps them out.
fn changes(reasons: &Reasons) -> Vec<Vec<ChangeRow>> {
    let alternatives = reasons.changes.iter().filter(|_| reasons.admitted);
    let row = |change: &Change| ChangeRow {
        filter: change.filter.clone(),
        field: change.field.clone(),
        from: change.from.clone(),
        to: change.to.clone(),
        words: change.words.clone(),
    };
    alternatives
        .map(|changes| changes.iter().map(row).collect())
        .collect()
}

/// Reports each trigger, its constraints beneath it.
fn triggers(reasons: &Reasons, person: PersonId, happened: Option<&Happened>) -> Vec<ExplainRule> {
    let mut rows = Vec::new();
    for (number, trigger) in (1..).zip(&reasons.triggers) {
        let (wanted, actual) = match happened {
            None => ("such an activity", nearest(trigger)),
            Some(happened) => ("this activity", this_one(trigger, happened)),
        };
        rows.push(ExplainRule {
            part: RulePart::Trigger,
            number: number.to_string(),
            is_group: false,
            rule: trigger.written.clone(),
            wanted: wanted.to_owned(),
            actual: Some(actual),
            holds: trigger.holds,
            activity: trigger
                .activity
                .filter(|_| happened.is_none())
                .and_then(|(ordinal, _)| activity_id(person, ordinal).ok()),
        });
        let beneath = |rule: &Rule| {
            row_of(
                RulePart::Trigger,
                format!("{number}.{}", rule.number),
                rule,
                person,
            )
        };
        rows.extend(trigger.constraints.iter().map(beneath));
    }
    rows
}

/// Says which activity of the log comes nearest to a trigger.
fn nearest(trigger: &TriggerReason) -> String {
    match trigger.activity {
        None => "none".to_owned(),
        Some((_, at)) if trigger.holds => format!("the last at {at}"),
        Some((_, at)) => format!("another, at {at}"),
    }
}

/// Says what the activity that is asked about is to a trigger.
fn this_one(trigger: &TriggerReason, happened: &Happened) -> String {
    match (&happened.unseen, trigger.activity) {
        (Some(why), _) => format!("not seen by triggers: {why}"),
        (None, Some(_)) if trigger.holds => "matches".to_owned(),
        (None, Some(_)) => "does not match".to_owned(),
        (None, None) => "is another activity".to_owned(),
    }
}

fn row_of(part: RulePart, number: String, rule: &Rule, person: PersonId) -> ExplainRule {
    ExplainRule {
        part,
        number,
        is_group: rule.is_group,
        rule: rule.rule.clone(),
        wanted: rule.wanted.clone(),
        actual: rule.actual.clone(),
        holds: rule.holds,
        activity: rule
            .activity
            .and_then(|ordinal| activity_id(person, ordinal).ok()),
    }
}

fn qualification_rule(campaign: &Campaign, person: &Person, admitted: bool) -> ExplainRule {
    let actual = match person.entry_stats(campaign.id) {
        None => "never entered".to_owned(),
        Some(passed) => {
            let entered = match passed.times {
                1 => format!("entered once, at {}", passed.last_at),
                times => format!("entered {times} times, the last at {}", passed.last_at),
            };
            match campaign.qualification {
                Qualification::EveryTime => entered,
                Qualification::OnlyOnce => format!("{entered}; never again"),
                Qualification::OnceEvery(_) if admitted => entered,
                Qualification::OnceEvery(window) => {
                    let again = passed.last_at.plus_micros(window.elapsed_micros());
                    format!("{entered}; again from {again}")
                }
            }
        }
    };
    ExplainRule {
        part: RulePart::Qualification,
        number: "1".to_owned(),
        is_group: false,
        rule: "qualification rule".to_owned(),
        wanted: qualification(campaign.qualification),
        actual: Some(actual),
        holds: admitted,
        activity: None,
    }
}

/// Reports that a campaign is entered once by an event and all the changes it made.
fn one_entry(by: i64) -> ExplainRule {
    ExplainRule {
        part: RulePart::Event,
        number: "1".to_owned(),
        is_group: false,
        rule: "one entry an event".to_owned(),
        wanted: "not entered by this event before".to_owned(),
        actual: Some("entered by it already".to_owned()),
        holds: false,
        activity: Some(by),
    }
}

/// Returns whether events might start the campaign.
fn activation(active: bool) -> ExplainRule {
    let actual = if active { "active" } else { "inactive" };
    ExplainRule {
        part: RulePart::Active,
        number: "1".to_owned(),
        is_group: false,
        rule: "campaign".to_owned(),
        wanted: "active".to_owned(),
        actual: Some(actual.to_owned()),
        holds: active,
        activity: None,
    }
}

/// Returns whether a guard is about how many people there are at most.
fn is_size(row: &GuardRow) -> bool {
    row.guard == GuardName::MaxPeople
}

/// Returns whether a guard is broken: that of the size, or one of the others.
fn broken(question: &Question, size: bool) -> bool {
    let mut guards = question.guards.iter();
    guards.any(|row| !row.holds && is_size(row) == size)
}

/// Returns whether so many people qualify that the run would be refused as a whole.
fn max_people(row: &GuardRow) -> ExplainRule {
    ExplainRule {
        part: RulePart::MaxPeople,
        number: "1".to_owned(),
        is_group: false,
        rule: "people in a run".to_owned(),
        wanted: format!("at most {}", row.limit),
        actual: Some(format!("{} qualify now", row.actual)),
        holds: row.holds,
        activity: None,
    }
}

/// Returns whether another guard would refuse the run.
fn guard((number, row): (usize, &GuardRow)) -> ExplainRule {
    ExplainRule {
        part: RulePart::Guard,
        number: number.to_string(),
        is_group: false,
        rule: row.guard.name().to_owned(),
        wanted: row.limit.clone(),
        actual: Some(row.actual.clone()),
        holds: row.holds,
        activity: None,
    }
}

fn cascade_limit() -> ExplainRule {
    ExplainRule {
        part: RulePart::CascadeLimit,
        number: "1".to_owned(),
        is_group: false,
        rule: "cascade limit".to_owned(),
        wanted: "not reached".to_owned(),
        actual: Some("reached".to_owned()),
        holds: false,
        activity: None,
    }
}

/// Describes which emails would not go out as things stand.
fn held_back(reasons: &Reasons) -> impl Iterator<Item = ExplainRule> {
    reasons.held_back.iter().map(|held_back| ExplainRule {
        part: RulePart::Email,
        number: held_back.step.to_string(),
        is_group: false,
        rule: format!("send email {}", held_back.email),
        wanted: "nothing holds it back".to_owned(),
        actual: Some(joined(&held_back.reasons)),
        holds: false,
        activity: None,
    })
}

/// Lists the reasons why an email is held back.
fn joined(reasons: &[Reason]) -> String {
    let texts: Vec<_> = reasons.iter().map(|reason| reason.text()).collect();
    texts.join(", ")
}
