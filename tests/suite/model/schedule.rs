//! The clock passing: waits that fall due and batch occurrences, in order.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, Weekday};

use super::calendar::{Micros, Zone, rfc3339};
use super::definition::{MonthDay, Repeat, Schedule};
use super::dice::Dice;
use super::happening::Model;
use super::random_values::Around;
use super::random_workspace;
use super::yaml;
use crate::tool::Tool;

impl Model<'_> {
    /// Lets the clock pass to an instant; what is due at one instant is waits first, then runs by name.
    pub(crate) fn advance(&mut self, loaded: Micros, to: Micros) {
        let after = self.world.watermark.unwrap_or(Micros::MIN).max(loaded);
        let mut due: Vec<(Micros, String, usize)> = Vec::new();
        for (index, campaign) in self.workspace.campaigns.iter().enumerate() {
            if let Some(schedule) = &campaign.schedule {
                let instants =
                    occurrences(schedule, self.workspace.zone, self.workspace.monday, to);
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
pub(crate) fn occurrences(
    schedule: &Schedule,
    workspace: Zone,
    monday: bool,
    last: Micros,
) -> Vec<Micros> {
    let zone = schedule.zone.unwrap_or(workspace);
    let days = (0..2000).map(|n| schedule.first + Days::new(n));
    days.take_while(|day| schedule.ends.is_none_or(|ends| *day <= ends))
        .filter(|day| happens_on(schedule, *day, monday))
        .map(|day| zone.instant(NaiveDateTime::new(day, schedule.time)))
        .take_while(|at| *at <= last)
        .collect()
}

/// Asks each day by itself whether it is one of them.
fn happens_on(schedule: &Schedule, day: NaiveDate, monday: bool) -> bool {
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
            let weeks = (week_begin(day, monday) - week_begin(schedule.first, monday)).num_weeks();
            weeks % i64::from(*every) == 0 && weekdays.contains(&day.weekday())
        }
        Repeat::Monthly { every, day: wanted } => {
            let month = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month());
            (month(day) - month(schedule.first)) % i64::from(*every) == 0
                && is_day_of_month(day, *wanted)
        }
    }
}

fn is_day_of_month(day: NaiveDate, wanted: MonthDay) -> bool {
    let is_last = (day + Days::new(1)).day() == 1;
    match wanted {
        MonthDay::Day(number) => day.day() == number || (is_last && day.day() < number),
        MonthDay::Nth(nth, weekday) => day.weekday() == weekday && (day.day() - 1) / 7 + 1 == nth,
    }
}

fn week_begin(day: NaiveDate, monday: bool) -> NaiveDate {
    let first = if monday { Weekday::Mon } else { Weekday::Sun };
    let mut day = day;
    while day.weekday() != first {
        day = day - Days::new(1);
    }
    day
}

/// Both edges of daylight saving, leap days and year ends lie in what is compared: some four years of each schedule.
#[test]
#[ignore = "slow"]
fn random_schedules_run_when_the_model_says() {
    let mut runs = 0;
    for (zone, monday) in [
        (Zone::NewYork, false),
        (Zone::Berlin, true),
        (Zone::Utc, false),
    ] {
        let mut dice = Dice::new(7);
        let around = Around(NaiveDate::from_ymd_opt(2027, 3, 1).unwrap());
        let schedules: Vec<Schedule> = (0..150)
            .map(|_| random_workspace::schedule(&mut dice, around))
            .collect();
        let begin = if monday { "monday" } else { "sunday" };
        let mut tool = Tool::new().file(
            "campaigns/workspace.yaml",
            &format!("time_zone: {}\nweek_starts_on: {begin}\n", zone.name()),
        );
        for (number, schedule) in schedules.iter().enumerate() {
            let mut text = format!(
                "name: Row {number}\nsmart_list: {{ filters: [ member_of_smart_list: All People ] }}\n\
                 flow: [ change_score: +1 ]\n"
            );
            yaml::schedule(&mut text, schedule);
            tool = tool.file(&format!("campaigns/{number:03}.yaml"), &text);
        }
        tool.load();
        let last = zone.start_of(NaiveDate::from_ymd_opt(2031, 1, 1).unwrap());
        let until = rfc3339(last);
        let arguments = [
            "campaign",
            "schedule",
            "--from",
            "2026-01-01",
            "--until",
            &until,
        ];
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for run in tool.rows(arguments) {
            let text = |key: &str| run[key].as_str().unwrap().to_owned();
            found.entry(text("campaign")).or_default().push(text("at"));
        }
        for (number, schedule) in schedules.iter().enumerate() {
            let wanted: Vec<String> = occurrences(schedule, zone, monday, last)
                .into_iter()
                .map(rfc3339)
                .collect();
            let found = found.remove(&format!("Row {number}")).unwrap_or_default();
            assert_eq!(found, wanted, "{zone:?} {schedule:?}");
            runs += found.len();
        }
    }
    assert!(runs > 10_000, "only {runs} runs were compared");
}
