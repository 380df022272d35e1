//! Why a person qualifies or does not, for people: the verdict, then every rule with what is wanted and what is.

use std::io::{self, Write};

use crate::diagnostic::visible::visible;
use crate::results::{ExplainRule, Explanation};

use super::sheets::strong;
use super::table::Block;
use super::{Cell, Column, Look, Shape, Sheet, Tone};

impl Sheet for Explanation {
    const KEYS: &'static [&'static str] = &[
        "campaign",
        "person",
        "person_id",
        "at",
        "qualifies",
        "blocked_by",
        "rules",
    ];

    fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        writeln!(
            out,
            "{}  {} at {}",
            strong(&self.campaign, look),
            visible(&self.person),
            look.when(self.at)
        )?;
        writeln!(out, "{}\n", verdict(self))?;
        let mut table = Block::new(vec![
            Column::new("part", Shape::Word),
            Column::new("no.", Shape::Word),
            Column::new("rule", Shape::Text),
            Column::new("wanted", Shape::Text),
            Column::new("actual", Shape::Text),
            Column::new("holds", Shape::Word),
            Column::new("activity", Shape::Number),
        ]);
        for rule in &self.rules {
            table.push(out, look, cells(rule))?;
        }
        table.finish(out, look)
    }
}

fn verdict(explanation: &Explanation) -> String {
    let verdict = if explanation.qualifies {
        "qualifies"
    } else {
        "does not qualify"
    };
    let told: Vec<&str> = explanation.blocked_by.iter().map(|by| words(by)).collect();
    if told.is_empty() {
        verdict.to_owned()
    } else {
        format!("{verdict}: {}", told.join(", "))
    }
}

fn words(blocked_by: &str) -> &str {
    match blocked_by {
        "trigger" => "no trigger fires",
        "filters" => "the filters do not hold",
        "qualification" => "the qualification rule says no",
        "inactive" => "the campaign is inactive",
        "email" => "email would be held back",
        other => other,
    }
}

/// Rules beneath another are indented under it.
fn cells(rule: &ExplainRule) -> Vec<Cell> {
    let (holds, tone) = if rule.holds {
        ("yes", Tone::Good)
    } else {
        ("no", Tone::Bad)
    };
    let depth = rule.number.matches('.').count();
    vec![
        Cell::new(rule.part),
        Cell::new(&rule.number),
        Cell::new(format!("{}{}", "  ".repeat(depth), rule.rule)),
        Cell::new(&rule.wanted),
        Cell::maybe(rule.actual.as_ref()),
        Cell::new(holds).tone(tone),
        Cell::maybe(rule.activity),
    ]
}
