//! Event files on their way into shards: first the keys that lines join, then the lines themselves.
//!
//! The files are read twice. [`Reading::join_keys`] checks them as a replay does, so that what a replay would refuse is
//! refused here, with its place in the whole file; [`Reading::divide`] hands over the good lines as they stand. What the
//! parts are is for the caller.

use super::check::Rules;
use super::divider::{Divided, Divider};
use super::read_state::ReadState;
use super::{Events, Options, Watch, open_for};
use crate::domain::{ActivityCatalogue, FieldCatalogue, Zone};
use crate::intake::data_error::Error;
use crate::intake::input::Input;
use crate::intake::rejects::Rejects;

/// What event files are read by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading<'a> {
    /// The files.
    pub(crate) inputs: &'a [Input],
    /// The options.
    pub(crate) options: &'a Options,
    /// The activity types.
    pub(crate) activities: &'a ActivityCatalogue,
    /// The person fields.
    pub(crate) fields: &'a FieldCatalogue,
    /// The zone of local times.
    pub(crate) zone: &'a Zone,
}

impl Reading<'_> {
    /// Reads and checks the files as a replay does, and gives the divider the keys that lines join.
    pub(crate) fn join_keys(
        &self,
        watch: &Watch<'_>,
        rejects: Option<Rejects>,
        divider: &mut dyn Divider,
    ) -> Result<Events, Error> {
        open_for(
            self.inputs,
            self.options,
            self.activities,
            self.fields,
            self.zone,
            watch,
            Some(Divided { divider, rejects }),
        )
    }

    /// Reads files that were checked once more, and gives the divider their good lines.
    pub(crate) fn divide(&self, watch: &Watch<'_>, divider: &mut dyn Divider) -> Result<(), Error> {
        let options = Options {
            rejects: None,
            unknown: None,
            hashing: false,
            ..self.options.clone()
        };
        let rules = Rules {
            activities: self.activities,
            fields: self.fields,
            zone: self.zone,
            renames: &options.renames,
            activity: options.activity,
            latest: options.latest,
            keep_lines: false,
            types: &options.types,
            notes_keys: true,
        };
        let mut reading = ReadState::new(rules, &options, watch)?;
        reading.divider = Some(divider);
        reading.hands_over = true;
        self.inputs.iter().try_for_each(|input| reading.file(input))
    }
}
