//! Every flow step: its name, its parameters, and how they become an [`Action`].
//!
//! A new step is a row of [`STEPS`], a function here, and an arm in the engine.

use crate::campaign::{Action, AlertTo, NewValue};
use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Span};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::mailbox::Mailbox;
use crate::domain::text::{name_key, same, snake_case};
use crate::domain::{CampaignId, FieldId, Key, Mode, ProgramId, Text, Value};
use crate::source::{Spanned, reader};
use crate::token::{Part, Template};
use crate::yaml::{Node, NodeKind};

use super::assets;
use super::calls::{Call, How};
use super::flow::FlowDraft;
use super::parameters::Parameters;
use super::{score, wait};

/// One kind of flow step.
pub(super) struct StepKind {
    /// The key in campaign files.
    pub(super) name: &'static str,
    /// The older name of Marketo's interface.
    pub(super) older: Option<&'static str>,
    /// The parameter that a bare value is.
    pub(super) main: Option<&'static str>,
    /// All parameters, the main one first.
    pub(super) parameters: &'static [&'static str],
    /// The activity type of its rows in the log.
    pub(super) activity: BuiltinActivity,
    /// Makes the action; faults are told, and then there is none.
    pub(super) build: fn(&Parameters<'_>, &mut FlowDraft<'_>) -> Option<Action>,
}

impl StepKind {
    /// Returns how the step is written, for a help text.
    pub(super) fn example(&self) -> String {
        if let Some(main) = self.main {
            return format!("write its `{main}` after it: `{}: …`", self.name);
        }
        let keys = self.parameters.join(": …, ");
        format!("write `{}: {{ {keys}: … }}`", self.name)
    }
}

macro_rules! steps {
    ($( $name:literal $(or $older:literal)?, $main:expr, $parameters:expr, $activity:ident, $build:expr; )*) => {
        &[ $( StepKind {
            name: $name,
            older: steps!(@older $($older)?),
            main: $main,
            parameters: &$parameters,
            activity: BuiltinActivity::$activity,
            build: $build,
        }, )* ]
    };
    (@older) => { None };
    (@older $older:literal) => { Some($older) };
}

/// Every kind, in the order of the language reference.
pub(super) const STEPS: &[StepKind] = steps! {
    "send_email", Some("email"), ["email"], SendEmail, send_email;
    "send_alert", Some("email"), ["email", "to"], SendAlert, send_alert;
    "change_data_value", None, ["field", "value"], ChangeDataValue, change_data_value;
    "change_score", Some("change"), ["change", "field"], ChangeScore, score::build;
    "add_to_list", Some("list"), ["list"], AddToList, add_to_list;
    "remove_from_list", Some("list"), ["list"], RemoveFromList, remove_from_list;
    "change_program_status" or "change_status_in_progression", Some("status"), ["status", "program"],
        ChangeProgramStatus, change_program_status;
    "change_program_member_data", None, ["field", "value", "program"], ChangeProgramMemberData,
        change_program_member_data;
    "interesting_moment", None, ["type", "description"], InterestingMoment, interesting_moment;
    "wait", Some("for"), wait::PARAMETERS, WaitStarted, wait::build;
    "request_campaign", Some("campaign"), ["campaign"], RequestCampaign, request_campaign;
    "execute_campaign", Some("campaign"), ["campaign", "use_parent_tokens"], ExecuteCampaign,
        execute_campaign;
    "remove_from_flow", Some("campaign"), ["campaign"], RemoveFromFlow, remove_from_flow;
    "call_webhook", Some("webhook"), ["webhook"], CallWebhook, call_webhook;
    "delete_person" or "delete_lead", None, [], DeletePerson, delete_person;
};

/// Finds a kind by its name.
pub(super) fn find(name: &str) -> Option<&'static StepKind> {
    STEPS
        .iter()
        .find(|kind| kind.name == name || kind.older == Some(name))
}

fn send_email(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let email = email(parameters, flow)?;
    Some(Action::SendEmail { email })
}

