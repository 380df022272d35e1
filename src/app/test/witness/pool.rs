//! What a search may put into a scene: the values, lists, events and campaigns that some campaigns ask for or change.

use std::collections::BTreeSet;

use crate::campaign::{Action, Campaign, EndedFlow, NewValue, StartedCampaign, Wait, Workspace};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::field::{EMAIL, FLAGS};
use crate::domain::instant::DAY;
use crate::domain::{
    ActivityTypeId, CampaignId, FieldId, FieldType, Instant, ListId, ProgramId, Value,
};
use crate::filter::operator::{EvaluationTime, Moment, Point};
use crate::filter::survey::{activity_for, values_beside};
use crate::filter::{ActivityFilter, Facts, Filter, LeafKind, MemberOf, Sense, Test};
use crate::token::Part;
use crate::world::PastActivity;

use super::bench::Bench;

/// An event without its instant.
pub(super) type Template = (ActivityTypeId, Vec<(String, Value)>);

/// What a search may put into a scene.
#[derive(Debug, Default)]
pub(super) struct Pool {
    pub(super) fields: Vec<(FieldId, Option<Value>)>,
    pub(super) lists: Vec<ListId>,
    /// Events that start one of the campaigns.
    pub(super) starts: Vec<Template>,
    pub(super) events: Vec<Template>,
    pub(super) with: Vec<CampaignId>,
    /// Instants at which something might begin.
    pub(super) clocks: Vec<Instant>,
}

impl Pool {
    /// Looks through some campaigns, and through those that they name.
    pub(super) fn of(bench: &Bench<'_>, campaigns: &[&Campaign]) -> Self {
        let mut pool = Self::default();
        for flag in FLAGS {
            if let Some(field) = bench.workspace.fields.find(flag) {
                pool.fields.push((field, Some(Value::Boolean(true))));
                pool.fields.push((field, Some(Value::Boolean(false))));
            }
        }
        pool.fields.push((EMAIL, None));
        let mut seen: BTreeSet<CampaignId> = BTreeSet::new();
        let mut left: Vec<CampaignId> = campaigns.iter().map(|campaign| campaign.id).collect();
        while let Some(id) = left.pop() {
            if seen.len() < MOST_CAMPAIGNS && seen.insert(id) {
                let before = pool.with.len();
                pool.campaign(bench, bench.workspace.campaign(id));
                left.extend(&pool.with[before..]);
            }
        }
        pool.with.sort_unstable();
        pool.with.dedup();
        pool.changes(bench);
        pool
    }

    /// Adds an event that changes a field, for each value that a field may have.
    fn changes(&mut self, bench: &Bench<'_>) {
        let mut more = Vec::new();
        for (field, value) in &self.fields {
            let known = bench.workspace.fields.field(*field);
            // A threshold that a step's change must not fall below again.
            if let Some(Value::Integer(number)) = value {
                let much = number.saturating_add(100);
                more.push((*field, Some(Value::Integer(much))));
            }
            if known.field_type == FieldType::Score || *field == EMAIL {
                continue;
            }
            let new = value.clone().unwrap_or_else(|| Value::text("NULL"));
            let members = vec![
                ("field".to_owned(), Value::text(&known.name)),
                ("new_value".to_owned(), new),
            ];
            let event = (BuiltinActivity::ChangeDataValue.id(), members);
            if !self.events.contains(&event) {
                self.events.push(event);
            }
        }
        self.fields.extend(more);
    }

    fn campaign(&mut self, bench: &Bench<'_>, campaign: &Campaign) {
        self.starts.extend(starts(bench, campaign));
        self.filter(bench, &campaign.filter);
        for step in &campaign.flow {
            for choice in &step.choices {
                self.filter(bench, &choice.when);
            }
            for action in step.actions() {
                self.action(bench.workspace, action, bench.now);
            }
        }
    }

