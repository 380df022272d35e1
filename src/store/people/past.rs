//! What loads changed of people already known, so that their past values can be reported.
//!
//! One row a load and person, also if the list has several rows about them: the oldest old value and the newest new
//! one of each changed field, and the lists joined or left.

use rusqlite::{Connection, OptionalExtension as _};
use serde_json::{Map, Value as Json};

use crate::domain::{Instant, PersonId, ValueRef};
use crate::store::error::{Error, Result};
use crate::store::log_key::{ORDINAL_MASK, range_of};
use crate::store::memberships;
use crate::world::Membership;

/// What one row of a list changed of one person.
#[derive(Debug, Default)]
pub(super) struct PersonChange {
    /// Old values by field.
    pub(super) old: Map<String, Json>,
    /// New values by field.
    pub(super) new: Map<String, Json>,
    /// `joined` and `left`, each an array of lists.
    pub(super) lists: Map<String, Json>,
    /// By program, the membership `old` and `new`.
    pub(super) programs: Map<String, Json>,
}

impl PersonChange {
    /// Makes the change of joining or leaving a list.
    pub(super) fn of_list(how: &str, list: &str) -> Self {
        let mut change = Self::default();
        change.lists.insert(how.to_owned(), Json::from(vec![list]));
        change
    }

    /// Takes note of a membership.
    pub(super) fn membership(
        &mut self,
        program: &str,
        old: Option<&Membership>,
        new: Option<&Membership>,
    ) -> Result<()> {
        let (old, new) = (memberships::to_json(old)?, memberships::to_json(new)?);
        let change = Json::from(Map::from_iter([
            ("old".to_owned(), old),
            ("new".to_owned(), new),
        ]));
        self.programs.insert(program.to_owned(), change);
        Ok(())
    }

    /// Takes note of one field.
    pub(super) fn field(
        &mut self,
        name: &str,
        old: Option<ValueRef<'_>>,
        new: Option<ValueRef<'_>>,
    ) {
        self.old.insert(name.to_owned(), json(old));
        self.new.insert(name.to_owned(), json(new));
    }

    /// Adds what the same row changed besides.
    pub(super) fn and(&mut self, other: Self) {
        self.old.extend(other.old);
        self.new.extend(other.new);
        self.lists.extend(other.lists);
        self.programs.extend(other.programs);
    }

    /// Returns whether nothing changed.
    pub(super) fn is_empty(&self) -> bool {
        self.new.is_empty() && self.lists.is_empty() && self.programs.is_empty()
    }

    /// Takes over what changed later in the same load.
    fn then(&mut self, later: Self) {
        for (name, old) in later.old {
            self.old.entry(name).or_insert(old);
        }
        self.new.extend(later.new);
        self.lists.extend(later.lists);
        for (program, mut change) in later.programs {
            if let Some(earlier) = self.programs.get(&program) {
                change["old"] = earlier["old"].clone();
            }
            self.programs.insert(program, change);
        }
        self.programs
            .retain(|_, change| change["old"] != change["new"]);
        // What one row of the list changed and another changed back has not changed.
        self.new.retain(|name, new| self.old.get(name) != Some(new));
        self.old.retain(|name, _| self.new.contains_key(name));
    }
}

/// Returns a value as the log's JSON has it: instants and days as ISO 8601.
fn json(value: Option<ValueRef<'_>>) -> Json {
    // None of our values is one that JSON does not have.
    serde_json::to_value(value).unwrap_or_default()
}

/// Writes what changed of a person; `since` is the first row that this load may have written.
pub(super) fn write(
    connection: &Connection,
    person: PersonId,
    at: Instant,
    since: i64,
    change: PersonChange,
) -> Result<()> {
    let earlier = connection
        .prepare_cached(
            "SELECT past_id, old, new, lists, programs FROM past WHERE person_id = ?1 AND past_id >= ?2",
        )?
        .query_row((person.0, since), |row| {
            let fields: (String, String) = (row.get(1)?, row.get(2)?);
            let others: (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
            Ok((row.get::<_, i64>(0)?, fields, others))
        })
        .optional()?;
    let (past_id, whole) = match earlier {
        None => (None, change),
        Some((past_id, (old, new), (lists, programs))) => {
            let optional = |text: Option<String>| text.as_deref().map_or(Ok(Map::new()), map);
            let mut whole = PersonChange {
                old: map(&old)?,
                new: map(&new)?,
                lists: optional(lists)?,
                programs: optional(programs)?,
            };
            whole.then(change);
            (Some(past_id), whole)
        }
    };
    if whole.is_empty() {
        if let Some(past_id) = past_id {
            connection.execute("DELETE FROM past WHERE past_id = ?1", [past_id])?;
        }
        return Ok(());
    }
    let some = |map: Map<String, Json>| (!map.is_empty()).then(|| text(map));
    connection
        .prepare_cached(
            &format!(
            "INSERT OR REPLACE INTO past (past_id, person_id, at, old, new, lists, programs, place)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT coalesce(max(activity_id) & {ORDINAL_MASK}, -1) + 1 FROM activity
                WHERE activity_id BETWEEN {}))",
            range_of("?2")
        ),
        )?
        .execute((
            past_id,
            person.0,
            at.micros(),
            text(whole.old),
            text(whole.new),
            some(whole.lists),
            some(whole.programs),
        ))?;
    Ok(())
}

/// Returns the number of the first row that a load beginning now writes.
pub(super) fn next(connection: &Connection) -> Result<i64> {
    let sql = "SELECT coalesce(max(past_id), 0) + 1 FROM past";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

fn map(text: &str) -> Result<Map<String, Json>> {
    serde_json::from_str(text)
        .map_err(|_| Error::Inconsistent("a past change is not JSON".to_owned()))
}

fn text(map: Map<String, Json>) -> String {
    Json::Object(map).to_string()
}
