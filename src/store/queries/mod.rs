//! What the reading commands ask: logs, members, campaigns, one person. Rows have their names resolved and nothing shown
//! yet; the callers turn them into results.

mod campaigns;
mod log;
mod outbox;
mod person;

pub use campaigns::{CampaignRow, MemberRow, WaitingRow};
pub use log::{ActivityRow, LogOrder, LogQuery, Subject};
pub use outbox::{MessageQuery, MessageRow};
pub use person::{EntryRow, ListRow, PastRow, ProgramRow};
