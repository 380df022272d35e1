//! `person delete`: erases a person and their log; a tombstone without personal data remains.

use crate::domain::{Instant, PersonId};
use crate::store::{CommitProgress, Store};
use crate::world::{Journal, Numbering, PersonChange};

use super::settings::settings;
use super::{Error, ErrorKind, UserError, people};

/// Erases the one person who has a key, and returns their number.
pub(crate) fn delete_person(store: &mut Store, key: &str, now: Instant) -> Result<PersonId, Error> {
    super::refuse_unfinished(store)?;
    let found = people::find(store, key)?;
    if found.people > 1 {
        let message = format!("{} people have the key `{key}`", found.people);
        return Err(UserError::new(ErrorKind::State, message)
            .help("name the one that is meant by number, as `#17`; `bugle person list` shows them")
            .into());
    }
    let workspace = settings(store)?;
    let numbering = Numbering::default();
    let bindings = store.bind(&[], &workspace.fields, &workspace.activities, numbering)?;
    let journal = Journal {
        people: vec![(found.person, PersonChange::Deleted { at: now })],
        ..Journal::default()
    };
    store.write(&journal, &bindings, CommitProgress::default())?;
    Ok(found.person)
}
