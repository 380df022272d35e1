//! Campaigns as a list, their members, and who waits in them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use rusqlite::Row;

use crate::domain::{CampaignStatus, Instant, Mode, PersonId, PersonNames, Text};
use crate::store::database::Store;
use crate::store::definitions::mode;
use crate::store::error::{Error, Result};
use crate::store::names::find_campaign;
use crate::store::row::{number, optional_text, person_names, text};
use crate::store::views::status;
use crate::store::waiting_count::WaitingCount;

/// A campaign in the list: the columns of `v_campaign`, and its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListedCampaign {
    /// Its full name.
    pub(crate) campaign: Text,
    /// The program's name.
    pub(crate) program: Option<Text>,
    /// The mode: batch, triggered or executable.
    pub(crate) mode: Mode,
    /// Its present status: scheduled, active, invalid and so on.
    pub(crate) status: CampaignStatus,
    /// Whether triggers reach it.
    pub(crate) active: bool,
    /// The newest version.
    pub(crate) version: u32,
    /// People who ever entered.
    pub(crate) members: u64,
    /// People whom a wait holds.
    pub(crate) held: Option<WaitingCount>,
    /// When it runs next.
    pub(crate) next_run_at: Option<Instant>,
    /// The file it was loaded from.
    pub(crate) file: String,
    /// Whether that file is gone.
    pub(crate) missing: bool,
}

/// A person who entered a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CampaignMember {
    /// The campaign.
    pub(crate) campaign: Text,
    /// The person; of one who was erased, only the number.
    pub(crate) who: PersonNames,
    /// When first.
    pub(crate) first_qualified_at: Instant,
    /// When last.
    pub(crate) last_qualified_at: Instant,
    /// How often.
    pub(crate) times: u32,
}

/// A person whom a wait holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PersonWaiting {
    /// The campaign.
    pub(crate) campaign: Text,
    /// The version whose steps follow.
    pub(crate) version: u32,
    /// The person.
    pub(crate) who: PersonNames,
    /// The wait's step, from 1.
    pub(crate) step: u32,
    /// The step's `id:`.
    pub(crate) step_id: Option<Text>,
    /// Its place among the flow's waits, from 1.
    pub(crate) wait_ordinal: u32,
    /// When it began.
    pub(crate) since: Instant,
    /// When it ends.
    pub(crate) until: Instant,
}

const MEMBERS: &str =
    "SELECT c.full_name, e.person_id, p.email, p.id, min(e.at), max(e.at), count(*)
    FROM entry e JOIN campaign c USING (campaign_id) LEFT JOIN person p USING (person_id)";

const WAITING: &str = "SELECT c.full_name, coalesce(w.finishes, c.version), w.person_id, p.email, p.id, w.step, w.step_id, w.wait_ordinal, w.since, w.until
    FROM wait w JOIN campaign c USING (campaign_id) LEFT JOIN person p USING (person_id)";

