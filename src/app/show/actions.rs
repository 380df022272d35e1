//! Steps in words: what each action does.

use chrono::{NaiveTime, Weekday};

use crate::campaign::{
    Action, AlertTo, DayOffset, EndedFlow, NewValue, ScoreChange, Step, Wait, Workspace,
};
use crate::domain::{CampaignId, FieldId, ProgramId};
use crate::results::{ActionRole, ChoiceDetail, StepDetail};
use crate::token::{Part, Template, Token};

use super::filters::inline;

/// Returns a step in words.
pub(crate) fn step(place: usize, step: &Step, workspace: &Workspace) -> StepDetail {
    StepDetail {
        step: number(place),
        id: step.id.clone(),
        name: step.kind.name().to_owned(),
        does: action(&step.default, workspace),
        role: role(&step.default),
        choices: step
            .choices
            .iter()
            .enumerate()
            .map(|(index, choice)| ChoiceDetail {
                choice: number(index),
                when: inline(&choice.when),
                does: action(&choice.action, workspace),
                role: role(&choice.action),
            })
            .collect(),
    }
}

/// Returns what an action is for.
fn role(action: &Action) -> ActionRole {
    let effects = action.effects();
    if *action == Action::DoNothing {
        ActionRole::Nothing
    } else if matches!(effects.ends, Some(EndedFlow::All | EndedFlow::Own)) {
        ActionRole::Leave
    } else if effects.holds.is_some() {
        ActionRole::Wait
    } else if effects.email.is_some() {
        ActionRole::Mail
    } else {
        ActionRole::Change
    }
}

/// Returns a place from 0 as people count.
fn number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

fn action(action: &Action, workspace: &Workspace) -> String {
    let words = WorkspaceNames(workspace);
    match action {
        Action::DoNothing => "do nothing".to_owned(),
        Action::SendEmail { email } => format!("send email {email}"),
        Action::SendAlert { email, to } => {
            let to: Vec<String> = to
                .iter()
                .map(|to| match to {
                    AlertTo::SalesOwner(_) => "the sales owner".to_owned(),
                    AlertTo::Address(template) => words.template(template),
                })
                .collect();
            format!("send alert {email} to {}", to.join(", "))
        }
        Action::ChangeDataValue { field, value } => words.new_value(words.field(*field), value),
        Action::ChangeScore { field, change } => match change {
            ScoreChange::Add(by) => format!("change {} by {by:+}", words.field(*field)),
            ScoreChange::Set(to) => format!("set {} to {to}", words.field(*field)),
            ScoreChange::Token(template) => format!(
                "change {} by {}",
                words.field(*field),
                words.template(template)
            ),
        },
        Action::AddToList { list } => format!("add to list {}", workspace.lists.name(list.0)),
        Action::RemoveFromList { list } => {
            format!("remove from list {}", workspace.lists.name(list.0))
        }
        Action::ChangeProgramStatus { program, status } => {
            format!("change status in {} to {status}", words.program(*program))
        }
        Action::ChangeProgramSuccess { program, success } => {
            format!("set success in {} to {success}", words.program(*program))
        }
        Action::ChangeProgramMemberData {
            program,
            field,
            value,
        } => words.new_value(
            &format!("{} in {}", field.key, words.program(*program)),
            value,
        ),
        Action::InterestingMoment { kind, description } => {
            format!(
                "note an interesting moment ({kind}): {}",
                words.template(description)
            )
        }
        Action::Wait(wait) => words.wait(wait),
        Action::RequestCampaign { campaign } => {
            format!("request campaign {}", words.campaign(*campaign))
        }
        Action::ExecuteCampaign {
            campaign,
            use_parent_tokens,
        } => {
            let tokens = if *use_parent_tokens {
                " with this campaign's tokens"
            } else {
                ""
            };
            format!("execute campaign {}{tokens}", words.campaign(*campaign))
        }
        Action::RemoveFromFlow { campaign: None } => "remove from this flow".to_owned(),
        Action::RemoveFromFlow {
            campaign: Some(campaign),
        } => format!("remove from the flow of {}", words.campaign(*campaign)),
        Action::CallWebhook { webhook } => format!(
            "call webhook {}",
            workspace
                .webhooks
                .get(webhook)
                .map_or(webhook, |known| &known.name)
        ),
        Action::DeletePerson => "delete the person".to_owned(),
    }
}

/// The names behind a workspace's numbers.
struct WorkspaceNames<'w>(&'w Workspace);

