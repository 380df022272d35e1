//! Builds the queries that load a chunk of people.
//!
//! Every one of them goes along tables clustered by person, by their keys. How SQLite means to answer them is tested
//! here, since a plan that sorts, or that makes an index of its own, costs a replay more than all else together.

use super::log_key::{self, ORDINAL_BITS, ORDINAL_MASK};
use super::{history, waits};

/// Which rows of a table clustered by person are read.
#[derive(Debug, Clone, Copy)]
pub(super) enum PeopleScope {
    /// Those of all people from one to another.
    Range(i64, i64),
    /// Those of the people in the connection's own table `wanted`.
    Listed,
}

/// Makes the table of the people that are wanted: of this connection alone, in memory.
pub(super) const WANTED: &str =
    "CREATE TEMP TABLE IF NOT EXISTS wanted (person_id INTEGER PRIMARY KEY)";

/// Returns the query for the wanted people; `columns` are those after the number, each after a comma.
pub(super) fn people(columns: &str) -> String {
    format!(
        "SELECT person_id{columns} FROM temp.wanted CROSS JOIN person USING (person_id) ORDER BY person_id"
    )
}

impl PeopleScope {
    /// Returns the query for rows of the log that count, of some types.
    pub(super) fn history(self, codes: &str) -> String {
        // The plus keeps SQLite from an index of its own making, which for one type alone it prefers to the key: every
        // person would then be sought among all rows of that type.
        let order = match self {
            Self::Range(..) => "activity_id",
            // The same order, in words that show it to be that of the two keys, so that nothing is sorted.
            Self::Listed => "person_id, activity_id",
        };
        format!(
            "SELECT activity_id >> {ORDINAL_BITS}, {} FROM {} AND +type IN ({codes}) AND coalesce(outcome, 1) = 1 ORDER BY {order}",
            history::COLUMNS,
            self.activities(),
        )
    }

