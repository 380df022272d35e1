//! The words of the field as types: ids, values, instants, durations, zones, and the two catalogues.
//!
//! Uses nothing else of ours but what `diagnostic` knows of hidden characters. Zones (jiff) live in `zone.rs` alone.

pub mod activity_type;
pub mod campaign;
pub mod duration;
pub mod field;
pub mod form_fields;
pub mod hash;
pub mod id;
pub mod instant;
pub mod mailbox;
pub mod outcome;
pub mod person_key;
pub mod person_rows;
pub mod person_set;
pub mod standard_activities;
pub mod standard_fields;
pub mod text;
pub mod value;
pub mod zone;

pub use activity_type::{ActivityCatalogue, ActivityType, ActivityTypeId, Attribute, Key};
pub use campaign::{CampaignStatus, Mode};
pub use duration::{Duration, Unit};
pub use field::{Field, FieldCatalogue, FieldId};
pub use id::{CampaignId, ListId, PersonId, ProgramId, RunId, WaitId};
pub use instant::Instant;
pub use outcome::{Outcome, Reason};
pub use person_key::PersonKey;
pub use person_set::PersonSet;
pub use text::Text;
pub use value::{FieldType, Value};
pub use zone::Zone;
