//! Where a walk stands, and how it goes on after a step.

/// Which step of which flow is being walked, and by which choice.
#[derive(Debug, Clone, Copy)]
pub(super) struct StepPosition {
    /// The flow.
    pub(super) flow: usize,
    /// The step, from 0.
    pub(super) step: usize,
    /// The choice, from 1; 0 the default; none without choices.
    pub(super) choice: Option<u32>,
}

/// What happens to the walk after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// The next step.
    GoOn,
    /// A wait holds the person.
    Hold,
}

/// Returns a place as people count it, from 1.
pub(super) fn number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}
