//! Random filters, triggers and the rules that join them.

use super::catalogue::Act;
use super::definition::{ActivityFilter, Field, Filter, Logic, Mode, Numbered, Trigger, Workspace};
use super::dice::Dice;
use super::operator::Op;
use super::random_values::{Around, window};
use super::samples::Sample;
use super::value::{Kind, Val};

pub(crate) const FORMS: [&str; 3] = ["Contact", "Demo", "Trial"];
pub(crate) const PAGES: [&str; 4] = ["/pricing", "/pricing/teams", "/blog", "/"];
pub(crate) const LINKS: [&str; 3] = [
    "https://x.example/pricing",
    "https://x.example/blog",
    "https://x.example/",
];
pub(crate) const MOMENTS: [&str; 3] = ["Web", "Email", "Milestone"];
pub(crate) const DEMOS: [&str; 2] = ["Spring demo", "Autumn demo"];

const ASKED: [Act; 17] = [
    Act::ChangeDataValue,
    Act::ChangeDataValue,
    Act::ChangeScore,
    Act::AddToList,
    Act::RemoveFromList,
    Act::ChangeProgramStatus,
    Act::FillOutForm,
    Act::VisitWebPage,
    Act::ClickEmail,
    Act::OpenEmail,
    Act::EmailDelivered,
    Act::EmailBounced,
    Act::UnsubscribeEmail,
    Act::InterestingMoment,
    Act::AttendDemo,
    Act::NewPerson,
    Act::SendEmail,
];

/// A type that filters ask for.
pub(crate) fn act(dice: &mut Dice) -> Act {
    *dice.pick(&ASKED)
}

/// What filters may refer to.
pub(crate) struct Filters<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) around: Around,
}

/// Where a filter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a campaign or choice of a program, so that `program_status` has a meaning.
    InProgram(usize),
    Elsewhere,
    /// In a named smart list, which asks of no other one.
    SmartList,
}

