//! A campaign in plain words.

use std::io::{self, Write};

use crate::domain::ActivatedBy;
use crate::results::{CampaignDetail, HeldDetail, StepDetail};

use super::facts::{facts, hanging, section};
use super::person::table;
use super::{Look, Sheet, TableCell};

impl Sheet for CampaignDetail {
    const KEYS: &'static [&'static str] = &[
        "campaign",
        "program",
        "description",
        "mode",
        "status",
        "active",
        "version",
        "file",
        "triggers",
        "filters",
        "steps",
        "schedule",
        "next_runs",
        "qualification",
        "max_people",
        "guards",
        "priority",
        "obeys_limits",
        "members",
        "waiting",
        "waits",
        "activation",
    ];

    fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        facts(out, look, &head(self))?;
        section(out, look, "smart list")?;
        list(out, look, "any of these starts it", &self.triggers)?;
        let who = if self.triggers.is_empty() {
            "people for whom"
        } else {
            "and at that instant"
        };
        list(out, look, who, &self.filters)?;
        section(out, look, "flow")?;
        if self.steps.is_empty() {
            writeln!(out, "  nothing happens")?;
        }
        self.steps
            .iter()
            .try_for_each(|step| flow_step(out, look, step))?;
        waits(out, look, self)?;
        activation(out, look, self)?;
        section(out, look, "qualification and schedule")?;
        facts(out, look, &tail(self, look))
    }
}

fn head(campaign: &CampaignDetail) -> Vec<(String, TableCell)> {
    let mut head = vec![("campaign".to_owned(), TableCell::new(&campaign.campaign))];
    if let Some(description) = &campaign.description {
        head.push(("description".to_owned(), TableCell::new(description)));
    }
    head.push(("mode".to_owned(), TableCell::new(campaign.mode.label())));
    head.push(("status".to_owned(), TableCell::new(campaign.status.name())));
    head.push((
        "definition".to_owned(),
        TableCell::new(format!("version {} of {}", campaign.version, campaign.file)),
    ));
    head.push((
        "people".to_owned(),
        TableCell::new(format!(
            "{} entered, {} waiting",
            campaign.members, campaign.waiting
        )),
    ));
    head
}

/// Writes where people wait, and the version of those who finish an older one.
fn waits(out: &mut impl Write, look: &Look, campaign: &CampaignDetail) -> io::Result<()> {
    let is_old = |row: &HeldDetail| row.version != campaign.version;
    let some_old = campaign.waits.iter().any(is_old);
    let mut columns = vec!["step", "wait", "people", "first until", "last until"];
    columns.extend(some_old.then_some("finish"));
    let rows = campaign.waits.iter().map(|row| {
        let mut cells = vec![
            TableCell::new(row.waiting.step),
            TableCell::new(&row.waiting.wait),
            TableCell::new(row.waiting.people),
            TableCell::new(look.when(row.waiting.first_until)),
            TableCell::new(look.when(row.waiting.last_until)),
        ];
        let old = is_old(row).then(|| format!("version {}", row.version));
        cells.extend(some_old.then(|| TableCell::maybe(old)));
        cells
    });
    table(out, look, "people in waits", &columns, rows)
}

/// Writes when the campaign became active and inactive.
fn activation(out: &mut impl Write, look: &Look, campaign: &CampaignDetail) -> io::Result<()> {
    let rows = campaign.activation.iter().map(|change| {
        vec![
            TableCell::new(
                change
                    .at
                    .map_or_else(|| "earlier".to_owned(), |at| look.when(at)),
            ),
            TableCell::new(if change.active { "active" } else { "inactive" }),
            TableCell::maybe(change.by.map(ActivatedBy::name)),
        ]
    });
    table(out, look, "activation", &["since", "state", "by"], rows)
}

pub(super) fn tail(campaign: &CampaignDetail, look: &Look) -> Vec<(String, TableCell)> {
    let mut tail = vec![(
        "each person".to_owned(),
        TableCell::new(&campaign.qualification),
    )];
    if let Some(schedule) = &campaign.schedule {
        tail.push(("runs".to_owned(), TableCell::new(schedule)));
    }
    if !campaign.next_runs.is_empty() {
        let next: Vec<String> = campaign.next_runs.iter().map(|at| look.when(*at)).collect();
        tail.push(("next runs".to_owned(), TableCell::new(next.join(", "))));
    }
    if let Some(max_people) = campaign.max_people {
        tail.push((
            "at most".to_owned(),
            TableCell::new(format!("{max_people} people in a run")),
        ));
    }
    for (place, guard) in campaign.guards.iter().enumerate() {
        let name = if place == 0 { "guards" } else { "" };
        tail.push((name.to_owned(), TableCell::new(guard)));
    }
    if let Some(priority) = &campaign.priority {
        tail.push(("priority".to_owned(), TableCell::new(priority)));
    }
    let limits = if campaign.obeys_limits {
        "obeyed"
    } else {
        "not obeyed"
    };
    tail.push(("email limits".to_owned(), TableCell::new(limits)));
    tail
}

fn list(out: &mut impl Write, look: &Look, title: &str, lines: &[String]) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "  {title}")?;
    lines.iter().try_for_each(|line| {
        // Lines of a group are indented under it.
        let text = line.trim_start();
        let indent = 4 + line.len() - text.len();
        write!(out, "{}", " ".repeat(indent))?;
        hanging(out, look, indent, text)
    })
}

fn flow_step(out: &mut impl Write, look: &Look, step: &StepDetail) -> io::Result<()> {
    let id = step.id.as_ref();
    let id = id.map_or_else(String::new, |id| format!(" [{id}]"));
    let number = format!("{:>3}. ", step.step);
    write!(out, "{number}")?;
    if step.choices.is_empty() {
        return hanging(out, look, number.len(), &format!("{}{id}", step.does));
    }
    hanging(
        out,
        look,
        number.len(),
        &format!("{}{id}", words(&step.name)),
    )?;
    for choice in &step.choices {
        let number = format!("     {}: ", choice.choice);
        write!(out, "{number}")?;
        let text = format!("if {}, {}", choice.when, choice.does);
        hanging(out, look, number.len(), &text)?;
    }
    write!(out, "     ")?;
    hanging(out, look, 5, &format!("else {}", step.does))
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}
