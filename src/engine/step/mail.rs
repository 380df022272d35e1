//! Steps that send: emails to the person, alerts to others.

use crate::campaign::AlertTo;
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::field::EMAIL;
use crate::domain::text::name_key;
use crate::domain::{FieldId, Reason, Text, Value};
use crate::engine::blockers::OutgoingEmail;
use crate::engine::cascade::Cascade;
use crate::engine::step_position::StepPosition;
use crate::engine::words::Attribution;
use crate::world::{Attributes, Message};

use super::{done, number, skipped};

impl Cascade<'_, '_, '_> {
    pub(super) fn send_email(&mut self, place: StepPosition, email: &Text) {
        let activity = BuiltinActivity::SendEmail.id();
        let campaign = self.walked(place.flow);
        let served = if self.flows[place.flow].run.is_some() {
            self.served.as_deref()
        } else {
            None
        };
        let step = number(place.step);
        let letter = OutgoingEmail {
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
            if let Some(run) = self.flows[place.flow].run {
                let person = self.subject.id();
                self.tally.run(run).block(person, reason);
            }
            self.row(place, skipped(activity, Some(Text::clone(email)), reason));
            return;
        }
        if let Some(served) = self.served.as_deref_mut() {
            served.mark(self.subject.id(), campaign.id, step);
        }
        let to = self.address(EMAIL);
        self.post(place, email, to);
        let attributes = self.origin_of_mail(place);
        self.row(place, done(activity, Some(Text::clone(email)), attributes));
    }

    /// Returns what Marketo's rows of a sent email say of the step: its run, its number and the choice.
    fn origin_of_mail(&self, place: StepPosition) -> Attributes {
        let words = self.words();
        let run = self.flows[place.flow].run;
        let choice = place.choice.filter(|choice| *choice > 0);
        Attribution::default()
            .with(&words.campaign_run_id, run.map(|run| Value::Integer(run.0)))
            .with(
                &words.choice_number,
                choice.map(|choice| Value::Integer(choice.into())),
            )
            .with(
                &words.step_id,
                Some(Value::Integer(number(place.step).into())),
            )
            .done()
    }

    /// Sends an alert about the person to others, also if the person is blocked from mail.
    pub(super) fn send_alert(&mut self, place: StepPosition, email: &Text, to: &[AlertTo]) {
        let activity = BuiltinActivity::SendAlert.id();
        let (mut listed, mut owners) = (Vec::new(), Vec::new());
        for one in to {
            let (address, kind) = match one {
                AlertTo::SalesOwner(field) => (self.address(*field), &mut owners),
                AlertTo::Address(template) => (self.resolve(place, template), &mut listed),
            };
            if !address.trim().is_empty() {
                kind.push(address);
            }
        }
        let all: Vec<&str> = listed.iter().chain(&owners).map(AsRef::as_ref).collect();
        if all.is_empty() {
            let email = Some(Text::clone(email));
            return self.row(place, skipped(activity, email, Reason::NoAddress));
        }
        self.post(place, email, Text::from(all.join(", ")));
        let joined = |addresses: &[Text]| {
            let text = || Value::text(&addresses.join(", "));
            (!addresses.is_empty()).then(text)
        };
        let words = &self.engine.words;
        let attributes = Attribution::default()
            .with(&words.send_to_list, joined(&listed))
            .with(&words.send_to_owner, joined(&owners))
            .done();
        self.row(place, done(activity, Some(Text::clone(email)), attributes));
    }

    /// Returns the address in a field of the person.
    fn address(&self, field: FieldId) -> Text {
        match self.subject.field(field) {
            Some(Value::Text(address)) => Text::clone(address),
            Some(_) | None => Text::from(""),
        }
    }

    /// Renders an email that the workspace defines into the outbox.
    fn post(&mut self, place: StepPosition, email: &Text, to: Text) {
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
