//! Guards that are broken: a run that would take in other people than it may does not run at all.

use crate::app::UserError;
use crate::domain::{GuardName, Text};

use super::Audience;
use super::guards::problem;

/// A run that was refused as a whole: nobody entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefusedRun {
    /// The campaign's full name.
    pub(crate) campaign: Text,
    /// Everyone who was judged, by verdict.
    pub(crate) audience: Audience,
    /// Every guard that is broken, and what is wrong.
    pub(crate) broken: Vec<(GuardName, String)>,
}

impl RefusedRun {
    /// Returns a problem for each guard that is broken.
    pub(crate) fn problems(&self) -> Vec<UserError> {
        let broken = self.broken.iter();
        broken
            .map(|(guard, fault)| problem(*guard, fault))
            .collect()
    }
}

impl std::fmt::Display for RefusedRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let faults: Vec<&str> = self
            .broken
            .iter()
            .map(|(_, fault)| fault.as_str())
            .collect();
        write!(f, "{}: nobody entered", faults.join("; "))
    }
}

impl From<RefusedRun> for crate::app::Error {
    fn from(refused: RefusedRun) -> Self {
        Self::Problems(refused.problems())
    }
}
