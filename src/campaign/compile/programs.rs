//! `channels:` and `programs:` of the workspace, and the programs that folders make.

use std::collections::BTreeMap;

use crate::campaign::{Program, Status};
use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::domain::text::{fold, snake_case};
use crate::domain::{FieldType, MemberField, ProgramId, Text};
use crate::source::{self, LoadedFiles, MapReader, Spanned, name, reader};
use crate::yaml::{MapEntry, Node, NodeKind};

use super::assets;
use super::draft::Draft;

/// The statuses of each channel, by the key of its name.
type Channels = BTreeMap<String, (String, Vec<Status>)>;

/// Adds every program that is declared.
pub(super) fn add(
    channels_section: Option<&Node>,
    programs_section: Option<&Node>,
    loaded: &LoadedFiles,
    draft: &mut Draft,
) {
    let channels = channels(channels_section, draft);
    let mut declared = entries(programs_section, draft);
    declared.extend(loaded.programs.iter().cloned());
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    for program in &declared {
        let key = fold(&program.name.value);
        if let Some(earlier) = first.insert(key, program.name.span) {
            let message = format!("two programs are named `{}`", program.name.value);
            draft.diagnostics.push(
                Diagnostic::new(Code::DuplicateName, program.name.span, message)
                    .related(earlier, "the other is here"),
            );
            continue;
        }
        declare(program, &channels, draft);
    }
    draft.workspace.programs_declared = !declared.is_empty();
}

/// Reads `programs:`.
fn entries(section: Option<&Node>, draft: &mut Draft) -> Vec<source::Program> {
    let diagnostics = &mut draft.diagnostics;
    let entries = section.and_then(|node| reader::named(node, "programs", diagnostics));
    let mut programs = Vec::new();
    for entry in entries.unwrap_or_default() {
        if !name::check(&entry.key, "a program's name", entry.key_span, diagnostics) {
            continue;
        }
        let name = Spanned {
            value: entry.key.clone(),
            span: entry.key_span,
        };
        programs.extend(source::Program::entry(name, &entry.value, diagnostics));
    }
    programs
}

fn declare(program: &source::Program, channels: &Channels, draft: &mut Draft) {
    let statuses = statuses_of(program, channels, draft);
    let tokens = program.tokens.as_ref();
    let tokens = tokens.map(|node| assets::read_tokens(node, draft));
    let id = draft.workspace.program_names.intern(&program.name.value);
    draft.know_programs();
    if !statuses.is_empty() {
        let names = statuses.iter().map(|status| Text::clone(&status.name));
        draft.statuses.insert(ProgramId(id), names.collect());
    }
    let member_fields = member_fields(program.member_fields.as_ref(), draft);
    if !member_fields.is_empty() {
        draft
            .member_fields
            .insert(ProgramId(id), member_fields.clone());
    }
    let forms = program.forms.as_ref().map(|node| forms(node, draft));
    let form_status = form_status(program, &statuses, draft);
    draft.workspace.programs[id as usize] = Program {
        name: program.name.value.clone(),
        description: program.description.clone(),
        statuses,
        forms: forms.unwrap_or_default(),
        form_status,
        member_fields,
        tokens: tokens.unwrap_or_default(),
    };
}

/// Reads `forms`: one name or several.
fn forms(node: &Node, draft: &mut Draft) -> Vec<Text> {
    let diagnostics = &mut draft.diagnostics;
    let nodes = match &node.kind {
        NodeKind::Scalar { .. } => std::slice::from_ref(node),
        NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Null => {
            reader::list(node, "forms", diagnostics).unwrap_or_default()
        }
    };
    let names = nodes.iter();
    let names = names.filter_map(|node| name::name(node, "forms", diagnostics));
    names.map(|name| Text::from(name.value)).collect()
}

/// Returns the status that a form of the program gives: the one that is written, else the first.
fn form_status(program: &source::Program, statuses: &[Status], draft: &mut Draft) -> Option<Text> {
    let Some(written) = &program.form_status else {
        let first = statuses.first().map(|status| Text::clone(&status.name));
        if first.is_none()
            && let Some(forms) = &program.forms
        {
            let message = format!(
                "`{}` has forms, and no status that they could give",
                program.name.value
            );
            let help = "write `form_status: …`, or give the program a `channel` or `statuses`";
            draft
                .diagnostics
                .fault_with(Code::MissingKey, forms.span, message, help);
        }
        return first;
    };
    if program.forms.is_none() {
        let message = "`form_status` is the status that a form gives, and no form is named";
        let help = "write `forms: [NAME]` beside it";
        draft
            .diagnostics
            .fault_with(Code::MissingKey, written.span, message, help);
    }
    let names = || statuses.iter().map(|status| status.name.as_ref());
    if let Some(status) = statuses
        .iter()
        .find(|status| fold(&status.name) == fold(&written.value))
    {
        return Some(Text::clone(&status.name));
    }
    if !statuses.is_empty() {
        let all: Vec<String> = names().map(|name| format!("`{name}`")).collect();
        let help = did_you_mean(&written.value, names())
            .unwrap_or_else(|| format!("its statuses are {}", all.join(", ")));
        let message = format!("`{}` has no status `{}`", program.name.value, written.value);
        draft
            .diagnostics
            .fault_with(Code::UnknownStatus, written.span, message, help);
    }
    Some(Text::from(written.value.as_str()))
}

