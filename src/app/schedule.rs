//! `campaign schedule`: the coming occurrences of scheduled batch campaigns, and what each does until people wait.
//!
//! What comes after a wait is left out, since it happens at other times; trigger campaigns have no times at all.
//! Source: the program schedule view of the reference. Recurring campaigns, which Marketo leaves out, are shown.

use chrono::{Datelike as _, Weekday};

use crate::campaign::{
    Campaign, MonthDay, Occurrence, Repeat, Schedule, StartedCampaign, Step, StepKind, Workspace,
};
use crate::domain::hash::stable_hash;
use crate::domain::text::fold;
use crate::domain::{CampaignId, Instant, Mode};
use crate::filter::operator::WeekStart;
use crate::results::{OccurrenceRow, Recurrence, RuleEvent, RuleRow, ScheduleView, WeekBegins};
use crate::store::Store;

use super::scheduled::schedules;
use super::stored_workspace::StoredWorkspace;
use super::{Error, ErrorKind, UserError, show};

/// Returns what is coming between two instants, both included.
///
/// Nothing that `advance` has gone past is still to come.
pub(crate) fn schedule(
    store: &Store,
    opened: &StoredWorkspace,
    only: Option<CampaignId>,
    from: Instant,
    until: Instant,
) -> Result<ScheduleView, Error> {
    if until < from {
        let message = format!("{until} is before {from}: nothing lies between");
        return Err(UserError::new(ErrorKind::Usage, message)
            .help("give `--until` a later time than `--from`")
            .into());
    }
    let workspace = &opened.workspace;
    let watermark = store.watermark()?;
    let mut occurrences = Vec::new();
    let mut rules = Vec::new();
    let wanted = |campaign: &Campaign| only.is_none_or(|only| only == campaign.id);
    for (campaign, schedule, brought) in schedules(opened).filter(|(one, ..)| wanted(one)) {
        let after = watermark.map_or(brought, |watermark| watermark.max(brought));
        let words = show::rule(schedule, &workspace.zone);
        let row = OccurrenceRow {
            time_zone: schedule.zone.name().to_owned(),
            rule: words.clone(),
            ..row(campaign, workspace, brought)
        };
        let coming: Vec<Occurrence> = schedule
            .after(after, workspace.week_start)
            .skip_while(|occurrence| occurrence.at < from)
            .take_while(|occurrence| occurrence.at <= until)
            .collect();
        let rows: Vec<OccurrenceRow> = coming.iter().map(|one| occurrence(&row, *one)).collect();
        if let (Some(first), Some(last)) = (rows.first(), coming.last()) {
            rules.push(RuleRow {
                first: first.clone(),
                words,
                count: rows.len(),
                last_day: last.local.date(),
                zone: schedule.zone.clone(),
                until: last.at,
                events: events(schedule, workspace.week_start, &coming, &rows),
            });
        }
        occurrences.extend(rows);
    }
    let order = |a: &OccurrenceRow, b: &OccurrenceRow| {
        (&a.program, a.at, &a.campaign).cmp(&(&b.program, b.at, &b.campaign))
    };
    occurrences.sort_by(order);
    rules.sort_by(|a: &RuleRow, b: &RuleRow| order(&a.first, &b.first));
    Ok(ScheduleView {
        from: workspace.zone.date(from),
        until: workspace.zone.date(until),
        week: match workspace.week_start {
            WeekStart::Sunday => WeekBegins::Sunday,
            WeekStart::Monday => WeekBegins::Monday,
        },
        occurrences,
        rules,
    })
}

/// Returns why a campaign has no schedule, if it has none.
pub(crate) fn no_schedule(
    opened: &StoredWorkspace,
    name: &str,
) -> Result<(CampaignId, Option<String>), Error> {
    let campaign = opened.find_valid(name)?;
    let name = &campaign.full_name;
    let why = match (campaign.mode, &campaign.schedule) {
        (Mode::Batch, Some(_)) => None,
        (Mode::Batch, None) => Some(format!(
            "it runs when `bugle campaign run \"{name}\"` says so"
        )),
        (Mode::Triggered, _) => {
            let now = if opened.is_active(campaign.id) {
                "it is active".to_owned()
            } else {
                format!("it is inactive until `bugle campaign activate \"{name}\"`")
            };
            Some(format!(
                "a trigger campaign takes one person at a time, whenever one of its triggers fires; {now}"
            ))
        }
        (Mode::Executable, _) => Some(
            "an executable campaign runs when a step `execute_campaign` of another one calls it"
                .to_owned(),
        ),
    };
    Ok((campaign.id, why))
}

/// Makes the row of an occurrence out of what all of its campaign have in common.
fn occurrence(row: &OccurrenceRow, occurrence: Occurrence) -> OccurrenceRow {
    let local = occurrence.local.format("%Y-%m-%dT%H:%M:%S").to_string();
    OccurrenceRow {
        at: occurrence.at,
        uid: uid(&row.campaign, &local),
        local,
        ..row.clone()
    }
}

