//! Why a person qualifies or does not, for people: the verdict, then the tree of rules, each with what is wanted and
//! what is, part by part.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::diagnostic::visible::visible;
use crate::results::{
    ActivityRow, ChangeRow, EmailExplanation, Entered, ExplainRule, ExplainedEvent, Explanation,
    RulePart,
};

use super::detail::instant;
use super::facts::{hanging, strong};
use super::sheets::toned;
use super::table::TableBlock;
use super::{Look, Sheet, TableRow, Tone};

/// Where a line is broken before what is: the width of a plain terminal.
const WIDTH: usize = 80;

impl Sheet for Explanation {
    const KEYS: &'static [&'static str] = &[
        "campaign",
        "person",
        "person_id",
        "email",
        "id",
        "at",
        "event",
        "qualifies",
        "entered",
        "sentence",
        "blocked_by",
        "waits",
        "rules",
        "change",
    ];

    fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        writeln!(
            out,
            "{}  {} at {}",
            strong(&self.campaign, look),
            visible(&self.person),
            look.when(self.at)
        )?;
        if let Some(event) = &self.event {
            hanging(out, look, 0, &about(event))?;
            if event.happening.is_none() {
                writeln!(out, "{NOT_RECORDED}")?;
            }
        }
        if let Some(sentence) = &self.sentence {
            hanging(out, look, 0, &civil(sentence, look))?;
        }
        writeln!(out, "{}", verdict(self))?;
        // The sentence has them.
        let waits = self.waits.iter().filter(|_| self.sentence.is_none());
        for wait in waits {
            let (step, since, until) = (wait.step, look.when(wait.since), look.when(wait.until));
            writeln!(
                out,
                "waits in step {step} of this flow from {since} to {until}"
            )?;
        }
        let mut part = None;
        let numbers = self.rules.iter().map(|rule| rule.number.len());
        let numbers = numbers.max().unwrap_or_default();
        for rule in &self.rules {
            if part != Some(rule.part) {
                part = Some(rule.part);
                writeln!(out, "\n{}", heading(rule.part))?;
            }
            line(out, rule, numbers, look)?;
        }
        changes(out, look, &self.changes)
    }
}

/// Writes the smallest changes that let the person in, a line an alternative.
fn changes(out: &mut impl Write, look: &Look, changes: &[Vec<ChangeRow>]) -> io::Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nsmallest changes that let the person in")?;
    for alternative in changes {
        let words: Vec<String> = (alternative.iter())
            .map(|change| civil(&change.words, look))
            .collect();
        write!(out, "  ")?;
        hanging(out, look, 2, &words.join(" and "))?;
    }
    Ok(())
}

/// Said of a row that an older program wrote, which noted neither what followed from it nor what was active.
const NOT_RECORDED: &str =
    "its happening is not recorded: explained is the state right after this row";

/// Says which row of the log is asked about.
fn about(event: &ExplainedEvent) -> String {
    let id = event.event_id.as_ref();
    let id = id.map_or_else(String::new, |id| format!("{id}: "));
    let detail = event.detail.as_ref();
    let detail = detail.map_or_else(String::new, |detail| format!(" {detail}"));
    let (activity, number) = (&event.activity, event.activity_id);
    format!("event {id}{activity}{detail} (activity {number})")
}

/// The verdict, and what stands in the way: a line each where one line is too short.
fn verdict(explanation: &Explanation) -> String {
    let (verdict, mark) = match (explanation.entered, explanation.qualifies) {
        (Some(entered), true) => (format!("entered{}", version(entered)), ';'),
        (Some(entered), false) => (
            format!("entered{}, but would not qualify now", version(entered)),
            ':',
        ),
        (None, true) if explanation.event.is_some() => {
            ("qualifies, but did not enter".to_owned(), ':')
        }
        (None, true) if explanation.sentence.is_some() => ("may enter again".to_owned(), ';'),
        (None, false) if explanation.sentence.is_some() => {
            ("would not enter again now".to_owned(), ':')
        }
        (None, true) => ("qualifies".to_owned(), ';'),
        (None, false) => ("does not qualify".to_owned(), ':'),
    };
    let reasons: Vec<&str> = explanation.blocked_by.iter().map(|by| by.words()).collect();
    if reasons.is_empty() {
        return verdict;
    }
    let line = format!("{verdict}{mark} {}", reasons.join(", "));
    if line.width() <= WIDTH {
        line
    } else {
        format!("{verdict}{mark}\n  {}", reasons.join("\n  "))
    }
}

