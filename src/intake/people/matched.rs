//! The columns of a person list, once each has been matched with what it means.

use std::io::{self, Read};

use super::super::rows::{Next, Rows};
use super::formats::Formats;
use super::infer::Candidate;
use super::key::KeySource;
use super::members::MemberPlace;
use crate::domain::field::FieldOrigin;
use crate::domain::text::snake_case;
use crate::domain::{Field, FieldCatalogue, FieldId, Zone};

/// A column of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListColumn {
    /// The header as written.
    pub(crate) header: String,
    /// The field.
    pub(crate) field: FieldId,
    /// Whether this list brought the field into being.
    pub(crate) is_new: bool,
}

/// What a header was found to mean.
pub(super) enum Meaning {
    Known(FieldId),
    New {
        field: String,
        seen: Candidate,
    },
    /// Something about a membership.
    Member(MemberPlace),
}

/// A header whose columns are all known by name.
pub(super) struct Matched {
    pub(super) columns: Vec<(String, Meaning)>,
    pub(super) key: KeySource,
}

/// The columns of a list by what they are about.
pub(super) struct SortedColumns {
    /// All headers, in the order of the file.
    pub(super) headers: Vec<String>,
    /// The columns of people.
    pub(super) people: Vec<ListColumn>,
    /// The place of each of those in the file.
    pub(super) places: Vec<usize>,
    /// The columns of memberships, each with its place in the file.
    pub(super) members: Vec<(usize, MemberPlace)>,
}

impl Matched {
    /// Returns whether a column is not a known field.
    pub(super) fn has_new(&self) -> bool {
        self.columns
            .iter()
            .any(|(_, meaning)| matches!(meaning, Meaning::New { .. }))
    }

    /// Reads the rest of a file to find the types of its new columns. Bad rows are passed over; they are reported later.
    pub(super) fn infer_types<R: Read>(
        &mut self,
        rows: &mut Rows<R>,
        formats: &Formats,
        zone: &Zone,
    ) -> io::Result<()> {
        loop {
            match rows.advance()? {
                Next::Row if rows.width() == self.columns.len() => {
                    for (index, (_, meaning)) in self.columns.iter_mut().enumerate() {
                        if let Meaning::New { seen, .. } = meaning {
                            seen.see(rows.cell(index), formats, zone);
                        }
                    }
                }
                Next::Row | Next::Flawed(_) => {}
                Next::Cut(_) | Next::End => return Ok(()),
            }
        }
    }

    /// Makes fields of the new columns.
    pub(super) fn into_columns(self, catalogue: &mut FieldCatalogue) -> SortedColumns {
        let mut sorted = SortedColumns {
            headers: Vec::with_capacity(self.columns.len()),
            people: Vec::with_capacity(self.columns.len()),
            places: Vec::with_capacity(self.columns.len()),
            members: Vec::new(),
        };
        for (index, (header, meaning)) in self.columns.into_iter().enumerate() {
            sorted.headers.push(header.clone());
            let (field, is_new) = match meaning {
                Meaning::Member(place) => {
                    sorted.members.push((index, place));
                    continue;
                }
                Meaning::Known(field) => (field, false),
                Meaning::New { field, seen } => {
                    let name = snake_case(&field);
                    let new = Field {
                        api_name: name.clone(),
                        name,
                        label: field,
                        field_type: seen.field_type(),
                        origin: FieldOrigin::Inferred,
                    };
                    (catalogue.add(new), true)
                }
            };
            sorted.places.push(index);
            sorted.people.push(ListColumn {
                header,
                field,
                is_new,
            });
        }
        sorted
    }
}
