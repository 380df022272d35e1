//! A file system whose locks do not work, played by the shim: SQLite gives up after ten seconds.

use super::folder::text;
use super::report::{Report, Wrong};
use super::shim::Shim;
use super::sweep::Prepared;

const METHOD: &str = "nobody gets a lock to read";

/// Gives a command that reads and one that writes; each must say that there are no locks, and change nothing.
pub(crate) fn attempt(prepared: &Prepared, shim: &Shim) -> Report {
    let mut report = Report::default();
    for line in ["person list", prepared.case.line] {
        let folder = prepared.before.copy();
        let output = shim.lie(&folder, line, "locks");
        let said = text(&output.stderr);
        let differs = folder.left().differs_from(&prepared.untouched);
        let code = output.status.code();
        let wrong = if code == Some(3) && said.starts_with("error: cannot lock `") {
            differs
        } else {
            Some(format!("exit code {code:?}: {}", said.trim_end()))
        };
        report.add(
            METHOD,
            wrong.map(|what| Wrong {
                command: prepared.case.name,
                method: METHOD,
                place: line.to_owned(),
                what,
            }),
        );
    }
    report
}
