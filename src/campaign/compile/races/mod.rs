//! Trigger campaigns that race: both react to one activity, and the result depends on which of them runs first. Warnings.
//!
//! Filters of all campaigns are judged before any of them walks, so no `priority` lets a filter see what another campaign
//! writes; and Marketo promises no order at all. Only what happens before the first wait counts: after it, the activity is
//! long past.
//!
//! Of all that race with a campaign over one thing, the first is reported. So the warnings do not grow with the square of the
//! campaigns that react to one activity, and neither does the work: `crowd` looks for that first one among those alone that
//! may be meant.

mod crowd;
mod shared;

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::{Action, Campaign, EndedFlow, ScoreChange};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{ActivityTypeId, CampaignId, Mode};
use crate::source::LoadedFiles;

use super::draft::Draft;
use crowd::{Crowd, PATIENCE, pins_of};
use shared::{Read, Shared, Written, at_once, commute, reads, writes};

/// Checks all trigger campaigns, once every campaign is compiled without a fault.
pub(super) fn check(loaded: &LoadedFiles, draft: &mut Draft) {
    let campaigns: Vec<Written<'_>> = draft
        .workspace
        .campaigns
        .iter()
        .zip(&loaded.campaigns)
        .collect();
    let faults = Races::of(&campaigns, draft).found();
    for fault in faults {
        draft.diagnostics.push(fault);
    }
}

/// How a campaign changes something: adding commutes with adding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Manner {
    Adds,
    Sets,
}

impl Manner {
    fn of(action: &Action) -> Self {
        let adds = matches!(
            action,
            Action::ChangeScore {
                change: ScoreChange::Add(_),
                ..
            }
        );
        if adds { Self::Adds } else { Self::Sets }
    }
}

/// All trigger campaigns, and who changes what by which activity.
struct Races<'a> {
    campaigns: &'a [Written<'a>],
    draft: &'a Draft,
    /// Places of campaigns by activity, by what they change, and by how.
    changing: BTreeMap<(ActivityTypeId, Shared, Manner), Crowd>,
    places: BTreeMap<CampaignId, usize>,
}

