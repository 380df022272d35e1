//! The words of the field as types: ids, values, instants, durations, zones, and the two catalogues.
//!
//! Uses nothing else of ours but what `diagnostic` knows of hidden characters. Zones (jiff) live in `zone.rs` alone.

mod activity_catalogue;
pub(crate) mod activity_type;
pub(crate) mod campaign;
pub(crate) mod duration;
pub(crate) mod field;
pub(crate) mod form_fields;
pub(crate) mod guard;
pub(crate) mod hash;
pub(crate) mod id;
pub(crate) mod instant;
pub(crate) mod mailbox;
pub(crate) mod member_field;
pub(crate) mod outcome;
pub(crate) mod person_address;
pub(crate) mod person_key;
pub(crate) mod run_counts;
pub(crate) mod standard_activities;
pub(crate) mod standard_fields;
pub(crate) mod text;
pub(crate) mod text_cache;
pub(crate) mod value;
pub(crate) mod value_ref;
pub(crate) mod view_column;
pub(crate) mod zone;

pub(crate) use activity_catalogue::ActivityCatalogue;
pub(crate) use activity_type::{ActivityType, ActivityTypeId, Attribute, Key};
pub(crate) use campaign::{ActivatedBy, CampaignStatus, Mode};
pub(crate) use duration::{Duration, Unit};
pub(crate) use field::{Field, FieldCatalogue, FieldId};
pub(crate) use guard::GuardName;
pub(crate) use id::{CampaignId, ListId, PLACE_BITS, PersonId, ProgramId, RunId, WaitId};
pub(crate) use instant::Instant;
pub(crate) use member_field::MemberField;
pub(crate) use outcome::{Outcome, Reason};
pub(crate) use person_key::{PersonKey, PersonNames};
pub(crate) use run_counts::{RunCounts, StepCount};
pub(crate) use text::Text;
pub(crate) use text_cache::TextCache;
pub(crate) use value::{FieldType, Value};
pub(crate) use value_ref::ValueRef;
pub(crate) use zone::{OffsetChange, Zone};
