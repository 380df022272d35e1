//! Random people, events and the order in which commands are given.

use chrono::NaiveDate;

use super::calendar::{DAY, HOUR, MINUTE, Micros};
use super::catalogue::Act;
use super::definition::{FLAGS, Field, Mode, Workspace};
use super::dice::Dice;
use super::random_filters::{DEMOS, FORMS, LINKS, MOMENTS, PAGES, emails};
use super::random_flow::takes_requests;
use super::random_values::{Around, integer};
use super::random_workspace;
use super::samples;
use super::scenario::{Command, Event, Lost, PersonList, PersonRow, Scenario, What};
use super::value::{Kind, Val};

/// The scenario of a seed: the first of its kind that comes to an end in reasonable time.
pub(crate) fn scenario(seed: u64) -> Scenario {
    let attempts = (0..).map(|attempt| one(seed * 1000 + attempt));
    attempts
        .into_iter()
        .find(|scenario| !scenario.play().is_too_long())
        .unwrap()
}

fn one(seed: u64) -> Scenario {
    let mut dice = Dice::new(seed);
    // Days around which clocks change, a month is short, or a year ends.
    let days = [
        (2026, 3, 5),
        (2026, 10, 28),
        (2027, 2, 20),
        (2026, 12, 27),
        (2026, 6, 10),
    ];
    let (year, month, day) = *dice.pick(&days);
    let first = NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let around = Around(first);
    let mut workspace = random_workspace::workspace(&mut dice, around);
    samples::place(&mut workspace);
    let start = first
        .and_hms_opt(0, 0, 0)
        .unwrap()
        .and_utc()
        .timestamp_micros();
    let mut story = Story {
        workspace: &workspace,
        later: Vec::new(),
        around,
        start,
        people: Vec::new(),
        by_id: false,
        reported: Vec::new(),
    };
    let commands = story.commands(&mut dice);
    let later = story.later;
    Scenario {
        workspace,
        later,
        commands,
    }
}

struct Story<'a> {
    workspace: &'a Workspace,
    /// Workspaces loaded after it.
    later: Vec<Workspace>,
    around: Around,
    start: Micros,
    /// Keys that events may use.
    people: Vec<String>,
    by_id: bool,
    /// Events of earlier files, some of which come again.
    reported: Vec<Event>,
}