    fn filter(&mut self, bench: &Bench<'_>, filter: &Filter) {
        filter.each_leaf(&mut |leaf| match &leaf.kind {
            LeafKind::Field { field, tests } => {
                let field_type = bench.workspace.fields.type_of(*field);
                let values = values_beside(tests, field_type, &bench.when(bench.now));
                self.fields
                    .extend(values.into_iter().map(|value| (*field, value)));
                self.clocks_of(tests, &bench.when(bench.now));
            }
            LeafKind::Activity(asked) => {
                self.clocks_of(&asked.date, &bench.when(bench.now));
                let positive = ActivityFilter {
                    sense: Sense::Positive,
                    ..asked.clone()
                };
                let made = bench.with_facts(|facts: &Facts<'_>| {
                    activity_for(&positive, facts, &bench.wording())
                });
                self.events
                    .extend(made.map(|made| template(&made, bench.workspace)));
            }
            LeafKind::MemberOfList { lists, .. } => match lists {
                MemberOf::These(these) => self.lists.extend(these),
                MemberOf::Any => self.lists.push(ListId(0)),
            },
            LeafKind::MemberOfSmartCampaign { campaigns, .. } => {
                self.with.extend(campaigns.named());
            }
            LeafKind::MemberOfProgram { programs, .. } => match programs {
                MemberOf::These(these) => {
                    for program in these {
                        self.program(bench.workspace, *program);
                    }
                }
                MemberOf::Any => self.program(bench.workspace, ProgramId(0)),
            },
            LeafKind::ProgramStatus { program, .. } => self.program(bench.workspace, *program),
            LeafKind::MemberOfSmartList { .. } | LeafKind::RandomSample { .. } => {}
        });
    }

    /// Adds an event for each status of a program.
    fn program(&mut self, workspace: &Workspace, program: ProgramId) {
        let Some(known) = workspace.program(program) else {
            return;
        };
        let mut statuses: Vec<String> = known
            .statuses
            .iter()
            .map(|of| of.name.to_string())
            .collect();
        if statuses.is_empty() {
            statuses.push("Member".to_owned());
        }
        statuses.push("Not in Program".to_owned());
        for status in statuses {
            let members = vec![
                ("program".to_owned(), Value::text(&known.name)),
                ("new_status".to_owned(), Value::text(&status)),
            ];
            self.events
                .push((BuiltinActivity::ChangeProgramStatus.id(), members));
        }
    }

    fn action(&mut self, workspace: &Workspace, action: &Action, now: Instant) {
        let effects = action.effects();
        match effects.starts {
            Some(StartedCampaign::Requested(id) | StartedCampaign::Executed(id)) => {
                self.with.push(id);
            }
            None => {}
        }
        if let Some(EndedFlow::Of(id)) = effects.ends {
            self.with.push(id);
        }
        if let Some(program) = effects.membership {
            self.program(workspace, program);
        }
        let read = effects
            .templates
            .iter()
            .flat_map(|template| template.fields());
        for field in read
            .chain(effects.reads.iter().copied())
            .chain(effects.writes)
        {
            for value in usual(workspace.fields.type_of(field), now) {
                self.fields.push((field, Some(value)));
            }
            self.fields.push((field, None));
        }
        if let Action::AddToList { list } | Action::RemoveFromList { list } = action {
            self.lists.push(*list);
        }
        if let Action::Wait(Wait::Date { date, .. }) = action {
            let day = workspace.zone.start_of(*date);
            self.clocks
                .extend([day.plus_micros(-DAY), day.plus_micros(2 * DAY)]);
        }
        if let Action::ChangeDataValue { field, value } = action
            && let NewValue::Set(template) = value
            && let [Part::Literal(text)] = template.parts.as_slice()
        {
            let of = workspace.fields.type_of(*field);
            let value = Value::parse(text, of, &workspace.zone).ok();
            self.fields.extend(value.map(|value| (*field, Some(value))));
        }
    }

    fn clocks_of(&mut self, tests: &[Test], when: &EvaluationTime<'_>) {
        for point in tests.iter().flat_map(|test| test.criterion.points()) {
            if let Point::Moment(moment) = point {
                let at = match moment {
                    Moment::Instant(at) => *at,
                    Moment::Day(day) => when.zone.start_of(*day),
                };
                self.clocks
                    .extend([at.plus_micros(-DAY), at, at.plus_micros(DAY)]);
            }
        }
    }
}

