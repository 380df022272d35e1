//! Giving a campaign, program, email, smart list, list or webhook another name, in all files.
//!
//! A person field or a status is not renamed: the database has columns and rows of its name.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::campaign::references::{NameKind, Reference};
use crate::diagnostic::{Diagnostics, FileId, Sources, Span};
use crate::domain::text::{fold, same};
use crate::source::name;
use crate::yaml::{self, Node, NodeKind};

use super::Snapshot;

/// A new text for some bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    /// The bytes.
    pub(crate) span: Span,
    /// What stands there then.
    pub(crate) text: String,
}

impl Snapshot {
    /// Returns the bytes of the name at a byte, and the name, if it can be given another one; else why not.
    pub(crate) fn renamed_at(&self, file: FileId, byte: usize) -> Result<(Span, String), String> {
        let found = self.name_at(file, byte).ok_or("no name stands here")?;
        if !can_be_renamed(found.kind) {
            return Err(format!(
                "a {} is not renamed here: the database has what is known of people under its name",
                found.kind.name()
            ));
        }
        let written = Written::of(self.loaded.sources.text(found.span));
        let bare = self.bare(found, &written.text);
        Ok((found.span, bare.to_owned()))
    }

    /// Returns what must be written where so that the name at a byte becomes another; or why it cannot.
    pub(crate) fn rename(&self, file: FileId, byte: usize, new: &str) -> Result<Vec<Edit>, String> {
        let (span, _) = self.renamed_at(file, byte)?;
        let found = self.name_at(file, byte).ok_or("no name stands here")?;
        let kind = found.kind.name();
        let mut faults = Diagnostics::default();
        if !name::check(new, "name", span, &mut faults) {
            let faults = faults.sorted();
            let fault = faults.first().map(|fault| fault.message.clone());
            return Err(fault.unwrap_or_default());
        }
        let meant = self.places_of(found);
        let is_taken = self.references.iter().any(|other| {
            other.kind == found.kind
                && !meant.iter().any(|place| place.span == other.span)
                && same(&other.name, &self.full(found, new))
        });
        if is_taken {
            return Err(format!("the workspace has the {kind} `{new}` already"));
        }
        let mut edits: BTreeMap<Span, Edit> = BTreeMap::new();
        for place in meant {
            let written = Written::of(self.loaded.sources.text(place.span));
            let bare = self.bare(place, &written.text);
            // A step may concern the campaign's own program without naming it.
            if !same(bare, self.bare(found, &found.name)) {
                continue;
            }
            let prefix = written.text.len() - bare.len();
            let text = format!("{}{new}", &written.text[..prefix]);
            edits.insert(place.span, written.with(place.span, &text));
        }
        if found.kind == NameKind::Program {
            self.rename_prefixes(&found.name, new, &mut edits);
        }
        Ok(edits.into_values().collect())
    }

    /// Renames a program where its name stands before that of a campaign or list.
    fn rename_prefixes(&self, program: &str, new: &str, edits: &mut BTreeMap<Span, Edit>) {
        let prefix = format!("{}.", fold(program));
        for place in &self.references {
            if !matches!(place.kind, NameKind::Campaign | NameKind::List) {
                continue;
            }
            let written = Written::of(self.loaded.sources.text(place.span));
            if fold(&written.text).starts_with(&prefix)
                && let Some(rest) = written.text.get(program.len()..)
            {
                let text = format!("{new}{rest}");
                edits.insert(place.span, written.with(place.span, &text));
            }
        }
    }

    /// Returns a written name without its program.
    fn bare<'t>(&self, of: &Reference, written: &'t str) -> &'t str {
        if !matches!(of.kind, NameKind::Campaign | NameKind::List) {
            return written;
        }
        let programs = &self.workspace.program_names;
        let mut dots = written.match_indices('.');
        let prefix = dots.find(|(dot, _)| programs.find(&written[..*dot]).is_some());
        prefix.map_or(written, |(dot, _)| &written[dot + 1..])
    }

    /// Returns a new name as it is compared with others: that of a campaign with its program.
    fn full(&self, of: &Reference, new: &str) -> String {
        let prefix = of.name.len() - self.bare(of, &of.name).len();
        format!("{}{new}", &of.name[..prefix])
    }
}

fn can_be_renamed(kind: NameKind) -> bool {
    match kind {
        NameKind::Campaign
        | NameKind::Program
        | NameKind::Email
        | NameKind::SmartList
        | NameKind::List
        | NameKind::Webhook => true,
        NameKind::Field | NameKind::Status | NameKind::Activity => false,
    }
}

/// A value as it stands in a file.
pub(super) struct Written {
    /// Where its text begins: an anchor or a tag may stand before it.
    start: usize,
    quote: Option<char>,
    /// What it says.
    pub(super) text: String,
}

impl Written {
    pub(super) fn of(raw: &str) -> Self {
        let mut start = 0;
        while raw[start..].starts_with(['&', '!'])
            && let Some(blank) = raw[start..].find(char::is_whitespace)
        {
            start += blank + 1;
        }
        let body = &raw[start..];
        let quote = body.chars().next().filter(|c| matches!(c, '"' | '\''));
        Self {
            start,
            quote,
            text: scalar(body).unwrap_or_else(|| body.to_owned()),
        }
    }

    /// Returns the edit that lets another text stand there, quoted as this one, or where it must be.
    pub(super) fn with(&self, span: Span, text: &str) -> Edit {
        let start = u32::try_from(self.start).unwrap_or_default();
        Edit {
            span: Span {
                start: span.start + start,
                ..span
            },
            text: match self.quote {
                Some('\'') => format!("'{}'", text.replace('\'', "''")),
                None if is_plain(text) => text.to_owned(),
                Some(_) | None => quoted(text),
            },
        }
    }
}

/// Returns a text between double quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Returns whether a text means itself wherever a name may stand without quotes.
pub(super) fn is_plain(text: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if !text.is_empty() && text.bytes().all(is_word) {
        return true;
    }
    let everywhere = format!("- [ x, {text}, y ]\n- {{ {text}: x, y: {text} }}\n- {text}\n");
    let Some(list) = parsed(&everywhere) else {
        return false;
    };
    let is_it = |node: Option<&Node>| {
        matches!(
            node.map(|node| &node.kind),
            Some(NodeKind::Scalar { text: read, plain: true }) if read == text
        )
    };
    let items = list.as_list().unwrap_or_default();
    let [row, map, alone] = items else {
        return false;
    };
    let row = row.as_list().unwrap_or_default();
    let keys = map.as_map().unwrap_or_default();
    row.len() == 3
        && is_it(row.get(1))
        && keys.len() == 2
        && keys[0].key == text
        && is_it(map.get("y"))
        && is_it(Some(alone))
}

/// Returns what a single value says.
fn scalar(written: &str) -> Option<String> {
    let node = parsed(written)?;
    node.as_scalar().map(str::to_owned)
}

fn parsed(text: &str) -> Option<Node> {
    let mut faults = Diagnostics::default();
    let file = Sources::default().add("", text);
    let node = yaml::parse(file, text, &mut faults).into_iter().next();
    node.filter(|_| faults.errors() == 0)
}

/// Returns the bytes of a span.
pub(crate) fn bytes(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}
