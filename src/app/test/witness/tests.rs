//! What is called unreachable is unreachable: a random search tries to reach it, in campaigns that are made at random.

use std::collections::BTreeSet;

use crate::campaign::compile::{DatabaseNames, compile_with};
use crate::campaign::coverage::Reachability;
use crate::source::{StoredCampaign, StoredTexts, from_stored};

use super::bench::Bench;
use super::dice::Dice;
use super::hosts;
use super::search::Search;

/// Filters that often exclude or imply each other.
const FILTERS: [&str; 22] = [
    "state: CA",
    "state: [CA, NY]",
    "state: { is_not: CA }",
    "state: { is_empty: true }",
    "state: { is_not_empty: true }",
    "lead_score: { at_least: 10 }",
    "lead_score: { less_than: 10 }",
    "lead_score: { at_least: 5 }",
    "lead_score: { between: [20, 30] }",
    "unsubscribed: true",
    "unsubscribed: { is_not: true }",
    "member_of_list: Readers",
    "member_of_list: { is_not: Readers }",
    "member_of_smart_list: All People",
    "member_of_smart_list: { is_not: All People }",
    "member_of_smart_list: Californians",
    "opened_email: welcome",
    "not_opened_email: welcome",
    "member_of_smart_campaign: Tried",
    "member_of_smart_campaign: { is_not: Tried }",
    "renewal_date: { in_past: 10 days }",
    "renewal_date: { in_future: 10 days }",
];

const ACTIONS: [(&str, &str, &str); 5] = [
    ("change_score", "change: 5", "change: -5"),
    ("add_to_list", "list: Readers", "list: Others"),
    ("remove_from_list", "list: Readers", "list: Others"),
    ("send_email", "email: welcome", "email: other"),
    ("wait", "for: 1 day", "for: 2 hours"),
];

fn filter(dice: &mut Dice, depth: usize) -> String {
    let one = |dice: &mut Dice| FILTERS[dice.below(FILTERS.len())].to_owned();
    if depth == 0 || dice.below(3) > 0 {
        return one(dice);
    }
    let word = ["all", "any"][dice.below(2)];
    let parts: Vec<String> = (0..2 + dice.below(2))
        .map(|_| format!("{{ {} }}", filter(dice, depth - 1)))
        .collect();
    format!("{word}: [ {} ]", parts.join(", "))
}

fn step(dice: &mut Dice) -> String {
    if dice.below(8) == 0 {
        return "remove_from_flow: this".to_owned();
    }
    let (name, one, other) = ACTIONS[dice.below(ACTIONS.len())];
    if dice.below(2) == 0 {
        return format!("{name}: {{ {one} }}");
    }
    let mut action = || [one, other, "do_nothing: true"][dice.below(3)].to_owned();
    let (first, second, last) = (action(), action(), action());
    let (one, other) = (filter(dice, 1), filter(dice, 1));
    format!(
        "{name}: {{ choices: [ {{ if: {{ {one} }}, {first} }}, {{ if: {{ {other} }}, {second} }} ], default: {{ {last} }} }}"
    )
}

/// Makes a campaign of any kind.
fn campaign(dice: &mut Dice) -> String {
    let trigger = [
        "",
        "triggers: [ fills_out_form: Demo, fills_out_form: { form: { is: A, contains: b } } ], ",
        "triggers: [ score_is_changed: { new_score: { at_least: 5, less_than: 3 } } ], ",
        "triggers: [ opens_email: any ], ",
    ];
    let trigger = trigger[dice.below(trigger.len())];
    let filters: Vec<String> = (0..=dice.below(3))
        .map(|_| format!("{{ {} }}", filter(dice, 2)))
        .collect();
    let logic = if filters.len() > 1 && dice.below(3) == 0 {
        ", logic: any"
    } else {
        ""
    };
    let steps: Vec<String> = (0..=dice.below(3))
        .map(|_| format!("  - {}", step(dice)))
        .collect();
    let rule = ["only_once", "every_time", "{ once_every: 7 days }"][dice.below(3)];
    format!(
        "name: Tried\nsmart_list: {{ {trigger}filters: [ {} ]{logic} }}\nflow:\n{}\nqualification: {rule}\n",
        filters.join(", "),
        steps.join("\n")
    )
}

const WORKSPACE: &str = "
lists: [ Readers, Others ]
smart_lists:
  Californians: { filters: [ state: CA ] }
fields:
  renewal_date: { type: date }
";

/// Looks for all points of a campaign; returns how many are called unreachable.
fn try_to_refute(text: &str, seed: u64, tries: usize) -> usize {
    let loaded = from_stored(&StoredTexts {
        workspace: Some(WORKSPACE.to_owned()),
        campaigns: vec![StoredCampaign {
            file: "tried.yaml".to_owned(),
            definition: text.to_owned(),
            description: None,
        }],
        retired: Vec::new(),
    });
    let (workspace, faults) = compile_with(&loaded, DatabaseNames::default());
    let messages = faults.sorted().into_iter().map(|fault| &fault.message);
    let messages: Vec<&String> = messages.collect();
    assert_eq!(faults.errors(), 0, "{text}\n{messages:?}");
    let target = &workspace.campaigns[0];
    let reachability = Reachability::of(target, &workspace);
    let points = target.points();
    let unreachable: BTreeSet<_> = points
        .iter()
        .filter(|point| reachability.why_not(**point).is_some())
        .collect();
    for host in hosts(&workspace, target) {
        let place = loaded.campaigns[0].name.span;
        let bench = Bench::new(&workspace, host, target, place, seed);
        let mut search = Search::new(&bench, seed);
        search.run(&points.iter().copied().collect(), tries);
        for point in search.found.keys() {
            assert!(
                !unreachable.contains(point),
                "{point:?} was reached, and should not be: {:?}\n{text}",
                reachability.why_not(*point)
            );
        }
    }
    unreachable.len()
}

#[test]
fn no_search_reaches_what_is_called_unreachable() {
    let mut dice = Dice::new(7);
    let mut unreachable = 0;
    for seed in 0..40 {
        unreachable += try_to_refute(&campaign(&mut dice), seed, 40);
    }
    assert!(unreachable > 40, "only {unreachable} points were tried");
}

#[test]
#[ignore = "slow"]
fn no_long_search_reaches_what_is_called_unreachable() {
    let mut dice = Dice::new(70);
    let mut unreachable = 0;
    for seed in 0..100 {
        unreachable += try_to_refute(&campaign(&mut dice), seed, 200);
    }
    assert!(unreachable > 100, "only {unreachable} points were tried");
}