impl<'a> Races<'a> {
    fn of(campaigns: &'a [Written<'a>], draft: &'a Draft) -> Self {
        let mut changing: BTreeMap<_, Crowd> = BTreeMap::new();
        for (place, campaign) in campaigns.iter().enumerate() {
            let changed: BTreeSet<(Shared, Manner)> = writes(*campaign, draft)
                .into_iter()
                .filter_map(|(action, _)| Some((Shared::changed_by(action)?, Manner::of(action))))
                .collect();
            for trigger in asked(campaign.0) {
                let pins = pins_of(trigger, &campaign.0.filter);
                for (thing, manner) in &changed {
                    let crowd = changing.entry((trigger.activity, *thing, *manner));
                    crowd.or_default().add(place, &pins);
                }
            }
        }
        let places = campaigns.iter().enumerate();
        let places = places.map(|(place, campaign)| (campaign.0.id, place));
        Self {
            campaigns,
            draft,
            changing,
            places: places.collect(),
        }
    }

    fn found(&self) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        // A campaign that reads what another one changes is not reported for changing it as well.
        let mut raced = BTreeSet::new();
        for place in 0..self.campaigns.len() {
            self.read_races(place, &mut raced, &mut faults);
        }
        for place in 0..self.campaigns.len() {
            self.write_races(place, &mut raced, &mut faults);
            self.removal_races(place, &mut faults);
        }
        faults
    }

    /// Finds what other campaigns change and this one reads, in a filter or before its first wait.
    fn read_races(
        &self,
        place: usize,
        raced: &mut BTreeSet<[usize; 2]>,
        faults: &mut Vec<Diagnostic>,
    ) {
        let reader = self.campaigns[place];
        let read = Read::of(reader, self.draft);
        let mut things = read.things;
        things.extend(self.any(reader.0, read.any_list, |thing| {
            matches!(thing, Shared::List(_))
        }));
        things.extend(self.any(reader.0, read.any_program, |thing| {
            matches!(thing, Shared::Program(_))
        }));
        for thing in things {
            let Some(writer) = self.first(place, thing, &[Manner::Adds, Manner::Sets], &|_| true)
            else {
                continue;
            };
            if raced.insert(pair(place, writer)) {
                faults.extend(self.read_race(self.campaigns[writer], reader, thing));
            }
        }
    }

    /// Returns the things of a kind that others change by an activity to which a campaign reacts, where it reads any.
    fn any(
        &self,
        campaign: &Campaign,
        reads: bool,
        is_meant: impl Fn(&Shared) -> bool,
    ) -> BTreeSet<Shared> {
        let triggers = asked(campaign).filter(|_| reads);
        triggers
            .flat_map(|trigger| {
                let all = self.changing.keys();
                all.filter(move |(activity, _, _)| *activity == trigger.activity)
            })
            .map(|(_, thing, _)| *thing)
            .filter(is_meant)
            .take(PATIENCE)
            .collect()
    }

    fn read_race(
        &self,
        writer: Written<'_>,
        reader: Written<'_>,
        thing: Shared,
    ) -> Option<Diagnostic> {
        let (_, written) = writes(writer, self.draft)
            .into_iter()
            .find(|(action, _)| Shared::changed_by(action) == Some(thing))?;
        let (read, in_filter) = reads(reader, thing, self.draft)?;
        let message = format!(
            "`{}` reads {}, which another campaign changes on the same activity",
            reader.0.full_name,
            thing.name(self.draft)
        );
        let help = if in_filter {
            "request this campaign from the other one after the change, or make them one campaign; a `priority` does not help, since all filters are judged before any campaign walks"
        } else {
            "request this campaign from the other one after the change, put a `wait` before the step, or make them one campaign"
        };
        Some(
            Diagnostic::new(Code::RacingTriggers, read, message)
                .help(help)
                .related(written, "it is changed here"),
        )
    }

    /// Finds what a campaign of before changes and this one as well, so that the last one to do so wins.
    fn write_races(
        &self,
        place: usize,
        raced: &mut BTreeSet<[usize; 2]>,
        faults: &mut Vec<Diagnostic>,
    ) {
        let other = self.campaigns[place];
        let mut seen = BTreeSet::new();
        for (action, second) in writes(other, self.draft) {
            let Some(thing) = Shared::changed_by(action) else {
                continue;
            };
            let manner = Manner::of(action);
            if !seen.insert((thing, manner)) {
                continue;
            }
            let others: &[Manner] = match manner {
                Manner::Adds => &[Manner::Sets],
                Manner::Sets => &[Manner::Adds, Manner::Sets],
            };
            let first = self.first(place, thing, others, &|writer| {
                writer < place && self.clash(self.campaigns[writer], action, thing).is_some()
            });
            let Some(writer) = first.filter(|writer| raced.insert(pair(place, *writer))) else {
                continue;
            };
            let Some(first) = self.clash(self.campaigns[writer], action, thing) else {
                continue;
            };
            let message = format!(
                "`{}` changes {}, which another campaign changes on the same activity",
                other.0.full_name,
                thing.name(self.draft)
            );
            faults.push(
                Diagnostic::new(Code::RacingTriggers, second, message)
                    .help("request one campaign from the other, put a `wait` before one of the changes, or make them one campaign")
                    .related(first, "it is changed here too"),
            );
        }
    }

    /// Returns where a campaign changes something so that it matters who does so last.
    fn clash(&self, one: Written<'_>, action: &Action, thing: Shared) -> Option<Span> {
        let changes = writes(one, self.draft).into_iter();
        let mut changes = changes.filter(|(of, _)| Shared::changed_by(of) == Some(thing));
        changes
            .find(|(of, _)| !commute(of, action, self.draft))
            .map(|(_, span)| span)
    }

    /// Returns the first campaign that changes something by an activity that may bring a person into another one as well.
    fn first(
        &self,
        place: usize,
        thing: Shared,
        manners: &[Manner],
        is_meant: &dyn Fn(usize) -> bool,
    ) -> Option<usize> {
        let one = self.campaigns[place].0;
        let asked = asked(one).flat_map(|trigger| {
            let pins = pins_of(trigger, &one.filter);
            manners.iter().filter_map(move |manner| {
                let crowd = self.changing.get(&(trigger.activity, thing, *manner))?;
                crowd.first(&pins, |other| {
                    other != place
                        && is_meant(other)
                        && meet(one, self.campaigns[other].0, self.draft)
                })
            })
        });
        asked.min()
    }

    /// Finds steps by which a campaign takes people out of others, which they enter by the same activity.
    fn removal_races(&self, place: usize, faults: &mut Vec<Diagnostic>) {
        let one = self.campaigns[place];
        let mut known = BTreeSet::new();
        for (step, span) in at_once(one, self.draft) {
            for action in step.actions() {
                if let Some(EndedFlow::Of(id)) = action.effects().ends
                    && let Some(other) = self.places.get(&id)
                    && known.insert(*other)
                {
                    faults.extend(self.removal_race(one, self.campaigns[*other], span));
                }
            }
        }
    }

    fn removal_race(&self, one: Written<'_>, other: Written<'_>, span: Span) -> Option<Diagnostic> {
        if one.0.id == other.0.id || !meet(one.0, other.0, self.draft) {
            return None;
        }
        let entered = other.1.smart_list.as_ref();
        let entered = entered.and_then(|list| {
            let triggers = other.0.triggers.iter().zip(&list.triggers);
            let mut shared = triggers.filter(|(of, _)| {
                let mut triggers = one.0.triggers.iter();
                triggers.any(|trigger| share(trigger, of, self.draft))
            });
            shared.next().map(|(_, node)| node.span)
        });
        let message = format!(
            "`{}` takes people out of `{}`, which they enter by the same activity",
            one.0.full_name, other.0.full_name
        );
        let fault = Diagnostic::new(Code::RacingTriggers, span, message)
            .help("put a `wait` before this step, request that campaign from this one, or narrow one of the triggers");
        Some(match entered {
            Some(entered) => fault.related(entered, "they enter here"),
            None => fault,
        })
    }
}

