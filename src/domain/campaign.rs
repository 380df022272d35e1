//! What a campaign is and where it stands, in the words of views, JSON and tables.

use serde::{Serialize, Serializer};

macro_rules! named {
    ($( $(#[$doc:meta])* enum $name:ident { $( $(#[$about:meta])* $variant:ident = $text:literal, )* } )*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum $name { $( $(#[$about])* $variant, )* }

        impl $name {
            /// Every one, in this order.
            pub(crate) const ALL: &'static [Self] = &[ $( Self::$variant, )* ];

            /// Returns the word in views and JSON.
            pub(crate) fn name(self) -> &'static str {
                match self { $( Self::$variant => $text, )* }
            }

            /// Finds the one of a word in views and JSON.
            pub(crate) fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    )* };
}

named! {
    /// What a campaign is, read from its smart list.
    enum Mode {
        /// Filters alone: it runs at a time on everyone who matches.
        Batch = "batch",
        /// At least one trigger: it takes one person at a time.
        Triggered = "triggered",
        /// Called by `execute_campaign` alone.
        Executable = "executable",
    }

    /// Where a campaign stands.
    enum CampaignStatus {
        /// A batch campaign that has taken nobody in.
        NeverRun = "never run",
        /// A batch or executable campaign that has taken people in.
        HasRun = "has run",
        /// A batch campaign with an occurrence to come.
        Scheduled = "scheduled",
        /// A trigger campaign that events may start.
        Active = "active",
        /// A trigger campaign that events do not start.
        Inactive = "inactive",
        /// A batch campaign in whose waits people are held.
        RunningInWaitStep = "running in wait step",
        /// The stored version no longer compiles.
        Invalid = "invalid",
    }

    /// The kind of command that made a campaign active or inactive.
    enum ActivatedBy {
        /// `campaign load`, of a file that says `active:`.
        Load = "load",
        /// `campaign activate`
        Activate = "activate",
        /// `campaign deactivate`
        Deactivate = "deactivate",
        /// `campaign load --prune`, when the file was gone.
        Prune = "prune",
    }

}

impl Mode {
    /// Returns the word in tables: `Batch`, `Triggered`, `Executable`.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Batch => "Batch",
            Self::Triggered => "Triggered",
            Self::Executable => "Executable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_and_statuses_are_found_by_their_words() {
        for mode in Mode::ALL {
            assert_eq!(Mode::named(mode.name()), Some(*mode));
        }
        for status in CampaignStatus::ALL {
            assert_eq!(CampaignStatus::named(status.name()), Some(*status));
        }
        assert_eq!(Mode::named("Batch"), None);
    }
}
