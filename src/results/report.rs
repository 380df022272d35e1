//! What has become of a campaign, for `campaign report`.

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use super::{CampaignCoverage, CampaignDetail, FlowCounts};
use crate::domain::Instant;

/// All that a report says of one campaign. It has no personal data, unless that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct CampaignReport {
    /// The campaign in plain words.
    #[serde(flatten)]
    pub(crate) detail: CampaignDetail,
    /// How many went which way.
    pub(crate) flow: FlowCounts,
    /// What happened, by day of the workspace's zone; days without anything are left out.
    pub(crate) days: Vec<ReportDay>,
    /// Whose waits end, by day.
    pub(crate) wakes: Vec<WakeDay>,
    /// Its runs in the coming four weeks.
    pub(crate) coming: Vec<ComingRun>,
    /// Its versions, the newest first.
    pub(crate) versions: Vec<VersionChange>,
    /// Its tests; none where its file is gone, or files have errors.
    pub(crate) tests: Option<Vec<TestVerdict>>,
    /// What its tests have seen of it; none where they did not run.
    pub(crate) coverage: Option<CampaignCoverage>,
}

/// What happened on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct ReportDay {
    /// The day.
    #[serde(serialize_with = "iso")]
    pub(crate) day: NaiveDate,
    /// How many entered.
    pub(crate) entries: u64,
    /// How many emails its steps sent.
    pub(crate) mails: u64,
}

/// Whose waits end on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct WakeDay {
    /// The day.
    #[serde(serialize_with = "iso")]
    pub(crate) day: NaiveDate,
    /// How many waits end.
    pub(crate) people: u64,
}

/// A run that is coming.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ComingRun {
    /// When it is.
    pub(crate) at: Instant,
    /// Whether a step up to the first wait sends an email.
    pub(crate) sends_email: bool,
}

/// A version, and what it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct VersionChange {
    /// Its number, from 1.
    pub(crate) version: u32,
    /// The load that brought it.
    pub(crate) loaded_at: Instant,
    /// The parts of the definition that it changed, such as `flow`; none of the first version.
    pub(crate) parts: Vec<String>,
    /// The lines of the definition that went and came, in order.
    pub(crate) lines: Vec<ChangedLine>,
}

/// A line of a definition that went or came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ChangedLine {
    /// Whether it went or came.
    pub(crate) change: LineChange,
    /// The line.
    pub(crate) line: String,
}

/// Whether a line went or came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LineChange {
    /// It is no longer there.
    Out,
    /// It is new.
    In,
}

/// Whether a test passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct TestVerdict {
    /// The name of the test.
    pub(crate) test: String,
    /// Whether it passed.
    pub(crate) passed: bool,
}

/// Writes a day as `2026-11-28`.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn iso<S: Serializer>(day: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}