/// Says which version was entered, where it is not the one explained.
fn version(entered: Entered) -> String {
    let (version, newest) = (entered.version, entered.newest);
    if version == newest {
        String::new()
    } else {
        format!(" version {version} (version {newest} is explained)")
    }
}

fn heading(part: RulePart) -> &'static str {
    match part {
        RulePart::Trigger => "triggers, any of them",
        RulePart::Filter => "filters",
        RulePart::Qualification => "qualification rule",
        RulePart::Event => "one entry an event",
        RulePart::Active => "campaign",
        RulePart::MaxPeople => "people in a run",
        RulePart::Guard => "guards of a run",
        RulePart::CascadeLimit => "cascade limit",
        RulePart::Email => "emails held back, by step",
    }
}

/// Writes one rule: what is wanted, and what is after it or, where that is too long, beneath.
fn line(out: &mut impl Write, rule: &ExplainRule, numbers: usize, look: &Look) -> io::Result<()> {
    let (holds, tone) = if rule.holds {
        ("yes", Tone::Good)
    } else {
        ("no ", Tone::Bad)
    };
    let depth = rule.number.matches('.').count();
    let head = match rule.part {
        RulePart::Qualification
        | RulePart::Event
        | RulePart::Active
        | RulePart::MaxPeople
        | RulePart::CascadeLimit => " ".to_owned(),
        RulePart::Trigger | RulePart::Filter | RulePart::Guard | RulePart::Email => {
            format!(" {:<numbers$}  {}", rule.number, "  ".repeat(depth))
        }
    };
    let wanted = wanted(rule);
    let wanted = visible(&wanted);
    let actual = actual(rule, look);
    let actual = visible(&actual);
    write!(out, "  {}{head}{wanted}", toned(holds, tone, look))?;
    let width = 2 + holds.len() + head.width();
    if width + wanted.width() + 3 + actual.width() <= WIDTH {
        writeln!(out, " → {actual}")
    } else {
        writeln!(out, "\n{}→ {actual}", " ".repeat(width + 2))
    }
}

/// Says what is wanted, in one phrase with what it is wanted of.
fn wanted(rule: &ExplainRule) -> String {
    match rule.part {
        RulePart::Trigger if !rule.number.contains('.') => rule.rule.clone(),
        RulePart::Trigger | RulePart::Filter if rule.is_group => {
            format!("{} of these", rule.wanted)
        }
        RulePart::Trigger | RulePart::Filter => format!("{} {}", rule.rule, rule.wanted),
        RulePart::Guard => format!("{}: {}", rule.rule, rule.wanted),
        RulePart::Qualification
        | RulePart::Event
        | RulePart::MaxPeople
        | RulePart::CascadeLimit => rule.wanted.clone(),
        RulePart::Active => format!("is {}", rule.wanted),
        RulePart::Email => rule.rule.clone(),
    }
}

/// Says what is, instants in the zone of tables, and by which row of the log.
fn actual(rule: &ExplainRule, look: &Look) -> String {
    let civil = civil(rule.actual.as_deref().unwrap_or("(empty)"), look);
    match rule.activity {
        Some(activity) => format!("{civil} (activity {activity})"),
        None => civil,
    }
}

impl Sheet for EmailExplanation {
    const KEYS: &'static [&'static str] = &[
        "person",
        "person_id",
        "email",
        "id",
        "mail",
        "sentence",
        "rows",
    ];

    fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        hanging(out, look, 0, &civil(&self.sentence, look))?;
        if self.rows.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        let columns = ActivityRow::columns(look);
        let mut table = TableBlock::new(columns);
        for row in &self.rows {
            table.push(out, look, row.cells(look))?;
        }
        table.finish(out, look)
    }
}

/// Writes the instants in a text in the zone of tables.
fn civil(text: &str, look: &Look) -> String {
    let words = text.split(' ').map(|word| {
        let bare = word.trim_end_matches([';', ',', ':']);
        instant(bare, look).map_or_else(
            || word.to_owned(),
            |civil| format!("{civil}{}", &word[bare.len()..]),
        )
    });
    let words: Vec<String> = words.collect();
    words.join(" ")
}