impl Filters<'_> {
    pub(crate) fn filter(&self, dice: &mut Dice, place: Place, depth: u32) -> Filter {
        match dice.index(20) {
            0..=4 => Filter::Activity(self.activity(dice)),
            5 | 6 => Filter::List {
                is: dice.chance(60),
                names: dice.some(&self.workspace.lists),
            },
            7 if place != Place::SmartList => self.smart_list(dice),
            8 if place != Place::SmartList => {
                let campaigns: Vec<usize> = (0..self.workspace.campaigns.len()).collect();
                Filter::Campaign {
                    is: dice.chance(50),
                    campaigns: dice.some(&campaigns),
                }
            }
            9 => self.program(dice),
            10 if let Place::InProgram(program) = place => {
                Filter::ProgramStatus(self.status(dice, program))
            }
            12 if dice.chance(60) => Filter::Sample(Sample {
                share: *dice.pick(&[1_000, 3_333, 5_000, 7_525]),
                each_time: dice.chance(50),
                place: String::new(),
            }),
            11 if depth < 2 => Filter::Group {
                all: dice.chance(50),
                filters: (0..dice.count(1, 3))
                    .map(|_| self.filter(dice, place, depth + 1))
                    .collect(),
            },
            _ => self.field(dice),
        }
    }

    fn field(&self, dice: &mut Dice) -> Filter {
        let Field { name, kind, .. } = dice.pick(&self.workspace.fields);
        Filter::Field {
            field: name.clone(),
            ops: self.around.operators(dice, *kind),
        }
    }

    fn smart_list(&self, dice: &mut Dice) -> Filter {
        let mut names: Vec<String> = self
            .workspace
            .smart_lists
            .iter()
            .map(|(name, _)| name.clone())
            .collect();
        let system = [
            "All People",
            "Unsubscribed People",
            "Marketing Suspended",
            "Blocklist",
            "Bounced Email Addresses",
        ];
        names.extend(system.map(str::to_owned));
        Filter::SmartList {
            is: dice.chance(50),
            names: dice.some(&names),
        }
    }

    fn program(&self, dice: &mut Dice) -> Filter {
        let programs: Vec<usize> = (0..self.workspace.programs.len()).collect();
        let programs = dice.some(&programs);
        let statuses: Vec<String> = self.workspace.programs[programs[0]]
            .statuses
            .iter()
            .map(|status| status.name.clone())
            .collect();
        let status = if programs.len() == 1 && !statuses.is_empty() && dice.chance(50) {
            vec![Op::Is(
                dice.some(&statuses).into_iter().map(Val::Text).collect(),
            )]
        } else {
            Vec::new()
        };
        Filter::Program {
            is: dice.chance(60),
            programs,
            status,
            success: dice.maybe(25, |dice| dice.chance(50)),
        }
    }

    fn status(&self, dice: &mut Dice, program: usize) -> Vec<Op> {
        let all = self.workspace.programs[program].statuses.iter();
        let names: Vec<String> = all.map(|status| status.name.clone()).collect();
        let values = |dice: &mut Dice| dice.some(&names).into_iter().map(Val::Text).collect();
        vec![match dice.index(4) {
            0 => Op::IsEmpty,
            1 => Op::IsNot(values(dice)),
            _ => Op::Is(values(dice)),
        }]
    }

    fn activity(&self, dice: &mut Dice) -> ActivityFilter {
        let act = act(dice);
        let date = if dice.chance(40) {
            self.date_of_activity(dice)
        } else {
            Vec::new()
        };
        ActivityFilter {
            negated: dice.chance(30),
            act,
            constraints: self.constraints(dice, act),
            date,
            at_least: if dice.chance(25) { dice.count(2, 3) } else { 1 },
        }
    }

    fn date_of_activity(&self, dice: &mut Dice) -> Vec<Op> {
        if dice.chance(70) {
            return vec![Op::InPast(window(dice, Kind::Datetime))];
        }
        let ops = self.around.operators(dice, Kind::Datetime);
        ops.into_iter()
            .filter(|op| !matches!(op, Op::IsEmpty | Op::IsNotEmpty))
            .collect()
    }

    pub(crate) fn triggers(&self, dice: &mut Dice, requested: bool) -> Vec<Trigger> {
        let mut triggers: Vec<Trigger> = Vec::new();
        if requested {
            triggers.push(Trigger {
                act: Act::RequestCampaign,
                constraints: Vec::new(),
            });
        }
        for _ in 0..dice.count(usize::from(!requested), 2) {
            let act = *dice.pick(&ASKED[..16]);
            triggers.push(Trigger {
                act,
                constraints: self.constraints(dice, act),
            });
        }
        triggers
    }

    /// Constraints on the primary attribute and perhaps one other.
    fn constraints(&self, dice: &mut Dice, act: Act) -> Vec<(String, Vec<Op>)> {
        let mut constraints: Vec<(String, Vec<Op>)> = Vec::new();
        if let Some(primary) = act.primary()
            && dice.chance(40)
        {
            let values = self.primary_values(dice, act);
            let value_of_field = matches!(act, Act::ChangeDataValue | Act::ChangeScore);
            let negative = !value_of_field && dice.chance(15);
            let values = values.into_iter().map(Val::Text).collect();
            constraints.push((
                primary.to_owned(),
                vec![if negative {
                    Op::IsNot(values)
                } else {
                    Op::Is(values)
                }],
            ));
        }
        if let Some((name, ops)) = self.field_value(dice, act, &constraints) {
            constraints.push((name, ops));
        } else if act == Act::ChangeProgramStatus {
            constraints.extend(self.changed_status(dice, &constraints));
        } else if !act.attributes().is_empty() && dice.chance(25) {
            let (name, kind) = dice.pick(act.attributes());
            constraints.push(((*name).to_owned(), self.around.operators(dice, *kind)));
        }
        constraints
    }

    /// `new_value` or `previous_value` of a data value change, which only make sense for one field.
    fn field_value(
        &self,
        dice: &mut Dice,
        act: Act,
        so_far: &[(String, Vec<Op>)],
    ) -> Option<(String, Vec<Op>)> {
        let (_, ops) = so_far.first()?;
        let [Op::Is(values)] = ops.as_slice() else {
            return None;
        };
        let [Val::Text(field)] = values.as_slice() else {
            return None;
        };
        if act != Act::ChangeDataValue || !dice.chance(50) {
            return None;
        }
        let name = dice.word(&["new_value", "new_value", "previous_value"]);
        Some((
            name,
            self.around.operators(dice, self.workspace.kind(field)),
        ))
    }

    /// A status of the one program that a constraint names.
    fn changed_status(
        &self,
        dice: &mut Dice,
        so_far: &[(String, Vec<Op>)],
    ) -> Option<(String, Vec<Op>)> {
        let (_, ops) = so_far.first()?;
        let [Op::Is(values)] = ops.as_slice() else {
            return None;
        };
        let [Val::Text(name)] = values.as_slice() else {
            return None;
        };
        let program = self
            .workspace
            .programs
            .iter()
            .position(|p| p.name == *name)?;
        let attribute = dice.word(&["new_status", "new_status", "previous_status"]);
        Some((attribute, self.status(dice, program)))
    }

    /// Some values of an activity's primary attribute.
    pub(crate) fn primary_values(&self, dice: &mut Dice, act: Act) -> Vec<String> {
        let owned = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        match act {
            Act::ChangeDataValue => {
                let fields = self
                    .workspace
                    .fields
                    .iter()
                    .filter(|f| f.kind != Kind::Score);
                let names: Vec<String> = fields.map(|field| field.name.clone()).collect();
                vec![dice.pick(&names).clone()]
            }
            Act::ChangeScore => vec![dice.word(&["lead_score", "fit"])],
            Act::AddToList | Act::RemoveFromList => dice.some(&self.workspace.lists),
            Act::ChangeProgramStatus => {
                let names: Vec<String> = self
                    .workspace
                    .programs
                    .iter()
                    .map(|p| p.name.clone())
                    .collect();
                dice.some(&names)
            }
            Act::FillOutForm => dice.some(&owned(&FORMS)),
            Act::VisitWebPage => dice.some(&owned(&PAGES)),
            Act::InterestingMoment => dice.some(&owned(&MOMENTS)),
            Act::AttendDemo => dice.some(&owned(&DEMOS)),
            Act::ClickEmail
            | Act::OpenEmail
            | Act::EmailDelivered
            | Act::EmailBounced
            | Act::UnsubscribeEmail
            | Act::SendEmail => dice.some(&emails(self.workspace)),
            Act::NewPerson | Act::RequestCampaign | Act::DeletePerson => Vec::new(),
        }
    }
}

/// The names of emails: those defined, or plain names where none is.
pub(crate) fn emails(workspace: &Workspace) -> Vec<String> {
    if workspace.emails.is_empty() {
        return vec!["spring".to_owned(), "autumn".to_owned()];
    }
    workspace
        .emails
        .iter()
        .map(|email| email.name.clone())
        .collect()
}

/// How a campaign's filters are joined.
pub(crate) fn logic(dice: &mut Dice, filters: usize, mode: Mode) -> Logic {
    match dice.index(4) {
        0 if filters > 0 && mode != Mode::Executable => Logic::Any,
        1 if filters >= 3 => {
            let mut parts: Vec<Numbered> = (1..=filters).map(Numbered::Number).collect();
            let inner = parts.split_off(filters - 2);
            if dice.chance(50) {
                parts.push(Numbered::Or(inner));
                Logic::Numbered(Numbered::And(parts))
            } else {
                parts.push(Numbered::And(inner));
                Logic::Numbered(Numbered::Or(parts))
            }
        }
        _ => Logic::All,
    }
}
