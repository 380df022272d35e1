//! Where a name is defined and used: the places that an editor goes to.

use std::collections::BTreeSet;

use crate::campaign::references::{Access, NameKind, Reference};
use crate::diagnostic::{FileId, Span};
use crate::domain::text::same;

use super::Snapshot;

impl Snapshot {
    /// Returns the name that stands at a byte of a file.
    pub(super) fn name_at(&self, file: FileId, byte: usize) -> Option<&Reference> {
        let covers = |span: Span| {
            span.file == file && (span.start as usize..=span.end as usize).contains(&byte)
        };
        // Within a text with tokens the token is meant, within a key and its value the one that is shorter.
        let here = self.references.iter().filter(|name| covers(name.span));
        here.min_by_key(|name| name.span.end - name.span.start)
    }

    /// Returns all places of what a name stands for, each once, in the order of the walk.
    pub(super) fn places_of<'a>(&'a self, name: &'a Reference) -> Vec<&'a Reference> {
        let mut seen = BTreeSet::new();
        let places = self.references.iter();
        places
            .filter(|place| self.same_name(name, place) && seen.insert(place.span))
            .collect()
    }

    fn same_name(&self, one: &Reference, other: &Reference) -> bool {
        if one.kind != other.kind {
            return false;
        }
        let lists = &self.workspace.lists;
        same(&one.name, &other.name)
            // With and without its program a list may be the same one.
            || one.kind == NameKind::List
                && lists.find(&one.name).is_some()
                && lists.find(&one.name) == lists.find(&other.name)
    }

    /// Returns where the name at a byte is defined; of a name that nothing defines, such as a list that comes to be by
    /// a step, where it is written.
    pub(crate) fn definitions(&self, file: FileId, byte: usize) -> Vec<Span> {
        let Some(name) = self.name_at(file, byte) else {
            return Vec::new();
        };
        let places = self.places_of(name);
        let spans = |access: Access| -> Vec<Span> {
            let of_it = places.iter().filter(|place| place.access == access);
            of_it.map(|place| place.span).collect()
        };
        let defined = spans(Access::Defines);
        if defined.is_empty() {
            spans(Access::Writes)
        } else {
            defined
        }
    }

    /// Returns where the name at a byte is used, with or without the places that define it.
    pub(crate) fn uses(&self, file: FileId, byte: usize, with_definitions: bool) -> Vec<Span> {
        let Some(name) = self.name_at(file, byte) else {
            return Vec::new();
        };
        let places = self.places_of(name).into_iter();
        let wanted = |place: &&Reference| with_definitions || place.access != Access::Defines;
        let mut spans: Vec<Span> = places.filter(wanted).map(|place| place.span).collect();
        spans.sort_unstable();
        spans
    }
}
