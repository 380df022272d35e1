//! The results of commands as plain data, before they are rendered.
//!
//! Use cases (`app`) fill these structures; `render` turns them into tables, JSON, JSON lines and CSV. Field
//! names are the keys people's scripts read: they may be added to and are never renamed. Nothing here computes.

pub mod activity_row;
pub mod advance;
pub mod campaign_counts;
mod campaign_detail;
pub mod campaign_row;
pub mod explain;
pub mod explain_code;
pub mod fmt;
pub mod init;
pub mod load_campaigns;
pub mod load_people;
pub mod member_row;
pub mod outbox;
pub mod person_detail;
pub mod person_list;
pub mod reference;
pub mod replay;
pub mod run;
pub mod run_row;
pub mod schedule;
pub mod test_row;
pub mod validate;
pub mod verdict_row;

pub use activity_row::ActivityRow;
pub use advance::{AdvanceSummary, DueKind, DueRow};
pub use campaign_counts::CampaignCounts;
pub use campaign_detail::{ActivationRow, CampaignDetail, ChoiceDetail, HeldDetail, StepDetail};
pub use campaign_row::CampaignRow;
pub use explain::{
    Entered, ExplainRule, ExplainedEvent, Explanation, HoldingWait, Obstacle, RulePart,
};
pub use explain_code::{CodePage, CodeRow};
pub use fmt::{FmtChange, FmtRow};
pub use init::InitSummary;
pub use load_campaigns::{CampaignChange, CampaignLoadRow, LoadedWait, WaitFate};
pub use load_people::{ImportPeopleSummary, LoadPeopleSummary};
pub use member_row::{MemberRow, WaitingRow};
pub use outbox::{ExportSummary, OutboxRow};
pub use person_detail::{ListMembership, PassedCampaign, PersonDetail, ProgramMembership};
pub use person_list::{CountRow, PersonRow};
pub use reference::{CampaignEdge, ReferenceRow};
pub use replay::ReplaySummary;
pub use run::{ReasonCount, RunSummary, StepCount};
pub use run_row::{RunRow, RunStatus};
pub use schedule::{OccurrenceRow, ScheduleView, WeekBegins};
pub use test_row::{TestFailure, TestRow};
pub use validate::{ValidateReport, ValidateRow};
pub use verdict_row::VerdictRow;
