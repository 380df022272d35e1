//! Random samples: a hash of the seed, the place, the person's key and, where they draw each time, the instant.

use super::calendar::Micros;
use super::definition::{Filter, Mode, Workspace};
use super::value::fold;
use super::world::Person;

/// A share of people.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    /// In hundredths of a per cent.
    pub(crate) share: u32,
    /// Drawn anew on each occasion; used where the occasion is an instant, not an event.
    pub(crate) each_time: bool,
    /// Where it stands, as the language reference says it.
    pub(crate) place: String,
}

/// FNV-1a over parts, each after its length, then the end of `MurmurHash3`.
fn hash(parts: &[&[u8]]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut step = |value: u64| hash = (hash ^ value).wrapping_mul(0x0100_0000_01b3);
    for part in parts {
        step(part.len() as u64);
        part.iter().for_each(|byte| step(u64::from(*byte)));
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

impl Sample {
    /// Whether a person is drawn with the seed 0.
    pub(crate) fn draws(&self, person: &Person, number: usize, at: Micros) -> bool {
        let place = hash(&[self.place.as_bytes()]).to_le_bytes();
        let occasion = hash(&[&at.to_le_bytes()]).to_le_bytes();
        let key = match (&person.email, &person.id) {
            (Some(email), _) => fold(email).into_bytes(),
            (None, Some(id)) => id.clone().into_bytes(),
            (None, None) => i64::try_from(number + 1).unwrap().to_le_bytes().to_vec(),
        };
        let seed = 0_u64.to_le_bytes();
        let mut parts: Vec<&[u8]> = vec![&seed, &place];
        if self.each_time {
            parts.push(&occasion);
        }
        parts.push(&key);
        (u128::from(hash(&parts)) * 10_000) >> 64 < u128::from(self.share)
    }
}

/// Writes into every sample of a workspace where it stands.
pub(crate) fn place(workspace: &mut Workspace) {
    for (name, filters) in &mut workspace.smart_lists {
        let scope = format!("smart list {}", fold(name));
        list(filters, &scope, false);
    }
    for index in 0..workspace.campaigns.len() {
        let scope = fold(&workspace.full_name(index));
        let campaign = &mut workspace.campaigns[index];
        let by_instant = campaign.mode == Mode::Batch;
        list(&mut campaign.filters, &scope, by_instant);
        for (step, number) in campaign.flow.iter_mut().zip(1..) {
            let step_scope = match &step.id {
                Some(id) => format!("{scope} step id {}", fold(id)),
                None => format!("{scope} step {number}"),
            };
            for ((when, _), choice) in step.choices.iter_mut().zip(1..) {
                one(when, &format!("{step_scope} choice {choice}"), by_instant);
            }
        }
    }
}

fn list(filters: &mut [Filter], scope: &str, by_instant: bool) {
    for (filter, number) in filters.iter_mut().zip(1..) {
        one(filter, &format!("{scope}/{number}"), by_instant);
    }
}

fn one(filter: &mut Filter, scope: &str, by_instant: bool) {
    match filter {
        Filter::Sample(sample) => {
            scope.clone_into(&mut sample.place);
            sample.each_time &= by_instant;
        }
        Filter::Group { all, filters } => {
            let word = if *all { "all" } else { "any" };
            list(filters, &format!("{scope}/{word}"), by_instant);
        }
        Filter::Field { .. }
        | Filter::Activity(_)
        | Filter::List { .. }
        | Filter::SmartList { .. }
        | Filter::Campaign { .. }
        | Filter::Program { .. }
        | Filter::ProgramStatus(_) => {}
    }
}
