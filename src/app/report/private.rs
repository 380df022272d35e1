//! Takes personal data out of a report: the addresses that definitions name. Everything else in a report is counts.

use crate::results::{CampaignReport, StepDetail};

/// Replaces every address in a report.
pub(super) fn hide_addresses(report: &mut CampaignReport) {
    let detail = &mut report.detail;
    let lists = [
        &mut detail.triggers,
        &mut detail.filters,
        &mut detail.guards,
    ];
    lists.into_iter().flatten().for_each(hide);
    detail.description.iter_mut().for_each(hide);
    detail.steps.iter_mut().flat_map(texts).for_each(hide);
    detail
        .waits
        .iter_mut()
        .for_each(|held| hide(&mut held.waiting.wait));
    let versions = report.versions.iter_mut();
    let lines = versions.flat_map(|version| &mut version.lines);
    lines.for_each(|line| hide(&mut line.line));
    let tests = report.tests.iter_mut().flatten();
    tests.for_each(|test| hide(&mut test.test));
    if let Some(coverage) = &mut report.coverage {
        let missing = coverage.missing.iter_mut().map(|point| &mut point.what);
        let unreachable = coverage.unreachable.iter_mut();
        let unreachable = unreachable.flat_map(|point| [&mut point.what, &mut point.reason]);
        missing.chain(unreachable).for_each(hide);
    }
}

fn texts(step: &mut StepDetail) -> impl Iterator<Item = &mut String> {
    let choices = step.choices.iter_mut();
    let choices = choices.flat_map(|choice| [&mut choice.when, &mut choice.does]);
    std::iter::once(&mut step.does).chain(choices)
}

/// What stands in the place of an address.
const HIDDEN: &str = "(address)";

/// Replaces the addresses in a text.
fn hide(text: &mut String) {
    if !text.contains('@') {
        return;
    }
    let mut shown = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars() {
        if is_of_address(c) {
            word.push(c);
        } else {
            put(&mut shown, &word);
            word.clear();
            shown.push(c);
        }
    }
    put(&mut shown, &word);
    *text = shown;
}

/// Writes a word, or what stands in its place: a word with something before its `@` is an address.
fn put(shown: &mut String, word: &str) {
    let named = word.trim_end_matches(['.', '!', '?']);
    if named.find('@').is_some_and(|place| place > 0) {
        shown.push_str(HIDDEN);
        shown.push_str(&word[named.len()..]);
    } else {
        shown.push_str(word);
    }
}

/// Returns whether an address may have a character; those that end one in a sentence or in YAML do not count.
fn is_of_address(c: char) -> bool {
    c.is_alphanumeric() || "@.!#$%&'*+-/=?^_`{|}~".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> String {
        let mut text = text.to_owned();
        hide(&mut text);
        text
    }

    #[test]
    fn addresses_are_hidden_and_domains_are_not() {
        assert_eq!(
            hidden("send alert lead to ann.o'neill+x@example.com, zoë@例え.jp"),
            "send alert lead to (address), (address)"
        );
        assert_eq!(hidden("Ask ann@example.com."), "Ask (address).");
        assert_eq!(
            hidden("email contains @example.com"),
            "email contains @example.com"
        );
        assert_eq!(hidden("- \"qa@example.com\""), "- \"(address)\"");
        assert_eq!(hidden("every 2 days"), "every 2 days");
    }
}
