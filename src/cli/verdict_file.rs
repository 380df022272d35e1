//! `campaign run --people FILE`: a CSV row a person.

use crate::app::Error;
use crate::app::reexports::{Campaign, OutputFile, Place};
use crate::app::run_batch::{JudgedPerson, Verdicts};
use crate::app::verdict;
use crate::render;

/// The file that verdicts go to.
pub(crate) struct VerdictFile(OutputFile);

/// The verdicts of one campaign, on their way to the file.
pub(crate) struct CampaignVerdicts<'a> {
    file: &'a mut VerdictFile,
    campaign: &'a Campaign,
}

impl VerdictFile {
    /// Begins the file.
    pub(crate) fn create(place: &Place) -> Result<Self, Error> {
        Ok(Self(place.create()?))
    }

    /// Writes the header of a campaign's rows, which come next.
    pub(crate) fn begin<'a>(
        &'a mut self,
        campaign: &'a Campaign,
    ) -> Result<CampaignVerdicts<'a>, Error> {
        let known = [
            "campaign",
            "person_id",
            "email",
            "id",
            "person",
            "verdict",
            "reason",
        ];
        let steps = (1..=campaign.flow.len()).map(|step| format!("step_{step}"));
        let header: Vec<String> = known.map(str::to_owned).into_iter().chain(steps).collect();
        self.record(&header)?;
        Ok(CampaignVerdicts {
            file: self,
            campaign,
        })
    }

    /// Gives the file its name, once the runs are done.
    pub(crate) fn publish(self) -> Result<(), Error> {
        Ok(self.0.publish()?)
    }

    fn record(&mut self, cells: &[String]) -> Result<(), Error> {
        let written = render::csv::record(&mut self.0, cells);
        Ok(written.map_err(|cause| self.0.unwritable(cause))?)
    }
}

impl Verdicts for CampaignVerdicts<'_> {
    fn put(&mut self, judged: &JudgedPerson<'_>) -> Result<(), Error> {
        let row = verdict::row(judged, self.campaign);
        let mut cells = vec![
            self.campaign.full_name.to_string(),
            row.person_id.to_string(),
            row.email.clone().unwrap_or_default(),
            row.id.clone().unwrap_or_default(),
            row.person.clone(),
            row.verdict.to_owned(),
            row.reason.clone().unwrap_or_default(),
        ];
        cells.extend(
            row.steps
                .iter()
                .map(|step| step.clone().unwrap_or_default()),
        );
        self.file.record(&cells)
    }

    fn sync(&mut self) -> Result<(), Error> {
        Ok(self.file.0.sync()?)
    }
}
