//! What follows from filters by their form alone: which never hold, and which hold whenever others do.
//!
//! Nobody is asked about a person here. Every answer is sound and none is complete: `true` is certain, `false`
//! means that nothing can be reported. Called by the checks of `campaign::compile`.
//!
//! There is one question: can some claims all be true of one person at one instant? A filter implies another where
//! it cannot be true while the other is false. `claims` takes filters apart, `values` knows what tests on one value
//! leave, with `texts` and `windows` for what cannot be sampled, and `activities` compares leaves that are not values.

mod activities;
mod claims;
mod test_claim;
mod texts;
mod values;
mod windows;

use crate::domain::{FieldCatalogue, Instant, Zone};

use super::operator::{EvaluationTime, WeekStart};
use super::{Constraint, Filter, Test};
use claims::{Claim, Claims};
use test_claim::TestClaim;
use values::Of;

/// How many cases are looked at before nothing is reported.
const PATIENCE: u32 = 2_000;

/// Reasons about the filters of one workspace.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reason<'a> {
    fields: &'a FieldCatalogue,
    /// Its now is never asked: tests that depend on it are compared with each other alone.
    when: EvaluationTime<'a>,
}

impl<'a> Reason<'a> {
    /// Reasons with the fields and the calendar of a workspace.
    pub(crate) fn new(fields: &'a FieldCatalogue, zone: &'a Zone, week_start: WeekStart) -> Self {
        let now = Instant::from_micros(0);
        let when = EvaluationTime {
            now,
            zone,
            week_start,
        };
        Self { fields, when }
    }

    /// Returns whether no one can ever meet all of some filters at one instant.
    pub(crate) fn never(&self, filters: &[&Filter]) -> bool {
        self.impossible(filters.iter().map(|filter| Claim::Filter(filter, true)))
    }

    /// Returns whether everyone who meets one filter meets some other one of several at the same instant.
    pub(crate) fn covers(&self, one: &Filter, others: &[&Filter]) -> bool {
        let not = others.iter().map(|filter| Claim::Filter(filter, false));
        self.impossible([Claim::Filter(one, true)].into_iter().chain(not))
    }

    /// Returns whether everyone who meets all of some filters meets another at the same instant.
    pub(crate) fn follows(&self, filters: &[&Filter], other: &Filter) -> bool {
        let all = filters.iter().map(|filter| Claim::Filter(filter, true));
        self.impossible(all.chain([Claim::Filter(other, false)]))
    }

    /// Returns whether no activity meets the constraints of both.
    pub(crate) fn apart(&self, one: &[Constraint], other: &[Constraint]) -> bool {
        let all: Vec<&Constraint> = one.iter().chain(other).collect();
        all.iter().any(|constraint| {
            let same = all.iter().filter(|of| of.attribute == constraint.attribute);
            let said: Vec<TestClaim> = same
                .flat_map(|of| &of.tests)
                .map(TestClaim::passes)
                .collect();
            values::never(&said, Of::Attribute, &self.when)
        })
    }

    fn impossible<'f>(&self, claims: impl Iterator<Item = Claim<'f>>) -> bool {
        let mut all = Claims::default();
        claims.for_each(|claim| all.add(claim));
        let mut patience = PATIENCE;
        self.refuted(&all, &mut patience)
    }

    /// Returns whether the claims contradict each other, in each way in which their groups may hold.
    fn refuted(&self, claims: &Claims<'_>, patience: &mut u32) -> bool {
        if *patience == 0 {
            return false;
        }
        // A case of many claims takes longer to look at.
        let work = 1 + claims.size() / 100;
        *patience = patience.saturating_sub(u32::try_from(work).unwrap_or(u32::MAX));
        if self.clash(claims) {
            return true;
        }
        claims
            .ways()
            .is_some_and(|mut ways| ways.all(|way| self.refuted(&way, patience)))
    }

    fn clash(&self, claims: &Claims<'_>) -> bool {
        let field = claims.fields().any(|(field, said)| {
            let of = Of::Field(self.fields.type_of(field));
            values::never(&said, of, &self.when)
        });
        let status = claims
            .statuses()
            .any(|said| values::never(&said, Of::Text, &self.when));
        field || status || activities::clash(claims.leaves(), &self.when)
    }
}

/// Returns the tests of a value as what is known about it.
fn all_pass(tests: &[Test]) -> impl Iterator<Item = TestClaim<'_>> {
    tests.iter().map(TestClaim::passes)
}
