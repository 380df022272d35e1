//! The parameters of one step or choice: what stands beside it, and what stands beside `choices` for all of them.

use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::source::{Spanned, name, reader};
use crate::yaml::{MapEntry, Node, NodeKind};

use super::steps::StepKind;

/// Keys that a step with choices takes beside its parameters.
pub(super) const WITH_CHOICES: [&str; 3] = ["id", "choices", "default"];

/// The parameters of one action.
#[derive(Clone, Copy)]
pub(super) struct Parameters<'a> {
    pub(super) kind: &'static StepKind,
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
    pub(super) fn bare(kind: &'static StepKind, node: &'a Node, common: &'a [MapEntry]) -> Self {
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
        kind: &'static StepKind,
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
        if self.bare.is_some() && self.kind.main == Some(key) {
            return Some(self.span);
        }
        self.entry(key).map(|entry| entry.key_span)
    }

    /// Returns a parameter's value.
    pub(super) fn value(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<&'a Node> {
        if let Some(node) = self.bare
            && self.kind.main == Some(key)
        {
            return Some(node);
        }
        let entry = self.entry(key)?;
        if matches!(entry.value.kind, NodeKind::Null) {
            diagnostics.push(reader::missing_value(entry));
            return None;
        }
        Some(&entry.value)
    }

    /// Returns the value of a parameter that must be there.
    pub(super) fn required(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<&'a Node> {
        if self.place(key).is_none() {
            let what = format!("`{}`", self.kind.name);
            diagnostics.push(reader::missing_key(&what, key, self.span));
        }
        self.value(key, diagnostics)
    }

    /// Returns a parameter as text.
    pub(super) fn text(
        &self,
        key: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Spanned<&'a str>> {
        let node = self.value(key, diagnostics)?;
        reader::text(node, key, diagnostics)
    }

    /// Returns a parameter that must be there, as text.
    pub(super) fn required_text(
        &self,
        key: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Spanned<&'a str>> {
        let node = self.required(key, diagnostics)?;
        reader::text(node, key, diagnostics)
    }

    /// Returns a parameter that must be there, as a name.
    pub(super) fn required_name(
        &self,
        key: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Spanned<String>> {
        let node = self.required(key, diagnostics)?;
        name::name(node, key, diagnostics)
    }

    /// Returns a parameter that is `true` or `false`.
    pub(super) fn boolean(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<bool> {
        let node = self.value(key, diagnostics)?;
        reader::boolean(node, key, diagnostics).map(|flag| flag.value)
    }
}

/// Tells of keys that a step does not have; `also` are those that this place has beside its parameters.
pub(super) fn known_keys(
    entries: &[MapEntry],
    kind: &StepKind,
    also: &[&'static str],
    diagnostics: &mut Diagnostics,
) {
    for entry in entries {
        let key = entry.key.as_str();
        if kind.parameters.contains(&key) || also.contains(&key) {
            continue;
        }
        let fault = Diagnostic::new(
            Code::UnknownKey,
            entry.key_span,
            format!("`{}` has no parameter `{key}`", kind.name),
        );
        let known = kind.parameters.iter().chain(also).copied();
        let help = did_you_mean(key, known).or_else(|| parameters_of(kind));
        diagnostics.push(match help {
            Some(help) => fault.help(help),
            None => fault,
        });
    }
}

fn parameters_of(kind: &StepKind) -> Option<String> {
    let quoted: Vec<String> = kind
        .parameters
        .iter()
        .map(|key| format!("`{key}`"))
        .collect();
    match quoted.as_slice() {
        [] => None,
        [only] => Some(format!("its only parameter is {only}")),
        [_, _, ..] => Some(format!("its parameters are {}", quoted.join(", "))),
    }
}
