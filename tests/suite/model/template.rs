//! What a text with tokens becomes for one person.

use super::calendar::Micros;
use super::definition::{Part, Template, Token, Workspace};
use super::filters::field_of;
use super::value::{Val, same};
use super::world::{Row, World};

/// Where a text is filled in.
pub(crate) struct Filling<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) world: &'a World,
    pub(crate) person: usize,
    /// The campaign whose tokens count: the step's own, or the parent's.
    pub(crate) campaign: usize,
    pub(crate) at: Micros,
    pub(crate) cause: Option<&'a Row>,
}

impl Filling<'_> {
    pub(crate) fn fill(&self, template: &Template) -> String {
        let mut text = String::new();
        for part in &template.0 {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Token { token, default } => {
                    let value = self.value(token).filter(|value| !value.is_empty());
                    text.push_str(&value.or_else(|| default.clone()).unwrap_or_default());
                }
            }
        }
        text
    }

    fn value(&self, token: &Token) -> Option<String> {
        let campaign = &self.workspace.campaigns[self.campaign];
        let program = campaign.program.map(|p| &self.workspace.programs[p]);
        match token {
            Token::Lead(field) => {
                field_of(self.world, self.person, field).map(|value| self.shown(&value))
            }
            Token::CampaignName => Some(campaign.name.clone()),
            Token::ProgramName => program.map(|p| p.name.clone()),
            Token::My(name) => {
                let own = program.map(|p| p.tokens.as_slice()).unwrap_or_default();
                let shared = &self.workspace.tokens;
                own.iter()
                    .chain(shared)
                    .find(|(n, _)| same(n, name))
                    .map(|(_, value)| value.clone())
            }
            Token::SystemDate => Some(self.workspace.zone.date(self.at).to_string()),
            Token::SystemDateTime => Some(self.clock(self.at)),
            Token::Trigger(attribute) => {
                let cause = self.cause?;
                let primary = primary_of(cause.kind);
                cause
                    .attribute(primary, attribute)
                    .map(|value| self.shown(&value))
            }
        }
    }

    /// An instant is shown by the workspace's clock, as `{{system.dateTime}}` is.
    fn shown(&self, value: &Val) -> String {
        match value {
            Val::At(at) => self.clock(*at),
            Val::Text(_) | Val::Int(_) | Val::Float(_) | Val::Bool(_) | Val::Date(_) => {
                value.text()
            }
        }
    }

    fn clock(&self, at: Micros) -> String {
        self.workspace
            .zone
            .civil(at)
            .format("%Y-%m-%d %H:%M:%S")
            .to_string()
    }
}

/// The primary attribute's name of a type that can be a cause.
fn primary_of(kind: &str) -> Option<&'static str> {
    use super::catalogue::Act;
    let acts = [
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
        Act::RequestCampaign,
        Act::AttendDemo,
    ];
    acts.into_iter()
        .find(|act| act.name() == kind)
        .and_then(Act::primary)
}
