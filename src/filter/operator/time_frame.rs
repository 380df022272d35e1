//! The named parts of the calendar that `in_time_frame` takes.

use crate::domain::text::name_key;

macro_rules! time_frames {
    ($( $(#[doc = $about:literal])+ $frame:ident = $name:literal; )*) => {
        /// The windows of `in_time_frame`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum TimeFrame { $( $(#[doc = $about])+ $frame, )* }

        const COUNT: usize = [$( TimeFrame::$frame ),*].len();

        impl TimeFrame {
            /// Every window, in the order of the documentation.
            pub(crate) const ALL: [Self; COUNT] = [$( Self::$frame ),*];

            /// Returns the name in campaign files.
            pub(crate) fn name(self) -> &'static str {
                match self { $( Self::$frame => $name, )* }
            }
        }
    };
}

time_frames! {
    /// The day of now.
    Today = "today";
    /// The day before.
    Yesterday = "yesterday";
    /// The day after.
    Tomorrow = "tomorrow";
    /// The calendar week of now.
    ThisWeek = "this_week";
    /// The week before.
    LastWeek = "last_week";
    /// The month of now.
    ThisMonth = "this_month";
    /// The month before.
    LastMonth = "last_month";
    /// The quarter of now.
    ThisQuarter = "this_quarter";
    /// The quarter before.
    LastQuarter = "last_quarter";
    /// The year of now.
    ThisYear = "this_year";
    /// The year before.
    LastYear = "last_year";
    /// Seven days, today the last.
    Last7Days = "last_7_days";
    /// Thirty days, today the last.
    Last30Days = "last_30_days";
    /// Ninety days, today the last.
    Last90Days = "last_90_days";
}

impl TimeFrame {
    /// Finds a window by its name, in any spelling: `last_7_days`, `Last 7 Days`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let key = name_key(name);
        Self::ALL
            .into_iter()
            .find(|frame| name_key(frame.name()) == key)
    }
}
