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
pub mod standard_activities;
pub mod standard_fields;
pub mod text;
pub mod text_cache;
pub mod value;
pub mod value_ref;
pub mod zone;

pub use activity_type::{ActivityCatalogue, ActivityType, ActivityTypeId, Attribute, Key};
pub use campaign::{ActivatedBy, CampaignStatus, Mode};
pub use duration::{Duration, Unit};
pub use field::{Field, FieldCatalogue, FieldId};
pub use id::{CampaignId, ListId, PersonId, ProgramId, RunId, WaitId};
pub use instant::Instant;
pub use outcome::{Outcome, Reason};
pub use person_key::{PersonKey, PersonNames};
pub use text::Text;
pub use text_cache::TextCache;
pub use value::{FieldType, Value};
pub use value_ref::ValueRef;
pub use zone::Zone;
