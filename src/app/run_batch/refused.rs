//! `max_people`: a run that would take in more people than it may does not run at all.

use crate::app::{ErrorKind, UserError};
use crate::domain::Text;

use super::Audience;

/// A run that was refused as a whole: more people qualify than it may take in, and nobody entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefusedRun {
    /// The campaign's full name.
    pub(crate) campaign: Text,
    /// How many people qualify.
    pub(crate) qualified: u64,
    /// Everyone who was judged, by verdict.
    pub(crate) audience: Audience,
    /// `max_people`.
    pub(crate) maximum: u64,
}

impl std::fmt::Display for RefusedRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            campaign,
            qualified,
            maximum,
            audience: _,
        } = self;
        write!(
            f,
            "{qualified} people qualify for `{campaign}`, but max_people is {maximum}: nobody entered"
        )
    }
}

impl From<RefusedRun> for UserError {
    fn from(refused: RefusedRun) -> Self {
        Self::new(ErrorKind::Guard, refused.to_string())
            .help("narrow the smart list, or raise max_people where that many are meant")
    }
}
