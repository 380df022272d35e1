//! What the steps of one side have done: how often, and how much mail it makes for one person.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{Instant, Outcome, Reason, Text, Value, Zone};
use crate::results::{BeforeAfter, PlannedEffect, PlannedMail};
use crate::store::NewRow;

/// What was done: the kind, and the name of what it was done with.
type EffectKey = (&'static str, Text);

/// What the steps have done on both sides.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    effects: FxHashMap<EffectKey, [u64; 2]>,
    most_per_day: [u64; 2],
    most_per_7_days: [u64; 2],
    over_limit: [u64; 2],
}

impl Ledger {
    /// Adds what was done to one person on one side.
    pub(super) fn add(&mut self, side: usize, rows: &[NewRow], zone: &Zone) {
        self.add_to(&[side], rows, zone);
    }

    /// Adds what was done to one person on both sides.
    pub(super) fn add_to_both(&mut self, rows: &[NewRow], zone: &Zone) {
        self.add_to(&[0, 1], rows, zone);
    }

    fn add_to(&mut self, sides: &[usize], rows: &[NewRow], zone: &Zone) {
        let mut mails = Vec::new();
        let mut is_over = false;
        for NewRow { row, .. } in rows {
            let activity = &row.activity;
            if activity.origin.is_none() {
                continue;
            }
            let is_mail = activity.activity == BuiltinActivity::SendEmail.id();
            if is_mail && activity.outcome == Some(Outcome::Succeeded) {
                mails.push(activity.at);
            }
            is_over |= is_mail && activity.reason == Some(Reason::CommunicationLimit);
            if let Some(effect) = effect(row) {
                let counts = self.effects.entry(effect).or_default();
                for side in sides {
                    counts[*side] += 1;
                }
            }
        }
        let per_day = most_on_one_day(&mails, zone);
        let per_week = most_within_a_week(&mails, zone);
        for side in sides {
            self.over_limit[*side] += u64::from(is_over);
            let most = |known: &mut u64, found: u64| *known = (*known).max(found);
            most(&mut self.most_per_day[*side], per_day);
            most(&mut self.most_per_7_days[*side], per_week);
        }
    }

    /// Returns what is done more or less often, and how much mail one person gets.
    pub(super) fn finish(self) -> (Vec<PlannedEffect>, PlannedMail) {
        let count = |[before, after]: [u64; 2]| BeforeAfter { before, after };
        let mail = PlannedMail {
            most_per_day: count(self.most_per_day),
            most_per_7_days: count(self.most_per_7_days),
            over_limit: count(self.over_limit),
        };
        let effects: BTreeMap<EffectKey, [u64; 2]> = self.effects.into_iter().collect();
        let effects = effects.into_iter();
        let effects = effects.filter(|(_, [before, after])| before != after);
        let effects = effects.map(|((effect, name), [before, after])| PlannedEffect {
            effect,
            name: name.to_string(),
            before,
            after,
        });
        (effects.collect(), mail)
    }
}

/// Says what a row of a step did; nothing of one that only leads on.
fn effect(row: &crate::world::LogRow) -> Option<EffectKey> {
    let activity = &row.activity;
    let kind = BuiltinActivity::of(activity.activity)?;
    let name = || activity.primary.clone().unwrap_or_else(|| Text::from(""));
    if activity.outcome != Some(Outcome::Succeeded) {
        let held_back = kind == BuiltinActivity::SendEmail;
        return held_back.then(|| ("mail_held_back", name()));
    }
    let attribute = |key: &str| {
        let mut attributes = activity.attributes.iter();
        let found = attributes.find(|(name, _)| name.as_ref() == key);
        found.map(|(_, value)| Value::to_text(value).to_string())
    };
    let status = || {
        let status = attribute("new_status").unwrap_or_default();
        Text::from(format!("{}: {status}", name()))
    };
    Some(match kind {
        BuiltinActivity::SendEmail => ("mail", name()),
        BuiltinActivity::SendAlert => ("alert", name()),
        BuiltinActivity::ChangeDataValue => ("field", name()),
        BuiltinActivity::ChangeScore => ("score", name()),
        BuiltinActivity::AddToList => ("list", name()),
        BuiltinActivity::RemoveFromList => ("list_left", name()),
        BuiltinActivity::ChangeProgramStatus => ("status", status()),
        BuiltinActivity::ChangeProgramSuccess => ("success", name()),
        BuiltinActivity::ChangeProgramMemberData => ("member_data", name()),
        BuiltinActivity::InterestingMoment => ("interesting_moment", name()),
        BuiltinActivity::CallWebhook => ("webhook", name()),
        BuiltinActivity::NewPerson
        | BuiltinActivity::FillOutForm
        | BuiltinActivity::EmailDelivered
        | BuiltinActivity::EmailBounced
        | BuiltinActivity::UnsubscribeEmail
        | BuiltinActivity::OpenEmail
        | BuiltinActivity::ClickEmail
        | BuiltinActivity::DeletePerson
        | BuiltinActivity::RequestCampaign
        | BuiltinActivity::ExecuteCampaign
        | BuiltinActivity::RemoveFromFlow
        | BuiltinActivity::WaitStarted
        | BuiltinActivity::WaitEnded => return None,
    })
}

fn most_on_one_day(mails: &[Instant], zone: &Zone) -> u64 {
    if mails.len() < 2 {
        return mails.len() as u64;
    }
    let mut days = BTreeMap::new();
    for at in mails {
        *days.entry(zone.date(*at)).or_insert(0) += 1;
    }
    days.into_values().max().unwrap_or(0)
}

fn most_within_a_week(mails: &[Instant], zone: &Zone) -> u64 {
    if mails.len() < 2 {
        return mails.len() as u64;
    }
    let mut days: Vec<_> = mails.iter().map(|at| zone.date(*at)).collect();
    days.sort_unstable();
    let within = |first: usize| {
        let end = days[first] + chrono::Days::new(7);
        days[first..].iter().take_while(|day| **day < end).count() as u64
    };
    (0..days.len()).map(within).max().unwrap_or(0)
}
