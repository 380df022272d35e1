//! Random workspaces: fields, lists, programs and three to eight campaigns.

use chrono::{NaiveTime, Weekday};

use super::calendar::{Span, Unit, Zone};
use super::definition::{
    Campaign, Email, Field, Logic, Mode, MonthDay, Priority, Program, Qualification, Repeat,
    Schedule, Status, Workspace,
};
use super::dice::Dice;
use super::random_filters::{Filters, Place, logic};
use super::random_flow::{Flows, takes_requests};
use super::random_values::Around;
use super::value::Kind;

pub(crate) fn workspace(dice: &mut Dice, around: Around) -> Workspace {
    let mut workspace = Workspace {
        zone: *dice.pick(&[Zone::Utc, Zone::NewYork, Zone::Berlin]),
        monday: dice.chance(30),
        per_day: dice.maybe(30, |dice| u32::try_from(dice.number(1, 2)).unwrap()),
        per_7_days: dice.maybe(30, |dice| u32::try_from(dice.number(1, 3)).unwrap()),
        cascade: if dice.chance(60) { (20, 40) } else { (3, 6) },
        fields: fields(),
        lists: names(&["Readers", "Customers", "Competitors"]),
        emails: if dice.chance(60) {
            emails()
        } else {
            Vec::new()
        },
        programs: programs(dice),
        tokens: vec![
            ("Company".to_owned(), "Example Ltd".to_owned()),
            ("Phone".to_owned(), "+1 555".to_owned()),
        ],
        smart_lists: Vec::new(),
        campaigns: Vec::new(),
    };
    for name in ["Engaged", "Quiet"] {
        let filters = Filters {
            workspace: &workspace,
            around,
        };
        let filters = (0..dice.count(1, 2))
            .map(|_| filters.filter(dice, Place::SmartList, 1))
            .collect();
        workspace.smart_lists.push((name.to_owned(), filters));
    }
    campaigns(dice, around, &mut workspace);
    workspace
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A handful of standard fields and one custom field of each type.
fn fields() -> Vec<Field> {
    let standard = [
        ("state", Kind::String),
        ("lead_score", Kind::Score),
        ("unsubscribed", Kind::Boolean),
        ("marketing_suspended", Kind::Boolean),
        ("email_invalid", Kind::Boolean),
        ("black_listed", Kind::Boolean),
        ("email_suspended", Kind::Boolean),
        ("email_suspended_at", Kind::Datetime),
    ];
    let custom = [
        ("plan", Kind::String),
        ("notes", Kind::Text),
        ("fit", Kind::Score),
        ("seats", Kind::Integer),
        ("ratio", Kind::Float),
        ("spend", Kind::Currency),
        ("renewal", Kind::Date),
        ("last_seen", Kind::Datetime),
        ("vip", Kind::Boolean),
    ];
    let field = |custom: bool| {
        move |(name, kind): (&str, Kind)| Field {
            name: name.to_owned(),
            kind,
            custom,
        }
    };
    standard
        .into_iter()
        .map(field(false))
        .chain(custom.into_iter().map(field(true)))
        .collect()
}

fn emails() -> Vec<Email> {
    let email = |name: &str, operational| Email {
        name: name.to_owned(),
        operational,
    };
    vec![
        email("spring", false),
        email("autumn", false),
        email("receipt", true),
    ]
}

fn programs(dice: &mut Dice) -> Vec<Program> {
    let status = |name: &str, step, success| Status {
        name: name.to_owned(),
        step,
        success,
    };
    let webinar = Program {
        name: "Webinar".to_owned(),
        statuses: vec![
            status("Invited", 10, false),
            status("Registered", 20, false),
            status("No show", 30, false),
            status("Attended", 30, true),
        ],
        tokens: vec![("Company".to_owned(), "Webinar Ltd".to_owned())],
    };
    let letter = Program {
        name: "Letter".to_owned(),
        statuses: vec![
            status("Sent", 1, false),
            status("Engaged", 2, dice.chance(50)),
        ],
        tokens: Vec::new(),
    };
    vec![webinar, letter]
}

/// First what each campaign is, then who enters, then what happens: later parts refer to earlier ones.
fn campaigns(dice: &mut Dice, around: Around, workspace: &mut Workspace) {
    for index in 0..dice.count(3, 8) {
        let mode = match index {
            0 => Mode::Batch,
            1 => Mode::Triggered,
            _ => *dice.pick(&[
                Mode::Batch,
                Mode::Triggered,
                Mode::Triggered,
                Mode::Executable,
            ]),
        };
        workspace.campaigns.push(outline(dice, around, mode, index));
    }
    for index in 0..workspace.campaigns.len() {
        let place = workspace.campaigns[index]
            .program
            .map_or(Place::Elsewhere, Place::InProgram);
        let mode = workspace.campaigns[index].mode;
        let filters = Filters { workspace, around };
        let few = mode != Mode::Batch && dice.chance(60);
        let count = dice.count(usize::from(mode == Mode::Batch), if few { 0 } else { 3 });
        let chosen: Vec<_> = (0..count).map(|_| filters.filter(dice, place, 0)).collect();
        let requested = dice.chance(45);
        let triggers = if mode == Mode::Triggered {
            filters.triggers(dice, requested)
        } else {
            Vec::new()
        };
        let campaign = &mut workspace.campaigns[index];
        campaign.logic = logic(dice, chosen.len(), mode);
        campaign.filters = chosen;
        campaign.triggers = triggers;
    }
    // The last first, so that it is known how deep each executable calls others.
    let mut levels = vec![0; workspace.campaigns.len()];
    for index in (0..workspace.campaigns.len()).rev() {
        let executable = workspace.campaigns[index].mode == Mode::Executable;
        let deepest = if executable { 2 } else { 3 };
        let flows = flows(workspace, around, index, |i| levels[i] <= deepest);
        let below = flows.executes.iter().map(|i| levels[*i]).max().unwrap_or(0);
        levels[index] = if executable { below + 1 } else { 0 };
        let flow = flows.flow(dice);
        workspace.campaigns[index].flow = flow;
    }
}

/// What makes the flow of one campaign, which calls later ones alone.
fn flows(
    workspace: &Workspace,
    around: Around,
    campaign: usize,
    may_execute: impl Fn(usize) -> bool,
) -> Flows<'_> {
    let later = || {
        let later = campaign + 1..workspace.campaigns.len();
        later.map(|i| (i, &workspace.campaigns[i]))
    };
    Flows {
        workspace,
        around,
        campaign,
        requests: later()
            .filter(|(_, c)| takes_requests(&c.triggers))
            .map(|(i, _)| i)
            .collect(),
        executes: later()
            .filter(|(i, c)| c.mode == Mode::Executable && may_execute(*i))
            .map(|(i, _)| i)
            .collect(),
    }
}

