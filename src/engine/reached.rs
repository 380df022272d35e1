//! The points of campaigns that a piece of work has come by, for those who want to know what tests have seen.
//!
//! [`Tally::reached`](super::Tally::reached) has one only where somebody asked for it; everything else pays for a look at
//! an empty option.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::coverage::{NumberedLeaf, Point};
use crate::campaign::{Campaign, Step};
use crate::domain::CampaignId;
use crate::filter::Facts;

/// The points that were reached, by campaign.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Reached(BTreeMap<CampaignId, BTreeSet<Point>>);

impl Reached {
    /// Notes a point.
    pub(super) fn note(&mut self, campaign: CampaignId, point: Point) {
        self.0.entry(campaign).or_default().insert(point);
    }

    /// Notes what the filters of a smart list answer of someone for whom the campaign is evaluated, and the rule where it is
    /// asked. Each filter is asked, also where another has decided already.
    pub(super) fn judged(&mut self, campaign: &Campaign, facts: &Facts<'_>, rule: Option<bool>) {
        let points = self.0.entry(campaign.id).or_default();
        for (leaf, holds) in answers(&campaign.smart_list_leaves(), facts) {
            points.insert(Point::Filter { leaf, holds });
        }
        points.extend(rule.map(|admits| Point::Rule { admits }));
    }

    /// Notes what the choices of a step answer up to the one that is taken; none is the default.
    pub(super) fn chosen(
        &mut self,
        campaign: CampaignId,
        place: usize,
        step: &Step,
        facts: &Facts<'_>,
        taken: Option<usize>,
    ) {
        let points = self.0.entry(campaign).or_default();
        let asked = taken.map_or(step.choices.len(), |taken| taken + 1);
        for (choice, written) in step.choices.iter().take(asked).enumerate() {
            for (leaf, holds) in answers(&written.leaves(), facts) {
                points.insert(Point::ChoiceFilter {
                    step: place,
                    choice,
                    leaf,
                    holds,
                });
            }
        }
        points.insert(match taken {
            Some(choice) => Point::Choice {
                step: place,
                choice,
            },
            None => Point::Default { step: place },
        });
    }

    /// Returns the points of each campaign.
    pub(crate) fn into_points(self) -> BTreeMap<CampaignId, BTreeSet<Point>> {
        self.0
    }
}

fn answers<'a>(
    leaves: &'a [NumberedLeaf<'_>],
    facts: &'a Facts<'_>,
) -> impl Iterator<Item = (usize, bool)> {
    let leaves = leaves.iter().enumerate();
    leaves.map(|(place, leaf)| (place, leaf.leaf.holds(facts)))
}
