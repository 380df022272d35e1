//! Schedules and qualification rules in words.

use chrono::Datelike as _;

use crate::campaign::{MonthDay, Qualification, Repeat, Schedule};
use crate::domain::Zone;

use super::actions::{clock, name, names};

/// Returns when a campaign runs: `monthly on day 1 at 09:00 from 2026-12-01 to 2027-06-30, America/Los_Angeles`.
pub(crate) fn schedule(schedule: &Schedule) -> String {
    let time = clock(schedule.time);
    let first = schedule.first_day;
    let zone = schedule.zone.name();
    let rhythm = match &schedule.repeat {
        Repeat::Once => return format!("once, on {first} at {time}, {zone}"),
        Repeat::Daily {
            every,
            weekdays_only,
        } => {
            let days = if *weekdays_only { "weekday" } else { "day" };
            each(*every, days)
        }
        Repeat::Weekly { every, weekdays } if weekdays.is_empty() => each(*every, "week"),
        Repeat::Weekly { every, weekdays } => {
            format!("{} on {}", each(*every, "week"), names(weekdays, " and "))
        }
        Repeat::Monthly { every, day } => match day {
            MonthDay::Day(day) => format!("{} on day {day}", each(*every, "month")),
            MonthDay::Weekday { week, weekday } => format!(
                "{} on the {} {}",
                each(*every, "month"),
                ordinal(*week),
                name(*weekday)
            ),
        },
    };
    let ends = schedule
        .ends
        .map_or_else(String::new, |ends| format!(" to {ends}"));
    format!("{rhythm} at {time} from {first}{ends}, {zone}")
}

/// Returns how a schedule repeats, and when on the day: `daily 03:00`, `monthly on day 1 09:00 America/Los_Angeles`. The zone
/// is left out where it is that of the workspace.
pub(crate) fn rule(schedule: &Schedule, home: &Zone) -> String {
    let time = clock(schedule.time);
    let rhythm = match &schedule.repeat {
        Repeat::Once => "once".to_owned(),
        Repeat::Daily {
            every: 1,
            weekdays_only,
        } => if *weekdays_only { "weekdays" } else { "daily" }.to_owned(),
        Repeat::Daily {
            every,
            weekdays_only,
        } => {
            let on = if *weekdays_only { " on weekdays" } else { "" };
            format!("every {every} days{on}")
        }
        Repeat::Weekly { every, weekdays } => {
            let own = [schedule.first_day.weekday()];
            let days = if weekdays.is_empty() {
                &own[..]
            } else {
                weekdays
            };
            let often = often(*every, "weekly", "weeks");
            format!("{often} on {}", names(days, " and "))
        }
        Repeat::Monthly { every, day } => {
            let often = often(*every, "monthly", "months");
            match day {
                MonthDay::Day(day) => format!("{often} on day {day}"),
                MonthDay::Weekday { week, weekday } => {
                    format!("{often} on the {} {}", ordinal(*week), name(*weekday))
                }
            }
        }
    };
    if schedule.zone == *home {
        format!("{rhythm} {time}")
    } else {
        format!("{rhythm} {time} {}", schedule.zone.name())
    }
}

fn often(every: u32, one: &str, units: &str) -> String {
    if every == 1 {
        one.to_owned()
    } else {
        format!("every {every} {units}")
    }
}

fn each(every: u32, unit: &str) -> String {
    if every == 1 {
        format!("every {unit}")
    } else {
        format!("every {every} {unit}s")
    }
}

fn ordinal(week: u32) -> String {
    match week {
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        4 => "fourth".to_owned(),
        other => format!("{other}th"),
    }
}

/// Returns how often one person may enter.
pub(crate) fn qualification(rule: Qualification) -> String {
    match rule {
        Qualification::OnlyOnce => "may enter only once".to_owned(),
        Qualification::EveryTime => "may enter every time".to_owned(),
        Qualification::OnceEvery(window) => format!("may enter once every {window}"),
    }
}
