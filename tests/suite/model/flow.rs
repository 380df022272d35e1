//! A walk: one person, step after step, to the first wait or the end.

use super::calendar::Micros;
use super::definition::{Action, Mode, NewValue, Step, StepKind, Template, Wait};
use super::filters::field_of;
use super::happening::{Caused, Frame, Happening, Load, Model, Walk};
use super::template::Filling;
use super::value::Val;
use super::waits::wait_ends;
use super::world::{Origin, Outcome, Row, Waiting};

/// What a step leaves in the log.
pub(crate) struct Done {
    pub(crate) primary: Option<String>,
    pub(crate) attributes: Vec<(String, Val)>,
    pub(crate) outcome: Outcome,
    pub(crate) reason: Option<String>,
}

impl Done {
    pub(crate) fn succeeded(primary: &str, attributes: Vec<(String, Val)>) -> Self {
        Self {
            primary: Some(primary.to_owned()),
            attributes,
            outcome: Outcome::Succeeded,
            reason: None,
        }
    }

    pub(crate) fn skipped(primary: &str, reason: &str) -> Self {
        Self {
            primary: Some(primary.to_owned()),
            attributes: Vec::new(),
            outcome: Outcome::Skipped,
            reason: Some(reason.to_owned()),
        }
    }

    fn nothing() -> Self {
        Self {
            primary: None,
            ..Self::skipped("", "do nothing")
        }
    }
}

/// What comes after a step.
enum Next {
    Step(Done),
    /// The wait that now holds the person ends then.
    Wait(Done, Micros),
    /// The child campaign walks before the next step.
    Child(Done, Box<Walk>),
    Gone,
}

pub(crate) fn text(key: &str, value: &str) -> (String, Val) {
    (key.to_owned(), Val::Text(value.to_owned()))
}

