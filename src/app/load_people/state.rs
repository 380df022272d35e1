//! Loads people as initial state: it logs nothing and starts no campaign.

use super::lists::{ListHead, ListResult, Lists, Sink};
use super::{LoadOutcome, Options, publish};
use crate::app::Error;
use crate::domain::Instant;
use crate::intake::input::Input;
use crate::store::Store;
use crate::store::people::{Keys, LoadSpec, PeopleLoad};
use crate::world::person_rows::PersonRows;

/// Bytes in a usual row, to guess how many rows will come; nothing but speed depends on it.
const BYTES_A_ROW: u64 = 100;
/// Rows guessed of an input of unknown size.
const ROWS_OF_A_PIPE: u64 = 100_000;

/// Loads the lists.
pub(super) fn load(
    store: &mut Store,
    mut lists: Lists<'_, '_>,
    inputs: &[Input],
    options: &Options,
    now: Instant,
) -> Result<LoadOutcome, Error> {
    let mut load = store.begin_people_load(LoadSpec {
        at: now,
        expected_rows: inputs.iter().map(expected_rows).sum(),
        list: options.list.clone(),
        members: options.reading.members.clone(),
    })?;
    while let Some(reader) = lists.open_next()? {
        lists.load(reader, &mut load)?;
    }
    let (loaded, rejects) = lists.finish()?;
    if options.replace {
        load.replace_list()?;
    }
    if !options.dry_run {
        load.commit()?;
    }
    publish(rejects)?;
    Ok(loaded)
}

/// Guesses how many rows an input has, from its size as stored; packed ones have more.
fn expected_rows(input: &Input) -> u64 {
    input
        .size()
        .map_or(ROWS_OF_A_PIPE, |bytes| bytes / BYTES_A_ROW + 1)
}

impl Sink for PeopleLoad<'_> {
    fn begin_list(&mut self, list: &ListHead<'_>) -> Result<Keys, Error> {
        Ok(self.begin_file(&list.fields, &list.members, list.key)?)
    }

    fn apply(&mut self, batch: &PersonRows) -> Result<(), Error> {
        Ok(PeopleLoad::apply(self, batch)?)
    }

    fn end_list(&mut self, keys: Keys) -> Result<ListResult, Error> {
        Ok(ListResult {
            applied: self.end_file(keys),
            entries: None,
        })
    }
}
