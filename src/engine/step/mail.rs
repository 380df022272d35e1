//! Steps that send: emails to the person, alerts to others.

use std::sync::Arc;

use crate::domain::activity_type::Known;
use crate::domain::field::EMAIL;
use crate::domain::text::name_key;
use crate::domain::{Text, Value};
use crate::engine::blockers::Letter;
use crate::engine::cascade::Cascade;
use crate::engine::walk::Place;
use crate::engine::words::Attribution;
use crate::token::Template;
use crate::world::Message;

use super::{done, number, skipped};

impl Cascade<'_, '_, '_> {
    pub(super) fn send_email(&mut self, place: Place, email: &Text) {
        let activity = Known::SendEmail.id();
        let campaign = self
            .engine
            .workspace
            .campaign(self.flows[place.flow].campaign);
        let served = if self.flows[place.flow].run.is_some() {
            self.served.as_deref()
        } else {
            None
        };
        let step = number(place.step);
        let letter = Letter {
            workspace: self.engine.workspace,
            fields: &self.engine.mail,
            campaign,
            subject: self.subject,
            email,
            step,
            served,
            at: self.at,
        };
        if let Some(reason) = letter.block() {
            let reason = Text::from(reason);
            if self.flows[place.flow].run.is_some() {
                *self.tally.blocked.entry(Text::clone(&reason)).or_default() += 1;
            }
            self.row(place, skipped(activity, Some(Text::clone(email)), reason));
            return;
        }
        if let Some(served) = self.served.as_deref_mut() {
            served.mark(self.subject.id(), campaign.id, step);
        }
        let to = match self.subject.field(EMAIL) {
            Some(Value::Text(address)) => Text::clone(address),
            Some(_) | None => Text::from(""),
        };
        self.post(place, email, to);
        self.row(
            place,
            done(
                activity,
                Some(Text::clone(email)),
                Arc::clone(&self.words().no_attributes),
            ),
        );
    }

    pub(super) fn send_alert(&mut self, place: Place, email: &Text, to: &[Template]) {
        let addresses: Vec<Text> = to
            .iter()
            .map(|address| self.resolve(place, address))
            .filter(|address| !address.trim().is_empty())
            .collect();
        let to = Text::from(addresses.join(", "));
        self.post(place, email, Text::clone(&to));
        let attributes = Attribution::default()
            .with(&self.words().send_to_list, Some(Value::Text(to)))
            .done();
        self.row(
            place,
            done(Known::SendAlert.id(), Some(Text::clone(email)), attributes),
        );
    }

    /// Renders an email that the workspace defines into the outbox.
    fn post(&mut self, place: Place, email: &Text, to: Text) {
        let Some(defined) = self.engine.workspace.emails.get(&name_key(email)) else {
            return;
        };
        let message = Message {
            person: self.subject.id(),
            ordinal: self.subject.next_ordinal(),
            at: self.at,
            email: Text::clone(email),
            to,
            from: defined.from.as_deref().map(Text::from),
            subject: self.resolve(place, &defined.subject),
            body: self.resolve(place, &defined.body),
        };
        self.subject.post(message);
    }
}
