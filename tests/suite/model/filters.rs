//! Who matches: filters over one person, and triggers over one activity.

use super::calendar::Micros;
use super::definition::{
    ActivityFilter, Campaign, FLAGS, Filter, Logic, Numbered, Trigger, Workspace,
};
use super::operator::{Now, Op};
use super::value::{Kind, Val, same};
use super::world::{Row, World};

/// A question about one person at one instant.
#[derive(Clone, Copy)]
pub(crate) struct Asking<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) world: &'a World,
    pub(crate) person: usize,
    /// The campaign whose filter it is, for `program_status`.
    pub(crate) campaign: usize,
    pub(crate) at: Micros,
}

impl Asking<'_> {
    fn now(&self) -> Now {
        Now {
            at: self.at,
            zone: self.workspace.zone,
            monday: self.workspace.monday,
        }
    }

    /// Whether the campaign's own filters let the person in.
    pub(crate) fn matches(&self) -> bool {
        let Campaign { filters, logic, .. } = &self.workspace.campaigns[self.campaign];
        match logic {
            Logic::All => filters.iter().all(|f| self.holds(f)),
            Logic::Any => filters.iter().any(|f| self.holds(f)),
            Logic::Numbered(rule) => self.numbered(rule, filters),
        }
    }

    fn numbered(&self, rule: &Numbered, filters: &[Filter]) -> bool {
        match rule {
            Numbered::Number(number) => self.holds(&filters[number - 1]),
            Numbered::And(parts) => parts.iter().all(|part| self.numbered(part, filters)),
            Numbered::Or(parts) => parts.iter().any(|part| self.numbered(part, filters)),
        }
    }

    pub(crate) fn holds(&self, filter: &Filter) -> bool {
        let person = &self.world.people[self.person];
        match filter {
            Filter::Field { field, ops } => {
                let value = self.field(field);
                ops.iter().all(|op| op.holds(value.as_ref(), self.now()))
            }
            Filter::Activity(filter) => self.activity(filter),
            Filter::List { is, names } => {
                let on = |name: &String| person.lists.keys().any(|list| same(list, name));
                names.iter().any(on) == *is
            }
            Filter::SmartList { is, names } => {
                names.iter().any(|name| self.in_smart_list(name)) == *is
            }
            Filter::Campaign { is, campaigns } => {
                campaigns
                    .iter()
                    .any(|c| self.world.passed(self.person, *c).is_some())
                    == *is
            }
            Filter::Program {
                is,
                programs,
                status,
                success,
            } => {
                let some = programs
                    .iter()
                    .filter_map(|p| person.programs.get(p))
                    .any(|member| {
                        let name = Val::Text(member.status.clone());
                        status.iter().all(|op| op.holds(Some(&name), self.now()))
                            && success.is_none_or(|wanted| member.success_at.is_some() == wanted)
                    });
                some == *is
            }
            Filter::ProgramStatus(ops) => {
                let program = self.workspace.campaigns[self.campaign].program.unwrap();
                let status = person
                    .programs
                    .get(&program)
                    .map(|m| Val::Text(m.status.clone()));
                ops.iter().all(|op| op.holds(status.as_ref(), self.now()))
            }
            Filter::Sample(sample) => sample.draws(person, self.person, self.at),
            Filter::Group { all: true, filters } => filters.iter().all(|f| self.holds(f)),
            Filter::Group {
                all: false,
                filters,
            } => filters.iter().any(|f| self.holds(f)),
        }
    }

    /// A field's value as filters, tokens and steps see it.
    pub(crate) fn field(&self, field: &str) -> Option<Val> {
        field_of(self.world, self.person, field)
    }

    fn in_smart_list(&self, name: &str) -> bool {
        let flag = |field: &str| self.field(field) == Some(Val::Bool(true));
        match name {
            "All People" => true,
            "Unsubscribed People" => flag("unsubscribed"),
            "Marketing Suspended" => flag("marketing_suspended"),
            "Blocklist" => flag("black_listed"),
            "Bounced Email Addresses" => flag("email_invalid"),
            named => {
                let (_, filters) = self
                    .workspace
                    .smart_lists
                    .iter()
                    .find(|(n, _)| n == named)
                    .unwrap();
                filters.iter().all(|f| self.holds(f))
            }
        }
    }

    fn activity(&self, filter: &ActivityFilter) -> bool {
        let rows = self.world.people[self.person].history().filter(|row| {
            row.kind == filter.act.name()
                && self.meets(row, filter.act.primary(), &filter.constraints)
                && filter
                    .date
                    .iter()
                    .all(|op| op.holds(Some(&Val::At(row.at)), self.now()))
        });
        (rows.count() >= filter.at_least) != filter.negated
    }

    /// Whether an activity starts a campaign that has this trigger.
    pub(crate) fn triggers(&self, trigger: &Trigger, row: &Row) -> bool {
        row.kind == trigger.act.name()
            && self.meets(row, trigger.act.primary(), &trigger.constraints)
    }

    fn meets(&self, row: &Row, primary: Option<&str>, constraints: &[(String, Vec<Op>)]) -> bool {
        constraints.iter().all(|(name, ops)| {
            let value = row.attribute(primary, name).map(|value| match value {
                // The log may hold a number as text; the operator knows what it compares with.
                Val::Text(text) => self.typed(&text, ops),
                other
                @ (Val::Int(_) | Val::Float(_) | Val::Bool(_) | Val::Date(_) | Val::At(_)) => other,
            });
            ops.iter().all(|op| op.holds(value.as_ref(), self.now()))
        })
    }

    fn typed(&self, text: &str, ops: &[Op]) -> Val {
        let kind = ops.iter().find_map(|op| match op {
            Op::Is(values) | Op::IsNot(values) => values.first(),
            Op::Between(v, _)
            | Op::GreaterThan(v)
            | Op::LessThan(v)
            | Op::AtLeast(v)
            | Op::AtMost(v)
            | Op::After(v)
            | Op::Before(v)
            | Op::OnOrAfter(v)
            | Op::OnOrBefore(v) => Some(v),
            Op::StartsWith(_)
            | Op::NotStartsWith(_)
            | Op::Contains(_)
            | Op::NotContains(_)
            | Op::IsEmpty
            | Op::IsNotEmpty
            | Op::InPast(_)
            | Op::InPastBefore(_)
            | Op::InFuture(_)
            | Op::InFutureAfter(_)
            | Op::InTimeFrame(_) => None,
        });
        let kind = match kind {
            Some(Val::Int(_)) => Kind::Integer,
            Some(Val::Float(_)) => Kind::Float,
            Some(Val::Bool(_)) => Kind::Boolean,
            Some(Val::Date(_)) => Kind::Date,
            Some(Val::At(_)) => Kind::Datetime,
            Some(Val::Text(_)) | None => Kind::String,
        };
        Val::read(text, kind, self.workspace.zone).unwrap_or_else(|| Val::Text(text.to_owned()))
    }
}

/// A field's value: an absent flag of the program's own is false.
pub(crate) fn field_of(world: &World, person: usize, field: &str) -> Option<Val> {
    let person = &world.people[person];
    let stored = match field {
        "email" => person.email.clone().map(Val::Text),
        "id" => person.id.clone().map(Val::Text),
        _ => person.fields.get(field).cloned(),
    };
    stored.or_else(|| FLAGS.contains(&field).then_some(Val::Bool(false)))
}
