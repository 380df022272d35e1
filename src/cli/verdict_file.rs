//! `campaign run --people FILE`: a CSV row a person.

use crate::app::Error;
use crate::app::reexports::{Campaign, Place, Written};
use crate::app::run_batch::{JudgedPerson, Verdicts};
use crate::app::verdict;
use crate::cli::csv_file::CsvFile;

/// The file that verdicts go to.
pub(crate) struct VerdictFile {
    file: CsvFile,
    /// Whether each commit of the command has its verdicts on the disk; a dry run commits nothing.
    lasts: bool,
}

/// The verdicts of one campaign, on their way to the file.
pub(crate) struct CampaignVerdicts<'a> {
    file: &'a mut VerdictFile,
    campaign: &'a Campaign,
    /// Whether the header of its rows is still to be written: a campaign that is refused has none.
    is_headless: bool,
}

impl VerdictFile {
    /// Begins the file; `lasts` where the command commits what it does.
    pub(crate) fn create(place: &Place, lasts: bool) -> Result<Self, Error> {
        let file = CsvFile::create(place)?;
        Ok(Self { file, lasts })
    }

    /// Goes on with the file that an interrupted command has written so much of; nothing where that is gone.
    pub(crate) fn resume(place: &Place, written: Written) -> Result<Option<Self>, Error> {
        let file = CsvFile::resume(place, written)?;
        Ok(file.map(|file| Self { file, lasts: true }))
    }

    fn header(&mut self, campaign: &Campaign) -> Result<(), Error> {
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
        self.file.record(&header)
    }

    /// Takes the verdicts of a campaign; `is_begun` where an earlier command has written some of them.
    pub(crate) fn rows<'a>(
        &'a mut self,
        campaign: &'a Campaign,
        is_begun: bool,
    ) -> CampaignVerdicts<'a> {
        CampaignVerdicts {
            file: self,
            campaign,
            is_headless: !is_begun,
        }
    }

    /// Gives the file its name, once the runs are done.
    pub(crate) fn publish(self) -> Result<(), Error> {
        self.file.publish()
    }
}

impl CampaignVerdicts<'_> {
    fn head(&mut self) -> Result<(), Error> {
        if std::mem::take(&mut self.is_headless) {
            self.file.header(self.campaign)?;
        }
        Ok(())
    }
}

impl Verdicts for CampaignVerdicts<'_> {
    fn put(&mut self, judged: &JudgedPerson<'_>) -> Result<(), Error> {
        self.head()?;
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
        self.file.file.record(&cells)
    }

    fn sync(&mut self) -> Result<Written, Error> {
        self.head()?;
        let VerdictFile { file, lasts } = &mut *self.file;
        if *lasts {
            file.keep()?;
        }
        Ok(file.written())
    }
}