    /// Returns the query for the last place in each person's log.
    pub(super) fn last_ordinals(self) -> String {
        // From the last row downwards, each row sought is the last one of the next person who has any: people without
        // a log cost nothing.
        let ends = format!(
            "WITH RECURSIVE ends (id) AS (
                SELECT max(activity_id) FROM {}
                UNION ALL
                SELECT (SELECT max(activity_id) FROM activity
                    WHERE activity_id < id >> {ORDINAL_BITS} << {ORDINAL_BITS} AND activity_id >= ?1 << {ORDINAL_BITS})
                FROM ends WHERE id IS NOT NULL)
             SELECT id FROM ends WHERE id IS NOT NULL ORDER BY id",
            self.activities()
        );
        let each = format!(
            "SELECT (SELECT max(activity_id) FROM activity WHERE activity_id BETWEEN {}) AS id
             FROM temp.wanted WHERE id IS NOT NULL ORDER BY person_id",
            log_key::range_of("person_id")
        );
        let last = match self {
            Self::Range(..) => ends,
            Self::Listed => each,
        };
        format!("SELECT id >> {ORDINAL_BITS}, id & {ORDINAL_MASK} FROM ({last})")
    }

    /// Returns the query for the campaigns that people have entered.
    pub(super) fn entry_stats(self) -> String {
        format!(
            "SELECT person_id, campaign_id, count(*), min(at), max(at) FROM {}
             GROUP BY person_id, campaign_id ORDER BY person_id, campaign_id",
            self.table("entry")
        )
    }

    /// Returns the query for the lists that people are on.
    pub(super) fn lists(self) -> String {
        format!(
            "SELECT person_id, list_id FROM {} ORDER BY person_id, list_id",
            self.table("list_member")
        )
    }

    /// Returns the query for people's memberships in programs.
    pub(super) fn programs(self) -> String {
        format!(
            "SELECT person_id, program_id, status, success_at, since, acquired_by, fields FROM {} ORDER BY person_id, program_id",
            self.table("program_member")
        )
    }

    /// Returns the query for the keys by which people were first given, of those who no longer have them.
    pub(super) fn first_keys(self) -> String {
        format!(
            "SELECT person_id, key FROM {} ORDER BY person_id",
            self.table("first_key")
        )
    }

    /// Returns the query for the waits that hold people.
    pub(super) fn waits(self) -> String {
        format!(
            "SELECT {} FROM {} ORDER BY person_id, wait_id",
            waits::COLUMNS,
            self.table("wait")
        )
    }

    /// Returns what all of these queries are given.
    pub(super) fn parameters(self) -> Vec<i64> {
        match self {
            Self::Range(first, last) => vec![first, last],
            Self::Listed => Vec::new(),
        }
    }

    /// Returns a FROM clause over a table with a column `person_id`, with its condition.
    fn table(self, table: &str) -> String {
        match self {
            Self::Range(..) => format!("{table} WHERE person_id BETWEEN ?1 AND ?2"),
            Self::Listed => format!("temp.wanted CROSS JOIN {table} USING (person_id) WHERE true"),
        }
    }

    /// Returns a FROM clause over the log, with its condition.
    fn activities(self) -> String {
        match self {
            Self::Range(..) => format!(
                "activity WHERE activity_id BETWEEN {}",
                log_key::range("?1", "?2")
            ),
            Self::Listed => format!(
                "temp.wanted CROSS JOIN activity ON activity_id BETWEEN {} WHERE true",
                log_key::range_of("person_id")
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::store::{connection as settings, events, keys, migrations, waits};

    /// Returns how SQLite means to answer a query, a step a line.
    fn plan(sql: &str) -> Vec<String> {
        let mut connection = Connection::open_in_memory().unwrap();
        settings::configure(&connection).unwrap();
        migrations::create(&mut connection).unwrap();
        connection.execute_batch(WANTED).unwrap();
        let mut statement = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        // Without values: a plan is made before any is bound.
        let steps = statement.raw_query().mapped(|row| row.get(3));
        steps.collect::<rusqlite::Result<_>>().unwrap()
    }

    /// Refuses a plan that goes through a whole table, sorts, or makes an index for this one query.
    fn goes_by_key(sql: &str) {
        for step in plan(sql) {
            let costly = step.contains("AUTOMATIC") || step.contains("TEMP B-TREE");
            // What a query itself has made is small: the wanted people, or a row a person.
            let whole = step.strip_prefix("SCAN ").is_some_and(|what| {
                !["temp.wanted", "ends", "(subquery", "CONSTANT ROW"]
                    .iter()
                    .any(|own| what.starts_with(own))
            });
            assert!(!costly && !whole, "{step}\nin {:#?}\nof {sql}", plan(sql));
        }
    }

    #[test]
    fn worlds_are_filled_by_key() {
        for which in [PeopleScope::Range(1, 9), PeopleScope::Listed] {
            goes_by_key(&which.history("10"));
            goes_by_key(&which.history("10,11,12"));
            goes_by_key(&which.entry_stats());
            goes_by_key(&which.lists());
            goes_by_key(&which.programs());
            goes_by_key(&which.first_keys());
        }
        goes_by_key(&PeopleScope::Listed.last_ordinals());
        goes_by_key(&people(", email"));
    }

    #[test]
    fn the_last_place_of_a_stretch_of_people_is_sought_person_by_person() {
        let plan = plan(&PeopleScope::Range(1, 9).last_ordinals());
        let searches = plan.iter().filter(|step| step.contains("SEARCH activity"));
        assert_eq!(searches.count(), 2, "{plan:#?}");
        assert!(
            !plan.iter().any(|step| step.contains("SCAN activity")),
            "{plan:#?}"
        );
    }

    #[test]
    fn people_events_and_waits_are_found_by_key() {
        for sql in [keys::BY_EMAIL, keys::BY_ID, keys::BY_NUMBER, events::FROM] {
            goes_by_key(sql);
        }
        goes_by_key(&waits::due());
    }
}
