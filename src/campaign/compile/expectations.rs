//! `expect:` of a test: the outcomes that it requires.

use crate::campaign::case::{Expectation, Expected, ExpectedMail, ExpectedText};
use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic};
use crate::domain::text::{name_key, same};
use crate::domain::{PersonKey, ProgramId, Text};
use crate::filter::compile::text_tests;
use crate::source::{MapReader, Spanned, reader};
use crate::world::NOT_IN_PROGRAM;
use crate::yaml::{MapEntry, Node, NodeKind};

use super::case_values::{field, lists, types};
use super::draft::Draft;

/// The keys that say something of one person, for messages.
const OF_A_PERSON: &str =
    "`activities`, `not_activities`, `fields`, `lists`, `not_lists`, `statuses` or `mails`";

/// What an entry of `expect` says of one person, as written.
struct OfPerson<'n> {
    activities: Option<&'n Node>,
    not_activities: Option<&'n Node>,
    fields: Option<&'n [MapEntry]>,
    lists: Option<&'n Node>,
    not_lists: Option<&'n Node>,
    statuses: Option<&'n [MapEntry]>,
    mails: Option<&'n Node>,
}

impl<'n> OfPerson<'n> {
    fn read(keys: &mut MapReader<'n>, draft: &mut Draft) -> Self {
        let diagnostics = &mut draft.diagnostics;
        Self {
            activities: keys.value("activities", diagnostics),
            not_activities: keys.value("not_activities", diagnostics),
            fields: keys.named("fields", diagnostics),
            lists: keys.value("lists", diagnostics),
            not_lists: keys.value("not_lists", diagnostics),
            statuses: keys.named("statuses", diagnostics),
            mails: keys.value("mails", diagnostics),
        }
    }

    fn is_empty(&self) -> bool {
        let nodes = [
            self.activities,
            self.not_activities,
            self.lists,
            self.not_lists,
            self.mails,
        ];
        nodes.iter().all(Option::is_none) && self.fields.is_none() && self.statuses.is_none()
    }

    fn expectations(&self, person: &PersonKey, draft: &mut Draft) -> Vec<Expectation> {
        let mut expected = Vec::new();
        let mut add = |span, what| expected.push(Expectation { span, what });
        let person = || person.clone();
        if let Some(node) = self.activities {
            let types = types(node, "activities", draft);
            add(node.span, Expected::Activities(person(), types));
        }
        if let Some(node) = self.not_activities {
            let types = types(node, "not_activities", draft);
            add(node.span, Expected::NotActivities(person(), types));
        }
        for entry in self.fields.unwrap_or_default() {
            if let Some((id, value)) = field(entry, draft) {
                add(entry.key_span, Expected::Field(person(), id, value));
            }
        }
        if let Some(node) = self.lists {
            add(
                node.span,
                Expected::Lists(person(), lists(node, "lists", draft)),
            );
        }
        if let Some(node) = self.not_lists {
            let lists = lists(node, "not_lists", draft);
            add(node.span, Expected::NotLists(person(), lists));
        }
        for entry in self.statuses.unwrap_or_default() {
            if let Some((program, status)) = status(entry, draft) {
                add(entry.key_span, Expected::Status(person(), program, status));
            }
        }
        if let Some(node) = self.mails {
            let mails = reader::list(node, "mails", &mut draft.diagnostics).unwrap_or_default();
            let mails = mails.iter().filter_map(|node| mail(node, draft)).collect();
            add(node.span, Expected::Mails(person(), mails));
        }
        expected
    }
}

