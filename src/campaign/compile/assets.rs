//! `tokens:`, `emails:` and `webhooks:` of the workspace.

use std::collections::BTreeMap;

use crate::campaign::{Email, Webhook};
use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Span};
use crate::domain::mailbox::Mailbox;
use crate::domain::text::name_key;
use crate::domain::{FieldId, Text};
use crate::source::{MapReader, Spanned, name, reader};
use crate::token::parse::{InProgram, LinkTokens, Scope, TriggerTokens};
use crate::token::{Part, Template};
use crate::yaml::{MapEntry, Node};

use super::draft::Draft;

/// Reads the workspace's `{{my.…}}` tokens.
pub(super) fn tokens(section: Option<&Node>, draft: &mut Draft) {
    if let Some(node) = section {
        draft.workspace.tokens = read_tokens(node, draft);
    }
}

/// Reads a mapping of token names to their values.
pub(super) fn read_tokens(node: &Node, draft: &mut Draft) -> BTreeMap<String, Text> {
    let diagnostics = &mut draft.diagnostics;
    let entries = reader::named(node, "tokens", diagnostics).unwrap_or_default();
    let (mut tokens, mut names) = (BTreeMap::new(), name::Distinct::new("tokens"));
    for entry in entries {
        let (name, span) = (&entry.key, entry.key_span);
        if !name::check(name, "a token's name", span, diagnostics)
            || !names.add(name, name_key(name), span, diagnostics)
        {
            continue;
        }
        if let Some(value) = reader::text(&entry.value, &entry.key, diagnostics) {
            tokens.insert(name_key(&entry.key), Text::from(value.value));
            draft.token_names.push(entry.key.clone());
        }
    }
    tokens
}

/// Parses a text that serves several campaigns: it may use the tokens of any program, and of any trigger.
fn shared_text(text: Spanned<&str>, links: LinkTokens, draft: &mut Draft) -> Template {
    let workspace = &draft.workspace;
    let mut my = vec![&workspace.tokens];
    my.extend(workspace.programs.iter().map(|program| &program.tokens));
    let scope = Scope {
        fields: &workspace.fields,
        activities: &workspace.activities,
        my: &my,
        my_names: &draft.token_names,
        program: InProgram::Open,
        member_fields: &[],
        trigger: TriggerTokens::Open,
        links,
    };
    crate::token::parse::parse(text.value, text.span, &scope, &mut draft.diagnostics)
}

/// Reads `emails:`.
pub(super) fn emails(section: Option<&Node>, draft: &mut Draft) {
    let entries = section.and_then(|node| reader::named(node, "emails", &mut draft.diagnostics));
    let mut names = name::Distinct::new("emails");
    for entry in entries.unwrap_or_default() {
        let (name, span) = (&entry.key, entry.key_span);
        let diagnostics = &mut draft.diagnostics;
        if name::check(name, "an email's name", span, diagnostics)
            && names.add(name, name_key(name), span, diagnostics)
        {
            let email = email(entry, draft);
            draft.email_names.push(entry.key.clone());
            draft.workspace.emails.insert(name_key(&entry.key), email);
        }
    }
}

fn email(entry: &MapEntry, draft: &mut Draft) -> Email {
    let diagnostics = &mut draft.diagnostics;
    let keys = MapReader::open(&entry.value, "an email", diagnostics);
    let (mut subject, mut from, mut body, mut operational) = (None, None, None, None);
    if let Some(mut keys) = keys {
        subject = keys.required("subject", diagnostics);
        from = keys.text("from", diagnostics);
        body = keys.text("body", diagnostics);
        // The text has been put in place of its file; a file that could not be read has been reported.
        keys.entry("body_file");
        operational = keys.boolean("operational", diagnostics);
        keys.close(diagnostics);
    }
    let subject = subject.and_then(|node| reader::text(node, "subject", diagnostics));
    if let Some(from) = from
        && Mailbox::parse(from.value).is_none()
    {
        let message = format!("`{}` is not an address", from.value);
        let help = "write `news@example.com` or `Example News <news@example.com>`";
        draft
            .diagnostics
            .fault_with(Code::WrongType, from.span, message, help);
    }
    Email {
        name: entry.key.clone(),
        subject: subject.map_or_else(Template::default, |text| {
            shared_text(text, LinkTokens::Placeholders, draft)
        }),
        from: from.map(|text| text.value.to_owned()),
        body: body.map_or_else(Template::default, |text| {
            shared_text(text, LinkTokens::Placeholders, draft)
        }),
        operational: operational.is_some_and(|flag| flag.value),
    }
}