/// Returns the occurrences as calendar programs repeat them.
///
/// A time that a change of the clock skips or repeats is read differently by different programs: it stands apart, and the
/// rule begins anew after it.
fn events(
    schedule: &Schedule,
    week: WeekStart,
    coming: &[Occurrence],
    rows: &[OccurrenceRow],
) -> Vec<RuleEvent> {
    let is_plain = |one: &Occurrence| schedule.zone.is_plain(one.local);
    let mut events = Vec::new();
    let mut rows = rows.iter();
    let mut begins = schedule.first_day.format("%Y%m%d").to_string();
    for part in coming.chunk_by(|a, b| is_plain(a) && is_plain(b)) {
        let mut named = rows.by_ref().take(part.len());
        let (Some(first), Some(last), Some(row)) = (part.first(), part.last(), named.next()) else {
            continue;
        };
        named.for_each(drop);
        if is_plain(first) {
            events.push(RuleEvent::Repeated(Recurrence {
                start: first.local,
                rule: (part.len() > 1).then(|| rule(schedule, week)).flatten(),
                until: last.at,
                uid: uid(&row.campaign, &begins),
            }));
        } else {
            begins = format!("{}after", row.local);
            events.push(RuleEvent::Apart(row.clone()));
        }
    }
    events
}

/// Returns a schedule as the rule of a calendar, without its end.
fn rule(schedule: &Schedule, week: WeekStart) -> Option<String> {
    let interval = |every: u32| match every {
        1 => String::new(),
        every => format!(";INTERVAL={every}"),
    };
    Some(match &schedule.repeat {
        Repeat::Once => return None,
        Repeat::Daily {
            every,
            weekdays_only,
        } => {
            let days = if *weekdays_only {
                ";BYDAY=MO,TU,WE,TH,FR"
            } else {
                ""
            };
            format!("FREQ=DAILY{}{days}", interval(*every))
        }
        Repeat::Weekly { every, weekdays } => {
            let days = if weekdays.is_empty() {
                vec![schedule.first_day.weekday()]
            } else {
                weekdays.clone()
            };
            let days: Vec<&str> = days.into_iter().map(day).collect();
            let first = match week {
                WeekStart::Sunday => "SU",
                WeekStart::Monday => "MO",
            };
            let every = interval(*every);
            format!("FREQ=WEEKLY{every};BYDAY={};WKST={first}", days.join(","))
        }
        Repeat::Monthly { every, day: on } => {
            let on = match on {
                // A shorter month has the last of these days that it has.
                MonthDay::Day(number @ 29..) => {
                    let days: Vec<String> = (28..=*number).map(|day| day.to_string()).collect();
                    format!("BYMONTHDAY={};BYSETPOS=-1", days.join(","))
                }
                MonthDay::Day(number) => format!("BYMONTHDAY={number}"),
                MonthDay::Weekday { week, weekday } => format!("BYDAY={week}{}", day(*weekday)),
            };
            format!("FREQ=MONTHLY{};{on}", interval(*every))
        }
    })
}

fn day(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}

/// Makes what all occurrences of a campaign have in common.
fn row(campaign: &Campaign, workspace: &Workspace, scheduled_from: Instant) -> OccurrenceRow {
    let program = campaign.program.and_then(|id| workspace.program(id));
    let before_wait = campaign
        .flow
        .iter()
        .take_while(|step| step.kind != StepKind::Wait);
    OccurrenceRow {
        at: scheduled_from,
        campaign: campaign.full_name.to_string(),
        mode: campaign.mode,
        program: program.map(|program| program.name.clone()),
        local: String::new(),
        time_zone: String::new(),
        rule: String::new(),
        sends_email: sends_email(workspace, campaign.id, 0),
        steps: before_wait
            .enumerate()
            .map(|(place, step)| show::step_in_short(place, step, workspace))
            .collect(),
        scheduled_from,
        uid: String::new(),
    }
}

/// How deep campaigns may execute each other.
const EXECUTES: u32 = 3;

/// Returns whether a step up to the first wait sends an email, or executes a campaign that does.
fn sends_email(workspace: &Workspace, campaign: CampaignId, depth: u32) -> bool {
    workspace
        .campaign(campaign)
        .flow
        .iter()
        .take_while(|step| step.kind != StepKind::Wait)
        .flat_map(Step::actions)
        .any(|action| {
            let effects = action.effects();
            let executed = match effects.starts {
                Some(StartedCampaign::Executed(campaign)) if depth < EXECUTES => Some(campaign),
                Some(StartedCampaign::Executed(_) | StartedCampaign::Requested(_)) | None => None,
            };
            effects.email.is_some()
                || executed.is_some_and(|campaign| sends_email(workspace, campaign, depth + 1))
        })
}

/// Names an occurrence; two campaigns whose names look alike stay two.
fn uid(full_name: &str, local: &str) -> String {
    let name = stable_hash(&[fold(full_name).as_bytes()]);
    let local: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{local}-{name:016x}@bugle")
}
