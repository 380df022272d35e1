//! Schedules, and when their occurrences are.
//!
//! Days are counted on the calendar and turned into instants last, so that daylight saving moves no
//! occurrence by more than it must: a skipped local time is the first instant after the gap, one that
//! happens twice is the first. The 31st of a shorter month is its last day.

#[cfg(test)]
mod table_tests;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

use crate::domain::{Instant, Zone};
use crate::filter::operator::WeekStart;

/// When a batch campaign runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// The earliest day.
    pub(crate) first_day: NaiveDate,
    /// The time of day.
    pub(crate) time: NaiveTime,
    /// How it repeats.
    pub(crate) repeat: Repeat,
    /// The last day, included.
    pub(crate) ends: Option<NaiveDate>,
    /// The zone of the schedule's clock times.
    pub(crate) zone: Zone,
}

/// How a schedule repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It does not: the campaign runs once.
    Once,
    /// Every so many days.
    Daily {
        /// Every N days.
        every: u32,
        /// Not on Saturdays and Sundays.
        weekdays_only: bool,
    },
    /// On these weekdays of every so many weeks.
    Weekly {
        /// Every N weeks.
        every: u32,
        /// Which days; the first run's own where none is written.
        weekdays: Vec<Weekday>,
    },
    /// On one day of every so many months.
    Monthly {
        /// Every N months.
        every: u32,
        /// Which day.
        day: MonthDay,
    },
}

/// A day of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MonthDay {
    /// The N-th, or the last of a shorter month.
    Day(u32),
    /// The N-th such weekday.
    Weekday {
        /// 1 to 4.
        week: u32,
        /// The day of the week.
        weekday: Weekday,
    },
}

/// One occurrence: the local time by which it is known, and its instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Occurrence {
    /// In the schedule's zone.
    pub(crate) local: NaiveDateTime,
    /// When it is.
    pub(crate) at: Instant,
}

/// The last year whose occurrences are counted.
const LAST_YEAR: i32 = 2199;

impl Schedule {
    /// Returns the occurrences in order, from the first run on.
    ///
    /// The weeks that `every` counts begin on the workspace's first day of the week.
    pub(crate) fn occurrences(
        &self,
        week_start: WeekStart,
    ) -> impl Iterator<Item = Occurrence> + '_ {
        self.days(week_start)
            .take_while(|day| self.ends.is_none_or(|end| *day <= end))
            .map(|day| day.and_time(self.time))
            .map(|local| Occurrence {
                local,
                at: self.zone.instant(local),
            })
    }

    /// Returns the occurrences after an instant.
    pub(crate) fn after(
        &self,
        instant: Instant,
        week_start: WeekStart,
    ) -> impl Iterator<Item = Occurrence> + '_ {
        self.occurrences(week_start)
            .skip_while(move |occurrence| occurrence.at <= instant)
    }

    fn days(&self, week_start: WeekStart) -> Box<dyn Iterator<Item = NaiveDate> + '_> {
        let first = self.first_day;
        match &self.repeat {
            Repeat::Once => Box::new(std::iter::once(first)),
            Repeat::Daily {
                every,
                weekdays_only,
            } => {
                let days = steps(first, move |day| {
                    day.checked_add_days(Days::new(u64::from(*every)))
                });
                Box::new(days.filter(move |day| !weekdays_only || !is_weekend(*day)))
            }
            Repeat::Weekly { every, weekdays } => {
                let chosen = if weekdays.is_empty() {
                    vec![first.weekday()]
                } else {
                    weekdays.clone()
                };
                let weeks = steps(start_of_week(first, week_start), move |week| {
                    week.checked_add_days(Days::new(7 * u64::from(*every)))
                });
                Box::new(
                    weeks
                        .flat_map(|week| {
                            (0..7).filter_map(move |day| week.checked_add_days(Days::new(day)))
                        })
                        .filter(move |day| *day >= first && chosen.contains(&day.weekday())),
                )
            }
            Repeat::Monthly { every, day } => {
                let months = (0u32..).map_while(move |count| {
                    let month = first
                        .with_day(1)?
                        .checked_add_months(Months::new(count.checked_mul(*every)?))?;
                    (month.year() <= LAST_YEAR).then_some(month)
                });
                Box::new(
                    months
                        .filter_map(|month| day_of(month, *day))
                        .filter(move |day| *day >= first),
                )
            }
        }
    }
}