fn pair(one: usize, other: usize) -> [usize; 2] {
    [one.min(other), one.max(other)]
}

/// Returns the triggers by which a campaign takes people. Requests are made of one campaign by its name, so that no two react
/// to the same.
fn asked(campaign: &Campaign) -> impl Iterator<Item = &crate::campaign::Trigger> {
    let triggers = campaign.triggers.iter();
    triggers.filter(|trigger| {
        runs(campaign) && trigger.activity != BuiltinActivity::RequestCampaign.id()
    })
}

fn runs(campaign: &Campaign) -> bool {
    campaign.mode == Mode::Triggered && campaign.active != Some(false)
}

/// Returns whether one activity may bring a person into both.
fn meet(one: &Campaign, other: &Campaign, draft: &Draft) -> bool {
    runs(one)
        && runs(other)
        && one.triggers.iter().any(|trigger| {
            let mut others = other.triggers.iter();
            others.any(|of| share(trigger, of, draft))
        })
        && !draft.reason().never(&[&one.filter, &other.filter])
}

/// Returns whether one activity may fire both triggers. Requests are made of one campaign by its name, so that no two
/// react to the same.
fn share(one: &crate::campaign::Trigger, other: &crate::campaign::Trigger, draft: &Draft) -> bool {
    one.activity != BuiltinActivity::RequestCampaign.id()
        && one.activity == other.activity
        && !draft.reason().apart(&one.constraints, &other.constraints)
}
