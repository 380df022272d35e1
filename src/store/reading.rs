//! Connections that read: whose a file is, which version it has, and what to do where its journal cannot be opened.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::connection::{APPLICATION_ID, configure, connect_write};
use super::error::{Error, Result};
use super::{migrations, paths};

/// What a reading connection may do where a database cannot be opened together with its journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fallback {
    /// In a folder that may not be written, where nobody can be writing, the file is read as it stands. Elsewhere, a
    /// transaction that a killed command has left half done is undone first.
    Recover,
    /// Only the former: the file belongs to somebody else.
    Immutable,
    /// It fails.
    None,
}

/// What we read by these names are tables, in every version that has them.
pub(super) const TABLES: [&str; 28] = [
    "activation",
    "activity",
    "activity_type",
    "campaign",
    "campaign_version",
    "entry",
    "event",
    "field",
    "first_key",
    "list",
    "list_member",
    "log_sum",
    "match_command",
    "match_step",
    "meta",
    "outbox",
    "past",
    "person",
    "program",
    "program_member",
    "run",
    "run_command",
    "text",
    "tombstone",
    "trigger_match",
    "unknown_file",
    "wait",
    "workspace_version",
];

/// Opens a database of the newest version for reading.
pub(super) fn connect_read(path: &Path, fallback: Fallback) -> Result<Connection> {
    let (connection, version) = connect_read_any(path, fallback)?;
    if version < migrations::LATEST {
        return Err(Error::state(
            format!("`{}` was written by an older bugle", path.display()),
            Some("any writing command brings it up to date, with a backup beside it"),
        ));
    }
    Ok(connection)
}

/// Opens a database of any known version for reading; returns its version as well.
pub(super) fn connect_read_any(path: &Path, fallback: Fallback) -> Result<(Connection, i64)> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> Result<(Connection, i64)> {
        identified(Connection::open_with_flags(path, flags)?, path)
    };
    let opened = open();
    let is_unreachable = matches!(&opened, Err(Error::Io { .. } | Error::ReadOnly(_)));
    if !is_unreachable || fallback == Fallback::None {
        return opened;
    }
    let journal = paths::pending_journal(path);
    // The error alone says little: it is the same where too many files are open.
    if paths::is_in_read_only_folder(path) {
        if let Some(journal) = journal {
            return Err(Error::UnreadableJournal(journal));
        }
        let uri = format!("file:{}?immutable=1", percent(path));
        let flags = flags | OpenFlags::SQLITE_OPEN_URI;
        return identified(Connection::open_with_flags(uri, flags)?, path);
    }
    match (journal, fallback) {
        (Some(_), Fallback::Recover) => {
            // What SQLite reads first, it recovers.
            identified(connect_write(path)?, path)?;
            open()
        }
        (Some(journal), Fallback::Immutable) => Err(Error::UnreadableJournal(journal)),
        (_, Fallback::None) | (None, Fallback::Recover | Fallback::Immutable) => opened,
    }
}

fn identified(connection: Connection, path: &Path) -> Result<(Connection, i64)> {
    configure(&connection)?;
    let version = identify(&connection, path)?;
    Ok((connection, version))
}

fn percent(path: &Path) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(byte) {
            out.push(char::from(*byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Returns the file's version, or why we do not touch it.
pub(super) fn identify(connection: &Connection, path: &Path) -> Result<i64> {
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get(0));
    let application: i64 = number("application_id")?;
    let found: i64 = number("user_version")?;
    if application != APPLICATION_ID || found < 1 {
        return Err(Error::Foreign(path.to_owned()));
    }
    if found > migrations::LATEST {
        return Err(Error::Newer {
            path: path.to_owned(),
            found,
            known: migrations::LATEST,
        });
    }
    refuse_impostors(connection, path)?;
    Ok(found)
}

/// Refuses a database in which something else has the name of a table: a view may have no end, a virtual table may do
/// anything.
fn refuse_impostors(connection: &Connection, path: &Path) -> Result<()> {
    let names = TABLES.map(|name| format!("'{name}'")).join(", ");
    let sql = format!(
        "SELECT name FROM sqlite_schema WHERE name IN ({names}) AND (type <> 'table' OR sql LIKE 'CREATE VIRTUAL %')"
    );
    let impostor: Option<String> = connection
        .query_row(&sql, [], |row| row.get(0))
        .optional()?;
    match impostor {
        None => Ok(()),
        Some(name) => Err(Error::Unexpected {
            path: path.to_owned(),
            what: format!("`{name}` is not the table that it should be"),
        }),
    }
}
