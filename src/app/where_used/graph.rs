//! Which campaigns start and feed each other, from the names that their triggers, filters and steps have in common.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::references::{Access, NameKind, Part, Reference};
use crate::domain::text::same;

/// One campaign starts or feeds another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    /// The campaign that acts, by its place.
    pub(super) from: usize,
    /// The campaign that follows from it.
    pub(super) to: usize,
    /// What the first one does: a step, and what it concerns.
    pub(super) by: String,
}

/// The names in one trigger, filter or step of a campaign.
type Group<'a> = (usize, &'a Part, Vec<&'a Reference>);

/// Returns every edge, in order of campaigns.
pub(super) fn edges(references: &[Reference]) -> Vec<Edge> {
    let mut groups: BTreeMap<(usize, &Part), Vec<&Reference>> = BTreeMap::new();
    for reference in references {
        if let Some(campaign) = reference.campaign {
            let key = (campaign, &reference.part);
            groups.entry(key).or_default().push(reference);
        }
    }
    let groups: Vec<Group<'_>> = groups
        .into_iter()
        .map(|((campaign, part), names)| (campaign, part, names))
        .collect();
    let places = places_of_campaigns(references);
    let mut edges = BTreeSet::new();
    for (from, part, step) in &groups {
        if matches!(part, Part::Step(_)) {
            calls(*from, step, &places, &mut edges);
            feeds(*from, step, &groups, &mut edges);
        }
    }
    for (to, part, filter) in &groups {
        if matches!(part, Part::Filter(_) | Part::Trigger(_)) {
            for campaign in of_kind(filter, NameKind::Campaign, Access::Reads) {
                let from = places.iter().find(|(_, name)| same(name, &campaign.name));
                edges.extend(from.map(|(from, _)| Edge {
                    from: *from,
                    to: *to,
                    by: "its members".to_owned(),
                }));
            }
        }
    }
    edges.into_iter().collect()
}

fn places_of_campaigns(references: &[Reference]) -> Vec<(usize, &str)> {
    references
        .iter()
        .filter(|name| name.kind == NameKind::Campaign && name.access == Access::Defines)
        .filter_map(|name| Some((name.campaign?, name.name.as_str())))
        .collect()
}

fn of_kind<'a>(
    group: &'a [&'a Reference],
    kind: NameKind,
    access: Access,
) -> impl Iterator<Item = &'a Reference> {
    let wanted = move |name: &&&Reference| name.kind == kind && name.access == access;
    group.iter().filter(wanted).copied()
}

/// Adds the campaigns that a step requests, executes or ends.
fn calls(from: usize, step: &[&Reference], places: &[(usize, &str)], edges: &mut BTreeSet<Edge>) {
    let Some(activity) = of_kind(step, NameKind::Activity, Access::Writes).next() else {
        return;
    };
    for campaign in of_kind(step, NameKind::Campaign, Access::Writes) {
        let to = places.iter().find(|(_, name)| same(name, &campaign.name));
        edges.extend(to.map(|(to, _)| Edge {
            from,
            to: *to,
            by: activity.name.clone(),
        }));
    }
}

/// Adds the campaigns with a trigger on what a step does, and those with a filter on the list that it fills.
fn feeds(from: usize, step: &[&Reference], groups: &[Group<'_>], edges: &mut BTreeSet<Edge>) {
    let Some(activity) = of_kind(step, NameKind::Activity, Access::Writes).next() else {
        return;
    };
    // A call leads to the campaign that it names and to no other.
    if of_kind(step, NameKind::Campaign, Access::Writes)
        .next()
        .is_some()
    {
        return;
    }
    for (to, part, names) in groups {
        let fed = match part {
            Part::Trigger(_) => is_triggered(names, activity, step),
            Part::Filter(_) => activity.name == "add_to_list" && share(names, step, NameKind::List),
            Part::Whole | Part::Step(_) | Part::Guard | Part::Shared(_) => false,
        };
        if fed {
            edges.insert(Edge {
                from,
                to: *to,
                by: written(activity, step),
            });
        }
    }
}

/// Returns whether a trigger asks for what a step does, and names nothing else than the step does.
fn is_triggered(trigger: &[&Reference], activity: &Reference, step: &[&Reference]) -> bool {
    let mut activities = of_kind(trigger, NameKind::Activity, Access::Reads);
    activities.any(|asked| asked.name == activity.name)
        && OBJECTS.into_iter().all(|kind| {
            let asked = of_kind(trigger, kind, Access::Reads).next().is_some();
            let given = of_kind(step, kind, Access::Writes).next().is_some();
            !asked || !given || share(trigger, step, kind)
        })
}

/// What a trigger and a step may have in common.
const OBJECTS: [NameKind; 6] = [
    NameKind::Field,
    NameKind::List,
    NameKind::Program,
    NameKind::Email,
    NameKind::Status,
    NameKind::Webhook,
];

/// Returns whether one reads a name of a kind that the other writes.
fn share(reads: &[&Reference], writes: &[&Reference], kind: NameKind) -> bool {
    of_kind(reads, kind, Access::Reads).any(|read| {
        of_kind(writes, kind, Access::Writes).any(|written| same(&written.name, &read.name))
    })
}

/// Returns what a step does, in words: `add_to_list Hot leads`.
fn written(activity: &Reference, step: &[&Reference]) -> String {
    let mut words = vec![activity.name.clone()];
    for kind in OBJECTS {
        let names = of_kind(step, kind, Access::Writes).map(|name| name.name.clone());
        words.extend(names.collect::<BTreeSet<_>>());
    }
    words.join(" ")
}
