//! The versions of a campaign: which of them have the present flow.

use std::collections::BTreeSet;

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

/// Returns the lines under a key of a definition in canonical form.
fn section<'a>(definition: &'a str, key: &str) -> Vec<&'a str> {
    let is_key = |line: &&str| {
        line.strip_prefix(key)
            .is_some_and(|rest| rest.starts_with(':'))
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
}