/// Returns an event for each trigger of a campaign that fires it.
pub(super) fn starts(bench: &Bench<'_>, campaign: &Campaign) -> Vec<Template> {
    let made = campaign.triggers.iter().filter_map(|trigger| {
        let asked = ActivityFilter {
            sense: Sense::Positive,
            activity: trigger.activity,
            constraints: trigger.constraints.clone(),
            date: Vec::new(),
            at_least: 1,
        };
        let mut made = bench.with_facts(|facts| activity_for(&asked, facts, &bench.wording()))?;
        if made.activity == BuiltinActivity::RequestCampaign.id() {
            made.primary = Some(campaign.full_name.clone());
        }
        Some(template(&made, bench.workspace))
    });
    made.collect()
}

/// More campaigns than these are not looked through.
const MOST_CAMPAIGNS: usize = 12;

/// Returns values that a field of a type usually has.
fn usual(of: FieldType, now: Instant) -> Vec<Value> {
    let later = |days: i64| now.plus_micros(days * DAY);
    if of.is_integer() {
        return vec![Value::Integer(7)];
    }
    if of.is_text() {
        return vec![Value::text("ann@example.org"), Value::text("Example")];
    }
    match of {
        FieldType::Date => [10, -10]
            .map(|days| Value::Date(later(days).utc().date()))
            .to_vec(),
        FieldType::Datetime => [10, -10].map(|days| Value::Datetime(later(days))).to_vec(),
        FieldType::Boolean => vec![Value::Boolean(true), Value::Boolean(false)],
        FieldType::String
        | FieldType::Text
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Url
        | FieldType::Integer
        | FieldType::Score
        | FieldType::Percent
        | FieldType::Currency
        | FieldType::Float => vec![Value::Float(7.5)],
    }
}

/// Makes an event of an activity that a filter would count, with the attributes that events of its type need.
pub(super) fn template(made: &PastActivity, workspace: &Workspace) -> Template {
    let known = workspace.activities.get(made.activity);
    let mut members: Vec<(String, Value)> = Vec::new();
    if let Some(primary) = &known.primary {
        let value = made.primary.clone().map(Value::Text);
        let value = value.unwrap_or_else(|| Value::text(&any_primary(made.activity, workspace)));
        members.push((primary.key.to_string(), value));
    }
    let given = made.attributes.iter();
    members.extend(given.map(|(key, value)| (key.to_string(), value.clone())));
    for (key, value) in [
        ("change", Value::Integer(5)),
        ("new_value", Value::text("7")),
        ("new_status", Value::text("Member")),
    ] {
        let is_new = members.iter().all(|(known, _)| known != key);
        if is_new && known.attributes.iter().any(|of| of.key.as_ref() == key) {
            members.push((key.to_owned(), value));
        }
    }
    (made.activity, members)
}

/// Returns something that an activity may be of, where it may be of anything.
fn any_primary(activity: ActivityTypeId, workspace: &Workspace) -> String {
    let is = |known: BuiltinActivity| known.id() == activity;
    let found = if is(BuiltinActivity::ChangeScore) {
        Some("lead_score".to_owned())
    } else if is(BuiltinActivity::ChangeDataValue) {
        Some("city".to_owned())
    } else if is(BuiltinActivity::AddToList) || is(BuiltinActivity::RemoveFromList) {
        workspace.lists.iter().next().map(ToString::to_string)
    } else if is(BuiltinActivity::ChangeProgramStatus) {
        workspace
            .programs
            .first()
            .map(|program| program.name.clone())
    } else {
        None
    };
    let emails = || {
        workspace
            .emails
            .values()
            .next()
            .map(|email| email.name.clone())
    };
    found
        .or_else(emails)
        .unwrap_or_else(|| "example".to_owned())
}
