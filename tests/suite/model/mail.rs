//! Who gets mail, and why not.

use super::calendar::DAY;
use super::filters::field_of;
use super::flow::Done;
use super::happening::{Happening, Model, Walk};
use super::value::{Val, fold, same};

impl Model<'_> {
    pub(crate) fn send_email(
        &mut self,
        happening: &Happening,
        walk: &Walk,
        index: usize,
        email: &str,
    ) -> Done {
        if let Some(reason) = self.mail_block(happening, walk, index, email) {
            return Done::skipped(email, reason);
        }
        if let (Some(run), Some(address)) = (walk.run, &self.world.people[happening.person].email) {
            self.world
                .served
                .insert((run, walk.campaign, index, fold(address), happening.person));
        }
        Done::succeeded(email, Vec::new())
    }

    /// Why this person gets no mail by this step, the first reason of the rules' order.
    fn mail_block(
        &self,
        happening: &Happening,
        walk: &Walk,
        index: usize,
        email: &str,
    ) -> Option<&'static str> {
        let person = &self.world.people[happening.person];
        let flag =
            |field: &str| field_of(&self.world, happening.person, field) == Some(Val::Bool(true));
        let operational = |name: &str| {
            self.workspace
                .emails
                .iter()
                .any(|e| e.operational && same(&e.name, name))
        };
        let Some(address) = &person.email else {
            return Some("no address");
        };
        let suspended = match field_of(&self.world, happening.person, "email_suspended_at") {
            Some(Val::At(since)) => since <= happening.at && happening.at - since < DAY,
            _ => false,
        };
        let obeys = self.workspace.campaigns[walk.campaign].obeys_limits;
        let marketing = !operational(email);
        let served = |run: u32| {
            self.world
                .served
                .iter()
                .any(|(by, campaign, step, whose, person)| {
                    (*by, *campaign, *step) == (run, walk.campaign, index)
                        && *whose == fold(address)
                        && *person != happening.person
                })
        };
        let rules = [
            ("email invalid", flag("email_invalid")),
            ("black listed", flag("black_listed")),
            ("unsubscribed", marketing && flag("unsubscribed")),
            (
                "marketing suspended",
                marketing && flag("marketing_suspended"),
            ),
            ("email suspended", suspended),
            (
                "communication limit",
                marketing && obeys && self.limit_reached(happening, &operational),
            ),
            ("address already served", walk.run.is_some_and(served)),
        ];
        rules
            .into_iter()
            .find(|(_, holds)| *holds)
            .map(|(reason, _)| reason)
    }

    fn limit_reached(&self, happening: &Happening, operational: &dyn Fn(&str) -> bool) -> bool {
        let zone = self.workspace.zone;
        let sent = || {
            let rows = self.world.people[happening.person].history();
            rows.filter(|row| {
                row.kind == "send_email" && !row.primary.as_deref().is_some_and(operational)
            })
        };
        let today = sent()
            .filter(|row| zone.date(row.at) == zone.date(happening.at))
            .count();
        let week_ago = happening.at - 7 * DAY;
        let week = sent()
            .filter(|row| row.at > week_ago && row.at <= happening.at)
            .count();
        let reached =
            |limit: Option<u32>, count: usize| limit.is_some_and(|limit| count >= limit as usize);
        reached(self.workspace.per_day, today) || reached(self.workspace.per_7_days, week)
    }
}