impl<'w> WorkspaceNames<'w> {
    fn field(&self, field: FieldId) -> &'w str {
        &self.0.fields.field(field).name
    }

    fn campaign(&self, campaign: CampaignId) -> &'w str {
        &self.0.campaign(campaign).full_name
    }

    fn program(&self, program: ProgramId) -> &'w str {
        self.0.program_names.name(program.0)
    }

    fn new_value(&self, what: &str, value: &NewValue) -> String {
        match value {
            NewValue::Clear => format!("clear {what}"),
            NewValue::Set(template) => format!("change {what} to {}", self.template(template)),
        }
    }

    fn wait(&self, wait: &Wait) -> String {
        match wait {
            Wait::Duration {
                length,
                weekdays,
                time,
            } => format!("wait {length}{}", until(weekdays, *time)),
            Wait::Date { date, time } => format!("wait until {date}{}", at(*time)),
            Wait::DateToken {
                date,
                offset,
                next_anniversary,
                time,
            } => {
                let shift = match offset {
                    DayOffset::Days(0) => String::new(),
                    DayOffset::Days(days) => {
                        let side = if *days < 0 { "before" } else { "after" };
                        let plural = if days.abs() == 1 { "" } else { "s" };
                        format!("{} day{plural} {side} ", days.abs())
                    }
                    DayOffset::Token(days) => format!("{} days from ", self.template(days)),
                };
                let anniversary = if *next_anniversary {
                    "the next anniversary of "
                } else {
                    ""
                };
                let date = self.template(date);
                format!("wait until {shift}{anniversary}{date}{}", at(*time))
            }
        }
    }

    /// Returns a template as it was written, with the names the program knows things by.
    fn template(&self, template: &Template) -> String {
        let mut text = String::new();
        for part in &template.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Token { token, default } => {
                    text.push_str("{{");
                    text.push_str(&self.token(token));
                    if let Some(default) = default {
                        text.push_str(":default=");
                        text.push_str(default);
                    }
                    text.push_str("}}");
                }
            }
        }
        text
    }

    fn token(&self, token: &Token) -> String {
        match token {
            Token::Field(field) => format!("lead.{}", self.0.fields.field(*field).label),
            Token::CampaignName => "campaign.name".to_owned(),
            Token::CampaignId => "campaign.id".to_owned(),
            Token::CampaignDescription => "campaign.description".to_owned(),
            Token::ProgramName => "program.name".to_owned(),
            Token::My(name) => format!("my.{name}"),
            Token::ProgramId => "program.id".to_owned(),
            Token::ProgramDescription => "program.description".to_owned(),
            Token::Member(field) => format!("member.{}", field.key),
            Token::Membership(fact) => format!("member.{}", fact.name()),
            Token::SystemDate => "system.date".to_owned(),
            Token::SystemTime => "system.time".to_owned(),
            Token::SystemDateTime => "system.dateTime".to_owned(),
            Token::Placeholder(name) => name.trim_matches(['{', '}']).to_owned(),
            Token::TriggerName => "trigger.Trigger Name".to_owned(),
            Token::TriggerPrimary => "trigger.Name".to_owned(),
            Token::Trigger(name) => format!("trigger.{name}"),
        }
    }
}

fn until(weekdays: &[Weekday], time: Option<NaiveTime>) -> String {
    match (weekdays.is_empty(), time) {
        (true, None) => String::new(),
        (true, Some(_)) => format!(", then until{}", at(time).replace(" at", "")),
        (false, _) => format!(", then until a {}{}", names(weekdays, " or "), at(time)),
    }
}

/// Returns ` at 09:00`, or nothing.
pub(super) fn at(time: Option<NaiveTime>) -> String {
    time.map_or_else(String::new, |time| format!(" at {}", clock(time)))
}

/// Returns a time of day without seconds that are 0.
pub(super) fn clock(time: NaiveTime) -> String {
    let text = time.format("%H:%M:%S").to_string();
    text.strip_suffix(":00").unwrap_or(&text).to_owned()
}

/// Returns weekdays in words: `Monday, Tuesday and Friday`.
pub(super) fn names(weekdays: &[Weekday], last: &str) -> String {
    let names: Vec<&str> = weekdays.iter().map(|day| name(*day)).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., end] => format!("{}{last}{end}", first.join(", ")),
    }
}

/// Returns a weekday's name.
pub(super) fn name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}
