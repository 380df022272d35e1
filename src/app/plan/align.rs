//! Which campaigns, filters, triggers and steps of two versions correspond to each other.
//!
//! What reads the same on both sides is the same, in order. Between two such parts, those about the same subject are one
//! part that was changed; the others were added or taken out.

use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::app::StoredWorkspace;
use crate::app::show::{inline, step_in_words};
use crate::campaign::{Campaign, Step, Workspace};
use crate::domain::Text;
use crate::domain::text::same;
use crate::filter::{Filter, LeafKind};

/// The two versions of one campaign.
pub(super) struct Pair<'w> {
    /// The full name.
    pub(super) name: Text,
    /// The version on each side: without the change, and with it.
    pub(super) sides: [Option<&'w Campaign>; 2],
    /// The numbered filters.
    pub(super) filters: Parts,
    /// The triggers.
    pub(super) triggers: Parts,
    /// The steps of the flow.
    pub(super) steps: Parts,
}

/// The parts of one kind on both sides.
#[derive(Default)]
pub(super) struct Parts {
    /// Which one corresponds to which, in order.
    pub(super) slots: Vec<[Option<usize>; 2]>,
    /// What each of them says.
    pub(super) words: [Vec<String>; 2],
}

/// One part as it is compared.
struct Part {
    /// What it says.
    words: String,
    /// What it says, with all that it refers to.
    whole: String,
    /// What it is about.
    subject: String,
}

impl<'w> Pair<'w> {
    /// Makes the pairs of two workspaces, by name. What no longer compiles is left out.
    pub(super) fn all(sides: [&'w StoredWorkspace; 2]) -> Vec<Self> {
        let valid = |side: usize| {
            let opened: &'w StoredWorkspace = sides[side];
            let campaigns = opened.workspace.campaigns.iter();
            campaigns.filter(move |campaign| !opened.is_invalid(campaign.id))
        };
        let mut names: Vec<&Text> = (0..2)
            .flat_map(|side| valid(side).map(|campaign| &campaign.full_name))
            .collect();
        names.sort();
        names.dedup_by(|one, other| same(one, other));
        let pair = |name: &Text| {
            let found = [0, 1].map(|side| valid(side).find(|one| same(&one.full_name, name)));
            Self::of(Text::clone(name), found, sides)
        };
        names.into_iter().map(pair).collect()
    }

    fn of(name: Text, sides: [Option<&'w Campaign>; 2], opened: [&StoredWorkspace; 2]) -> Self {
        let parts = |of: &dyn Fn(&Campaign, &Workspace) -> Vec<Part>| {
            Parts::of([0, 1].map(|side| {
                let campaign = sides[side];
                campaign.map_or_else(Vec::new, |one| of(one, &opened[side].workspace))
            }))
        };
        Self {
            filters: parts(&|campaign, _| {
                campaign.numbered.entries.iter().map(of_filter).collect()
            }),
            triggers: parts(&|campaign, workspace| {
                let triggers = campaign.triggers.iter();
                let part = |trigger: &crate::campaign::Trigger| Part {
                    words: trigger.written.clone(),
                    whole: trigger.written.clone(),
                    subject: workspace.activities.get(trigger.activity).name.to_string(),
                };
                triggers.map(part).collect()
            }),
            steps: parts(&|campaign, workspace| {
                let flow = campaign.flow.iter().enumerate();
                flow.map(|(place, step)| of_step(place, step, workspace))
                    .collect()
            }),
            name,
            sides,
        }
    }
}

fn of_filter(filter: &Filter) -> Part {
    let words = inline(filter);
    Part {
        whole: whole(filter),
        subject: match filter {
            Filter::Leaf(leaf) => leaf.subject.clone(),
            Filter::All(_) | Filter::Any(_) => "group".to_owned(),
        },
        words,
    }
}

fn of_step(place: usize, step: &Step, workspace: &Workspace) -> Part {
    let words = step_in_words(place, step, workspace);
    Part {
        whole: format!("{} {words}", step.id.as_deref().unwrap_or_default()),
        subject: step.kind.name().to_owned(),
        words,
    }
}

/// Returns a filter in words, with the smart lists that it names.
pub(super) fn whole(filter: &Filter) -> String {
    let mut words = vec![inline(filter)];
    filter.each_leaf(&mut |leaf| {
        if let LeafKind::MemberOfSmartList { lists, .. } = &leaf.kind {
            words.extend(lists.iter().map(|list| inline(&list.filter)));
        }
    });
    words.join("\n")
}

impl Parts {
    fn of(sides: [Vec<Part>; 2]) -> Self {
        let wholes = sides.each_ref().map(|parts| {
            parts
                .iter()
                .map(|part| part.whole.as_str())
                .collect::<Vec<_>>()
        });
        let mut slots = Vec::new();
        for change in capture_diff_slices(Algorithm::Myers, &wholes[0], &wholes[1]) {
            let (tag, before, after) = change.as_tag_tuple();
            if tag == DiffTag::Equal {
                slots.extend(before.zip(after).map(|(one, two)| [Some(one), Some(two)]));
            } else {
                gap(&sides, [before, after], &mut slots);
            }
        }
        let words = sides.map(|parts| parts.into_iter().map(|part| part.words).collect());
        Self { slots, words }
    }

    /// Returns what a part says on one side.
    pub(super) fn words(&self, side: usize, place: Option<usize>) -> Option<String> {
        self.words[side].get(place?).cloned()
    }

    /// Returns which part of the other side corresponds to one.
    pub(super) fn slot_of(&self, side: usize, place: usize) -> Option<[Option<usize>; 2]> {
        let mut slots = self.slots.iter();
        slots.find(|slot| slot[side] == Some(place)).copied()
    }
}

/// Pairs the parts between two that are the same: those about one subject, in order, or the only ones.
fn gap(
    sides: &[Vec<Part>; 2],
    [before, mut after]: [std::ops::Range<usize>; 2],
    slots: &mut Vec<[Option<usize>; 2]>,
) {
    let is_alone = before.len() == 1 && after.len() == 1;
    for one in before {
        let partner = after
            .clone()
            .find(|two| is_alone || sides[0][one].subject == sides[1][*two].subject);
        match partner {
            Some(partner) => {
                slots.extend((after.start..partner).map(|two| [None, Some(two)]));
                slots.push([Some(one), Some(partner)]);
                after.start = partner + 1;
            }
            None => slots.push([Some(one), None]),
        }
    }
    slots.extend(after.map(|two| [None, Some(two)]));
}
