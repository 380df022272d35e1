//! What a flow step does, and every question about it that has one answer a kind.

use crate::domain::activity_type::BuiltinActivity;
use crate::domain::field::{EMAIL, ID};
use crate::domain::text::name_key;
use crate::domain::{CampaignId, FieldId, ListId, MemberField, ProgramId, Text};
use crate::token::Template;
use crate::world::Needs;

use super::{Wait, Workspace};

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    /// Nothing, on purpose.
    DoNothing,
    /// Sends an email, by its name.
    SendEmail {
        /// The email's name.
        email: Text,
    },
    /// Sends an internal notice.
    SendAlert {
        /// The email's name.
        email: Text,
        /// To whom.
        to: Vec<AlertTo>,
    },
    /// Sets or clears a person field.
    ChangeDataValue {
        /// The field.
        field: FieldId,
        /// What it becomes.
        value: NewValue,
    },
    /// Moves or sets a score.
    ChangeScore {
        /// The field.
        field: FieldId,
        /// By or to what.
        change: ScoreChange,
    },
    /// Puts the person on a static list.
    AddToList {
        /// The list.
        list: ListId,
    },
    /// Takes the person off a static list.
    RemoveFromList {
        /// The list.
        list: ListId,
    },
    /// Moves the person in a program.
    ChangeProgramStatus {
        /// The program.
        program: ProgramId,
        /// The status' name as the channel writes it.
        status: Text,
    },
    /// Sets or takes away the success of the membership.
    ChangeProgramSuccess {
        /// The program.
        program: ProgramId,
        /// Whether success is reached.
        success: bool,
    },
    /// Sets or clears a field of the membership.
    ChangeProgramMemberData {
        /// The program.
        program: ProgramId,
        /// The field.
        field: MemberField,
        /// What it becomes.
        value: NewValue,
    },
    /// Notes a moment for the sales people.
    InterestingMoment {
        /// `Web`, `Email`, `Milestone`, or another word.
        kind: Text,
        /// What happened.
        description: Template,
    },
    /// Holds the person.
    Wait(Wait),
    /// Starts another campaign beside this one.
    RequestCampaign {
        /// The campaign that is requested.
        campaign: CampaignId,
    },
    /// Runs another campaign within this one.
    ExecuteCampaign {
        /// The campaign that is executed.
        campaign: CampaignId,
        /// Tokens and trigger are the parent's.
        use_parent_tokens: bool,
    },
    /// Ends the person's flows of a campaign.
    RemoveFromFlow {
        /// Which; none means `this`.
        campaign: Option<CampaignId>,
    },
    /// Calls a webhook, by the key of its name.
    CallWebhook {
        /// The webhook's name in the workspace.
        webhook: String,
    },
    /// Erases the person.
    DeletePerson,
}

/// One that an alert goes to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AlertTo {
    /// `sales_owner`: the address in this field of the person.
    SalesOwner(FieldId),
    /// An address, or several between commas or semicolons.
    Address(Template),
}

/// What a field becomes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NewValue {
    /// `NULL`: no value.
    Clear,
    /// A text with tokens, read by the field's type.
    Set(Template),
}

/// How a score moves.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ScoreChange {
    /// `+5`, `-5`, `5`.
    Add(i64),
    /// `=5`, `=-5`.
    Set(i64),
    /// One `{{my.…}}` token of an executable campaign: its value may be that of the campaign that executes it.
    Token(Template),
}

impl ScoreChange {
    /// Reads `+5`, `-5`, `=5`, `=-5` or `5`: whole numbers of at most 32 bits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (set, number) = match text.strip_prefix('=') {
            Some(number) => (true, number.trim_start()),
            None => (false, text),
        };
        let digits = number.strip_prefix(['+', '-']).unwrap_or(number);
        let canonical = !digits.is_empty()
            && digits.bytes().all(|b| b.is_ascii_digit())
            && (digits.len() == 1 || !digits.starts_with('0'));
        let amount = i64::from(number.parse::<i32>().ok().filter(|_| canonical)?);
        Some(if set {
            Self::Set(amount)
        } else {
            Self::Add(amount)
        })
    }

    /// Returns the text that is filled in when the step is reached.
    fn template(&self) -> Option<&Template> {
        match self {
            Self::Add(_) | Self::Set(_) => None,
            Self::Token(template) => Some(template),
        }
    }
}

