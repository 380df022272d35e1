//! How the parameters of each flow step become an [`Action`].

use crate::campaign::{Action, AlertTo, NewValue, StepKind};
use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Span};
use crate::domain::mailbox::Mailbox;
use crate::domain::text::{name_key, same};
use crate::domain::{
    CampaignId, FieldId, FieldType, ListId, MemberField, Mode, ProgramId, Text, Value,
};
use crate::source::{Spanned, reader};
use crate::token::{Part, Template};
use crate::world::NOT_IN_PROGRAM;
use crate::yaml::{Node, NodeKind};

use super::assets;
use super::call::{Call, How};
use super::flow_draft::FlowDraft;
use super::parameters::Parameters;
use super::{score, wait};

/// Makes the action of a step from its parameters; nothing, and at least one fault, where that cannot be.
pub(super) fn build(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    flow.refuse(parameters.kind.refusals(), parameters.span);
    match parameters.kind {
        StepKind::SendEmail => send_email(parameters, flow),
        StepKind::SendAlert => send_alert(parameters, flow),
        StepKind::ChangeDataValue => change_data_value(parameters, flow),
        StepKind::ChangeScore => score::build(parameters, flow),
        StepKind::AddToList => list(parameters, flow).map(|list| Action::AddToList { list }),
        StepKind::RemoveFromList => {
            list(parameters, flow).map(|list| Action::RemoveFromList { list })
        }
        StepKind::ChangeProgramStatus => change_program_status(parameters, flow),
        StepKind::ChangeProgramSuccess => change_program_success(parameters, flow),
        StepKind::ChangeProgramMemberData => change_program_member_data(parameters, flow),
        StepKind::InterestingMoment => interesting_moment(parameters, flow),
        StepKind::Wait => wait::build(parameters, flow).map(Action::Wait),
        StepKind::RequestCampaign => request_campaign(parameters, flow),
        StepKind::ExecuteCampaign => execute_campaign(parameters, flow),
        StepKind::RemoveFromFlow => remove_from_flow(parameters, flow),
        StepKind::CallWebhook => call_webhook(parameters, flow),
        StepKind::DeletePerson => Some(Action::DeletePerson),
    }
}

fn send_email(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let email = email(parameters, flow)?;
    Some(Action::SendEmail { email })
}

/// Reads the name of an email; where the workspace defines any, it must be one of them.
fn email(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Text> {
    let name = parameters.text("email", flow)?;
    let emails = &flow.draft.workspace.emails;
    if emails.is_empty() {
        return Some(Text::from(name.value));
    }
    if let Some(email) = emails.get(&name_key(name.value)) {
        return Some(Text::from(email.name.as_str()));
    }
    let names = emails.values().map(|email| email.name.as_str());
    let help = did_you_mean(name.value, names)
        .unwrap_or_else(|| "define it under `emails:` in the workspace file".to_owned());
    let message = format!("the workspace defines no email `{}`", name.value);
    flow.draft
        .diagnostics
        .fault_with(Code::UnknownEmail, name.span, message, help);
    None
}

/// Stands for the address of the person's sales owner.
const SALES_OWNER: &str = "sales_owner";

fn send_alert(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let email = email(parameters, flow);
    let to = parameters.value("to", flow)?;
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
            .diagnostics
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
            .diagnostics
            .fault_with(Code::WrongType, text.span, message, help);
    }
    Some(AlertTo::Address(flow.template(text)))
}

