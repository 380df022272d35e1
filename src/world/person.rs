//! One person as they are now.

use crate::domain::field::{EMAIL, ID};
use crate::domain::hash::StableHasher;
use crate::domain::text::email_key;
use crate::domain::{
    ActivityTypeId, CampaignId, FieldId, Instant, Key, ListId, PersonId, PersonNames, ProgramId,
    Text, Value,
};

use super::activity::PastActivity;
use super::layout::Layout;
use super::wait::WaitRow;

/// The status of someone who is not a member of a program, as the log writes it.
pub(crate) const NOT_IN_PROGRAM: &str = "Not in Program";

/// A membership in a program.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Membership {
    /// The status' name.
    pub(crate) status: Text,
    /// Whether a success status has been reached, and when.
    pub(crate) success_at: Option<Instant>,
    /// Since when.
    pub(crate) since: Instant,
    /// Whether the program acquired the person by it.
    pub(crate) acquired_by: bool,
    /// The membership's own fields.
    pub(crate) fields: Vec<(Key, Value)>,
}

/// How often and when a person entered a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EntryStats {
    /// The campaign.
    pub(crate) campaign: CampaignId,
    /// How often.
    pub(crate) times: u32,
    /// The first entry.
    pub(crate) first_at: Instant,
    /// The last entry: the greatest instant, which late events do not move back.
    pub(crate) last_at: Instant,
}

/// One person, with what the work at hand needs of them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Person {
    /// The person's number.
    pub(crate) id: PersonId,
    /// Values in the order of the layout.
    pub(crate) fields: Box<[Option<Value>]>,
    /// Static lists, in order of their numbers.
    pub(crate) lists: Vec<ListId>,
    /// Programs, in order of their numbers.
    pub(crate) programs: Vec<(ProgramId, Membership)>,
    /// Activities that count, of the types that the work needs, in log order.
    pub(crate) history: Vec<PastActivity>,
    /// Campaigns entered.
    pub(crate) passed: Vec<EntryStats>,
    /// Waits not ended, in the order in which they began.
    pub(crate) waits: Vec<WaitRow>,
    /// The next place in the log.
    pub(crate) next_ordinal: u32,
    /// The key by which the person was first given, where the present one is another; as far as it was loaded.
    pub(crate) first_key: Option<Text>,
    /// Whether the person is being made: what gives them their first values has not ended.
    pub(crate) in_making: bool,
}

impl Person {
    /// Makes a person of whom nothing is known.
    pub(crate) fn new(id: PersonId, layout: &Layout) -> Self {
        Self {
            id,
            fields: layout.blank(),
            lists: Vec::new(),
            programs: Vec::new(),
            history: Vec::new(),
            passed: Vec::new(),
            waits: Vec::new(),
            next_ordinal: 0,
            first_key: None,
            in_making: false,
        }
    }

    /// Returns a field's value; nothing where it is empty or was not loaded.
    pub(crate) fn field(&self, layout: &Layout, field: FieldId) -> Option<&Value> {
        layout
            .slot(field)
            .and_then(|slot| self.fields[slot].as_ref())
    }

    /// Returns what the person is called by, as far as email and id were loaded.
    pub(crate) fn names(&self, layout: &Layout) -> PersonNames {
        let text = |field| self.field(layout, field).map(Value::to_text);
        PersonNames {
            person: self.id,
            email: text(EMAIL),
            id: text(ID),
        }
    }

    /// Returns the key by which people are given: the email in lower case, else the id; as far as they were loaded.
    pub(crate) fn key(&self, layout: &Layout) -> Option<Text> {
        let PersonNames { email, id, .. } = self.names(layout);
        email.map(|email| Text::from(email_key(&email))).or(id)
    }

    /// Feeds the key by which the person was first given to the hash of a random draw; without any, the number.
    pub(crate) fn feed_first_key(&self, layout: &Layout, hasher: &mut StableHasher) {
        if let Some(first) = &self.first_key {
            return hasher.part(first.as_bytes());
        }
        match (self.field(layout, EMAIL), self.field(layout, ID)) {
            // Letters beyond ASCII are stored in lower case.
            (Some(Value::Text(email)), _) => hasher.part_ascii_lowercase(email.as_bytes()),
            (_, Some(Value::Text(id))) => hasher.part(id.as_bytes()),
            _ => hasher.part(&self.id.0.to_le_bytes()),
        }
    }

    /// Returns whether the person is on a list.
    pub(crate) fn is_on(&self, list: ListId) -> bool {
        self.lists.binary_search(&list).is_ok()
    }

    /// Returns the membership in a program.
    pub(crate) fn membership(&self, program: ProgramId) -> Option<&Membership> {
        self.programs
            .iter()
            .find(|(id, _)| *id == program)
            .map(|(_, membership)| membership)
    }

    /// Returns how the person passed a campaign.
    pub(crate) fn entry_stats(&self, campaign: CampaignId) -> Option<&EntryStats> {
        self.passed
            .iter()
            .find(|passed| passed.campaign == campaign)
    }

    /// Returns the activities of one type, oldest first.
    pub(crate) fn history_of(
        &self,
        activity: ActivityTypeId,
    ) -> impl DoubleEndedIterator<Item = &PastActivity> {
        self.history
            .iter()
            .filter(move |record| record.activity == activity)
    }
}