/// Names that a field of memberships cannot have: those of what every membership has.
const RESERVED: [&str; 9] = [
    "status",
    "success",
    "success_date",
    "membership_date",
    "acquired_by",
    "is",
    "is_not",
    "in",
    "not_in",
];

/// Reads `member_fields`.
fn member_fields(section: Option<&Node>, draft: &mut Draft) -> Vec<MemberField> {
    let diagnostics = &mut draft.diagnostics;
    let entries = section.and_then(|node| reader::named(node, "member_fields", diagnostics));
    let mut fields = Vec::new();
    for entry in entries.unwrap_or_default() {
        let diagnostics = &mut draft.diagnostics;
        let Some(mut keys) = MapReader::open(&entry.value, "a member field", diagnostics) else {
            continue;
        };
        let written = keys.required("type", diagnostics);
        keys.close(diagnostics);
        let written = written.and_then(|node| reader::text(node, "type", diagnostics));
        let field_type = written.and_then(|text| super::fields::read_type(text, draft));
        let name = entry.key.as_str();
        if !super::fields::is_snake_case(name) {
            let help = format!("write `{}`", snake_case(name));
            let message = format!("a field's name is in snake case, and `{name}` is not");
            draft
                .diagnostics
                .fault_with(Code::WrongType, entry.key_span, message, help);
        } else if RESERVED.contains(&name) {
            let message = format!("every membership has `{name}` already");
            let help = "give the field another name";
            draft
                .diagnostics
                .fault_with(Code::DuplicateName, entry.key_span, message, help);
        }
        fields.push(MemberField {
            key: Text::from(name),
            field_type: field_type.unwrap_or(FieldType::String),
        });
    }
    fields
}

/// Returns a program's statuses: its own, else its channel's.
fn statuses_of(program: &source::Program, channels: &Channels, draft: &mut Draft) -> Vec<Status> {
    if let (Some(channel), Some(_)) = (&program.channel, &program.statuses) {
        draft.diagnostics.fault(
            Code::WrongShape,
            channel.span,
            "a program has either a `channel` or `statuses` of its own, not both",
        );
    }
    if let Some(node) = &program.statuses {
        return statuses(node, draft);
    }
    let Some(written) = &program.channel else {
        return Vec::new();
    };
    if let Some((_, statuses)) = channels.get(&fold(&written.value)) {
        return statuses.clone();
    }
    let names = channels.values().map(|(name, _)| name.as_str());
    let help = did_you_mean(&written.value, names)
        .unwrap_or_else(|| "declare it under `channels:` in the workspace file".to_owned());
    let message = format!("no channel is named `{}`", written.value);
    draft
        .diagnostics
        .fault_with(Code::UnknownChannel, written.span, message, help);
    Vec::new()
}

/// Reads `channels:`.
fn channels(section: Option<&Node>, draft: &mut Draft) -> Channels {
    let (mut channels, mut names) = (Channels::new(), name::Distinct::new("channels"));
    let entries = section.and_then(|node| reader::named(node, "channels", &mut draft.diagnostics));
    for entry in entries.unwrap_or_default() {
        let MapEntry { key, value, .. } = entry;
        let diagnostics = &mut draft.diagnostics;
        if !names.add(key, fold(key), entry.key_span, diagnostics) {
            continue;
        }
        let Some(mut keys) = MapReader::open(value, "a channel", diagnostics) else {
            continue;
        };
        let written = keys.required("statuses", diagnostics);
        keys.close(diagnostics);
        let statuses = written.map(|node| statuses(node, draft));
        channels.insert(fold(key), (key.clone(), statuses.unwrap_or_default()));
    }
    channels
}

/// Reads a list of statuses.
fn statuses(node: &Node, draft: &mut Draft) -> Vec<Status> {
    let entries = reader::list(node, "statuses", &mut draft.diagnostics).unwrap_or_default();
    let mut statuses: Vec<Status> = Vec::new();
    for entry in entries {
        let Some(status) = status(entry, draft) else {
            continue;
        };
        if statuses.iter().any(|s| fold(&s.name) == fold(&status.name)) {
            let message = format!("two statuses are named `{}`", status.name);
            draft
                .diagnostics
                .fault(Code::DuplicateName, entry.span, message);
            continue;
        }
        statuses.push(status);
    }
    statuses
}

fn status(node: &Node, draft: &mut Draft) -> Option<Status> {
    let diagnostics = &mut draft.diagnostics;
    let mut keys = MapReader::open(node, "a status", diagnostics)?;
    let name = keys.required("name", diagnostics);
    let name = name.and_then(|node| name::name(node, "name", diagnostics));
    let step = keys.required("step", diagnostics);
    let success = keys.boolean("success", diagnostics);
    let acquires = keys.boolean("acquires", diagnostics);
    keys.close(diagnostics);
    Some(Status {
        name: Text::from(name?.value),
        step: step_number(step?, draft)?,
        success: success.is_some_and(|success| success.value),
        acquires: acquires.is_some_and(|acquires| acquires.value),
    })
}

/// Reads a status' step, which may be negative: Marketo's `Not in Program` stands at 0 and others below it.
fn step_number(node: &Node, draft: &mut Draft) -> Option<i64> {
    let NodeKind::Scalar { text, .. } = &node.kind else {
        reader::whole_number(node, "step", &mut draft.diagnostics);
        return None;
    };
    let number = crate::domain::value::parse_integer(text);
    if number.is_none() {
        let message = format!("`step` is a whole number, not `{text}`");
        draft.diagnostics.fault(Code::WrongType, node.span, message);
    }
    number
}
