//! Looks up the parameters of a step or choice: its own first, then those beside `choices`.
//!
//! The table of steps says which there are, which must be written, which are names, and where one may not stand.

use crate::campaign::{Need, StepKind};
use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::source::{Spanned, name, reader};
use crate::yaml::{MapEntry, Node, NodeKind};

use super::flow_draft::FlowDraft;

/// Keys that a step with choices takes beside its parameters.
pub(super) const WITH_CHOICES: [&str; 3] = ["id", "choices", "default"];

/// The parameters of one action.
#[derive(Clone, Copy)]
pub(super) struct Parameters<'a> {
    pub(super) kind: StepKind,
    /// Where faults of what is missing go.
    pub(super) span: Span,
    /// A bare value, which is the main parameter.
    bare: Option<&'a Node>,
    own: &'a [MapEntry],
    /// Those beside `choices`; they give way to the action's own.
    common: &'a [MapEntry],
}

impl<'a> Parameters<'a> {
    /// Takes a value that stands alone: `send_email: reminder`.
    pub(super) fn bare(kind: StepKind, node: &'a Node, common: &'a [MapEntry]) -> Self {
        Self {
            kind,
            span: node.span,
            bare: Some(node),
            own: &[],
            common,
        }
    }

    /// Takes a mapping.
    pub(super) fn of(
        kind: StepKind,
        span: Span,
        own: &'a [MapEntry],
        common: &'a [MapEntry],
    ) -> Self {
        Self {
            kind,
            span,
            bare: None,
            own,
            common,
        }
    }

    fn entry(&self, key: &str) -> Option<&'a MapEntry> {
        let find = |entries: &'a [MapEntry]| entries.iter().find(|entry| entry.key == key);
        find(self.own).or_else(|| find(self.common))
    }

    /// Returns where a key stands, if it does.
    pub(super) fn place(&self, key: &str) -> Option<Span> {
        if self.bare.is_some() && self.kind.main().is_some_and(|main| main.key == key) {
            return Some(self.span);
        }
        self.entry(key).map(|entry| entry.key_span)
    }

    /// Returns the value of a parameter. One that is missing, or may not stand here, is a fault.
    pub(super) fn value(&self, key: &str, flow: &mut FlowDraft<'_>) -> Option<&'a Node> {
        let parameter = self.kind.parameter(key);
        debug_assert!(parameter.is_some(), "`{}` has no `{key}`", self.kind.name());
        let parameter = parameter?;
        let Some(span) = self.place(key) else {
            if parameter.need == Need::Required {
                let what = format!("`{}`", self.kind.name());
                let fault = reader::missing_key(&what, key, self.span);
                flow.draft.diagnostics.push(fault);
            }
            return None;
        };
        flow.refuse(parameter.refusals, span);
        if let Some(node) = self.bare
            && self.kind.main() == Some(parameter)
        {
            return Some(node);
        }
        let entry = self.entry(key)?;
        if matches!(entry.value.kind, NodeKind::Null) {
            flow.draft.diagnostics.push(reader::missing_value(entry));
            return None;
        }
        Some(&entry.value)
    }

    /// Returns a parameter as text; a name that people give is checked to be one.
    pub(super) fn text(&self, key: &str, flow: &mut FlowDraft<'_>) -> Option<Spanned<&'a str>> {
        let node = self.value(key, flow)?;
        let diagnostics = &mut flow.draft.diagnostics;
        let text = reader::text(node, key, diagnostics)?;
        let kind = self.kind.parameter(key)?.kind;
        if kind.is_name() && text.value.contains("{{") {
            let message = format!("`{key}` takes no tokens");
            let help = format!("write {} itself", kind.about());
            let fault = Diagnostic::new(Code::UnknownToken, text.span, message);
            diagnostics.push(fault.help(help));
            return None;
        }
        (!kind.is_name() || name::check(text.value, key, text.span, diagnostics)).then_some(text)
    }

    /// Returns a parameter that is `true` or `false`.
    pub(super) fn boolean(&self, key: &str, flow: &mut FlowDraft<'_>) -> Option<bool> {
        let node = self.value(key, flow)?;
        reader::boolean(node, key, &mut flow.draft.diagnostics).map(|flag| flag.value)
    }
}

/// Reports keys that a step does not have; `also` are those that this place has beside its parameters.
pub(super) fn known_keys(
    entries: &[MapEntry],
    kind: StepKind,
    also: &[&'static str],
    diagnostics: &mut Diagnostics,
) {
    for entry in entries {
        let key = entry.key.as_str();
        if kind.parameter(key).is_some() || also.contains(&key) {
            continue;
        }
        let fault = Diagnostic::new(
            Code::UnknownKey,
            entry.key_span,
            format!("`{}` has no parameter `{key}`", kind.name()),
        );
        let own = kind.parameters().iter().map(|parameter| parameter.key);
        let known = own.chain(also.iter().copied());
        let help = did_you_mean(key, known).or_else(|| parameters_of(kind));
        diagnostics.push(match help {
            Some(help) => fault.help(help),
            None => fault,
        });
    }
}

fn parameters_of(kind: StepKind) -> Option<String> {
    let parameters = kind.parameters().iter();
    let quoted: Vec<String> = parameters.map(|of| format!("`{}`", of.key)).collect();
    match quoted.as_slice() {
        [] => None,
        [only] => Some(format!("its only parameter is {only}")),
        [_, _, ..] => Some(format!("its parameters are {}", quoted.join(", "))),
    }
}
