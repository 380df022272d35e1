//! Numbers that name things. All of them are given in the order of happening and never reused.

macro_rules! ids {
    ($( $(#[$doc:meta])* $name:ident($inner:ty); )*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(pub $inner);

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
    /// A campaign of the database, numbered from 1 in order of first load.
    CampaignId(u32);
    /// A static list, numbered from 1.
    ListId(u32);
    /// A program, numbered from 1.
    ProgramId(u32);
    /// A batch run, numbered from 1.
    RunId(i64);
    /// A wait, numbered from 1 in the order in which waits began.
    WaitId(i64);
}
