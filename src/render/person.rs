//! One person for people: fields that hold something, then lists, programs, campaigns and waits.

use std::io::{self, Write};

use crate::results::PersonDetail;

use super::people::{is_told, text};
use super::sheets::{facts, section};
use super::table::{Block, Shape};
use super::{Cell, Column, Look, Sheet};

impl Sheet for PersonDetail {
    const KEYS: &'static [&'static str] = &["person", "lists", "programs", "campaigns", "waits"];

    fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        let fields: Vec<(String, Cell)> = self
            .person
            .0
            .iter()
            .filter(|(_, value)| is_told(value))
            .map(|(key, value)| (key.clone(), Cell::new(text(Some(value)))))
            .collect();
        facts(out, look, &fields)?;
        table(
            out,
            look,
            "lists",
            &["list", "since"],
            self.lists.iter().map(|row| {
                vec![
                    Cell::new(&row.list),
                    Cell::new(look.maybe_when(row.added_at)),
                ]
            }),
        )?;
        table(
            out,
            look,
            "programs",
            &["program", "status", "since", "success"],
            self.programs.iter().map(|row| {
                vec![
                    Cell::new(&row.program),
                    Cell::new(&row.status),
                    Cell::new(look.when(row.since)),
                    Cell::new(look.maybe_when(row.success_at)),
                ]
            }),
        )?;
        table(
            out,
            look,
            "campaigns",
            &["campaign", "first qualified", "last qualified", "times"],
            self.campaigns.iter().map(|row| {
                vec![
                    Cell::new(&row.campaign),
                    Cell::new(look.when(row.first_qualified_at)),
                    Cell::new(look.when(row.last_qualified_at)),
                    Cell::new(row.times),
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
                    Cell::new(&row.campaign),
                    Cell::new(row.step),
                    Cell::new(look.when(row.since)),
                    Cell::new(look.when(row.until)),
                    Cell::maybe(row.version),
                ]
            }),
        )
    }
}

pub(super) fn table(
    out: &mut impl Write,
    look: &Look,
    title: &str,
    columns: &[&'static str],
    rows: impl ExactSizeIterator<Item = Vec<Cell>>,
) -> io::Result<()> {
    if rows.len() == 0 {
        return Ok(());
    }
    section(out, look, title)?;
    let columns = columns
        .iter()
        .map(|title| Column::new(title, Shape::Text))
        .collect();
    let mut block = Block::new(columns);
    for row in rows {
        block.push(out, look, row)?;
    }
    block.finish(out, look)
}