/// What an action does and needs, as far as checks, priorities and loading ask.
#[derive(Debug, Clone, Default)]
pub(crate) struct Effects<'a> {
    /// The flow that it ends for the person.
    pub(crate) ends: Option<EndedFlow>,
    /// The name of the email that it sends to the person.
    pub(crate) email: Option<&'a Text>,
    /// The name of the email that it sends to others.
    pub(crate) alert: Option<&'a Text>,
    /// The campaign that it starts for the person.
    pub(crate) starts: Option<StartedCampaign>,
    /// How long it holds the person.
    pub(crate) holds: Option<&'a Wait>,
    /// The person field that it changes.
    pub(crate) writes: Option<FieldId>,
    /// The program in which it changes the person's membership.
    pub(crate) membership: Option<ProgramId>,
    /// Person fields that it reads besides those in its texts.
    pub(crate) reads: Vec<FieldId>,
    /// Texts that it fills in for the person.
    pub(crate) templates: Vec<&'a Template>,
    /// What it changes that triggers may react to.
    pub(crate) change: Option<Change<'a>>,
    /// It reads or changes the person's static lists.
    pub(crate) lists: bool,
    /// It reads or changes the person's program memberships.
    pub(crate) programs: bool,
    /// It ends waits of the person.
    pub(crate) waits: bool,
}

/// Whose flow an action ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndedFlow {
    /// That of every campaign.
    All,
    /// That of the step's own campaign.
    Own,
    /// That of one campaign.
    Of(CampaignId),
}

/// How an action starts a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StartedCampaign {
    /// Beside this one, by a request.
    Requested(CampaignId),
    /// Within this one, before the next step.
    Executed(CampaignId),
}

/// A change that the log shows and triggers may react to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Change<'a> {
    /// The activity type of its row in the log.
    pub(crate) activity: BuiltinActivity,
    /// What the row's primary attribute names.
    pub(crate) of: Changed<'a>,
    /// Doing it again changes nothing.
    pub(crate) is_constant: bool,
}

/// What a change is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Changed<'a> {
    /// A person field.
    Field(FieldId),
    /// A static list.
    List(ListId),
    /// A program.
    Program(ProgramId),
    /// The moments of one type.
    Moments(&'a Text),
}

