//! Random flows: steps, choices, waits and texts with tokens.

use chrono::{NaiveTime, Weekday};

use super::calendar::{Span, Unit};
use super::catalogue::Act;
use super::definition::{
    Action, Change, Field, Mode, NewValue, Part, Step, StepKind, Template, Token, Trigger, Wait,
    Workspace,
};
use super::dice::Dice;
use super::random_filters::{Filters, MOMENTS, Place, emails};
use super::random_values::{Around, integer};
use super::value::Kind;

const KINDS: [StepKind; 26] = [
    StepKind::SendAlert,
    StepKind::ChangeDataValue,
    StepKind::ChangeDataValue,
    StepKind::ChangeDataValue,
    StepKind::ChangeScore,
    StepKind::ChangeScore,
    StepKind::ChangeScore,
    StepKind::AddToList,
    StepKind::AddToList,
    StepKind::RemoveFromList,
    StepKind::SendEmail,
    StepKind::SendEmail,
    StepKind::ChangeProgramStatus,
    StepKind::ChangeProgramStatus,
    StepKind::InterestingMoment,
    StepKind::Wait,
    StepKind::Wait,
    StepKind::Wait,
    StepKind::RequestCampaign,
    StepKind::RequestCampaign,
    StepKind::RequestCampaign,
    StepKind::ExecuteCampaign,
    StepKind::ExecuteCampaign,
    StepKind::ExecuteCampaign,
    StepKind::RemoveFromFlow,
    StepKind::DeletePerson,
];

/// Makes the flow of one campaign; campaigns that it may call come later in the workspace.
pub(crate) struct Flows<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) around: Around,
    /// The campaign's index.
    pub(crate) campaign: usize,
    /// Campaigns that may be requested, executed, or removed from.
    pub(crate) requests: Vec<usize>,
    pub(crate) executes: Vec<usize>,
}

