//! The members of a program as a person list brings them: its columns, one row of it, and the membership that follows.
//!
//! The reader of lists finds the columns and checks the cells, the store applies the rows; the rule is here. A load sets a
//! state, as an event does: the status that a row names is what is so, even if it is a lower one. A status that is given for
//! all rows at once moves members as a flow step does, and never down.

use crate::domain::text::same;
use crate::domain::{FieldType, Instant, Key, MemberField, Text, Value};

use super::person::Membership;

/// The program whose members a list brings.
#[derive(Debug, Clone)]
pub(crate) struct MemberProgram {
    /// Its name.
    pub(crate) name: Text,
    /// Its statuses in order; none where statuses are plain names.
    pub(crate) statuses: Vec<MemberStatus>,
    /// The fields of its memberships; none where any name is one.
    pub(crate) fields: Vec<MemberField>,
    /// The status of a row that names none.
    pub(crate) usual: UsualStatus,
    /// Whether programs acquire people by a status alone: some status of the workspace says so.
    pub(crate) by_status: bool,
}

/// One status of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MemberStatus {
    /// The name as written.
    pub(crate) name: Text,
    /// Its place; a status given for all rows moves nobody to a lower one.
    pub(crate) step: i64,
    /// Whether reaching it is the program's success.
    pub(crate) success: bool,
    /// Whether who reaches it is acquired by the program.
    pub(crate) acquires: bool,
}

/// The status of a row that names none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum UsualStatus {
    /// New members get it, and members keep the one that they have.
    OfNew(Text),
    /// Everyone gets it, as by a flow step.
    OfAll(Text),
    /// There is none: every row has to name a status.
    Missing,
}

/// What a column of the list says of a membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MemberColumn {
    /// The status.
    Status,
    /// Since when the person is a member.
    Since,
    /// Whether the membership reached success.
    Success,
    /// When it did.
    SuccessAt,
    /// Whether the program acquired the person.
    AcquiredBy,
    /// A field of the membership.
    Field(MemberField),
}

impl MemberColumn {
    /// Returns the type of its cells.
    pub(crate) fn field_type(&self) -> FieldType {
        match self {
            Self::Status => FieldType::String,
            Self::Since | Self::SuccessAt => FieldType::Datetime,
            Self::Success | Self::AcquiredBy => FieldType::Boolean,
            Self::Field(field) => field.field_type,
        }
    }
}

/// What one row of the list says of a membership.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct GivenMembership {
    /// The status, as the program writes it.
    pub(crate) status: Option<Text>,
    /// Since when the person is a member.
    pub(crate) since: Option<Instant>,
    /// Whether the membership reached success.
    pub(crate) success: Option<bool>,
    /// When it did.
    pub(crate) success_at: Option<Instant>,
    /// Whether the program acquired the person.
    pub(crate) acquired_by: Option<bool>,
    /// Fields of the membership; no value clears.
    pub(crate) fields: Vec<(Key, Option<Value>)>,
}

impl MemberProgram {
    /// Finds a status by its name in any case.
    pub(crate) fn status(&self, name: &str) -> Option<&MemberStatus> {
        self.statuses.iter().find(|status| same(&status.name, name))
    }

    /// Returns the membership after a row that was loaded at an instant. Who acquired the person is not decided here.
    ///
    /// Nothing where neither the row nor the load gives a new member a status.
    pub(crate) fn applied(
        &self,
        present: Option<&Membership>,
        given: &GivenMembership,
        at: Instant,
    ) -> Option<Membership> {
        let status = self.status_after(present, given)?;
        let moved = present.is_none_or(|present| present.status != status);
        let reached = moved && self.status(&status).is_some_and(|status| status.success);
        let before = present.and_then(|present| present.success_at);
        let known = given.success_at.or(before);
        let success_at = match given.success {
            Some(false) => None,
            Some(true) => Some(known.unwrap_or(at)),
            None => known.or(reached.then_some(at)),
        };
        let since = present.map_or(at, |present| present.since);
        let mut fields = present.map_or_else(Vec::new, |present| present.fields.clone());
        for (key, value) in &given.fields {
            fields.retain(|(other, _)| !same(other, key));
            let value = value.clone();
            fields.extend(value.map(|value| (Key::clone(key), value)));
        }
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        Some(Membership {
            status,
            success_at,
            since: given.since.unwrap_or(since),
            acquired_by: present.is_some_and(|present| present.acquired_by),
            fields,
        })
    }

    fn status_after(&self, present: Option<&Membership>, given: &GivenMembership) -> Option<Text> {
        if let Some(status) = &given.status {
            return Some(Text::clone(status));
        }
        let present = present.map(|present| &present.status);
        match (&self.usual, present) {
            (UsualStatus::OfAll(wanted), Some(present)) => {
                let lower = self
                    .status(wanted)
                    .zip(self.status(present))
                    .is_some_and(|(wanted, present)| wanted.step < present.step);
                Some(Text::clone(if lower { present } else { wanted }))
            }
            (UsualStatus::OfNew(_) | UsualStatus::Missing, Some(present)) => {
                Some(Text::clone(present))
            }
            (UsualStatus::OfNew(status) | UsualStatus::OfAll(status), None) => {
                Some(Text::clone(status))
            }
            (UsualStatus::Missing, None) => None,
        }
    }

    /// Returns whether a row makes the program the one that acquired the person, if none has done so before: the row says
    /// so, or it makes the person a member, or, where statuses of the workspace acquire, its status is one of them.
    pub(crate) fn acquires(
        &self,
        present: Option<&Membership>,
        given: &GivenMembership,
        after: &Membership,
    ) -> bool {
        match given.acquired_by {
            Some(said) => said,
            None if self.by_status => {
                let moved = present.is_none_or(|present| present.status != after.status);
                moved
                    && self
                        .status(&after.status)
                        .is_some_and(|status| status.acquires)
            }
            None => present.is_none(),
        }
    }
}
