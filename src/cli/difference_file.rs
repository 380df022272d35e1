//! `campaign plan --people FILE`: a CSV row for everyone who differs.

use crate::app::Error;
use crate::app::plan::{Differing, DifferingPerson};
use crate::app::reexports::{OutputFile, Place};
use crate::render;

/// The file that differences go to.
pub(crate) struct DifferenceFile(OutputFile);

impl DifferenceFile {
    /// Begins the file.
    pub(crate) fn create(place: &Place) -> Result<Self, Error> {
        let mut file = Self(place.create()?);
        file.record(&[
            "campaign",
            "person_id",
            "email",
            "id",
            "person",
            "change",
            "part",
            "number",
            "was",
            "now",
        ])?;
        Ok(file)
    }

    /// Gives the file its name.
    pub(crate) fn publish(self) -> Result<(), Error> {
        Ok(self.0.publish()?)
    }

    fn record<C: AsRef<str>>(&mut self, cells: &[C]) -> Result<(), Error> {
        let written = render::csv::record(&mut self.0, cells);
        written.map_err(|cause| self.0.unwritable(cause).into())
    }
}

impl Differing for DifferenceFile {
    fn put(&mut self, row: &DifferingPerson<'_>) -> Result<(), Error> {
        let DifferingPerson {
            campaign,
            who,
            change,
            cause,
        } = row;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let key = |key: &Option<crate::domain::Text>| key.as_deref().unwrap_or_default().to_owned();
        self.record(&[
            (*campaign).to_owned(),
            who.person.to_string(),
            key(&who.email),
            key(&who.id),
            who.best(),
            (*change).to_owned(),
            cause.part.to_owned(),
            text(&cause.number),
            text(&cause.was),
            text(&cause.now),
        ])
    }
}