impl Flows<'_> {
    fn mode(&self) -> Mode {
        self.workspace.campaigns[self.campaign].mode
    }

    fn program(&self) -> Option<usize> {
        self.workspace.campaigns[self.campaign].program
    }

    pub(crate) fn flow(&self, dice: &mut Dice) -> Vec<Step> {
        let mut waited = false;
        let mut flow = Vec::new();
        for _ in 0..dice.count(1, 5) {
            let kind = self.kind(dice);
            let step = self.step(dice, kind, waited);
            waited |= kind == StepKind::Wait;
            flow.push(step);
            if kind == StepKind::DeletePerson {
                break;
            }
        }
        flow
    }

    fn kind(&self, dice: &mut Dice) -> StepKind {
        let possible = |kind: StepKind, dice: &mut Dice| match kind {
            StepKind::Wait => self.mode() != Mode::Executable,
            StepKind::RequestCampaign => !self.requests.is_empty(),
            StepKind::ExecuteCampaign => !self.executes.is_empty(),
            StepKind::DeletePerson => dice.chance(25),
            StepKind::SendEmail
            | StepKind::SendAlert
            | StepKind::ChangeDataValue
            | StepKind::ChangeScore
            | StepKind::AddToList
            | StepKind::RemoveFromList
            | StepKind::ChangeProgramStatus
            | StepKind::InterestingMoment
            | StepKind::RemoveFromFlow => true,
        };
        loop {
            let kind = *dice.pick(&KINDS);
            if possible(kind, dice) {
                return kind;
            }
        }
    }

    fn step(&self, dice: &mut Dice, kind: StepKind, waited: bool) -> Step {
        let place = self.program().map_or(Place::Elsewhere, Place::InProgram);
        let filters = Filters {
            workspace: self.workspace,
            around: self.around,
        };
        let choices = if dice.chance(30) && kind != StepKind::DeletePerson {
            dice.count(1, 3)
        } else {
            0
        };
        let choices: Vec<_> = (0..choices)
            .map(|_| {
                let when = filters.filter(dice, place, 1);
                let action = (!dice.chance(20)).then(|| self.action(dice, kind, waited));
                (when, action)
            })
            .collect();
        let nothing = !choices.is_empty() && dice.chance(30);
        let default = (!nothing).then(|| self.action(dice, kind, waited));
        Step {
            id: None,
            default,
            choices,
            kind,
        }
    }

    /// Another version of a flow: steps are taken out, put in and moved; some waits get an `id`.
    pub(crate) fn changed(&self, dice: &mut Dice, flow: &[Step]) -> Vec<Step> {
        let mut changed = flow.to_vec();
        for (number, step) in changed.iter_mut().enumerate() {
            if step.kind == StepKind::Wait && step.id.is_none() && dice.chance(40) {
                step.id = Some(format!("wait {}", number + 10 * dice.index(10)));
            }
        }
        for _ in 0..dice.count(1, 3) {
            let place = dice.index(changed.len());
            match dice.index(4) {
                0 | 1 if changed.len() > 1 => {
                    let wait = changed.iter().position(|s| s.kind == StepKind::Wait);
                    let place = wait.filter(|_| dice.chance(60)).unwrap_or(place);
                    changed.remove(place);
                }
                2 => {
                    let other = dice.index(changed.len());
                    changed.swap(place, other);
                }
                _ => {
                    let kind = self.kind(dice);
                    if kind != StepKind::DeletePerson {
                        changed.insert(place, self.step(dice, kind, true));
                    }
                }
            }
        }
        // Nothing comes after a deletion, and no two steps have one id.
        if let Some(end) = changed
            .iter()
            .position(|s| s.kind == StepKind::DeletePerson)
        {
            changed.truncate(end + 1);
        }
        let mut known = std::collections::BTreeSet::new();
        for step in &mut changed {
            step.id = step.id.take().filter(|id| known.insert(id.clone()));
        }
        changed
    }

    fn action(&self, dice: &mut Dice, kind: StepKind, waited: bool) -> Action {
        match kind {
            StepKind::SendEmail => Action::SendEmail(dice.pick(&emails(self.workspace)).clone()),
            StepKind::SendAlert => {
                let email = dice.pick(&emails(self.workspace)).clone();
                Action::SendAlert(email, "sales@example.com".to_owned())
            }
            StepKind::ChangeDataValue => self.change_data_value(dice),
            StepKind::ChangeScore => {
                let field = dice.word(&["lead_score", "fit"]);
                let change = if dice.chance(75) {
                    Change::Add(*dice.pick(&[5, 10, 25, -5, -15]))
                } else {
                    Change::Set(integer(dice))
                };
                Action::ChangeScore { field, change }
            }
            StepKind::AddToList => Action::AddToList(dice.pick(&self.workspace.lists).clone()),
            StepKind::RemoveFromList => {
                Action::RemoveFromList(dice.pick(&self.workspace.lists).clone())
            }
            StepKind::ChangeProgramStatus => {
                let program = dice.index(self.workspace.programs.len());
                let statuses = &self.workspace.programs[program].statuses;
                Action::ChangeProgramStatus {
                    program,
                    status: dice.pick(statuses).name.clone(),
                }
            }
            StepKind::InterestingMoment => Action::InterestingMoment {
                kind: dice.word(&MOMENTS),
                description: self.text(dice),
            },
            StepKind::Wait => Action::Wait(self.wait(dice, waited)),
            StepKind::RequestCampaign => Action::RequestCampaign(*dice.pick(&self.requests)),
            StepKind::ExecuteCampaign => Action::ExecuteCampaign {
                campaign: *dice.pick(&self.executes),
                parent_tokens: dice.chance(40),
            },
            StepKind::RemoveFromFlow => Action::RemoveFromFlow(self.removed_from(dice)),
            StepKind::DeletePerson => Action::DeletePerson,
        }
    }

    /// Another campaign than this one; `this` is written as such.
    fn removed_from(&self, dice: &mut Dice) -> Option<usize> {
        let campaigns = self.workspace.campaigns.iter().enumerate();
        let others: Vec<usize> = campaigns
            .filter(|(index, campaign)| {
                *index != self.campaign && campaign.mode != Mode::Executable
            })
            .map(|(index, _)| index)
            .collect();
        (!others.is_empty() && dice.chance(75)).then(|| *dice.pick(&others))
    }

    fn change_data_value(&self, dice: &mut Dice) -> Action {
        let fields: Vec<&Field> = self
            .workspace
            .fields
            .iter()
            .filter(|f| f.kind != Kind::Score)
            .collect();
        let Field { name, kind, .. } = *dice.pick(&fields);
        let value = match dice.index(10) {
            0 => NewValue::Null,
            // What a field of another type holds may not fit, or be nothing.
            1 | 2 => {
                let other = dice.pick(&self.workspace.fields).name.clone();
                NewValue::Set(Template(vec![Part::Token {
                    token: Token::Lead(other),
                    default: None,
                }]))
            }
            3 if kind.is_text() => NewValue::Set(self.text(dice)),
            _ => NewValue::Set(Template(vec![Part::Text(
                self.around.value(dice, *kind).text(),
            )])),
        };
        Action::ChangeDataValue {
            field: name.clone(),
            value,
        }
    }

    /// A text with up to two tokens in it.
    fn text(&self, dice: &mut Dice) -> Template {
        let mut parts = vec![Part::Text(dice.word(&["Saw ", "a b ", "É: ", "100% "]))];
        for _ in 0..dice.count(0, 2) {
            let token = self.token(dice);
            let default = dice.maybe(40, |dice| dice.word(&["there", "none", "a b"]));
            parts.push(Part::Token { token, default });
            parts.push(Part::Text(dice.word(&[", ", " and ", "."])));
        }
        // Blanks at the end would be at the mercy of the file's notation.
        parts.push(Part::Text("end".to_owned()));
        Template(parts)
    }

    fn token(&self, dice: &mut Dice) -> Token {
        let triggers = &self.workspace.campaigns[self.campaign].triggers;
        match dice.index(9) {
            0 => Token::CampaignName,
            1 if self.program().is_some() => Token::ProgramName,
            2 => Token::My(dice.pick(&self.workspace.tokens).0.clone()),
            3 => Token::SystemDate,
            4 => Token::SystemDateTime,
            5 | 6 if !triggers.is_empty() => Token::Trigger(attribute_of(dice, triggers)),
            _ => Token::Lead(dice.pick(&self.workspace.fields).name.clone()),
        }
    }

    fn wait(&self, dice: &mut Dice, waited: bool) -> Wait {
        let time = dice.maybe(40, |dice| {
            NaiveTime::from_hms_opt(u32::try_from(dice.number(6, 20)).unwrap(), 35, 0).unwrap()
        });
        match dice.index(6) {
            4 => Wait::Date {
                date: self.around.0 + chrono::Duration::days(dice.number(-2, 30)),
                time,
            },
            5 if self.mode() == Mode::Triggered => self.token_wait(dice, time, waited),
            _ => Wait::For {
                length: self.length(dice),
                weekdays: weekdays(dice),
                time,
            },
        }
    }

    fn token_wait(&self, dice: &mut Dice, time: Option<NaiveTime>, waited: bool) -> Wait {
        let dates = self
            .workspace
            .fields
            .iter()
            .filter(|f| matches!(f.kind, Kind::Date | Kind::Datetime));
        let dates: Vec<_> = dates.collect();
        let field = *dice.pick(&dates);
        Wait::Token {
            field: field.name.clone(),
            offset: if dice.chance(50) {
                dice.number(-10, 10)
            } else {
                0
            },
            // After another wait the day of entry is no longer today.
            anniversary: !waited && dice.chance(40),
            time: time.filter(|_| field.kind == Kind::Date),
        }
    }

    fn length(&self, dice: &mut Dice) -> Span {
        let (unit, count) = match dice.index(5) {
            0 => (Unit::Minute, dice.number(10, 90)),
            1 | 2 => (Unit::Hour, dice.number(1, 30)),
            3 => (Unit::Day, dice.number(1, 6)),
            // Exactly seven days after an email the rolling limit would stand on its edge.
            _ if self.workspace.per_7_days.is_some() => (Unit::Day, dice.number(1, 6)),
            _ => (Unit::Week, dice.number(1, 2)),
        };
        Span {
            count: u32::try_from(count).unwrap(),
            unit,
        }
    }
}

fn weekdays(dice: &mut Dice) -> Vec<Weekday> {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    let sets: [&[Weekday]; 3] = [&[Mon, Tue, Wed, Thu, Fri], &[Sat, Sun], &[Tue]];
    if dice.chance(30) {
        dice.pick(&sets).to_vec()
    } else {
        Vec::new()
    }
}

/// An attribute that one of the triggers has.
fn attribute_of(dice: &mut Dice, triggers: &[Trigger]) -> String {
    let names: Vec<&str> = triggers
        .iter()
        .flat_map(|t| {
            t.act
                .primary()
                .into_iter()
                .chain(t.act.attributes().iter().map(|(name, _)| *name))
        })
        .collect();
    if names.is_empty() {
        "source".to_owned()
    } else {
        dice.word(&names)
    }
}

/// A campaign that a `request_campaign` may name.
pub(crate) fn takes_requests(triggers: &[Trigger]) -> bool {
    triggers
        .iter()
        .any(|trigger| trigger.act == Act::RequestCampaign)
}
