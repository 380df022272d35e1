//! What is known of what stands at a place: the documentation of a key, or what a name is.

use std::fmt::Write as _;
use std::ops::Range;

use crate::campaign::references::{Access, Reference};
use crate::diagnostic::{Diagnostics, FileId};
use crate::domain::text::counted;
use crate::source::FileRole;
use crate::yaml::{self, MapEntry, Node, NodeKind};

use super::Snapshot;
use super::place::{Expected, Place, Step, place};

/// What is shown of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hover {
    /// In Markdown.
    pub(crate) text: String,
    /// The bytes that it is about.
    pub(crate) bytes: Range<usize>,
    /// The filter that stands there, as it is written.
    pub(crate) filter: Option<String>,
}

impl Snapshot {
    /// Returns what is known of what stands at a byte of a file.
    pub(crate) fn hover(&self, file: FileId, role: FileRole, byte: usize) -> Option<Hover> {
        let text = self.text(file);
        let place = place(text, byte)?;
        let word = text.get(place.word.clone())?.to_owned();
        if word.is_empty() {
            return None;
        }
        if place.expected != Expected::Value {
            let way = [&place.path[..], &[Step::Key(word.clone())]].concat();
            if let Some(about) = self.guide().documentation(role, &way) {
                return Some(Hover {
                    text: format!("`{word}`: {about}"),
                    filter: self.filter_at(file, role, &place),
                    bytes: place.word,
                });
            }
        }
        if let Some(name) = self.name_at(file, byte) {
            return Some(Hover {
                text: self.described(name),
                bytes: name.span.start as usize..name.span.end as usize,
                filter: None,
            });
        }
        let about = self.guide().documentation(role, &place.path)?;
        let Some(Step::Key(key)) = place.path.last() else {
            return None;
        };
        Some(Hover {
            text: format!("`{key}`: {about}"),
            bytes: place.word,
            filter: None,
        })
    }

    /// Says what a name is: its kind, where it is defined, how often it is used.
    fn described(&self, name: &Reference) -> String {
        let places = self.places_of(name);
        let mut text = format!("{} `{}`", name.kind.name(), name.name);
        if let Some(defined) = places.iter().find(|place| place.access == Access::Defines) {
            let sources = &self.loaded.sources;
            let file = sources.path(defined.span.file);
            let file = file.file_name().unwrap_or_default().to_string_lossy();
            let (line, _) = sources.position(defined.span);
            let _ = write!(text, ", defined in {file}, line {line}");
        }
        let count_of = |access: Access, verb: &str| {
            let count = places.iter().filter(|place| place.access == access).count();
            let places = counted(count as u64, "place", "places");
            (count > 0).then(|| format!("{verb} in {places}"))
        };
        let uses = [
            count_of(Access::Reads, "read"),
            count_of(Access::Writes, "written"),
        ];
        let uses: Vec<String> = uses.into_iter().flatten().collect();
        text.push_str("\n\n");
        text.push_str(&if uses.is_empty() {
            "not used".to_owned()
        } else {
            uses.join(", ")
        });
        text
    }

    /// Returns the filter whose key stands at a place, as it is written.
    fn filter_at(&self, file: FileId, role: FileRole, place: &Place) -> Option<String> {
        let forms = self.guide().forms(role, &place.path);
        if !forms.iter().any(|form| form.definition == Some("filter")) {
            return None;
        }
        let text = self.text(file);
        let mut faults = Diagnostics::default();
        let nodes = yaml::parse(file, text, &mut faults);
        let entry = nodes
            .iter()
            .find_map(|node| entry_at(node, place.word.start))?;
        let start = entry.key_span.start as usize;
        let line = text[..start].rfind('\n').map_or(0, |feed| feed + 1);
        let written = text.get(start..entry.value.span.end as usize)?;
        // Lines below stand as far in as the first one did.
        Some(format!("{}{written}\n", " ".repeat(start - line)))
    }
}

/// Finds the key that begins at a byte.
fn entry_at(node: &Node, byte: usize) -> Option<&MapEntry> {
    match &node.kind {
        NodeKind::Map(entries) => entries.iter().find_map(|entry| {
            let begins =
                (entry.key_span.start as usize..=entry.key_span.start as usize + 1).contains(&byte);
            if begins {
                Some(entry)
            } else {
                entry_at(&entry.value, byte)
            }
        }),
        NodeKind::List(items) => items.iter().find_map(|item| entry_at(item, byte)),
        NodeKind::Scalar { .. } | NodeKind::Null => None,
    }
}