impl Store {
    /// Returns when people entered each campaign last, by full name; a campaign that nobody entered is left out.
    pub(crate) fn last_entries(&self) -> Result<BTreeMap<Text, Instant>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT c.full_name, max(e.at) FROM entry e JOIN campaign c USING (campaign_id) GROUP BY c.campaign_id",
        )?;
        let mut rows = statement.query([])?;
        let mut last = BTreeMap::new();
        while let Some(row) = rows.next()? {
            last.insert(Text::from(text(row, 0)?), Instant::from_micros(row.get(1)?));
        }
        Ok(last)
    }

    /// Returns all campaigns, by name.
    pub(crate) fn campaigns(&self) -> Result<Vec<ListedCampaign>> {
        let held = self.waiting_counts()?;
        let sql = format!(
            "SELECT c.full_name, c.program, c.mode, {status}, c.active, c.version, c.members, c.next_run_at, c.file,
                c.missing
             FROM campaign c ORDER BY c.key",
            status = status("c.campaign_id IN (SELECT campaign_id FROM wait)")
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut campaigns = Vec::new();
        while let Some(row) = rows.next()? {
            let name = text(row, 0)?;
            campaigns.push(ListedCampaign {
                held: held.get(name).copied(),
                campaign: Text::from(name),
                program: optional_text(row, 1)?.map(Text::from),
                mode: mode(text(row, 2)?)?,
                status: named_status(text(row, 3)?)?,
                active: row.get(4)?,
                version: number(row.get(5)?)?,
                members: row.get::<_, i64>(6)?.unsigned_abs(),
                next_run_at: row.get::<_, Option<i64>>(7)?.map(Instant::from_micros),
                file: row.get(8)?,
                missing: row.get(9)?,
            });
        }
        Ok(campaigns)
    }

    /// Gives everyone who entered a campaign up to an instant to `each`, in order of person, until there is none or it has
    /// enough.
    pub(crate) fn members(
        &self,
        campaign: &str,
        until: Instant,
        each: &mut dyn FnMut(CampaignMember) -> ControlFlow<()>,
    ) -> Result<()> {
        let Some(campaign) = find_campaign(&self.connection, campaign)? else {
            return Ok(());
        };
        let sql = format!(
            "{MEMBERS} WHERE e.campaign_id = ?1 AND e.at <= ?2 GROUP BY e.person_id ORDER BY e.person_id"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([campaign, until.micros()])?;
        while let Some(row) = rows.next()? {
            if each(member(row)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Returns the campaigns that a person entered, in the order in which they were first loaded.
    pub(crate) fn campaigns_of(&self, person: PersonId) -> Result<Vec<CampaignMember>> {
        let sql = format!(
            "{MEMBERS} WHERE e.person_id = ?1 GROUP BY e.campaign_id ORDER BY e.campaign_id"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([person.0])?;
        let mut members = Vec::new();
        while let Some(row) = rows.next()? {
            members.push(member(row)?);
        }
        Ok(members)
    }

    /// Returns who waits in a campaign, in the order in which they will go on.
    pub(crate) fn waiting(&self, campaign: &str) -> Result<Vec<PersonWaiting>> {
        let Some(campaign) = find_campaign(&self.connection, campaign)? else {
            return Ok(Vec::new());
        };
        self.waits_where("w.campaign_id = ?1", campaign)
    }

    /// Returns what a person waits in, in the order in which they will go on.
    pub(crate) fn waits_of(&self, person: PersonId) -> Result<Vec<PersonWaiting>> {
        self.waits_where("w.person_id = ?1", person.0)
    }

    fn waits_where(&self, condition: &'static str, value: i64) -> Result<Vec<PersonWaiting>> {
        let sql = format!("{WAITING} WHERE {condition} ORDER BY w.until, w.person_id, w.wait_id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([value])?;
        let mut waits = Vec::new();
        while let Some(row) = rows.next()? {
            waits.push(PersonWaiting {
                campaign: Text::from(text(row, 0)?),
                version: number(row.get(1)?)?,
                who: person_names(row, 2)?,
                step: number(row.get(5)?)?,
                step_id: optional_text(row, 6)?.map(Text::from),
                wait_ordinal: number(row.get(7)?)?,
                since: Instant::from_micros(row.get(8)?),
                until: Instant::from_micros(row.get(9)?),
            });
        }
        Ok(waits)
    }
}

/// Reads where a campaign stands.
fn named_status(name: &str) -> Result<CampaignStatus> {
    CampaignStatus::named(name)
        .ok_or_else(|| Error::Inconsistent("a campaign has an unknown status".to_owned()))
}

fn member(row: &Row<'_>) -> Result<CampaignMember> {
    Ok(CampaignMember {
        campaign: Text::from(text(row, 0)?),
        who: person_names(row, 1)?,
        first_qualified_at: Instant::from_micros(row.get(4)?),
        last_qualified_at: Instant::from_micros(row.get(5)?),
        times: number(row.get(6)?)?,
    })
}
