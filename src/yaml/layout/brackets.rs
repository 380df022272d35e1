//! Values on one line: lists and mappings between brackets, and what may stand in them.

use super::print::Printer;
use super::scalar::{self, Around};
use super::tree::{Entry, Kind, Value};

impl Printer<'_> {
    /// Returns a value on one line, as it stands between brackets; nothing where it cannot stand there.
    pub(super) fn brackets_value(&self, value: &Value, around: Around) -> Option<String> {
        let mut written = String::new();
        for property in &value.properties {
            written.push_str(&self.text[property.clone()]);
            written.push(' ');
        }
        written.push_str(&self.without_properties(value, around)?);
        Some(written)
    }

    pub(super) fn without_properties(&self, value: &Value, around: Around) -> Option<String> {
        match &value.kind {
            Kind::Nothing => Some(String::new()),
            Kind::Alias => Some(self.text[value.place.clone()].to_owned()),
            Kind::Scalar(style, text, written) => {
                let written = &self.text[written.clone()];
                let one_line = !written.contains('\n');
                one_line.then(|| scalar::one_line(*style, text, written, around))
            }
            Kind::Block(..) => None,
            Kind::List(..) | Kind::Map(..) => self.brackets(value),
        }
    }

    /// Returns a list or mapping on one line, with its brackets.
    pub(super) fn brackets(&self, value: &Value) -> Option<String> {
        match &value.kind {
            Kind::List(items, _) => {
                let items = items
                    .iter()
                    .map(|item| self.brackets_value(&item.value, Around::Brackets));
                let items: Vec<String> = items.collect::<Option<_>>()?;
                Some(format!("[{}]", items.join(", ")))
            }
            Kind::Map(entries, brackets) => {
                let entries = entries.iter().map(|entry| self.brackets_entry(entry));
                let entries: Vec<String> = entries.collect::<Option<_>>()?;
                // A key and a value alone in a list need no brackets of their own.
                Some(match (brackets, entries.as_slice()) {
                    (None, _) => entries.join(", "),
                    (Some(_), []) => "{}".to_owned(),
                    (Some(_), entries) => format!("{{ {} }}", entries.join(", ")),
                })
            }
            Kind::Nothing | Kind::Alias | Kind::Scalar(..) | Kind::Block(..) => None,
        }
    }

    pub(super) fn brackets_entry(&self, entry: &Entry) -> Option<String> {
        let key = self.key(&entry.key, Around::Brackets).ok()?;
        let value = self.brackets_value(&entry.value, Around::Brackets)?;
        let value = value.trim_end();
        if !value.is_empty() {
            return Some(format!("{key}: {value}"));
        }
        let colon = self.text[entry.key.place.end..]
            .trim_start()
            .starts_with(':');
        Some(if colon { format!("{key}:") } else { key })
    }
}
