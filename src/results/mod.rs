//! The results of commands as plain data, before they are rendered.
//!
//! Use cases (`app`) fill these structures; `render` turns them into tables, JSON, JSON lines and CSV. Field
//! names are the keys people's scripts read: they may be added to and are never renamed. Nothing here computes.

pub(crate) mod activity_row;
pub(crate) mod advance;
pub(crate) mod campaign_counts;
mod campaign_detail;
pub(crate) mod campaign_row;
pub(crate) mod coverage;
pub(crate) mod everyone;
pub(crate) mod explain;
pub(crate) mod explain_code;
pub(crate) mod export;
mod flow_counts;
pub(crate) mod fmt;
pub(crate) mod init;
pub(crate) mod list_change;
pub(crate) mod load_campaigns;
pub(crate) mod load_people;
pub(crate) mod member_row;
pub(crate) mod outbox;
pub(crate) mod person_detail;
pub(crate) mod person_list;
pub(crate) mod plan;
pub(crate) mod reference;
pub(crate) mod replay;
mod report;
pub(crate) mod run;
pub(crate) mod run_row;
pub(crate) mod schedule;
pub(crate) mod sending_load;
pub(crate) mod shard;
pub(crate) mod shrink;
pub(crate) mod test_row;
pub(crate) mod validate;
pub(crate) mod verdict_row;
pub(crate) mod waiting_people;
mod watch;

pub(crate) use activity_row::ActivityRow;
pub(crate) use advance::{AdvanceSummary, DueKind, DueRow};
pub(crate) use campaign_counts::CampaignCounts;
pub(crate) use campaign_detail::{
    ActionRole, ActivationRow, Branch, CampaignDetail, ChoiceDetail, HeldDetail, StepDetail,
};
pub(crate) use campaign_row::CampaignRow;
pub(crate) use coverage::{
    CampaignCoverage, CoverageReport, CoverageTotal, CoveredLine, MissingPoint, UnreachablePoint,
    Witness,
};
pub(crate) use everyone::{
    BlockedCount, ChangeRow, Distance, EveryoneExplanation, FilterCount, HintRow, NearMiss,
    PeopleWithin, RaceRow,
};
pub(crate) use explain::{
    EmailExplanation, Entered, ExplainRule, ExplainedEvent, Explanation, HoldingWait, Obstacle,
    RulePart,
};
pub(crate) use explain_code::{CodePage, CodeRow};
pub(crate) use export::ExportedView;
pub(crate) use flow_counts::{ChoiceTally, FlowCounts, ReasonTally, StepTally};
pub(crate) use fmt::{FmtChange, FmtRow};
pub(crate) use init::InitSummary;
pub(crate) use list_change::{ListChange, ListChangeRow};
pub(crate) use load_campaigns::{CampaignChange, CampaignLoadRow, LoadedWait, WaitFate};
pub(crate) use load_people::{ImportPeopleSummary, LoadPeopleSummary};
pub(crate) use member_row::{MemberRow, WaitingRow};
pub(crate) use outbox::{ExportSummary, OutboxRow};
pub(crate) use person_detail::{ListMembership, PassedCampaign, PersonDetail, ProgramMembership};
pub(crate) use person_list::{CountRow, PersonRow};
pub(crate) use plan::{
    BeforeAfter, DefinitionChange, Plan, PlannedCampaign, PlannedCause, PlannedDefinition,
    PlannedEffect, PlannedGuard, PlannedMail, PlannedWait, WaitBecomes,
};
pub(crate) use reference::{CampaignEdge, ReferenceRow};
pub(crate) use replay::ReplaySummary;
pub(crate) use report::{
    CampaignReport, ChangedLine, ComingRun, LineChange, ReportDay, TestVerdict, VersionChange,
    WakeDay,
};
pub(crate) use run::{GuardRow, Rehearsed, RunSummary, WaitCount};
pub(crate) use run_row::{RunRow, RunStatus};
pub(crate) use schedule::{
    OccurrenceRow, Recurrence, RuleEvent, RuleRow, ScheduleView, WeekBegins,
};
pub(crate) use sending_load::SendingLoadRow;
pub(crate) use shard::{MergeSummary, ShardKind, ShardRow};
pub(crate) use shrink::ShrunkTest;
pub(crate) use test_row::{TestFailure, TestRow};
pub(crate) use validate::{ValidateReport, ValidateRow};
pub(crate) use verdict_row::VerdictRow;
pub(crate) use waiting_people::WaitingPeople;
pub(crate) use watch::WatchRow;