/// Reads one entry of `expect`, which may say several things of one person.
pub(super) fn expectation(node: &Node, draft: &mut Draft) -> Vec<Expectation> {
    let Some(mut keys) = MapReader::open(node, "an expectation", &mut draft.diagnostics) else {
        return Vec::new();
    };
    let person = keys.text("person", &mut draft.diagnostics);
    let qualified = keys.whole_number("qualified", &mut draft.diagnostics);
    let said = OfPerson::read(&mut keys, draft);
    keys.close(&mut draft.diagnostics);
    if said.is_empty() && qualified.is_none() {
        let help = format!("write `qualified`, or a `person` with {OF_A_PERSON}");
        let message = "nothing is expected here";
        draft
            .diagnostics
            .fault_with(Code::MissingKey, node.span, message, help);
        return Vec::new();
    }
    let mut expected = Vec::new();
    if let Some(Spanned { value, span }) = qualified {
        let what = Expected::Qualified(value);
        expected.push(Expectation { span, what });
    }
    if said.is_empty() {
        return expected;
    }
    let Some(person) = person.and_then(|person| PersonKey::parse(person.value)) else {
        let message = "the expectation needs the key `person`";
        draft.diagnostics.push(
            Diagnostic::new(Code::MissingKey, node.span, message)
                .help("which person is meant? write `person: ann@example.com`"),
        );
        return expected;
    };
    expected.extend(said.expectations(&person, draft));
    expected
}

/// Reads a program and the status in it; `NULL` and `Not in Program` are no membership.
fn status(entry: &MapEntry, draft: &mut Draft) -> Option<(ProgramId, Option<Text>)> {
    let program = draft.program(&entry.key, entry.key_span)?;
    if matches!(entry.value.kind, NodeKind::Null) {
        return Some((program, None));
    }
    let written = reader::text(&entry.value, &entry.key, &mut draft.diagnostics)?;
    if same(written.value, NOT_IN_PROGRAM) || written.value.eq_ignore_ascii_case("null") {
        return Some((program, None));
    }
    let Some(known) = draft.statuses.get(&program) else {
        return Some((program, Some(Text::from(written.value))));
    };
    if let Some(status) = known.iter().find(|status| same(status, written.value)) {
        return Some((program, Some(Text::clone(status))));
    }
    let all: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    let help = did_you_mean(written.value, known.iter().map(AsRef::as_ref))
        .unwrap_or_else(|| format!("its statuses are {}", all.join(", ")));
    let message = format!("`{}` has no status `{}`", entry.key, written.value);
    draft
        .diagnostics
        .fault_with(Code::UnknownStatus, written.span, message, help);
    None
}

/// Reads a mail: what its name, subject and text must be. A bare value is the name.
fn mail(node: &Node, draft: &mut Draft) -> Option<ExpectedMail> {
    if matches!(node.kind, NodeKind::Scalar { .. }) {
        return Some(ExpectedMail {
            email: Some(email(node, draft)?),
            subject: None,
            body: None,
        });
    }
    let diagnostics = &mut draft.diagnostics;
    let mut keys = MapReader::open(node, "a mail", diagnostics)?;
    let name = keys.value("email", diagnostics);
    let subject = keys.value("subject", diagnostics);
    let body = keys.value("body", diagnostics);
    keys.close(diagnostics);
    if name.is_none() && subject.is_none() && body.is_none() {
        let help = "write the name of the `email`, its `subject` or its `body`";
        let message = "nothing is said of this mail";
        draft
            .diagnostics
            .fault_with(Code::MissingKey, node.span, message, help);
        return None;
    }
    Some(ExpectedMail {
        email: name.and_then(|node| email(node, draft)),
        subject: subject.and_then(|node| text(node, draft)),
        body: body.and_then(|node| text(node, draft)),
    })
}

/// Reads what the name of an email must be; where the workspace defines its emails, another name is an error.
fn email(node: &Node, draft: &mut Draft) -> Option<ExpectedText> {
    if let NodeKind::Scalar { text, .. } = &node.kind
        && !draft.workspace.emails.is_empty()
        && !draft.workspace.emails.contains_key(&name_key(text))
    {
        let names = draft.email_names.iter().map(String::as_str);
        let help = did_you_mean(text, names)
            .unwrap_or_else(|| "define it under `emails:` in the workspace file".to_owned());
        let message = format!("the workspace defines no email `{text}`");
        draft
            .diagnostics
            .fault_with(Code::UnknownEmail, node.span, message, help);
        return None;
    }
    text(node, draft)
}

fn text(node: &Node, draft: &mut Draft) -> Option<ExpectedText> {
    let zone = draft.workspace.zone.clone();
    let (tests, words) = text_tests(node, &zone, &mut draft.diagnostics)?;
    Some(ExpectedText { tests, words })
}
