//! What the reading commands ask: logs, members, campaigns, one person. Rows have their names resolved and nothing shown
//! yet; the callers turn them into results.

mod campaigns;
mod flow_history;
mod log;
mod outbox;
mod past;
mod person;
mod versions;

pub(crate) use campaigns::{CampaignMember, PersonWaiting};
pub(crate) use flow_history::{FlowHistory, FlowQuery, StepResult};
pub(crate) use log::{LogEntry, LogOrder, LogQuery, LogScope};
pub(crate) use outbox::{MessageQuery, MessageRow};
pub(super) use past::log_row;
pub(crate) use versions::VersionText;
