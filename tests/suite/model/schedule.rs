//! The clock passing: waits that fall due and batch occurrences, in order.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, Weekday};

use super::calendar::{Micros, Zone};
use super::definition::{Repeat, Schedule};
use super::happening::Model;

impl Model<'_> {
    /// Lets the clock pass to an instant; what is due at one instant is waits first, then runs by name.
    pub fn advance(&mut self, loaded: Micros, to: Micros) {
        let after = self.world.watermark.unwrap_or(Micros::MIN).max(loaded);
        let mut due: Vec<(Micros, String, usize)> = Vec::new();
        for (index, campaign) in self.workspace.campaigns.iter().enumerate() {
            if let Some(schedule) = &campaign.schedule {
                let instants = occurrences(schedule, self.workspace.zone, to);
                let name = self.workspace.full_name(index);
                due.extend(
                    instants
                        .into_iter()
                        .filter(|at| *at > after)
                        .map(|at| (at, name.clone(), index)),
                );
            }
        }
        due.sort();
        for (at, _, campaign) in due {
            self.wake_until(at);
            self.run(campaign, at);
        }
        self.wake_until(to);
        self.world.watermark = self.world.watermark.max(Some(to));
    }
}

/// Every instant of a schedule up to the last.
fn occurrences(schedule: &Schedule, zone: Zone, last: Micros) -> Vec<Micros> {
    let days = (0..2000).map(|n| schedule.first + Days::new(n));
    days.take_while(|day| schedule.ends.is_none_or(|ends| *day <= ends))
        .filter(|day| happens_on(schedule, *day))
        .map(|day| zone.instant(NaiveDateTime::new(day, schedule.time)))
        .take_while(|at| *at <= last)
        .collect()
}

fn happens_on(schedule: &Schedule, day: NaiveDate) -> bool {
    let since = (day - schedule.first).num_days();
    match &schedule.repeat {
        Repeat::Once => since == 0,
        Repeat::Daily {
            every,
            weekdays_only,
        } => {
            let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
            since % i64::from(*every) == 0 && !(*weekdays_only && weekend)
        }
        Repeat::Weekly { every, weekdays } => {
            let week = since / 7 % i64::from(*every) == 0;
            week && weekdays.contains(&day.weekday())
        }
        Repeat::Monthly { day: wanted } => {
            let next_month = day.with_day(1).unwrap() + chrono::Months::new(1);
            let last = (next_month - Days::new(1)).day();
            day.day() == (*wanted).min(last)
        }
    }
}