impl Story<'_> {
    fn commands(&mut self, dice: &mut Dice) -> Vec<Command> {
        self.by_id = dice.chance(35);
        let mut now = self.start;
        let mut commands = vec![
            Command {
                now,
                what: What::LoadCampaigns,
            },
            Command {
                now,
                what: What::LoadPeople(self.person_list(dice, 5, 20, 0)),
            },
        ];
        let triggered = self.campaigns(Mode::Triggered);
        let batch = self.campaigns(Mode::Batch);
        for turn in 0..dice.count(3, 7) {
            let before = now;
            now +=
                dice.number(1, 6) * DAY + dice.number(0, 23) * HOUR + dice.number(0, 59) * MINUTE;
            let what = match dice.index(10) {
                _ if turn > 0 && dice.chance(35) => self.load_again(dice),
                0..=4 => self.replay(dice, before, now),
                _ if turn == 0 => self.replay(dice, before, now),
                5 | 6 => What::Run(*dice.pick(&batch)),
                7 => What::Advance,
                8 if dice.chance(50) => What::Activate(*dice.pick(&triggered)),
                8 => What::Deactivate(*dice.pick(&triggered)),
                9 if dice.chance(30) => What::Delete(dice.count(1, 12)),
                _ => What::LoadPeople(self.person_list(dice, 1, 6, 60)),
            };
            commands.push(Command { now, what });
        }
        now += 20 * DAY;
        commands.push(Command {
            now,
            what: What::Advance,
        });
        commands
    }

    fn replay(&mut self, dice: &mut Dice, from: Micros, to: Micros) -> What {
        let files = (0..if dice.chance(25) { 2 } else { 1 }).map(|_| self.events(dice, from, to));
        What::Replay {
            files: files.collect(),
            scheduled: dice.chance(30),
        }
    }

    fn load_again(&mut self, dice: &mut Dice) -> What {
        let present = self.later.last().unwrap_or(self.workspace);
        let mut changed = random_workspace::changed(dice, self.around, present);
        samples::place(&mut changed);
        self.later.push(changed);
        let lost = if dice.chance(60) {
            Lost::Keep
        } else {
            Lost::Drop
        };
        What::LoadAgain {
            later: self.later.len() - 1,
            lost,
        }
    }

    fn campaigns(&self, mode: Mode) -> Vec<usize> {
        let campaigns = self.workspace.campaigns.iter().enumerate();
        campaigns
            .filter(|(_, c)| c.mode == mode)
            .map(|(index, _)| index)
            .collect()
    }

    fn person_list(
        &mut self,
        dice: &mut Dice,
        fewest: usize,
        most: usize,
        as_activities: u32,
    ) -> PersonList {
        let fields = &self.workspace.fields;
        let columns: Vec<_> = fields
            .iter()
            .filter(|f| dice.chance(70) && f.name != "email_suspended_at")
            .collect();
        let names = [
            "ann", "Ben", "cleo", "dora", "eli", "finn", "gül", "hana", "ivo", "jo", "kim", "lea",
            "max", "noa",
        ];
        let rows = (0..dice.count(fewest, most))
            .map(|_| {
                let number = dice.index(24);
                let shared = self.by_id && dice.chance(40);
                let who = if shared {
                    "both".to_owned()
                } else {
                    format!("{}{number}", names[number % names.len()])
                };
                let missing = self.by_id && dice.chance(10);
                let cells = columns.iter().map(|field| {
                    let blank = if field.kind == Kind::Boolean { 60 } else { 25 };
                    (!dice.chance(blank)).then(|| self.value(dice, field))
                });
                PersonRow {
                    cells: cells.collect(),
                    id: self.by_id.then(|| format!("p{number}")),
                    email: (!missing).then(|| format!("{who}@example.com")),
                }
            })
            .collect::<Vec<_>>();
        for row in &rows {
            self.people.extend(row.id.clone());
            self.people.extend(row.email.clone());
        }
        PersonList {
            by_id: self.by_id,
            columns: columns.iter().map(|field| field.name.clone()).collect(),
            rows,
            list: dice.maybe(40, |dice| dice.pick(&self.workspace.lists).clone()),
            as_activities: dice.chance(as_activities),
        }
    }

    /// A file of events between two instants, with some late ones, some of one instant and some that were there before.
    fn events(&mut self, dice: &mut Dice, from: Micros, to: Micros) -> Vec<Event> {
        let instants: Vec<Micros> = (0..10).map(|_| instant(dice, from, to)).collect();
        let mut events: Vec<Event> = Vec::new();
        for number in 0..dice.count(15, 60) {
            if !self.reported.is_empty() && dice.chance(5) {
                events.push(dice.pick(&self.reported).clone());
                continue;
            }
            if !events.is_empty() && dice.chance(4) {
                events.push(dice.pick(&events).clone());
                continue;
            }
            let at = match dice.index(20) {
                0..=6 => *dice.pick(&instants),
                7 if from > self.start => instant(dice, self.start, from),
                _ => instant(dice, from, to),
            };
            let id = dice.maybe(50, |_| format!("e{}-{number}", self.reported.len()));
            events.push(self.event(dice, at, id));
        }
        self.reported.extend(events.iter().cloned());
        events
    }

    fn event(&mut self, dice: &mut Dice, at: Micros, id: Option<String>) -> Event {
        let acts = [
            Act::ChangeDataValue,
            Act::ChangeDataValue,
            Act::ChangeScore,
            Act::ChangeScore,
            Act::AddToList,
            Act::RemoveFromList,
            Act::ChangeProgramStatus,
            Act::FillOutForm,
            Act::FillOutForm,
            Act::FillOutForm,
            Act::VisitWebPage,
            Act::VisitWebPage,
            Act::ClickEmail,
            Act::ClickEmail,
            Act::OpenEmail,
            Act::EmailDelivered,
            Act::EmailBounced,
            Act::UnsubscribeEmail,
            Act::InterestingMoment,
            Act::RequestCampaign,
            Act::AttendDemo,
            Act::NewPerson,
        ];
        let mut act = *dice.pick(&acts);
        if act == Act::RequestCampaign && self.requestable().is_empty() {
            act = Act::VisitWebPage;
        }
        if dice.chance(1) && dice.chance(50) {
            act = Act::DeletePerson;
        }
        let person = self.key(dice);
        let brings_fields = matches!(act, Act::FillOutForm | Act::NewPerson);
        let form = if brings_fields && dice.chance(60) {
            self.form(dice)
        } else {
            Vec::new()
        };
        Event {
            at,
            id,
            person,
            act,
            attributes: self.attributes(dice, act),
            nested: act == Act::FillOutForm && !form.is_empty() && dice.chance(50),
            form,
        }
    }

    /// Someone: new, by number, or by a key of a person list, now and then in capitals.
    fn key(&self, dice: &mut Dice) -> String {
        match dice.index(25) {
            0 => format!("new{}@example.com", dice.index(6)),
            1 => format!("#{}", dice.count(1, 22)),
            2 | 3 => {
                let key = dice.pick(&self.people);
                if key.contains('@') {
                    key.to_ascii_uppercase()
                } else {
                    key.clone()
                }
            }
            _ => dice.pick(&self.people).clone(),
        }
    }

    /// A value for a field; flags that keep mail away are rarely raised, so that some mail goes out.
    fn value(&self, dice: &mut Dice, field: &Field) -> Val {
        if FLAGS.contains(&field.name.as_str()) {
            return Val::Bool(dice.chance(12));
        }
        self.around.value(dice, field.kind)
    }

    fn requestable(&self) -> Vec<String> {
        let campaigns = self.workspace.campaigns.iter().enumerate();
        campaigns
            .filter(|(_, c)| takes_requests(&c.triggers))
            .map(|(i, _)| self.workspace.full_name(i))
            .collect()
    }

    fn form(&self, dice: &mut Dice) -> Vec<(String, String)> {
        let fields: Vec<_> = self
            .workspace
            .fields
            .iter()
            .filter(|f| f.custom && f.kind != Kind::Score)
            .collect();
        let mut form: Vec<(String, String)> = Vec::new();
        for _ in 0..dice.count(1, 3) {
            let field = *dice.pick(&fields);
            if !form.iter().any(|(name, _)| *name == field.name) {
                form.push((
                    field.name.clone(),
                    self.around.value(dice, field.kind).text(),
                ));
            }
        }
        form
    }

    fn attributes(&self, dice: &mut Dice, act: Act) -> Vec<(&'static str, Option<Val>)> {
        let text = |name: &'static str, value: String| (name, Some(Val::Text(value)));
        let email = |dice: &mut Dice| text("email", dice.pick(&emails(self.workspace)).clone());
        match act {
            Act::ChangeDataValue => {
                let fields: Vec<_> = self
                    .workspace
                    .fields
                    .iter()
                    .filter(|f| f.kind != Kind::Score)
                    .collect();
                let field = *dice.pick(&fields);
                let value = (!dice.chance(12)).then(|| self.value(dice, field));
                let mut attributes = vec![text("field", field.name.clone()), ("new_value", value)];
                attributes.extend(dice.maybe(30, |_| text("source", "CRM".to_owned())));
                attributes
            }
            Act::ChangeScore => {
                let field = dice.word(&["lead_score", "fit"]);
                vec![
                    text("field", field),
                    ("new_value", Some(Val::Int(integer(dice)))),
                ]
            }
            Act::AddToList | Act::RemoveFromList => {
                let mut attributes = vec![text("list", dice.pick(&self.workspace.lists).clone())];
                attributes.extend(dice.maybe(30, |_| text("source", "List Import".to_owned())));
                attributes
            }
            Act::ChangeProgramStatus => {
                let program = dice.pick(&self.workspace.programs);
                let status = dice.pick(&program.statuses);
                vec![
                    text("program", program.name.clone()),
                    text("new_status", status.name.clone()),
                ]
            }
            Act::FillOutForm => {
                let mut attributes = vec![text("form", dice.word(&FORMS))];
                attributes.extend(dice.maybe(40, |dice| text("web_page", dice.word(&PAGES))));
                attributes
            }
            Act::VisitWebPage => vec![text("web_page", dice.word(&PAGES))],
            Act::ClickEmail => vec![email(dice), text("link", dice.word(&LINKS))],
            Act::OpenEmail => {
                let mut attributes = vec![email(dice)];
                attributes.extend(
                    dice.maybe(50, |dice| text("device", dice.word(&["phone", "desktop"]))),
                );
                attributes
            }
            Act::EmailBounced => vec![
                email(dice),
                text("category", dice.word(&["1", "2", "3", "3", "9", "9"])),
            ],
            Act::InterestingMoment => {
                vec![
                    text("type", dice.word(&MOMENTS)),
                    text("description", "Met us, twice".to_owned()),
                ]
            }
            Act::RequestCampaign => {
                vec![
                    text("campaign", dice.pick(&self.requestable()).clone()),
                    text("source", "Web service API".to_owned()),
                ]
            }
            Act::AttendDemo => {
                let mut attributes = vec![text("demo", dice.word(&DEMOS))];
                attributes
                    .extend(dice.maybe(70, |dice| ("minutes", Some(Val::Int(integer(dice))))));
                attributes
            }
            Act::EmailDelivered | Act::UnsubscribeEmail | Act::SendEmail => vec![email(dice)],
            Act::NewPerson | Act::DeletePerson => Vec::new(),
        }
    }
}

/// A whole minute between two instants.
fn instant(dice: &mut Dice, from: Micros, to: Micros) -> Micros {
    dice.number(from / MINUTE + 1, to / MINUTE - 1) * MINUTE
}
