//! How many people of a database a filter holds for.

use crate::app::list_people::{PeopleCursor, PeopleSelection};
use crate::app::then::AskedAt;
use crate::app::{Error, UserError};
use crate::domain::Instant;
use crate::domain::text::counted;
use crate::store::Store;

/// Says in a sentence for how many people a filter holds, which is written as in a campaign file; or why that is not known.
///
/// The names of lists, smart lists and campaigns are those that the database has.
pub(crate) fn people_matching(store: &Store, filter: &str, now: Instant, seed: u64) -> String {
    match count(store, filter, now, seed) {
        Ok((matching, all)) => {
            let all = counted(all, "person", "people");
            format!("holds for {matching} of {all}")
        }
        Err(error) => format!("people are not counted: {}", reason(&error)),
    }
}

fn count(store: &Store, filter: &str, now: Instant, seed: u64) -> Result<(u64, u64), Error> {
    let who = PeopleSelection::Filter(filter.to_owned());
    let people = PeopleCursor::of(store, &who)?;
    let matching = people.count(store, AskedAt::Now(now), seed, &who)?;
    Ok((matching, store.count_people()?))
}

fn reason(error: &Error) -> String {
    match error {
        Error::User(error) => error.message.clone(),
        Error::Store(error) => error.to_string(),
        Error::Problems(problems) => {
            let first: Option<&UserError> = problems.first();
            first.map(|error| error.message.clone()).unwrap_or_default()
        }
        Error::Campaigns(faulty) => {
            let sorted = faulty.diagnostics.sorted();
            let first = sorted.first();
            first.map(|fault| fault.message.clone()).unwrap_or_default()
        }
        Error::Faults(_) => "the data is at fault".to_owned(),
    }
}
