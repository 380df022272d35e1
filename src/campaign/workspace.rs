//! What the campaigns of a workspace share, checked: settings, catalogues, programs, emails, webhooks.

use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use crate::domain::field::{
    ACQUISITION_DATE, ACQUISITION_PROGRAM, ACQUISITION_PROGRAM_NAME,
};
use crate::domain::{
    ActivityCatalogue, CampaignId, FieldCatalogue, FieldId, MemberField, ProgramId, Text, Zone,
};
use crate::filter::SmartList;
use crate::filter::operator::WeekStart;
use crate::token::Template;
use crate::world::Names;

use super::{Campaign, Guards};

/// What campaigns share, and the campaigns.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    /// The zone of all civil time.
    pub(crate) zone: Zone,
    /// The first day of the week.
    pub(crate) week_start: WeekStart,
    /// How many non-operational emails a person may get.
    pub(crate) limits: CommunicationLimits,
    /// Guards of all batch campaigns.
    pub(crate) guards: Guards,
    /// How far one happening may go.
    pub(crate) cascade: CascadeLimit,
    /// Person fields, standard and custom.
    pub(crate) fields: FieldCatalogue,
    /// Activity types, standard and custom.
    pub(crate) activities: ActivityCatalogue,
    /// Static lists: the declared ones and all that campaigns name; [`ListId`](crate::domain::ListId) is the place here.
    pub(crate) lists: Names,
    /// Programs: the declared ones and all that campaigns name; [`ProgramId`] is the place here.
    pub(crate) program_names: Names,
    /// Whether the workspace declares its programs, so that there are no others.
    pub(crate) programs_declared: bool,
    /// What is known about each program, by [`ProgramId`].
    pub(crate) programs: Vec<Program>,
    /// Emails by the key of their name; empty when the workspace defines none, so that emails are plain names.
    pub(crate) emails: BTreeMap<String, Email>,
    /// Webhooks by the key of their name.
    pub(crate) webhooks: BTreeMap<String, Webhook>,
    /// The workspace's `{{my.…}}` tokens by the key of their name.
    pub(crate) tokens: BTreeMap<String, Text>,
    /// Named smart lists.
    pub(crate) smart_lists: Vec<Arc<SmartList>>,
    /// Campaigns; [`CampaignId`] is the place here.
    pub(crate) campaigns: Vec<Campaign>,
    /// Older versions that people still finish, with the ids of their campaigns.
    pub(crate) retired: Vec<Campaign>,
}

impl Workspace {
    /// Returns a campaign.
    pub(crate) fn campaign(&self, id: CampaignId) -> &Campaign {
        &self.campaigns[id.0 as usize]
    }

    /// Returns the version of a campaign that someone walks: the newest, unless they finish an older one.
    ///
    /// Nothing where that one is not known, or no longer compiles.
    pub(crate) fn version(&self, id: CampaignId, finishes: Option<u32>) -> Option<&Campaign> {
        match finishes {
            None => self.campaigns.get(id.0 as usize),
            Some(version) => {
                let meant = |old: &&Campaign| (old.id, old.version) == (id, version);
                self.retired.iter().find(meant)
            }
        }
    }

    /// Returns the person fields that a program which acquires someone sets.
    pub(crate) fn acquisition_fields(&self) -> impl Iterator<Item = FieldId> {
        [
            ACQUISITION_PROGRAM,
            ACQUISITION_PROGRAM_NAME,
            ACQUISITION_DATE,
        ]
        .into_iter()
        .filter_map(|name| self.fields.find(name))
    }

    /// Returns whether programs acquire people by a status alone: some status says so.
    pub(crate) fn has_acquiring_status(&self) -> bool {
        let mut statuses = self.programs.iter().flat_map(|program| &program.statuses);
        statuses.any(|status| status.acquires)
    }

    /// Returns the programs of which someone becomes a member by filling out a form.
    pub(crate) fn programs_of_form(
        &self,
        form: &str,
    ) -> impl Iterator<Item = (ProgramId, &Program)> {
        let programs = (0..).map(ProgramId).zip(&self.programs);
        programs.filter(move |(_, program)| {
            let mut forms = program.forms.iter();
            forms.any(|of| crate::domain::text::same(of, form))
        })
    }

    /// Returns what is known about a program; nothing for one that only events have named.
    pub(crate) fn program(&self, id: ProgramId) -> Option<&Program> {
        self.programs.get(id.0 as usize)
    }
}

/// How many non-operational emails a person may get, where a campaign obeys it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct CommunicationLimits {
    /// In a calendar day of the workspace.
    pub(crate) per_day: Option<u32>,
    /// In any seven days.
    pub(crate) per_7_days: Option<u32>,
}

/// How many entries may follow from one happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CascadeLimit {
    /// One from another.
    pub(crate) depth: u32,
    /// In all.
    pub(crate) total: u32,
}

impl Default for CascadeLimit {
    fn default() -> Self {
        Self {
            depth: 100,
            total: 10_000,
        }
    }
}

/// A program: its statuses and tokens.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Program {
    /// The name as written.
    pub(crate) name: String,
    /// What it is for.
    pub(crate) description: Option<String>,
    /// The channel's statuses in order; empty where none are known, so that statuses are plain names.
    pub(crate) statuses: Vec<Status>,
    /// Forms whose fillers become members.
    pub(crate) forms: Vec<Text>,
    /// The status that a form gives.
    pub(crate) form_status: Option<Text>,
    /// The fields of its memberships; none where any name is one.
    pub(crate) member_fields: Vec<MemberField>,
    /// The program's `{{my.…}}` tokens by the key of their name.
    pub(crate) tokens: BTreeMap<String, Text>,
}

impl Program {
    /// Finds a status by its name, without regard to case.
    pub(crate) fn status(&self, name: &str) -> Option<&Status> {
        self.statuses
            .iter()
            .find(|status| crate::domain::text::same(&status.name, name))
    }
}

/// A status of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Status {
    /// The name as written.
    pub(crate) name: Text,
    /// Its place; nobody moves to a lower one.
    pub(crate) step: i64,
    /// Whether reaching it is the program's success.
    pub(crate) success: bool,
    /// Whether who reaches it is acquired by the program.
    pub(crate) acquires: bool,
}

/// An email the workspace defines.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Email {
    /// The name as written.
    pub(crate) name: String,
    /// The subject line.
    pub(crate) subject: Template,
    /// The sender.
    pub(crate) from: Option<String>,
    /// The text.
    pub(crate) body: Template,
    /// Ignores unsubscribed, marketing suspended and limits.
    pub(crate) operational: bool,
}

/// A webhook the workspace defines.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Webhook {
    /// The name as written.
    pub(crate) name: String,
    /// Where it goes.
    pub(crate) url: Template,
    /// `GET`, `POST`, …
    pub(crate) method: String,
    /// What it carries.
    pub(crate) body: Template,
    /// How long it may take.
    pub(crate) timeout_seconds: u32,
    /// Which field takes which part of the answer: field, JSON pointer.
    pub(crate) map: Vec<(FieldId, String)>,
}
