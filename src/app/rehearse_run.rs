//! `campaign run --dry-run --until`: a run and what follows from it after its waits, on a copy of the database.
//!
//! The copy takes the run as the database would, then its waits and all others end, each at its own instant. Nothing
//! scheduled runs on the way. What comes out is what running, and then `advance` without schedules, would do.

use crate::campaign::{Campaign, StepKind};
use crate::domain::{CampaignId, Duration, Instant, RunId, Unit};
use crate::results::{Rehearsed, WaitCount};
use crate::store::Store;

use super::advance::elapse;
use super::run_batch::{self, BatchRun, Ran, add_flows, run_batch};
use super::{Control, Cutting, Error, ErrorKind, Session, UserError, campaign_counts};

/// How far a dry run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    /// Up to an instant.
    Instant(Instant),
    /// Until nobody of the run waits, at most two years.
    Done,
}

/// How long a dry run goes on that ends when nobody waits.
const LONGEST: Duration = Duration {
    count: 2,
    unit: Unit::Year,
};

/// Runs a campaign on a copy of the database, and lets time pass there.
pub(crate) fn rehearse_run(
    store: &Store,
    session: &Session<'_>,
    campaign: CampaignId,
    mut options: run_batch::Options<'_>,
    until: Until,
    control: &mut Control<'_>,
) -> Result<BatchRun, Error> {
    options.purpose = run_batch::Purpose::Rehearsal;
    let now = options.now;
    check(until, now)?;
    let mut copy = store.scratch()?;
    let ran = run_batch(&mut copy, session, campaign, options, control)?;
    let BatchRun::Ran(mut ran) = ran else {
        return Ok(ran);
    };
    if let Some(run) = ran.summary.run_id.take().map(RunId) {
        let mut rest = Rest {
            session,
            campaign: session.workspace().campaign(campaign),
            run,
            ran: *ran,
        };
        let reached = rest.go(&mut copy, until, now, control)?;
        ran = Box::new(rest.end(&copy, reached)?);
    }
    Ok(BatchRun::Ran(ran))
}

fn check(until: Until, now: Instant) -> Result<(), UserError> {
    match until {
        Until::Instant(at) if at < now => Err(UserError::new(
            ErrorKind::State,
            format!("the run is at {now}, and `--until` names {at}: the clock does not go back"),
        )
        .help("give a later instant, or `--until done`")),
        Until::Instant(_) | Until::Done => Ok(()),
    }
}

/// A run on a copy, and what has followed from it so far.
struct Rest<'a> {
    session: &'a Session<'a>,
    campaign: &'a Campaign,
    run: RunId,
    ran: Ran,
}

impl Rest<'_> {
    /// Lets time pass as far as is wanted, and returns how far that was.
    fn go(
        &mut self,
        copy: &mut Store,
        until: Until,
        now: Instant,
        control: &mut Control<'_>,
    ) -> Result<Instant, Error> {
        let last = match until {
            Until::Instant(at) => {
                self.pass(copy, at, control)?;
                return Ok(at);
            }
            Until::Done => LONGEST.after(now, &self.session.workspace().zone),
        };
        let mut reached = now;
        while let Some(due) = copy.last_due_of(self.run)?
            && reached < last
        {
            reached = due.min(last);
            self.pass(copy, reached, control)?;
        }
        Ok(reached)
    }

    /// Lets time pass up to an instant.
    fn pass(
        &mut self,
        copy: &mut Store,
        at: Instant,
        control: &mut Control<'_>,
    ) -> Result<(), Error> {
        let begun = std::mem::take(&mut self.ran.begun);
        let mut tally = elapse(copy, self.session, at, begun, control)?;
        let ran = &mut self.ran;
        let flows = tally.runs.remove(&self.run).unwrap_or_default();
        let counts = &mut ran.summary.counts;
        add_flows(counts, self.campaign, &flows);
        ran.flows.add(flows);
        counts.blocked_people = ran.flows.blocked_people.len();
        counts.cut += tally.cut;
        ran.entries += tally.entries;
        ran.cuts
            .extend(Cutting::all(self.session.workspace(), &tally.cuts));
        campaign_counts::add(&mut ran.campaigns, &tally.campaigns);
        ran.begun = tally.take_begun();
        Ok(())
    }

    /// Counts who still waits, and ends.
    fn end(self, copy: &Store, until: Instant) -> Result<Ran, Error> {
        let mut ran = self.ran;
        let counts = &mut ran.summary.counts;
        let waiting = copy.run(self.run)?.map_or(0, |run| run.waiting);
        counts.finished += counts.waiting.saturating_sub(waiting);
        counts.waiting = waiting;
        let flows = &ran.flows;
        let waits = (1..).zip(&self.campaign.flow).map(|(number, step)| {
            let counts = flows.steps.get(&(self.campaign.id, number));
            let waits = counts.map(|counts| counts.waits).unwrap_or_default();
            (step.kind == StepKind::Wait).then_some(WaitCount {
                waited: waits.waited,
                first_wake: waits.span.map(|(first, _)| first),
                last_wake: waits.span.map(|(_, last)| last),
            })
        });
        ran.summary.rehearsed = Some(Rehearsed {
            until,
            waits: waits.collect(),
            campaigns: campaign_counts::rows(self.session.workspace(), &ran.campaigns),
        });
        Ok(ran)
    }
}
