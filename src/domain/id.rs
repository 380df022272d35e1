//! Numbers that identify people, campaigns, lists, programs, runs and waits.

macro_rules! ids {
    ($( $(#[$doc:meta])* $name:ident($inner:ty); )*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub(crate) struct $name(pub(crate) $inner);

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    self.0.fmt(f)
                }
            }
        )*
    };
}

ids! {
    /// A person, numbered from 1 in order of first appearance.
    PersonId(i64);
    /// A campaign's index in the compiled workspace, from 0.
    CampaignId(u32);
    /// A static list's index in the workspace's list of names, from 0.
    ListId(u32);
    /// A program's index in the workspace's list of names, from 0.
    ProgramId(u32);
    /// A batch run, numbered from 1.
    RunId(i64);
    /// A wait: the number that its row *wait started* has in the log, so that it depends neither on chunks nor on the order
    /// in which people are processed, and one person's waits are in the order in which they began.
    WaitId(i64);
}

/// The lower bits of the number of a log's row, which hold the place in the person's log; the upper ones are the person.
pub(crate) const PLACE_BITS: u32 = 24;

impl WaitId {
    /// Returns the number of the wait that a row of a person's log began.
    pub(crate) fn of(person: PersonId, place: u32) -> Self {
        Self(person.0 << PLACE_BITS | i64::from(place))
    }
}
