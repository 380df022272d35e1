//! Steps that change the person's fields.

use crate::campaign::{NewValue, ScoreChange};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::field::EMAIL;
use crate::domain::text::stored_email;
use crate::domain::{FieldId, Outcome, Reason, Text, Value, person_address};
use crate::engine::cascade::Cascade;
use crate::engine::step_position::StepPosition;
use crate::engine::words::{Attribution, Changer};

use super::{PendingRow, done, skipped};

impl Cascade<'_, '_, '_> {
    pub(super) fn change_data_value(
        &mut self,
        place: StepPosition,
        field: FieldId,
        value: &NewValue,
    ) {
        let activity = BuiltinActivity::ChangeDataValue.id();
        let name = Some(self.words().field_name(field));
        let wanted = match self.wanted(place, field, value) {
            Ok(wanted) => wanted,
            Err(FieldError::Empty) => {
                return self.row(place, skipped(activity, name, Reason::EmptyValue));
            }
            Err(FieldError::Type(text, reason)) => {
                let attributes = Attribution::default()
                    .with(&self.words().new_value, Some(Value::Text(text)))
                    .done();
                return self.row(
                    place,
                    PendingRow {
                        activity,
                        primary: name,
                        attributes,
                        outcome: Outcome::Failed,
                        reason: Some(reason),
                    },
                );
            }
        };
        match self.subject.set_field(field, wanted) {
            Err(_) => {
                let attributes = Attribution::default()
                    .with(&self.words().new_value, self.subject.field(field).cloned())
                    .with(
                        &self.words().previous_value,
                        self.subject.field(field).cloned(),
                    )
                    .done();
                let reason = Some(Reason::NoChange);
                self.row(
                    place,
                    PendingRow {
                        activity,
                        primary: name,
                        attributes,
                        outcome: Outcome::Skipped,
                        reason,
                    },
                );
            }
            Ok(previous) => {
                let words = &self.engine.words;
                let attributes = Attribution::default()
                    .with(&words.new_value, self.subject.field(field).cloned())
                    .with(&words.previous_value, previous)
                    .with(
                        &words.reason,
                        Some(words.changed_by(self.flows[place.flow].campaign, Changer::DataValue)),
                    )
                    .with(&words.source, Some(words.flow_source.clone()))
                    .done();
                self.row(place, done(activity, name, attributes));
            }
        }
    }

    /// Returns what a field is to become: resolved, and read by its type.
    fn wanted(
        &self,
        place: StepPosition,
        field: FieldId,
        value: &NewValue,
    ) -> Result<Option<Value>, FieldError> {
        let template = match value {
            NewValue::Clear => return Ok(None),
            NewValue::Set(template) => template,
        };
        let text = self.resolve(place, template);
        if text.is_empty() {
            return Err(FieldError::Empty);
        }
        let field_type = self.engine.workspace.fields.type_of(field);
        match Value::parse(&text, field_type, &self.engine.workspace.zone) {
            Ok(Value::Text(text)) if field == EMAIL => {
                if person_address::check(text.trim()).is_err() {
                    return Err(FieldError::Type(text, Reason::Unfit(field_type)));
                }
                Ok(Some(Value::text(&stored_email(&text))))
            }
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(FieldError::Type(text, Reason::Unfit(field_type))),
        }
    }

    pub(super) fn change_score(
        &mut self,
        place: StepPosition,
        field: FieldId,
        change: &ScoreChange,
    ) {
        let activity = BuiltinActivity::ChangeScore.id();
        let name = Some(self.words().field_name(field));
        let present = match self.subject.field(field) {
            Some(Value::Integer(score)) => Some(*score),
            Some(_) | None => None,
        };
        let resolved = match change {
            ScoreChange::Add(_) | ScoreChange::Set(_) => Ok(change.clone()),
            ScoreChange::Token(template) => {
                let text = self.resolve(place, template);
                ScoreChange::parse(&text).ok_or(text)
            }
        };
        let (wanted, written) = match resolved {
            Ok(ScoreChange::Add(by)) => {
                (present.unwrap_or(0).saturating_add(by), format!("{by:+}"))
            }
            Ok(ScoreChange::Set(to)) => (to, format!("={to}")),
            Ok(ScoreChange::Token(_)) | Err(_) => {
                let text = resolved.err().unwrap_or_default();
                return self.unfit_score(place, field, &text);
            }
        };
        let score = wanted.clamp(i64::from(i32::MIN), i64::from(i32::MAX));
        let changed = self.subject.set_field(field, Some(Value::Integer(score)));
        let words = &self.engine.words;
        let attributes = Attribution::default()
            .with(&words.change, Some(Value::text(&written)))
            .with(&words.new_value, Some(Value::Integer(score)))
            .with(&words.previous_value, present.map(Value::Integer))
            .with(
                &words.reason,
                Some(words.changed_by(self.flows[place.flow].campaign, Changer::Score)),
            )
            .done();
        let (outcome, reason) = match changed {
            Err(_) => (Outcome::Skipped, Some(Reason::NoChange)),
            Ok(_) if score != wanted => (Outcome::Succeeded, Some(Reason::Saturated)),
            Ok(_) => (Outcome::Succeeded, None),
        };
        self.row(
            place,
            PendingRow {
                activity,
                primary: name,
                attributes,
                outcome,
                reason,
            },
        );
    }
}

impl Cascade<'_, '_, '_> {
    /// Logs a change of a score whose token gives nothing, or something that is not a change of a score.
    fn unfit_score(&mut self, place: StepPosition, field: FieldId, text: &str) {
        let activity = BuiltinActivity::ChangeScore.id();
        let name = Some(self.words().field_name(field));
        if text.trim().is_empty() {
            return self.row(place, skipped(activity, name, Reason::EmptyValue));
        }
        let attributes = Attribution::default()
            .with(&self.words().change, Some(Value::text(text)))
            .done();
        let field_type = self.engine.workspace.fields.type_of(field);
        self.row(
            place,
            PendingRow {
                activity,
                primary: name,
                attributes,
                outcome: Outcome::Failed,
                reason: Some(Reason::Unfit(field_type)),
            },
        );
    }
}

/// Why a field cannot become what a step wants.
enum FieldError {
    /// The text resolved to nothing.
    Empty,
    /// The text does not read as the field's type.
    Type(Text, Reason),
}
