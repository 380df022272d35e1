//! Finds activity filters that can never hold because the asset they name does not exist. Warnings.
//!
//! A workspace that defines its emails or webhooks has no others, and campaigns are always all there. Where none is
//! defined, events may bring any name.

use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::text::name_key;
use crate::domain::{ActivityTypeId, FieldType};
use crate::yaml::Node;

use super::Context;
use super::values::{AssetName, whole_values};

/// Where constraints stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConstraintContext {
    Trigger,
    Filter,
}

/// Emails that bounced for a time have no number that the engine knows.
const SOFT_BOUNCE: i32 = 27;

/// Reports primary values that no activity of a type can have.
///
/// A request that starts a campaign is looked at with the campaign, whose own name it must have.
pub(super) fn check(
    id: ActivityTypeId,
    place: ConstraintContext,
    value: &Node,
    cx: &mut Context<'_>,
) {
    if place == ConstraintContext::Trigger && id == BuiltinActivity::RequestCampaign.id() {
        return;
    }
    let Some(found) = finder(id, cx) else {
        return;
    };
    for name in whole_values(value) {
        if let Some(fault) = found(name, cx) {
            cx.diagnostics.push(fault);
        }
    }
}

type Find = fn(AssetName<'_>, &Context<'_>) -> Option<Diagnostic>;

fn finder(id: ActivityTypeId, cx: &Context<'_>) -> Option<Find> {
    let is = |types: &[BuiltinActivity]| types.iter().any(|known| known.id() == id);
    let mails = [
        BuiltinActivity::SendEmail,
        BuiltinActivity::EmailDelivered,
        BuiltinActivity::EmailBounced,
        BuiltinActivity::UnsubscribeEmail,
        BuiltinActivity::OpenEmail,
        BuiltinActivity::ClickEmail,
        BuiltinActivity::SendAlert,
    ];
    if is(&mails) || cx.activities.by_code(SOFT_BOUNCE) == Some(id) {
        Some(no_email)
    } else if is(&[BuiltinActivity::CallWebhook]) {
        Some(no_webhook)
    } else if is(&[
        BuiltinActivity::RequestCampaign,
        BuiltinActivity::ExecuteCampaign,
    ]) {
        Some(no_campaign)
    } else if is(&[BuiltinActivity::ChangeScore]) {
        Some(no_score)
    } else if is(&[BuiltinActivity::ChangeDataValue]) {
        Some(a_score)
    } else {
        None
    }
}

fn fault(name: AssetName<'_>, message: String, help: String) -> Diagnostic {
    Diagnostic::new(Code::NeverHappens, name.span, message).help(help)
}

fn no_email(name: AssetName<'_>, cx: &Context<'_>) -> Option<Diagnostic> {
    undefined(name, cx.emails, "email", "emails")
}

fn no_webhook(name: AssetName<'_>, cx: &Context<'_>) -> Option<Diagnostic> {
    undefined(name, cx.webhooks, "webhook", "webhooks")
}

/// Returns the fault of a name that the workspace does not define, if it defines any.
fn undefined(
    name: AssetName<'_>,
    defined: &[String],
    kind: &str,
    section: &str,
) -> Option<Diagnostic> {
    if defined.is_empty() || is_one_of(name.text, defined) {
        return None;
    }
    let message = format!(
        "the workspace defines no {kind} `{}`, so that no activity names it",
        name.text
    );
    let help = did_you_mean(name.text, defined.iter().map(String::as_str)).unwrap_or_else(|| {
        format!("define it under `{section}:` in the workspace file, also if only events name it")
    });
    Some(fault(name, message, help))
}

/// Returns whether a name is one of some, with or without a `Program.` before it.
fn is_one_of(text: &str, names: &[String]) -> bool {
    let after_dots = text.match_indices('.').map(|(dot, _)| &text[dot + 1..]);
    let keys: Vec<String> = [text].into_iter().chain(after_dots).map(name_key).collect();
    names.iter().any(|name| keys.contains(&name_key(name)))
}

fn no_campaign(name: AssetName<'_>, cx: &Context<'_>) -> Option<Diagnostic> {
    let own = cx.own_program_name();
    match cx.campaigns.resolve(name.text, own.as_deref(), name.span) {
        Err(unknown) if unknown.code == Code::UnknownCampaign => {
            let message = format!(
                "no campaign is named `{}`, so that no activity names it",
                name.text
            );
            let help = unknown
                .help
                .unwrap_or_else(|| "write the name of a campaign of these files".to_owned());
            Some(fault(name, message, help))
        }
        Ok(_) | Err(_) => None,
    }
}

fn no_score(name: AssetName<'_>, cx: &Context<'_>) -> Option<Diagnostic> {
    let field = cx.fields.find(name.text)?;
    let of = cx.fields.type_of(field);
    if matches!(of, FieldType::Score | FieldType::Integer) {
        return None;
    }
    let message = format!(
        "`{}` is not a score: its type is {}, so no change of a score can name it",
        name.text,
        of.name()
    );
    let help = "for other fields write `data_value_changes`, or `data_value_changed`".to_owned();
    Some(fault(name, message, help))
}

/// A score is changed by `change_score`, which is another activity.
fn a_score(name: AssetName<'_>, cx: &Context<'_>) -> Option<Diagnostic> {
    let field = cx.fields.find(name.text)?;
    if cx.fields.type_of(field) != FieldType::Score {
        return None;
    }
    let message = format!(
        "`{}` is a score: `change_score` changes it, and that is no change of a data value",
        name.text
    );
    let help = "write `score_is_changed`, or `score_was_changed`; only lists, forms and events change a score as a data value"
        .to_owned();
    Some(fault(name, message, help))
}
