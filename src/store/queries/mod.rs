//! What the reading commands ask: logs, members, campaigns, one person. Rows have their names resolved and nothing shown
//! yet; the callers turn them into results.

mod campaigns;
mod log;
mod outbox;
mod past;
mod person;

pub use campaigns::{CampaignMember, ListedCampaign, PersonWaiting};
pub use log::{LogEntry, LogOrder, LogQuery, LogScope};
pub use outbox::{MessageQuery, MessageRow};
pub use person::{ListMembership, ProgramRow};
