//! Why a person qualifies for a campaign or does not, for `campaign explain` and failed tests.

use serde::Serialize;

use super::{ActivityRow, ChangeRow};
use crate::domain::Instant;

/// One person and one campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Explanation {
    /// The campaign's full name.
    pub(crate) campaign: String,
    /// The person's best key: the email, else the id, else `#17`.
    pub(crate) person: String,
    /// The person's number.
    pub(crate) person_id: i64,
    /// The person's address.
    pub(crate) email: Option<String>,
    /// The person's id.
    pub(crate) id: Option<String>,
    /// The instant at which everything was asked.
    pub(crate) at: Instant,
    /// The row of the log that was asked about, if one was.
    pub(crate) event: Option<ExplainedEvent>,
    /// Whether a trigger fires, the filters hold and the qualification rule lets the person in.
    pub(crate) qualifies: bool,
    /// The entry that the event brought.
    pub(crate) entered: Option<Entered>,
    /// Of someone who has entered the campaign: when, which email was held back and why, what comes next.
    pub(crate) sentence: Option<String>,
    /// What stands in the way.
    pub(crate) blocked_by: Vec<Obstacle>,
    /// Waits of this campaign that hold the person.
    pub(crate) waits: Vec<HoldingWait>,
    /// Everything that was asked, also after something has failed.
    pub(crate) rules: Vec<ExplainRule>,
    /// The smallest changes of the person by which they would get in: nothing where they do already, and none where none is
    /// known.
    pub(crate) change: Option<Vec<ChangeRow>>,
    /// The same with its alternatives, fewest changes first.
    #[serde(skip)]
    pub(crate) changes: Vec<Vec<ChangeRow>>,
}

/// A row of the log that may have started campaigns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ExplainedEvent {
    /// The key of the row in the log.
    pub(crate) activity_id: i64,
    /// The event's id.
    pub(crate) event_id: Option<String>,
    /// What: `click_email`.
    pub(crate) activity: String,
    /// The primary attribute.
    pub(crate) detail: Option<String>,
    /// The key of the first row of its happening; none where an older program wrote the row.
    pub(crate) happening: Option<i64>,
}

/// An entry into the campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Entered {
    /// The instant at which it happened.
    pub(crate) at: Instant,
    /// The campaign's version then.
    pub(crate) version: u32,
    /// The newest version, which is the one explained.
    pub(crate) newest: u32,
}

/// A wait that holds the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct HoldingWait {
    /// Its step, from 1.
    pub(crate) step: u32,
    /// When it began.
    pub(crate) since: Instant,
    /// When it ends.
    pub(crate) until: Instant,
    /// The version whose steps follow; none where that is not known, as in the past.
    #[serde(skip)]
    pub(crate) version: Option<u32>,
}

/// One thing that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ExplainRule {
    /// What kind of rule it is.
    pub(crate) part: RulePart,
    /// Its place in that part: `2`, or `2.1` beneath another; of an email, the step.
    pub(crate) number: String,
    /// Whether it joins the rules beneath it, and asks for nothing else.
    #[serde(skip)]
    pub(crate) is_group: bool,
    /// What it is about.
    pub(crate) rule: String,
    /// What must be.
    pub(crate) wanted: String,
    /// The present value; none where there is none.
    pub(crate) actual: Option<String>,
    /// Whether it is so.
    pub(crate) holds: bool,
    /// The `activity_id` of the row in the log that proves or disproves it.
    pub(crate) activity: Option<i64>,
}

/// What keeps a person out of a campaign, or from its emails. All but the last five decide whether the person qualifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Obstacle {
    /// No trigger fires.
    Trigger,
    /// The filters do not hold.
    Filters,
    /// The qualification rule does not let the person in.
    Qualification,
    /// The same event has entered the campaign already.
    Event,
    /// Events do not start the campaign.
    Inactive,
    /// More people qualify than a run may take in.
    MaxPeople,
    /// Another guard would refuse the run.
    Guard,
    /// The cascade limit was reached.
    CascadeLimit,
    /// An email of the flow would be held back.
    Email,
}

impl Obstacle {
    /// Says it in few words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Trigger => "no trigger fires",
            Self::Filters => "the filters do not hold",
            Self::Qualification => "the qualification rule says no",
            Self::Event => "the event has entered it already",
            Self::Inactive => "the campaign is inactive",
            Self::MaxPeople => "the run would be refused, since too many people qualify",
            Self::Guard => "the run would be refused by a guard",
            Self::CascadeLimit => "the cascade limit was reached",
            Self::Email => "email would be held back",
        }
    }
}

/// What kind of rule an [`ExplainRule`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RulePart {
    /// A trigger, or one of its constraints.
    Trigger,
    /// A filter, or a group of them.
    Filter,
    /// The qualification rule.
    Qualification,
    /// One event enters a campaign once.
    Event,
    /// Whether events start the campaign.
    Active,
    /// How many people a run may take in.
    MaxPeople,
    /// Another guard of a run.
    Guard,
    /// How many entries may follow from one happening.
    CascadeLimit,
    /// An email of the flow.
    Email,
}

/// One email and one person.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct EmailExplanation {
    /// The person's best key: the email, else the id, else `#17`.
    pub(crate) person: String,
    /// The person's number.
    pub(crate) person_id: i64,
    /// The person's address.
    pub(crate) email: Option<String>,
    /// The person's id.
    pub(crate) id: Option<String>,
    /// The email that was asked about.
    pub(crate) mail: String,
    /// What happened to it, or why it was not sent.
    pub(crate) sentence: String,
    /// The rows of the log that prove it, oldest first.
    pub(crate) rows: Vec<ActivityRow>,
}
