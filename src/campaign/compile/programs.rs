//! `channels:` and `programs:` of the workspace, and the programs that folders make.

use std::collections::BTreeMap;

use crate::campaign::{Program, Status};
use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::domain::text::fold;
use crate::domain::{ProgramId, Text};
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
    draft.programs_declared = !declared.is_empty();
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
    draft.workspace.programs[id as usize] = Program {
        name: program.name.value.clone(),
        statuses,
        tokens: tokens.unwrap_or_default(),
    };
}

/// Returns a program's statuses: its own, else its channel's.
fn statuses_of(program: &source::Program, channels: &Channels, draft: &mut Draft) -> Vec<Status> {
    if let (Some(channel), Some(_)) = (&program.channel, &program.statuses) {
        draft.fault(
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
    draft.fault_with(Code::UnknownChannel, written.span, message, help);
    Vec::new()
}

/// Reads `channels:`.
fn channels(section: Option<&Node>, draft: &mut Draft) -> Channels {
    let mut channels = Channels::new();
    let entries = section.and_then(|node| reader::named(node, "channels", &mut draft.diagnostics));
    for MapEntry { key, value, .. } in entries.unwrap_or_default() {
        let diagnostics = &mut draft.diagnostics;
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
            draft.fault(Code::DuplicateName, entry.span, message);
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
    keys.close(diagnostics);
    Some(Status {
        name: Text::from(name?.value),
        step: step_number(step?, draft)?,
        success: success.is_some_and(|success| success.value),
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
        draft.fault(Code::WrongType, node.span, message);
    }
    number
}
