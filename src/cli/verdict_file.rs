//! `campaign run --people FILE`: a CSV row a person.

use std::io::{self, Read, Write as _};

use crate::app::Error;
use crate::app::reexports::{Campaign, OutputFile, Place, Written};
use crate::app::run_batch::{JudgedPerson, Verdicts};
use crate::app::verdict;
use crate::domain::hash::StableHasher;
use crate::render;

/// The file that verdicts go to.
pub(crate) struct VerdictFile {
    out: OutputFile,
    bytes: u64,
    hash: StableHasher,
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
        Ok(Self {
            out: place.create()?,
            bytes: 0,
            hash: StableHasher::default(),
            lasts,
        })
    }

    /// Goes on with the file that an interrupted command has written so much of; nothing where that is gone.
    pub(crate) fn resume(place: &Place, written: Written) -> Result<Option<Self>, Error> {
        let mut hash = StableHasher::default();
        let out = place.resume(written.bytes, &mut |start| {
            hash = hash_of(start)?;
            Ok(hash.finish() == written.hash)
        })?;
        let Some(out) = out else { return Ok(None) };
        Ok(Some(Self {
            out,
            bytes: written.bytes,
            hash,
            lasts: true,
        }))
    }

    /// Returns whether the file is complete and has its name.
    pub(crate) fn is_published(place: &Place, written: Written) -> Result<bool, Error> {
        Ok(place.holds(written.bytes, &mut |all| {
            Ok(hash_of(all)?.finish() == written.hash)
        })?)
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
        self.record(&header)
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
        Ok(self.out.publish()?)
    }

    fn record(&mut self, cells: &[String]) -> Result<(), Error> {
        let mut record = Vec::new();
        let written =
            render::csv::record(&mut record, cells).and_then(|()| self.out.write_all(&record));
        written.map_err(|cause| self.out.unwritable(cause))?;
        self.bytes += record.len() as u64;
        self.hash.piece(&record);
        Ok(())
    }
}

fn hash_of(bytes: &mut dyn Read) -> io::Result<StableHasher> {
    let mut hash = StableHasher::default();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match bytes.read(&mut buffer)? {
            0 => return Ok(hash),
            read => hash.piece(&buffer[..read]),
        }
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
        self.file.record(&cells)
    }

    fn sync(&mut self) -> Result<Written, Error> {
        self.head()?;
        let file = &mut *self.file;
        if file.lasts {
            file.out.sync()?;
            file.out.keep()?;
        }
        Ok(Written {
            bytes: file.bytes,
            hash: file.hash.finish(),
        })
    }
}