/// Reads `webhooks:`.
pub(super) fn webhooks(section: Option<&Node>, draft: &mut Draft) {
    let entries = section.and_then(|node| reader::named(node, "webhooks", &mut draft.diagnostics));
    let mut names = name::Distinct::new("webhooks");
    for entry in entries.unwrap_or_default() {
        let (name, span) = (&entry.key, entry.key_span);
        let diagnostics = &mut draft.diagnostics;
        if name::check(name, "a webhook's name", span, diagnostics)
            && names.add(name, name_key(name), span, diagnostics)
            && let Some(webhook) = webhook(entry, draft)
        {
            draft
                .workspace
                .webhooks
                .insert(name_key(&entry.key), webhook);
            draft.webhook_names.push(entry.key.clone());
        }
    }
}

/// The methods that Marketo's webhooks know.
pub(super) const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

fn webhook(entry: &MapEntry, draft: &mut Draft) -> Option<Webhook> {
    let diagnostics = &mut draft.diagnostics;
    let mut keys = MapReader::open(&entry.value, "a webhook", diagnostics)?;
    let url = keys.required("url", diagnostics);
    let method = keys.text("method", diagnostics);
    let body = keys.text("body", diagnostics);
    let timeout = keys.text("timeout", diagnostics);
    let map = keys.named("map", diagnostics).unwrap_or_default();
    keys.close(diagnostics);
    let url = url.and_then(|node| reader::text(node, "url", diagnostics));
    let method = method.map_or_else(|| "POST".to_owned(), |text| method_name(text, draft));
    let timeout_seconds = timeout.and_then(|text| seconds(text, draft));
    let map = map
        .iter()
        .filter_map(|entry| mapping(entry, draft))
        .collect();
    let body = body.map_or_else(Template::default, |text| {
        shared_text(text, LinkTokens::None, draft)
    });
    let url = url.map_or_else(Template::default, |text| web_address(text, draft));
    Some(Webhook {
        name: entry.key.clone(),
        url,
        method,
        body,
        timeout_seconds: timeout_seconds.unwrap_or(30),
        map,
    })
}

fn method_name(text: Spanned<&str>, draft: &mut Draft) -> String {
    let method = text.value.to_ascii_uppercase();
    if !METHODS.contains(&method.as_str()) {
        let message = format!("`{}` is not a method of a webhook", text.value);
        let help = format!("the methods are {}", METHODS.join(", "));
        draft
            .diagnostics
            .fault_with(Code::WrongType, text.span, message, help);
    }
    method
}

/// Reads the address, which goes out to the web and nowhere else; a token may stand at its beginning.
fn web_address(text: Spanned<&str>, draft: &mut Draft) -> Template {
    let template = shared_text(text, LinkTokens::None, draft);
    if let Some(Part::Literal(start)) = template.parts.first()
        && !["http://", "https://"]
            .iter()
            .any(|scheme| start.starts_with(scheme))
    {
        let message = "a webhook's `url` begins with `http://` or `https://`";
        draft.diagnostics.fault(Code::WrongType, text.span, message);
    }
    template
}

/// Reads a timeout: `30 seconds`, `1 minute`.
fn seconds(text: Spanned<&str>, draft: &mut Draft) -> Option<u32> {
    let read = text.value.split_once(' ').and_then(|(number, unit)| {
        let number: u32 = number.parse().ok().filter(|n| (1..=600).contains(n))?;
        match unit.trim() {
            "second" | "seconds" => Some(number),
            "minute" | "minutes" => number.checked_mul(60).filter(|n| *n <= 600),
            _ => None,
        }
    });
    if read.is_none() {
        let message = format!("`{}` is not a timeout", text.value);
        let help = "write `30 seconds`, or at most `10 minutes`";
        draft
            .diagnostics
            .fault_with(Code::BadDuration, text.span, message, help);
    }
    read
}

/// Reads one line of `map`: a field, and the JSON pointer of the part of the answer that it takes.
fn mapping(entry: &MapEntry, draft: &mut Draft) -> Option<(FieldId, String)> {
    let pointer = reader::text(&entry.value, &entry.key, &mut draft.diagnostics)?;
    if !pointer.value.starts_with('/') {
        let message = format!("`{}` is not a JSON pointer", pointer.value);
        let help = format!("write `/{}`", pointer.value);
        draft
            .diagnostics
            .fault_with(Code::WrongType, pointer.span, message, help);
    }
    let field = field(&entry.key, entry.key_span, draft)?;
    Some((field, pointer.value.to_owned()))
}

/// Finds a person field by any of its names.
pub(super) fn field(name: &str, span: Span, draft: &mut Draft) -> Option<FieldId> {
    let fields = &draft.workspace.fields;
    if let Some(id) = fields.find(name) {
        return Some(id);
    }
    let names = fields.iter().map(|(_, field)| field.name.as_str());
    let help = did_you_mean(name, names)
        .unwrap_or_else(|| "declare it under `fields:` in the workspace file".to_owned());
    draft
        .diagnostics
        .fault_with(Code::UnknownField, span, format!("no field `{name}`"), help);
    None
}
