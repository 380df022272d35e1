//! Random values of every type, and operators that compare with them.

use chrono::{Duration, NaiveDate};

use super::calendar::{Frame, HOUR, MINUTE, Micros, Span, Unit};
use super::dice::Dice;
use super::operator::Op;
use super::value::{Kind, Val};

/// Texts that differ in case, in letters outside ASCII, in blanks, or only look like patterns.
pub(crate) const TEXTS: [&str; 14] = [
    "CA",
    "ca",
    "California",
    "NY",
    "École",
    "ÉCOLE",
    "Straße",
    "STRASSE",
    "a_b",
    "a%b",
    "*",
    " CA",
    "7",
    "2026-03-09",
];

const PIECES: [&str; 10] = ["c", "CA", "é", "ss", "ß", "_", "%", "*", ".", " "];

/// Dates and instants lie around the scenario's first day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around(pub(crate) NaiveDate);

impl Around {
    pub(crate) fn day(self, dice: &mut Dice) -> NaiveDate {
        let reach = if dice.chance(60) { 20 } else { 400 };
        self.0 + Duration::days(dice.number(-reach, reach))
    }

    pub(crate) fn instant(self, dice: &mut Dice) -> Micros {
        let midnight = self
            .0
            .and_hms_opt(0, 0, 0)
            .unwrap()
            .and_utc()
            .timestamp_micros();
        midnight + dice.number(-20 * 24, 30 * 24) * HOUR + dice.number(0, 59) * MINUTE
    }

    pub(crate) fn value(self, dice: &mut Dice, kind: Kind) -> Val {
        match kind {
            Kind::String | Kind::Text => Val::Text(dice.word(&TEXTS)),
            Kind::Integer | Kind::Score => Val::Int(integer(dice)),
            Kind::Float | Kind::Currency => Val::Float(float(dice)),
            Kind::Date => Val::Date(self.day(dice)),
            Kind::Datetime => Val::At(self.instant(dice)),
            Kind::Boolean => Val::Bool(dice.chance(50)),
        }
    }

    fn values(self, dice: &mut Dice, kind: Kind) -> Vec<Val> {
        let mut values: Vec<Val> = Vec::new();
        for _ in 0..dice.count(1, 3) {
            let value = self.value(dice, kind);
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values
    }

    /// One or two operators on a value of a type.
    pub(crate) fn operators(self, dice: &mut Dice, kind: Kind) -> Vec<Op> {
        let mut ops = vec![self.operator(dice, kind)];
        if kind != Kind::Boolean && dice.chance(20) {
            let second = self.operator(dice, kind);
            if std::mem::discriminant(&second) != std::mem::discriminant(&ops[0]) {
                ops.push(second);
            }
        }
        ops
    }

    fn operator(self, dice: &mut Dice, kind: Kind) -> Op {
        if dice.chance(12) {
            return if dice.chance(50) {
                Op::IsEmpty
            } else {
                Op::IsNotEmpty
            };
        }
        match kind {
            Kind::String | Kind::Text => self.of_text(dice),
            Kind::Integer | Kind::Score | Kind::Currency | Kind::Float => {
                self.of_number(dice, kind)
            }
            Kind::Date | Kind::Datetime => self.of_date(dice, kind),
            Kind::Boolean => {
                let value = vec![Val::Bool(dice.chance(50))];
                if dice.chance(60) {
                    Op::Is(value)
                } else {
                    Op::IsNot(value)
                }
            }
        }
    }

    fn of_text(self, dice: &mut Dice) -> Op {
        let pieces: Vec<String> = PIECES.iter().map(|p| (*p).to_owned()).collect();
        match dice.index(6) {
            0 | 1 => Op::Is(self.values(dice, Kind::String)),
            2 => Op::IsNot(self.values(dice, Kind::String)),
            3 => Op::StartsWith(dice.some(&pieces)),
            4 if dice.chance(50) => Op::NotStartsWith(dice.some(&pieces)),
            4 => Op::NotContains(dice.some(&pieces)),
            _ => Op::Contains(dice.some(&pieces)),
        }
    }

    fn of_number(self, dice: &mut Dice, kind: Kind) -> Op {
        let value = self.value(dice, kind);
        match dice.index(7) {
            // A float has no `is`, and what zero money means is not documented.
            0 | 1 if matches!(kind, Kind::Integer | Kind::Score) => {
                if dice.chance(60) {
                    Op::Is(self.values(dice, kind))
                } else {
                    Op::IsNot(self.values(dice, kind))
                }
            }
            0 | 2 => {
                let other = self.value(dice, kind);
                let swap = matches!((&value, &other), (Val::Int(a), Val::Int(b)) if a > b)
                    || matches!((&value, &other), (Val::Float(a), Val::Float(b)) if a > b);
                if swap {
                    Op::Between(other, value)
                } else {
                    Op::Between(value, other)
                }
            }
            3 => Op::GreaterThan(value),
            4 => Op::LessThan(value),
            5 => Op::AtLeast(value),
            _ => Op::AtMost(value),
        }
    }

    fn of_date(self, dice: &mut Dice, kind: Kind) -> Op {
        // A datetime is compared with a day or with an instant.
        let compared = if kind == Kind::Datetime && dice.chance(50) {
            Kind::Datetime
        } else {
            Kind::Date
        };
        let value = self.value(dice, compared);
        match dice.index(11) {
            0 => Op::Is(vec![value]),
            1 => Op::IsNot(vec![value]),
            2 => {
                let (a, b) = (self.day(dice), self.day(dice));
                Op::Between(Val::Date(a.min(b)), Val::Date(a.max(b)))
            }
            3 => Op::After(value),
            4 => Op::Before(value),
            5 => Op::OnOrAfter(value),
            6 => Op::OnOrBefore(value),
            7 => Op::InTimeFrame(*dice.pick(&Frame::ALL)),
            8 => Op::InPast(window(dice, kind)),
            9 if dice.chance(50) => Op::InPastBefore(window(dice, kind)),
            9 => Op::InFutureAfter(window(dice, kind)),
            _ => Op::InFuture(window(dice, kind)),
        }
    }
}

pub(crate) fn integer(dice: &mut Dice) -> i64 {
    *dice.pick(&[-5, 0, 0, 1, 5, 10, 12, 20, 50, 100])
}

fn float(dice: &mut Dice) -> f64 {
    *dice.pick(&[-1.5, 0.0, 0.25, 1.0, 2.5, 10.0, 99.9])
}

/// A window; on a date field whole days, weeks or months.
pub(crate) fn window(dice: &mut Dice, kind: Kind) -> Span {
    let units = [
        Unit::Day,
        Unit::Day,
        Unit::Week,
        Unit::Month,
        Unit::Hour,
        Unit::Minute,
    ];
    let unit = if kind == Kind::Datetime {
        *dice.pick(&units)
    } else {
        *dice.pick(&units[..4])
    };
    let count = match unit {
        Unit::Minute => dice.number(5, 600),
        Unit::Hour => dice.number(1, 100),
        Unit::Day => dice.number(1, 40),
        Unit::Week => dice.number(1, 5),
        Unit::Month => dice.number(1, 3),
    };
    Span {
        count: u32::try_from(count).unwrap(),
        unit,
    }
}