fn change_data_value(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let field = parameters.text("field", flow);
    let field = field.and_then(|name| assets::field(name.value, name.span, flow.draft));
    let value = parameters.value("value", flow);
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

/// Reports a value without tokens that the field's type cannot take.
fn fits(template: &Template, field: FieldId, span: Span, flow: &mut FlowDraft<'_>) {
    let known = flow.draft.workspace.fields.field(field);
    let (name, field_type) = (known.name.clone(), known.field_type);
    fits_type(template, (&name, field_type), span, flow);
}

/// Reports a value without tokens that a type cannot take.
fn fits_type(
    template: &Template,
    (name, field_type): (&str, FieldType),
    span: Span,
    flow: &mut FlowDraft<'_>,
) {
    let text = match template.parts.as_slice() {
        [Part::Literal(text)] => text,
        [] | [Part::Token { .. }] | [_, _, ..] => return,
    };
    if let Err(expected) = Value::parse(text, field_type, &flow.draft.workspace.zone) {
        let message = format!(
            "`{text}` does not fit `{name}`, whose type is {}",
            field_type.name()
        );
        let help = format!("write {expected}");
        flow.draft
            .diagnostics
            .fault_with(Code::WrongType, span, message, help);
    }
}

fn list(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<ListId> {
    let name = parameters.text("list", flow)?;
    flow.draft.list(name.value, name.span)
}

/// Returns the program that a step names, else the campaign's own.
fn program(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<ProgramId> {
    if parameters.place("program").is_some() {
        let name = parameters.text("program", flow)?;
        return flow.draft.program(name.value, name.span);
    }
    if flow.setting.program.is_none() {
        let message = format!(
            "`{}` needs a program, and this campaign belongs to none",
            parameters.kind.name()
        );
        let help = "write `program: …` beside it, or in the campaign";
        flow.draft
            .diagnostics
            .fault_with(Code::MissingKey, parameters.span, message, help);
    }
    flow.setting.program
}

fn change_program_status(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let status = parameters.text("status", flow);
    let program = program(parameters, flow);
    let (status, program) = (status?, program?);
    let status = self::status(status, program, flow)?;
    Some(Action::ChangeProgramStatus { program, status })
}

/// Returns a status as its channel writes it; any name where the program's statuses are not known.
fn status(written: Spanned<&str>, program: ProgramId, flow: &mut FlowDraft<'_>) -> Option<Text> {
    if same(written.value, NOT_IN_PROGRAM) {
        return Some(Text::from(NOT_IN_PROGRAM));
    }
    let Some(known) = flow.draft.statuses.get(&program) else {
        return Some(Text::from(written.value));
    };
    if let Some(status) = known.iter().find(|status| same(status, written.value)) {
        return Some(Text::clone(status));
    }
    let names = known.iter().map(AsRef::as_ref);
    let all: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    let help = did_you_mean(written.value, names)
        .unwrap_or_else(|| format!("its statuses are {}", all.join(", ")));
    let program = flow.draft.workspace.program_names.name(program.0);
    let message = format!("`{program}` has no status `{}`", written.value);
    flow.draft
        .diagnostics
        .fault_with(Code::UnknownStatus, written.span, message, help);
    None
}

fn change_program_success(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let success = parameters.boolean("success", flow);
    let program = program(parameters, flow);
    Some(Action::ChangeProgramSuccess {
        program: program?,
        success: success?,
    })
}

fn change_program_member_data(
    parameters: &Parameters<'_>,
    flow: &mut FlowDraft<'_>,
) -> Option<Action> {
    let name = parameters.text("field", flow);
    let value = parameters.value("value", flow);
    let value = value.and_then(|node| new_value(node, flow));
    let program = program(parameters, flow);
    let (name, (value, span), program) = (name?, value?, program?);
    let field = member_field(name, program, flow)?;
    if let NewValue::Set(template) = &value {
        fits_type(template, (&field.key, field.field_type), span, flow);
    }
    Some(Action::ChangeProgramMemberData {
        program,
        field,
        value,
    })
}

/// Returns a field of a program's memberships; where the program declares some, another is a fault.
fn member_field(
    name: Spanned<&str>,
    program: ProgramId,
    flow: &mut FlowDraft<'_>,
) -> Option<MemberField> {
    let Some(declared) = flow.draft.member_fields.get(&program) else {
        let known = MemberField::find(&[], name.value);
        return Some(known.unwrap_or_else(|| MemberField::undeclared(name.value)));
    };
    if let Some(field) = MemberField::find(declared, name.value) {
        return Some(field);
    }
    let names = declared.iter().map(|field| field.key.as_ref());
    let help = did_you_mean(name.value, names)
        .unwrap_or_else(|| "declare it under `member_fields:` of the program".to_owned());
    let program = flow.draft.workspace.program_names.name(program.0);
    let message = format!("`{program}` has no member field `{}`", name.value);
    flow.draft
        .diagnostics
        .fault_with(Code::UnknownField, name.span, message, help);
    None
}

fn interesting_moment(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let kind = parameters.text("type", flow);
    let description = parameters.text("description", flow);
    let description = description.map(|text| flow.template(text));
    Some(Action::InterestingMoment {
        kind: Text::from(kind?.value),
        description: description.unwrap_or_default(),
    })
}

/// Finds the campaign that a step names.
fn campaign(name: Spanned<&str>, flow: &mut FlowDraft<'_>) -> Option<CampaignId> {
    let program = flow.setting.program;
    let program = program.map(|id| Text::clone(flow.draft.workspace.program_names.name(id.0)));
    let found = flow
        .draft
        .names
        .resolve(name.value, program.as_deref(), name.span);
    found
        .map_err(|fault| flow.draft.diagnostics.push(*fault))
        .ok()
}

/// Finds the campaign that a step calls, and remembers the call.
fn call(parameters: &Parameters<'_>, how: How, flow: &mut FlowDraft<'_>) -> Option<CampaignId> {
    let name = parameters.text("campaign", flow)?;
    let to = campaign(name, flow)?;
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
    let parent = parameters.boolean("use_parent_tokens", flow);
    let campaign = call(parameters, How::Execute, flow)?;
    Some(Action::ExecuteCampaign {
        campaign,
        use_parent_tokens: parent.unwrap_or(false),
    })
}

fn remove_from_flow(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let name = parameters.text("campaign", flow)?;
    let campaign = if name.value == "this" {
        None
    } else {
        Some(campaign(name, flow)?)
    };
    Some(Action::RemoveFromFlow { campaign })
}

fn call_webhook(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let name = parameters.text("webhook", flow)?;
    let webhooks = &flow.draft.workspace.webhooks;
    let key = name_key(name.value);
    if webhooks.contains_key(&key) {
        return Some(Action::CallWebhook { webhook: key });
    }
    let names = webhooks.values().map(|webhook| webhook.name.as_str());
    let help = did_you_mean(name.value, names)
        .unwrap_or_else(|| "define it under `webhooks:` in the workspace file".to_owned());
    let message = format!("no webhook is named `{}`", name.value);
    flow.draft
        .diagnostics
        .fault_with(Code::UnknownWebhook, name.span, message, help);
    None
}