impl Action {
    /// Returns what the action does and needs.
    pub(crate) fn effects(&self) -> Effects<'_> {
        let none = Effects::default();
        match self {
            Self::DoNothing | Self::CallWebhook { .. } => none,
            Self::SendEmail { email } => Effects {
                email: Some(email),
                ..none
            },
            Self::SendAlert { email, to } => Effects {
                alert: Some(email),
                reads: to.iter().filter_map(AlertTo::field).collect(),
                templates: to.iter().filter_map(AlertTo::template).collect(),
                ..none
            },
            Self::ChangeDataValue { field, value } => Effects {
                writes: Some(*field),
                templates: value.template().into_iter().collect(),
                change: Some(Change {
                    activity: BuiltinActivity::ChangeDataValue,
                    of: Changed::Field(*field),
                    is_constant: value.template().is_none_or(Template::is_literal),
                }),
                ..none
            },
            Self::ChangeScore { field, change } => Effects {
                writes: Some(*field),
                templates: change.template().into_iter().collect(),
                change: Some(Change {
                    activity: BuiltinActivity::ChangeScore,
                    of: Changed::Field(*field),
                    is_constant: false,
                }),
                ..none
            },
            Self::AddToList { list } => Effects {
                lists: true,
                change: Some(Change {
                    activity: BuiltinActivity::AddToList,
                    of: Changed::List(*list),
                    is_constant: true,
                }),
                ..none
            },
            Self::RemoveFromList { list } => Effects {
                lists: true,
                change: Some(Change {
                    activity: BuiltinActivity::RemoveFromList,
                    of: Changed::List(*list),
                    is_constant: true,
                }),
                ..none
            },
            Self::ChangeProgramStatus { program, .. } => Effects {
                membership: Some(*program),
                programs: true,
                change: Some(Change {
                    activity: BuiltinActivity::ChangeProgramStatus,
                    of: Changed::Program(*program),
                    is_constant: true,
                }),
                ..none
            },
            Self::ChangeProgramSuccess { program, .. } => Effects {
                membership: Some(*program),
                programs: true,
                change: Some(Change {
                    activity: BuiltinActivity::ChangeProgramSuccess,
                    of: Changed::Program(*program),
                    is_constant: true,
                }),
                ..none
            },
            Self::ChangeProgramMemberData { program, value, .. } => Effects {
                membership: Some(*program),
                programs: true,
                templates: value.template().into_iter().collect(),
                ..none
            },
            Self::InterestingMoment { kind, description } => Effects {
                templates: vec![description],
                change: Some(Change {
                    activity: BuiltinActivity::InterestingMoment,
                    of: Changed::Moments(kind),
                    is_constant: false,
                }),
                ..none
            },
            Self::Wait(wait) => Effects {
                holds: Some(wait),
                templates: wait.templates(),
                ..none
            },
            Self::RequestCampaign { campaign } => Effects {
                starts: Some(StartedCampaign::Requested(*campaign)),
                ..none
            },
            Self::ExecuteCampaign { campaign, .. } => Effects {
                starts: Some(StartedCampaign::Executed(*campaign)),
                ..none
            },
            Self::RemoveFromFlow { campaign } => Effects {
                ends: Some(campaign.map_or(EndedFlow::Own, EndedFlow::Of)),
                waits: true,
                ..none
            },
            Self::DeletePerson => Effects {
                ends: Some(EndedFlow::All),
                waits: true,
                ..none
            },
        }
    }

    /// Returns whether the action ends the flow of the campaign that it stands in.
    pub(crate) fn ends_flow(&self, own: CampaignId) -> bool {
        match self.effects().ends {
            Some(EndedFlow::All | EndedFlow::Own) => true,
            Some(EndedFlow::Of(campaign)) => campaign == own,
            None => false,
        }
    }

    /// Returns whether the action reads a person field.
    pub(crate) fn reads(&self, field: FieldId) -> bool {
        let effects = self.effects();
        effects.reads.contains(&field)
            || effects
                .templates
                .iter()
                .any(|template| template.fields().any(|of| of == field))
    }

    /// Returns whether the action shows something of the person's membership in the campaign's program.
    pub(crate) fn reads_membership(&self) -> bool {
        let effects = self.effects();
        effects
            .templates
            .iter()
            .any(|template| template.reads_membership())
    }

    /// Returns whether the action holds the person.
    pub(crate) fn holds(&self) -> bool {
        self.effects().holds.is_some()
    }

    /// Adds what must be known about a person to do this; what an email needs to be sent is the engine's to add.
    pub(crate) fn needs(&self, workspace: &Workspace, needs: &mut Needs) {
        let effects = self.effects();
        needs.lists |= effects.lists;
        needs.programs |= effects.programs;
        needs.waits |= effects.waits;
        needs.fields.extend(effects.writes);
        if matches!(effects.writes, Some(EMAIL | ID)) {
            // The key by which the person was first given is kept.
            needs.fields.extend([EMAIL, ID]);
        }
        if matches!(self, Self::ChangeProgramStatus { .. }) {
            needs.fields.extend(workspace.acquisition_fields());
        }
        needs.fields.extend(effects.reads);
        let mails = effects.email.into_iter().chain(effects.alert);
        let mails = mails.filter_map(|name| workspace.emails.get(&name_key(name)));
        let texts = mails.flat_map(|email| [&email.subject, &email.body]);
        for template in effects.templates.into_iter().chain(texts) {
            template.needs(needs);
        }
    }
}

impl AlertTo {
    /// Returns the person field that holds the address.
    fn field(&self) -> Option<FieldId> {
        match self {
            Self::SalesOwner(field) => Some(*field),
            Self::Address(_) => None,
        }
    }

    /// Returns the text that gives the address.
    fn template(&self) -> Option<&Template> {
        match self {
            Self::Address(template) => Some(template),
            Self::SalesOwner(_) => None,
        }
    }
}

impl NewValue {
    /// Returns the text that gives the value; nothing where the value is cleared.
    fn template(&self) -> Option<&Template> {
        match self {
            Self::Set(template) => Some(template),
            Self::Clear => None,
        }
    }
}
