//! The versions of a campaign: which of them have the present flow, and what each of them changed.

use std::collections::BTreeSet;

use similar::{ChangeTag, TextDiff};

use crate::results::{ChangedLine, LineChange, VersionChange};
use crate::store::VersionText;

/// Returns the versions whose flow is that of the newest, where older ones have another flow; else nothing.
pub(super) fn of_present_flow(versions: &[VersionText]) -> Option<BTreeSet<u32>> {
    let present = section(&versions.last()?.definition, "flow");
    let same = versions
        .iter()
        .filter(|version| section(&version.definition, "flow") == present);
    let same: BTreeSet<u32> = same.map(|version| version.version).collect();
    (same.len() < versions.len()).then_some(same)
}

/// Returns what each version changed, the newest first.
pub(super) fn changes(versions: &[VersionText]) -> Vec<VersionChange> {
    let earlier = std::iter::once(None).chain(versions.iter().map(Some));
    let mut changes: Vec<VersionChange> = versions
        .iter()
        .zip(earlier)
        .map(|(version, before)| VersionChange {
            version: version.version,
            loaded_at: version.loaded_at,
            parts: before.map_or_else(Vec::new, |before| parts(before, version)),
            lines: before.map_or_else(Vec::new, |before| lines(before, version)),
        })
        .collect();
    changes.reverse();
    changes
}

/// Returns the keys of a definition under which two versions differ.
fn parts(before: &VersionText, after: &VersionText) -> Vec<String> {
    let mut keys: Vec<&str> = Vec::new();
    let all = before.definition.lines().chain(after.definition.lines());
    for line in all {
        let key = line.split_once(':').map_or(line, |(key, _)| key);
        if !line.starts_with([' ', '-']) && !key.is_empty() && !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.retain(|key| section(&before.definition, key) != section(&after.definition, key));
    keys.into_iter().map(str::to_owned).collect()
}

/// Returns the lines that went and came from one version to the next.
fn lines(before: &VersionText, after: &VersionText) -> Vec<ChangedLine> {
    let diff = TextDiff::from_lines(&before.definition, &after.definition);
    let changed = diff.iter_all_changes().filter_map(|change| {
        let kind = match change.tag() {
            ChangeTag::Equal => return None,
            ChangeTag::Delete => LineChange::Out,
            ChangeTag::Insert => LineChange::In,
        };
        Some(ChangedLine {
            change: kind,
            line: change.value().trim_end().to_owned(),
        })
    });
    changed.collect()
}

/// Returns the lines under a key of a definition in canonical form.
fn section<'a>(definition: &'a str, key: &str) -> Vec<&'a str> {
    let is_key = |line: &&str| {
        let rest = line.strip_prefix(key);
        rest.is_some_and(|rest| rest.starts_with(':'))
    };
    // A list stands at the margin of its key.
    let is_under = |line: &&str| line.starts_with([' ', '-']);
    let mut lines = definition.lines().skip_while(|line| !is_key(line));
    let head = lines.next().into_iter();
    head.chain(lines.take_while(is_under)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Instant;

    fn version(version: u32, definition: &str) -> VersionText {
        VersionText {
            version,
            definition: definition.to_owned(),
            loaded_at: Instant::from_micros(0),
        }
    }

    #[test]
    fn a_section_ends_at_the_next_key() {
        let definition =
            "name: A\nflow:\n  - wait: 1 day\n- do_nothing: true\nschedule:\n  at: 1\n";
        assert_eq!(
            section(definition, "flow"),
            ["flow:", "  - wait: 1 day", "- do_nothing: true"]
        );
        assert!(section(definition, "guard").is_empty());
    }

    #[test]
    fn a_version_names_the_parts_that_it_changed() {
        let versions = [
            version(1, "name: A\nflow:\n  - wait: 1 day\n"),
            version(
                2,
                "name: A\nflow:\n  - wait: 2 days\nqualification: every_time\n",
            ),
        ];
        let changes = changes(&versions);
        assert_eq!(changes[0].parts, ["flow", "qualification"]);
        let lines: Vec<&str> = changes[0]
            .lines
            .iter()
            .map(|line| line.line.as_str())
            .collect();
        assert_eq!(
            lines,
            [
                "  - wait: 1 day",
                "  - wait: 2 days",
                "qualification: every_time"
            ]
        );
        assert!(changes[1].lines.is_empty());
    }
}
