//! Recurrences: a schedule runs on the days on which a question that is asked of every single day says so.

use bugle::testing::readers::occurrences;
use chrono::{Datelike as _, Days, NaiveDate, Weekday};

use super::Target;
use crate::fuzz::bytes::Bytes;

pub(crate) const TARGET: Target = Target {
    name: "recurrences",
    holds,
    right: &[
        "once at noon",
        "a daily one",
        "weekly, on two days",
        "monthly: the 31st",
        "the last of them has an end",
    ],
    words: &[
        "\0",
        "\u{1}",
        "\u{2}",
        "\u{3}",
        "\u{7f}",
        "a",
        "zz",
        "\0\0\0\0",
        "0123456789",
    ],
    times: 120,
};

const WEEKDAYS: [(Weekday, &str); 7] = [
    (Weekday::Mon, "monday"),
    (Weekday::Tue, "tuesday"),
    (Weekday::Wed, "wednesday"),
    (Weekday::Thu, "thursday"),
    (Weekday::Fri, "friday"),
    (Weekday::Sat, "saturday"),
    (Weekday::Sun, "sunday"),
];

/// How many occurrences are compared.
const COMPARED: usize = 12;

fn holds(bytes: &[u8]) {
    let mut bytes = Bytes::new(bytes);
    let monday = bytes.below(2) == 0;
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + days(bytes.below(2_000));
    let time = format!("{:02}:{:02}", bytes.below(24), bytes.below(60));
    let ends = (bytes.below(3) == 0).then(|| first + days(bytes.below(400)));
    let Rule { words, runs } = rule(&mut bytes, first, monday);
    let end = ends.map_or(String::new(), |end| format!(", ends: {end}"));
    let schedule = format!("first_run: {first} {time}, {words}{end}");
    let Some(found) = occurrences(&schedule, monday, COMPARED) else {
        // A schedule that never runs is a fault.
        assert!(!calendar(first, ends).any(runs), "refused: {schedule}");
        return;
    };
    let wanted = calendar(first, ends).filter(|day| runs(*day));
    let wanted = wanted.map(|day| format!("{day} {time}:00"));
    let wanted: Vec<String> = wanted.take(found.len().max(1)).collect();
    assert_eq!(found, wanted, "{schedule}");
}

/// How a schedule repeats: as it is written, and whether it runs on a day.
struct Rule {
    words: String,
    runs: Box<dyn Fn(NaiveDate) -> bool>,
}

impl Rule {
    fn new(words: String, runs: impl Fn(NaiveDate) -> bool + 'static) -> Self {
        let runs = Box::new(runs);
        Self { words, runs }
    }
}

fn rule(bytes: &mut Bytes<'_>, first: NaiveDate, monday: bool) -> Rule {
    let every = 1 + bytes.below(5);
    match bytes.below(5) {
        0 => Rule::new("repeat: once".to_owned(), move |day| day == first),
        1 => daily(bytes, first, every),
        2 => weekly(bytes, first, every, monday),
        3 => on_a_day(bytes, first, every),
        _ => on_a_weekday(bytes, first, every),
    }
}

fn daily(bytes: &mut Bytes<'_>, first: NaiveDate, every: u32) -> Rule {
    let weekdays_only = bytes.below(2) == 0;
    let words = format!("repeat: daily, every: {every}, weekdays_only: {weekdays_only}");
    Rule::new(words, move |day| {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        (day - first).num_days() % i64::from(every) == 0 && !(weekdays_only && weekend)
    })
}

fn weekly(bytes: &mut Bytes<'_>, first: NaiveDate, every: u32, monday: bool) -> Rule {
    let mask = 1 + bytes.below(127);
    let chosen = WEEKDAYS.iter().enumerate();
    let chosen = chosen.filter(|(bit, _)| mask >> bit & 1 == 1);
    let chosen: Vec<(Weekday, &str)> = chosen.map(|(_, day)| *day).collect();
    let names: Vec<&str> = chosen.iter().map(|(_, name)| *name).collect();
    let names = names.join(", ");
    let words = format!("repeat: weekly, every: {every}, weekdays: [{names}]");
    let begin = move |day: NaiveDate| {
        let weekday = day.weekday();
        day - days(if monday {
            weekday.num_days_from_monday()
        } else {
            weekday.num_days_from_sunday()
        })
    };
    Rule::new(words, move |day| {
        let weeks = (begin(day) - begin(first)).num_days() / 7;
        weeks % i64::from(every) == 0 && chosen.iter().any(|(one, _)| *one == day.weekday())
    })
}

fn on_a_day(bytes: &mut Bytes<'_>, first: NaiveDate, every: u32) -> Rule {
    let wanted = 1 + bytes.below(31);
    let words = format!("repeat: monthly, every: {every}, day_of_month: {wanted}");
    Rule::new(words, move |day| {
        let is_last = (day + days(1)).day() == 1;
        let fits = day.day() == wanted || is_last && day.day() < wanted;
        fits && months(first, day).is_multiple_of(every)
    })
}

fn on_a_weekday(bytes: &mut Bytes<'_>, first: NaiveDate, every: u32) -> Rule {
    let (week, (weekday, name)) = (1 + bytes.below(4), *bytes.one_of(&WEEKDAYS));
    let on = format!("{{ week: {week}, weekday: {name} }}");
    let words = format!("repeat: monthly, every: {every}, on_the: {on}");
    Rule::new(words, move |day| {
        let fits = day.weekday() == weekday && (day.day() - 1) / 7 + 1 == week;
        fits && months(first, day).is_multiple_of(every)
    })
}

fn days(count: u32) -> Days {
    Days::new(u64::from(count))
}

fn months(from: NaiveDate, to: NaiveDate) -> u32 {
    u32::try_from(to.year() - from.year()).unwrap() * 12 + to.month() - from.month()
}

/// Every day from the first to the last, for as many years as a dozen occurrences may take.
fn calendar(first: NaiveDate, ends: Option<NaiveDate>) -> impl Iterator<Item = NaiveDate> {
    let days = first.iter_days().take(365 * 12);
    days.take_while(move |day| ends.is_none_or(|end| *day <= end))
}