fn steps(
    first: NaiveDate,
    next: impl Fn(NaiveDate) -> Option<NaiveDate>,
) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(Some(first), move |day| next(*day))
        .take_while(|day| day.year() <= LAST_YEAR)
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

fn start_of_week(day: NaiveDate, week_start: WeekStart) -> NaiveDate {
    let back = match week_start {
        WeekStart::Sunday => day.weekday().num_days_from_sunday(),
        WeekStart::Monday => day.weekday().num_days_from_monday(),
    };
    day.checked_sub_days(Days::new(u64::from(back)))
        .unwrap_or(day)
}

/// Returns the day of a month that is meant, given the month's first day.
fn day_of(month: NaiveDate, day: MonthDay) -> Option<NaiveDate> {
    match day {
        MonthDay::Day(day) => (1..=day).rev().find_map(|day| month.with_day(day)),
        MonthDay::Weekday { week, weekday } => NaiveDate::from_weekday_of_month_opt(
            month.year(),
            month.month(),
            weekday,
            u8::try_from(week).ok()?,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Zone;

    fn next(first: &str, zone: &str, repeat: Repeat, count: usize) -> Vec<String> {
        let first: NaiveDateTime = first.parse().unwrap();
        let zone = Zone::named(zone).unwrap();
        let schedule = Schedule {
            first_day: first.date(),
            time: first.time(),
            repeat,
            ends: None,
            zone,
        };
        schedule
            .occurrences(WeekStart::Sunday)
            .take(count)
            .map(|o| o.at.rfc3339())
            .collect()
    }

    #[test]
    fn the_31st_of_a_shorter_month_is_its_last_day() {
        let monthly = Repeat::Monthly {
            every: 1,
            day: MonthDay::Day(31),
        };
        assert_eq!(
            next("2027-01-31T09:00:00", "UTC", monthly, 3),
            [
                "2027-01-31T09:00:00Z",
                "2027-02-28T09:00:00Z",
                "2027-03-31T09:00:00Z"
            ]
        );
    }

    #[test]
    fn a_skipped_time_runs_after_the_gap_and_a_doubled_one_once() {
        let daily = Repeat::Daily {
            every: 1,
            weekdays_only: false,
        };
        assert_eq!(
            next("2026-03-28T02:30:00", "Europe/Berlin", daily.clone(), 3),
            [
                "2026-03-28T01:30:00Z",
                "2026-03-29T01:00:00Z",
                "2026-03-30T00:30:00Z"
            ]
        );
        assert_eq!(
            next("2026-10-25T02:30:00", "Europe/Berlin", daily, 2),
            ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]
        );
    }

    #[test]
    fn every_second_week_counts_calendar_weeks() {
        let weekly = Repeat::Weekly {
            every: 2,
            weekdays: vec![Weekday::Mon, Weekday::Thu],
        };
        assert_eq!(
            next("2026-12-03T09:00:00", "UTC", weekly, 3),
            [
                "2026-12-03T09:00:00Z",
                "2026-12-14T09:00:00Z",
                "2026-12-17T09:00:00Z"
            ]
        );
    }

    #[test]
    fn the_second_tuesday_of_each_month() {
        let monthly = Repeat::Monthly {
            every: 1,
            day: MonthDay::Weekday {
                week: 2,
                weekday: Weekday::Tue,
            },
        };
        assert_eq!(
            next("2026-12-01T10:00:00", "UTC", monthly, 2),
            ["2026-12-08T10:00:00Z", "2027-01-12T10:00:00Z"]
        );
    }

    #[test]
    fn weekdays_only_leaves_out_the_weekend() {
        let daily = Repeat::Daily {
            every: 1,
            weekdays_only: true,
        };
        assert_eq!(
            next("2026-12-04T09:00:00", "UTC", daily, 2),
            ["2026-12-04T09:00:00Z", "2026-12-07T09:00:00Z"]
        );
    }
}
