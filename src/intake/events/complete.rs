//! What an event must say to be applied: a change says of what and to what, and a form has one value for a field.

use std::collections::BTreeSet;

use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{ActivityTypeId, form_fields};

use super::check::{Checker, RawAttribute};
use super::line_error::LineError;
use super::names::{FORM_FIELDS, NEW_VALUE};
use super::raw_event::twice;

impl Checker<'_> {
    /// Refuses a form in which one person field has two values.
    pub(super) fn form_fields(&mut self, given: &[RawAttribute<'_>]) -> Result<(), LineError> {
        let is_form = |g: &&RawAttribute<'_>| self.names.slot(g.slot).key == FORM_FIELDS;
        let Some(form) = given.iter().find(is_form) else {
            return Ok(());
        };
        let mut seen = BTreeSet::new();
        for (name, _) in form_fields::read(&form.text).unwrap_or_default() {
            if let Some((field, _)) = self.names.field(&name)
                && !seen.insert(field)
            {
                return Err(twice(field, form.at));
            }
        }
        Ok(())
    }

    /// Refuses a change that does not say of what, or to what.
    pub(super) fn complete(
        &self,
        activity: ActivityTypeId,
        given: &[RawAttribute<'_>],
    ) -> Result<(), LineError> {
        let needs = needs(activity);
        if needs.is_empty() {
            return Ok(());
        }
        let activity = self.rules.activities.get(activity);
        let primary = activity.primary.as_ref().map_or("", |p| p.key.as_ref());
        for need in needs {
            let key = if *need == PRIMARY { primary } else { need };
            if !given.iter().any(|g| self.names.slot(g.slot).key == key) {
                let error = LineError::new(0, format!("`{}` needs `{key}`", activity.name));
                return Err(if key == NEW_VALUE {
                    error.help("`null` or `NULL` takes the value away")
                } else {
                    error
                });
            }
        }
        Ok(())
    }
}

/// Stands for the primary attribute among the needs of a type.
const PRIMARY: &str = "";

/// Returns the attributes without which an event of a type cannot be applied.
fn needs(activity: ActivityTypeId) -> &'static [&'static str] {
    if activity == BuiltinActivity::ChangeDataValue.id()
        || activity == BuiltinActivity::ChangeScore.id()
    {
        &[PRIMARY, NEW_VALUE]
    } else if activity == BuiltinActivity::ChangeProgramStatus.id() {
        &[PRIMARY, "new_status"]
    } else if activity == BuiltinActivity::AddToList.id()
        || activity == BuiltinActivity::RemoveFromList.id()
    {
        &[PRIMARY]
    } else {
        &[]
    }
}