/// Reads the name of an email; where the workspace defines any, it must be one of them.
fn email(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Text> {
    let name = parameters.required_name("email", &mut flow.draft.diagnostics)?;
    let emails = &flow.draft.workspace.emails;
    if emails.is_empty() {
        return Some(Text::from(name.value));
    }
    if let Some(email) = emails.get(&name_key(&name.value)) {
        return Some(Text::from(email.name.as_str()));
    }
    let names = emails.values().map(|email| email.name.as_str());
    let help = did_you_mean(&name.value, names)
        .unwrap_or_else(|| "define it under `emails:` in the workspace file".to_owned());
    let message = format!("the workspace defines no email `{}`", name.value);
    flow.draft
        .fault_with(Code::UnknownEmail, name.span, message, help);
    None
}

/// Stands for the address of the person's sales owner.
const SALES_OWNER: &str = "sales_owner";

fn send_alert(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let email = email(parameters, flow);
    let to = parameters.required("to", &mut flow.draft.diagnostics)?;
    let addresses = match &to.kind {
        NodeKind::Scalar { .. } => std::slice::from_ref(to),
        NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Null => {
            reader::list(to, "to", &mut flow.draft.diagnostics)?
        }
    };
    let to = addresses
        .iter()
        .filter_map(|node| address(node, flow))
        .collect();
    Some(Action::SendAlert { email: email?, to })
}

fn address(node: &Node, flow: &mut FlowDraft<'_>) -> Option<AlertTo> {
    let text = reader::text(node, "to", &mut flow.draft.diagnostics)?;
    if text.value.contains("{{") && flow.setting.mode == Mode::Batch {
        let message = "tokens in the addresses of an alert belong to trigger campaigns";
        let help = "write the addresses themselves, or `sales_owner`";
        flow.draft
            .fault_with(Code::TriggerOnly, text.span, message, help);
        return None;
    }
    if text.value == SALES_OWNER {
        return flow
            .draft
            .workspace
            .fields
            .find("lead_owner_email_address")
            .map(AlertTo::SalesOwner);
    }
    let mut addresses = text.value.split([',', ';']);
    let plausible = text.value.contains("{{") || addresses.all(|one| Mailbox::parse(one).is_some());
    if !plausible {
        let message = format!("`{}` is not an address", text.value);
        let help = "write addresses such as `sales@example.com`, or `sales_owner`";
        flow.draft
            .fault_with(Code::WrongType, text.span, message, help);
    }
    Some(AlertTo::Address(flow.template(text)))
}

fn change_data_value(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let field = parameters.required_text("field", &mut flow.draft.diagnostics);
    let field = field.and_then(|name| assets::field(name.value, name.span, flow.draft));
    let value = parameters.required("value", &mut flow.draft.diagnostics);
    let value = value.and_then(|node| new_value(node, flow));
    let (field, (value, span)) = (field?, value?);
    if let NewValue::Set(template) = &value {
        fits(template, field, span, flow);
    }
    Some(Action::ChangeDataValue { field, value })
}

/// Reads a new value: a plain `NULL` clears, all else is text with tokens.
fn new_value(node: &Node, flow: &mut FlowDraft<'_>) -> Option<(NewValue, Span)> {
    if let NodeKind::Scalar { text, plain: true } = &node.kind
        && text.eq_ignore_ascii_case("null")
    {
        return Some((NewValue::Clear, node.span));
    }
    let text = reader::text(node, "value", &mut flow.draft.diagnostics)?;
    Some((NewValue::Set(flow.template(text)), node.span))
}

/// Tells of a value without tokens that the field's type cannot take.
fn fits(template: &Template, field: FieldId, span: Span, flow: &mut FlowDraft<'_>) {
    let text = match template.parts.as_slice() {
        [Part::Literal(text)] => text,
        [] | [Part::Token { .. }] | [_, _, ..] => return,
    };
    let workspace = &flow.draft.workspace;
    let known = workspace.fields.field(field);
    if let Err(expected) = Value::parse(text, known.field_type, &workspace.zone) {
        let message = format!(
            "`{text}` does not fit `{}`, whose type is {}",
            known.name,
            known.field_type.name()
        );
        let help = format!("write {expected}");
        flow.draft.fault_with(Code::WrongType, span, message, help);
    }
}

fn add_to_list(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let name = parameters.required_name("list", &mut flow.draft.diagnostics)?;
    let list = flow.draft.list(&name.value, name.span)?;
    Some(Action::AddToList { list })
}

fn remove_from_list(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let name = parameters.required_name("list", &mut flow.draft.diagnostics)?;
    let list = flow.draft.list(&name.value, name.span)?;
    Some(Action::RemoveFromList { list })
}

/// Returns the program that a step names, else the campaign's own.
fn program(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<ProgramId> {
    if parameters.place("program").is_some() {
        let name = parameters.required_name("program", &mut flow.draft.diagnostics)?;
        return flow.draft.program(&name.value, name.span);
    }
    if flow.setting.program.is_none() {
        let message = format!(
            "`{}` needs a program, and this campaign belongs to none",
            parameters.kind.name
        );
        let help = "write `program: …` beside it, or in the campaign";
        flow.draft
            .fault_with(Code::MissingKey, parameters.span, message, help);
    }
    flow.setting.program
}

fn change_program_status(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let status = parameters.required_name("status", &mut flow.draft.diagnostics);
    let program = program(parameters, flow);
    let (status, program) = (status?, program?);
    let status = self::status(&status, program, flow)?;
    Some(Action::ChangeProgramStatus { program, status })
}

/// Returns a status as its channel writes it; any name where the program's statuses are not known.
fn status(written: &Spanned<String>, program: ProgramId, flow: &mut FlowDraft<'_>) -> Option<Text> {
    let Some(known) = flow.draft.statuses.get(&program) else {
        return Some(Text::from(written.value.as_str()));
    };
    if let Some(status) = known.iter().find(|status| same(status, &written.value)) {
        return Some(Text::clone(status));
    }
    let names = known.iter().map(AsRef::as_ref);
    let all: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    let help = did_you_mean(&written.value, names)
        .unwrap_or_else(|| format!("its statuses are {}", all.join(", ")));
    let program = flow.draft.workspace.program_names.name(program.0);
    let message = format!("`{program}` has no status `{}`", written.value);
    flow.draft
        .fault_with(Code::UnknownStatus, written.span, message, help);
    None
}

fn change_program_member_data(
    parameters: &Parameters<'_>,
    flow: &mut FlowDraft<'_>,
) -> Option<Action> {
    let field = parameters.required_name("field", &mut flow.draft.diagnostics);
    let value = parameters.required("value", &mut flow.draft.diagnostics);
    let value = value.and_then(|node| new_value(node, flow));
    let program = program(parameters, flow);
    Some(Action::ChangeProgramMemberData {
        program: program?,
        field: Key::from(snake_case(&field?.value)),
        value: value?.0,
    })
}

fn interesting_moment(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let diagnostics = &mut flow.draft.diagnostics;
    let kind = parameters.required_name("type", diagnostics);
    let description = parameters.text("description", diagnostics);
    let description = description.map(|text| flow.template(text));
    Some(Action::InterestingMoment {
        kind: Text::from(kind?.value),
        description: description.unwrap_or_default(),
    })
}

/// Finds the campaign that a step names.
fn campaign(name: &Spanned<String>, flow: &mut FlowDraft<'_>) -> Option<CampaignId> {
    let program = flow.setting.program;
    let program = program.map(|id| Text::clone(flow.draft.workspace.program_names.name(id.0)));
    let found = flow
        .draft
        .names
        .resolve(&name.value, program.as_deref(), name.span);
    found
        .map_err(|fault| flow.draft.diagnostics.push(*fault))
        .ok()
}

/// Finds the campaign that a step calls, and remembers the call.
fn call(parameters: &Parameters<'_>, how: How, flow: &mut FlowDraft<'_>) -> Option<CampaignId> {
    let name = parameters.required_name("campaign", &mut flow.draft.diagnostics)?;
    let to = campaign(&name, flow)?;
    flow.draft.calls.push(Call {
        from: flow.setting.campaign,
        to,
        how,
        held: flow.held,
        span: name.span,
    });
    Some(to)
}

fn request_campaign(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let campaign = call(parameters, How::Request, flow)?;
    Some(Action::RequestCampaign { campaign })
}

fn execute_campaign(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let parent = parameters.boolean("use_parent_tokens", &mut flow.draft.diagnostics);
    let campaign = call(parameters, How::Execute, flow)?;
    Some(Action::ExecuteCampaign {
        campaign,
        use_parent_tokens: parent.unwrap_or(false),
    })
}

fn remove_from_flow(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let name = parameters.required_name("campaign", &mut flow.draft.diagnostics)?;
    let campaign = if name.value == "this" {
        None
    } else {
        Some(campaign(&name, flow)?)
    };
    Some(Action::RemoveFromFlow { campaign })
}

fn call_webhook(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    match flow.setting.mode {
        Mode::Triggered => {}
        Mode::Batch => {
            let message =
                "`call_webhook` belongs to trigger campaigns, and this is a batch campaign";
            let help = "request a trigger campaign that calls it";
            flow.draft
                .fault_with(Code::TriggerOnly, parameters.span, message, help);
        }
        Mode::Executable => {
            let message = "an executable campaign cannot call a webhook";
            let help = "request a trigger campaign that calls it";
            flow.draft
                .fault_with(Code::NotInExecutable, parameters.span, message, help);
        }
    }
    let name = parameters.required_name("webhook", &mut flow.draft.diagnostics)?;
    let webhooks = &flow.draft.workspace.webhooks;
    let key = name_key(&name.value);
    if webhooks.contains_key(&key) {
        return Some(Action::CallWebhook { webhook: key });
    }
    let names = webhooks.values().map(|webhook| webhook.name.as_str());
    let help = did_you_mean(&name.value, names)
        .unwrap_or_else(|| "define it under `webhooks:` in the workspace file".to_owned());
    let message = format!("no webhook is named `{}`", name.value);
    flow.draft
        .fault_with(Code::UnknownWebhook, name.span, message, help);
    None
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "one signature for every row of the table"
)]
fn delete_person(_: &Parameters<'_>, _: &mut FlowDraft<'_>) -> Option<Action> {
    Some(Action::DeletePerson)
}
