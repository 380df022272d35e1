//! One person for people: fields that hold something, then lists, programs, campaigns and waits.

use std::io::{self, Write};

use crate::results::{PersonDetail, ProgramMembership};

use super::facts::{facts, section};
use super::people::{is_shown, text};
use super::table::{CellStyle, TableBlock};
use super::{Look, Sheet, TableCell, TableColumn};

impl Sheet for PersonDetail {
    const KEYS: &'static [&'static str] = &["person", "lists", "programs", "campaigns", "waits"];

    fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        let fields: Vec<(String, TableCell)> = self
            .person
            .0
            .iter()
            .filter(|(_, value)| is_shown(value))
            .map(|(key, value)| (key.clone(), TableCell::new(text(Some(value), look))))
            .collect();
        facts(out, look, &fields)?;
        table(
            out,
            look,
            "lists",
            &["list", "since"],
            self.lists.iter().map(|row| {
                vec![
                    TableCell::new(&row.list),
                    TableCell::new(look.maybe_when(row.added_at)),
                ]
            }),
        )?;
        programs(out, look, &self.programs)?;
        table(
            out,
            look,
            "campaigns",
            &["campaign", "first qualified", "last qualified", "times"],
            self.campaigns.iter().map(|row| {
                vec![
                    TableCell::new(&row.campaign),
                    TableCell::new(look.when(row.first_qualified_at)),
                    TableCell::new(look.when(row.last_qualified_at)),
                    TableCell::new(row.times),
                ]
            }),
        )?;
        table(
            out,
            look,
            "waits",
            &["campaign", "step", "since", "until", "version"],
            self.waits.iter().map(|row| {
                vec![
                    TableCell::new(&row.campaign),
                    TableCell::new(row.step),
                    TableCell::new(look.when(row.since)),
                    TableCell::new(look.when(row.until)),
                    TableCell::maybe(row.version),
                ]
            }),
        )
    }
}

/// Writes the memberships; their own fields have a column where anyone has any.
fn programs(
    out: &mut impl Write,
    look: &Look,
    memberships: &[ProgramMembership],
) -> io::Result<()> {
    let mut columns = vec!["program", "status", "since", "success", "acquired by"];
    let has_fields = memberships.iter().any(|row| !row.fields.is_empty());
    if has_fields {
        columns.push("member fields");
    }
    let rows = memberships.iter().map(|row| {
        let mut cells = vec![
            TableCell::new(&row.program),
            TableCell::new(&row.status),
            TableCell::new(look.when(row.since)),
            TableCell::new(look.maybe_when(row.success_at)),
            TableCell::new(if row.acquired_by { "yes" } else { "no" }),
        ];
        if has_fields {
            let fields = row.fields.iter();
            let fields: Vec<String> = fields
                .map(|(key, value)| format!("{key} {}", text(Some(value), look)))
                .collect();
            cells.push(TableCell::new(fields.join(", ")));
        }
        cells
    });
    table(out, look, "programs", &columns, rows)
}

pub(super) fn table(
    out: &mut impl Write,
    look: &Look,
    title: &str,
    columns: &[&'static str],
    rows: impl ExactSizeIterator<Item = Vec<TableCell>>,
) -> io::Result<()> {
    if rows.len() == 0 {
        return Ok(());
    }
    section(out, look, title)?;
    let columns = columns
        .iter()
        .map(|title| TableColumn::new(title, CellStyle::Text))
        .collect();
    let mut block = TableBlock::new(columns);
    for row in rows {
        block.push(out, look, row)?;
    }
    block.finish(out, look)
}
