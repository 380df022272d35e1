//! One event as read from a file: checked, its names resolved, not yet applied.

use crate::domain::{ActivityTypeId, Instant, Outcome, PersonKey, Text, Value};

use super::activity::Attributes;
use super::journal::EventIdentity;

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    /// When it happened.
    pub(crate) at: Instant,
    /// To whom.
    pub(crate) person: PersonKey,
    /// The type of the activity.
    pub(crate) activity: ActivityTypeId,
    /// The primary attribute; where it names a person field that the catalogue has, the field's name in snake case.
    pub(crate) primary: Option<Text>,
    /// The others, by the catalogue's names, in the catalogue's order, then unknown ones by name.
    ///
    /// An attribute without value (null, an empty text, a blank cell) is absent, save `new_value`: given without value it
    /// clears, and is the text [`CLEARS`].
    pub(crate) attributes: Attributes,
    /// Its id as written.
    pub(crate) id: Option<Text>,
    /// How it is recognised.
    pub(crate) identity: EventIdentity,
    /// Where it stands: the number of the file on the command line from 0, and the line from 1.
    pub(crate) place: (u32, u64),
    /// The id of the campaign that caused it, in a Marketo extract.
    pub(crate) marketo_campaign: Option<i64>,
    /// Whether it is a row of Marketo's own log, where each change that a form makes is a row as well.
    pub(crate) is_extract_row: bool,
    /// How it ended in Marketo, where that is not well: such a row is a fact of the log and changes nothing.
    pub(crate) outcome: Option<Outcome>,
    /// What an earlier replay has made of it.
    pub(crate) standing: EventStanding,
    /// The list or program that it names.
    pub(crate) asset: EventAsset,
    /// The line it stood on, as JSON that can be fed in again; only where it was asked for.
    pub(crate) line: Option<Text>,
}

/// The list or program that an event names. Which one a name means depends on the names met before it, so where people are
/// not processed in order of time it is found out beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum EventAsset {
    /// It is found by its name when the event is taken.
    #[default]
    ByName,
    /// Nobody had named it yet, and the event takes someone off it, which gives it no number.
    Unknown,
    /// Its number.
    Number(u32),
}

/// What earlier replays have made of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum EventStanding {
    /// Nothing: it is new.
    #[default]
    New,
    /// It was set aside, and stays so.
    SetAside,
    /// It was set aside, and comes for a second try.
    Retried,
}

/// The `new_value` that takes a value away.
pub(crate) const CLEARS: &str = "NULL";

impl Event {
    /// Returns an attribute besides the primary one.
    pub(crate) fn attribute(&self, key: &str) -> Option<&Value> {
        self.attributes
            .iter()
            .find(|(k, _)| k.as_ref() == key)
            .map(|(_, value)| value)
    }
}