/// Another version of a workspace: some flows are other ones. What is executed stays, so that nothing gets too deep.
pub(crate) fn changed(dice: &mut Dice, around: Around, workspace: &Workspace) -> Workspace {
    let mut changed = workspace.clone();
    for (index, campaign) in changed.campaigns.iter_mut().enumerate() {
        if campaign.mode != Mode::Executable && dice.chance(60) {
            let flows = flows(workspace, around, index, |_| true);
            campaign.flow = flows.changed(dice, &campaign.flow);
        }
    }
    changed
}

fn outline(dice: &mut Dice, around: Around, mode: Mode, index: usize) -> Campaign {
    let words = [
        "Welcome",
        "Follow up",
        "Nurture",
        "Score",
        "Alert",
        "Clean",
        "Renew",
        "Invite",
    ];
    Campaign {
        name: words[index].to_owned(),
        program: dice.maybe(50, |dice| dice.index(2)),
        mode,
        triggers: Vec::new(),
        filters: Vec::new(),
        logic: Logic::All,
        flow: Vec::new(),
        qualification: match dice.index(4) {
            0 | 1 => Qualification::EveryTime,
            2 => Qualification::OnlyOnce,
            _ => Qualification::OnceEvery(span(dice)),
        },
        priority: if mode == Mode::Triggered {
            dice.maybe(30, |dice| {
                *dice.pick(&[Priority::High, Priority::Medium, Priority::Low])
            })
        } else {
            None
        },
        active: mode == Mode::Triggered && dice.chance(85),
        obeys_limits: dice.chance(60),
        schedule: if mode == Mode::Batch {
            dice.maybe(50, |dice| schedule(dice, around))
        } else {
            None
        },
    }
}

fn span(dice: &mut Dice) -> Span {
    let unit = *dice.pick(&[Unit::Hour, Unit::Hour, Unit::Day, Unit::Week]);
    let count = if unit == Unit::Hour {
        dice.number(1, 40)
    } else {
        dice.number(1, 2)
    };
    Span {
        count: u32::try_from(count).unwrap(),
        unit,
    }
}

/// A schedule of any kind, whose first runs lie around a day.
pub(crate) fn schedule(dice: &mut Dice, around: Around) -> Schedule {
    let first = around.0 + chrono::Duration::days(dice.number(-40, 20));
    let number = |dice: &mut Dice, last| u32::try_from(dice.number(1, last)).unwrap();
    let all = [
        Weekday::Mon,
        Weekday::Tue,
        Weekday::Wed,
        Weekday::Thu,
        Weekday::Fri,
        Weekday::Sat,
        Weekday::Sun,
    ];
    let repeat = match dice.index(5) {
        0 => Repeat::Once,
        1 => Repeat::Daily {
            every: number(dice, 4),
            weekdays_only: dice.chance(30),
        },
        2 => Repeat::Weekly {
            every: number(dice, 3),
            weekdays: dice.some(&all),
        },
        3 => Repeat::Monthly {
            every: number(dice, 2),
            day: MonthDay::Day(*dice.pick(&[1, 15, 29, 30, 31])),
        },
        _ => Repeat::Monthly {
            every: number(dice, 2),
            day: MonthDay::Nth(number(dice, 4), *dice.pick(&all)),
        },
    };
    // Long enough to run at all: a schedule that never runs is a fault.
    let lasts = match repeat {
        Repeat::Monthly { .. } => (95, 150),
        Repeat::Once | Repeat::Daily { .. } | Repeat::Weekly { .. } => (31, 60),
    };
    Schedule {
        first,
        time: NaiveTime::from_hms_opt(number(dice, 23), *dice.pick(&[0, 30]), 0).unwrap(),
        repeat,
        ends: dice.maybe(30, |dice| {
            first + chrono::Duration::days(dice.number(lasts.0, lasts.1))
        }),
        zone: dice.maybe(30, |dice| {
            *dice.pick(&[Zone::Utc, Zone::NewYork, Zone::Berlin])
        }),
    }
}