impl<'a> Model<'a> {
    /// The load whose flow someone walks.
    fn load(&self, finishes: Option<usize>) -> &Load<'a> {
        finishes.map_or(self.loads.last().unwrap(), |load| &self.loads[load])
    }

    /// The version of a campaign that someone walks.
    pub(crate) fn version(&self, campaign: usize, finishes: Option<usize>) -> u32 {
        self.load(finishes).versions[campaign]
    }

    pub(crate) fn walk(&mut self, happening: &mut Happening, walk: &Walk) {
        self.world.walks += 1;
        happening.frames.push(Frame {
            campaign: walk.campaign,
            ended: false,
        });
        let workspace = self.load(walk.finishes).workspace;
        for (index, step) in workspace.campaigns[walk.campaign]
            .flow
            .iter()
            .enumerate()
            .skip(walk.step)
        {
            let ended = happening.frames.last().is_some_and(|frame| frame.ended);
            if ended || self.world.people[happening.person].gone {
                break;
            }
            if self.step(happening, walk, index, step) {
                break;
            }
        }
        happening.frames.pop();
    }

    /// Does one step; returns whether the walk stops here for now.
    fn step(&mut self, happening: &mut Happening, walk: &Walk, index: usize, step: &Step) -> bool {
        let asking = self.asking(happening.person, walk.campaign, happening.at);
        let first = step.choices.iter().position(|(when, _)| asking.holds(when));
        let action = first.map_or(&step.default, |i| &step.choices[i].1);
        let choice = (!step.choices.is_empty()).then(|| first.map_or(0, |i| i + 1));
        let origin = Origin {
            campaign: walk.campaign,
            run: walk.run,
            step: index + 1,
            choice,
        };
        let next = match action {
            None => Next::Step(Done::nothing()),
            Some(action) => self.act(happening, walk, index, action),
        };
        match next {
            Next::Step(done) => {
                self.log(happening, walk, origin, step.kind, done);
                false
            }
            Next::Wait(done, until) => {
                self.log(happening, walk, origin, step.kind, done);
                let begun = self.version(walk.campaign, walk.finishes);
                self.world.waits.push(Waiting {
                    person: happening.person,
                    campaign: walk.campaign,
                    begun,
                    finishes: walk.finishes,
                    step: index,
                    since: happening.at,
                    until,
                    run: walk.run,
                    cause: walk.cause.clone(),
                });
                true
            }
            Next::Child(done, child) => {
                let row = self.world.people[happening.person].log.len();
                self.log(happening, walk, origin, step.kind, done);
                if self.may_enter(happening, child.campaign, child.depth, child.run) {
                    self.enter(happening, child.campaign, child.run, Some(row));
                    self.walk(happening, &child);
                }
                false
            }
            Next::Gone => true,
        }
    }

    fn log(
        &mut self,
        happening: &mut Happening,
        walk: &Walk,
        origin: Origin,
        kind: StepKind,
        mut done: Done,
    ) {
        if kind == StepKind::SendEmail && done.outcome == Outcome::Succeeded {
            let number = |key: &str, number: usize| {
                (key.to_owned(), Val::Int(i64::try_from(number).unwrap()))
            };
            let run = origin
                .run
                .map(|run| number("campaign_run_id", run as usize));
            let choice = origin.choice.filter(|choice| *choice > 0);
            done.attributes.extend(run);
            done.attributes
                .extend(choice.map(|choice| number("choice_number", choice)));
            done.attributes.push(number("step_id", origin.step));
        }
        let row = Row {
            at: happening.at,
            kind: kind.row_type(),
            primary: done.primary,
            attributes: done.attributes,
            origin: Some(origin),
            outcome: Some(done.outcome),
            reason: done.reason,
            event: None,
        };
        if row.counts() {
            happening.queue.push_back(Caused {
                place: self.world.people[happening.person].log.len(),
                row: row.clone(),
                depth: walk.depth,
                from_event: false,
            });
        }
        self.world.people[happening.person].log.push(row);
    }

    fn act(
        &mut self,
        happening: &mut Happening,
        walk: &Walk,
        index: usize,
        action: &Action,
    ) -> Next {
        let person = happening.person;
        let at = happening.at;
        let by = |name: &str| {
            let campaign = self.workspace.full_name(walk.campaign);
            text(
                "reason",
                &format!("Changed by Smart Campaign {campaign} action {name}"),
            )
        };
        let flow_action = || text("source", "Marketo Flow Action");
        Next::Step(match action {
            Action::SendEmail(email) => self.send_email(happening, walk, index, email),
            Action::SendAlert(email, to) => Done::succeeded(email, vec![text("send_to_list", to)]),
            Action::ChangeDataValue { field, value } => {
                let reason = by("Change Data Value");
                let value = match value {
                    NewValue::Null => None,
                    NewValue::Set(template) => match self.fill(happening, walk, template) {
                        filled if filled.is_empty() => {
                            return Next::Step(Done::skipped(field, "empty value"));
                        }
                        filled => Some(filled),
                    },
                };
                self.change_data_value(person, field, value.as_deref(), reason)
            }
            Action::ChangeScore { field, change } => {
                self.change_score(person, field, *change, by("Change Score"))
            }
            Action::AddToList(list) => {
                if self.join(person, list, at) {
                    Done::succeeded(list, vec![flow_action()])
                } else {
                    Done::skipped(list, "no change")
                }
            }
            Action::RemoveFromList(list) => {
                if self.leave(person, list) {
                    Done::succeeded(list, vec![flow_action()])
                } else {
                    Done::skipped(list, "no change")
                }
            }
            Action::ChangeProgramStatus { program, status } => self.change_program_status(
                person,
                *program,
                status,
                at,
                Some(by("Change Program Status")),
            ),
            Action::InterestingMoment { kind, description } => {
                let description = self.fill(happening, walk, description);
                let attributes =
                    (!description.is_empty()).then(|| text("description", &description));
                Done::succeeded(kind, attributes.into_iter().collect())
            }
            Action::Wait(wait) => return self.wait(person, at, wait),
            Action::RequestCampaign(campaign) => {
                let name = self.workspace.full_name(*campaign);
                if self.world.active.contains(campaign) {
                    Done::succeeded(&name, vec![flow_action()])
                } else {
                    Done::skipped(&name, "not active")
                }
            }
            Action::ExecuteCampaign {
                campaign,
                parent_tokens,
            } => {
                return self.execute(happening, walk, *campaign, *parent_tokens);
            }
            Action::RemoveFromFlow(campaign) => self.remove_from_flow(happening, *campaign),
            Action::DeletePerson => {
                self.world.erase(person);
                return Next::Gone;
            }
        })
    }

    fn fill(&self, happening: &Happening, walk: &Walk, template: &Template) -> String {
        let filling = Filling {
            workspace: self.workspace,
            world: &self.world,
            person: happening.person,
            campaign: walk.tokens_of,
            at: happening.at,
            cause: walk.cause.as_ref(),
        };
        filling.fill(template)
    }

    /// Calls an executable campaign: its filters and rule decide, and its steps come before the parent's next.
    fn execute(
        &self,
        happening: &Happening,
        walk: &Walk,
        campaign: usize,
        parent_tokens: bool,
    ) -> Next {
        let asking = self.asking(happening.person, campaign, happening.at);
        let qualified = asking.matches() && self.admits(happening.person, campaign, happening.at);
        let done = Done::succeeded(
            &self.workspace.full_name(campaign),
            vec![
                ("qualified".to_owned(), Val::Bool(qualified)),
                (
                    "used_parent_campaign_token_context".to_owned(),
                    Val::Bool(parent_tokens),
                ),
            ],
        );
        if !qualified {
            return Next::Step(done);
        }
        let child = Walk {
            campaign,
            finishes: None,
            step: 0,
            run: walk.run,
            cause: walk.cause.clone().filter(|_| parent_tokens),
            depth: walk.depth + 1,
            tokens_of: if parent_tokens {
                walk.tokens_of
            } else {
                campaign
            },
        };
        Next::Child(done, Box::new(child))
    }

    /// Ends flows of the person; without a campaign the present one, and what executes it.
    fn remove_from_flow(&mut self, happening: &mut Happening, campaign: Option<usize>) -> Done {
        let mut targets: Vec<usize> = campaign.into_iter().collect();
        if campaign.is_none() {
            for frame in happening.frames.iter().rev() {
                targets.push(frame.campaign);
                if self.workspace.campaigns[frame.campaign].mode != Mode::Executable {
                    break;
                }
            }
        }
        let meant = |c: usize| targets.contains(&c);
        let before = self.world.waits.len() + happening.pending.len();
        let person = happening.person;
        self.world
            .waits
            .retain(|wait| wait.person != person || !meant(wait.campaign));
        happening.pending.retain(|walk| !meant(walk.campaign));
        let mut ended = before > self.world.waits.len() + happening.pending.len();
        for frame in &mut happening.frames {
            if meant(frame.campaign) {
                frame.ended = true;
                ended = true;
            }
        }
        let name = self.workspace.full_name(targets[0]);
        if ended {
            Done::succeeded(&name, Vec::new())
        } else {
            Done::skipped(&name, "no change")
        }
    }

    fn wait(&self, person: usize, at: Micros, wait: &Wait) -> Next {
        let stay = |reason: &str| {
            Next::Step(Done {
                primary: None,
                ..Done::skipped("", reason)
            })
        };
        let until = match wait_ends(wait, at, self.workspace.zone, |field| {
            field_of(&self.world, person, field)
        }) {
            None => return stay("no date"),
            Some(until) if until <= at => return stay("date is past"),
            Some(until) => until,
        };
        let attributes = vec![("until".to_owned(), Val::At(until))];
        Next::Wait(
            Done {
                primary: None,
                ..Done::succeeded("", attributes)
            },
            until,
        )
    }
}
