//! Reads mappings and scalars, and reports every fault of shape.
//!
//! A [`MapReader`] is opened on a mapping, asked for the keys that its place has, and closed; keys that nobody
//! asked for are then faults with "did you mean". Used by `source` itself and by the compilers of campaigns and filters.

use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::yaml::{MapEntry, Node, NodeKind};

use super::Spanned;

/// One mapping being read.
#[derive(Debug)]
pub(crate) struct MapReader<'a> {
    what: &'static str,
    span: Span,
    entries: &'a [MapEntry],
    asked: Vec<&'static str>,
}

impl<'a> MapReader<'a> {
    /// Opens a mapping; `what` names it in messages, as in "a campaign". Anything else is a fault.
    pub(crate) fn open(
        node: &'a Node,
        what: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        match &node.kind {
            NodeKind::Map(entries) => Some(Self {
                what,
                span: node.span,
                entries,
                asked: Vec::new(),
            }),
            NodeKind::Null => {
                diagnostics.push(Diagnostic::new(
                    Code::MissingValue,
                    node.span,
                    format!("{what} is empty"),
                ));
                None
            }
            NodeKind::Scalar { .. } | NodeKind::List(_) => {
                diagnostics.push(Diagnostic::new(
                    Code::WrongShape,
                    node.span,
                    format!(
                        "{what} is written as `key: value` lines, not as {}",
                        node.describe()
                    ),
                ));
                None
            }
        }
    }

    /// Returns a key and what stands after it, be it nothing.
    pub(crate) fn entry(&mut self, key: &'static str) -> Option<&'a MapEntry> {
        self.asked.push(key);
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Returns what stands after a key; a key with nothing after it is a fault.
    pub(crate) fn value(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<&'a Node> {
        let entry = self.entry(key)?;
        if matches!(entry.value.kind, NodeKind::Null) {
            diagnostics.push(missing_value(entry));
            return None;
        }
        Some(&entry.value)
    }

    /// Returns what stands after a key that must be there.
    pub(crate) fn required(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<&'a Node> {
        if !self.entries.iter().any(|entry| entry.key == key) {
            self.asked.push(key);
            diagnostics.push(missing_key(self.what, key, self.span));
            return None;
        }
        self.value(key, diagnostics)
    }

    /// Returns a single value as text.
    pub(crate) fn text(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Spanned<&'a str>> {
        let node = self.value(key, diagnostics)?;
        text(node, key, diagnostics)
    }

    /// Returns `true` or `false`.
    pub(crate) fn boolean(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Spanned<bool>> {
        let node = self.value(key, diagnostics)?;
        boolean(node, key, diagnostics)
    }

    /// Returns a whole number that is not negative.
    pub(crate) fn whole_number(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Spanned<u64>> {
        let node = self.value(key, diagnostics)?;
        whole_number(node, key, diagnostics)
    }

    /// Returns the entries of a list.
    pub(crate) fn list(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<&'a [Node]> {
        let node = self.value(key, diagnostics)?;
        list(node, key, diagnostics)
    }

    /// Returns the entries of a mapping whose keys are people's own names.
    pub(crate) fn named(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<&'a [MapEntry]> {
        let node = self.value(key, diagnostics)?;
        named(node, key, diagnostics)
    }

    /// Reports every key that nobody asked for.
    pub(crate) fn close(self, diagnostics: &mut Diagnostics) {
        for entry in self.entries {
            if !self.asked.contains(&entry.key.as_str()) {
                diagnostics.push(unknown_key(entry, self.what, &self.asked));
            }
        }
    }
}

/// Makes the fault of a key that its place does not have.
pub(crate) fn unknown_key(entry: &MapEntry, what: &str, known: &[&'static str]) -> Diagnostic {
    let fault = Diagnostic::new(
        Code::UnknownKey,
        entry.key_span,
        format!("{what} has no key `{}`", entry.key),
    );
    if let Some(help) = did_you_mean(&entry.key, known.iter().copied()) {
        return fault.help(help);
    }
    if known.is_empty() {
        return fault;
    }
    let quoted: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
    fault.help(format!("its keys are {}", quoted.join(", ")))
}

/// Makes the fault of a key that should be there.
pub(crate) fn missing_key(what: &str, key: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::MissingKey,
        span,
        format!("{what} needs the key `{key}`"),
    )
}

/// Makes the fault of a key with nothing after it.
pub(crate) fn missing_value(entry: &MapEntry) -> Diagnostic {
    Diagnostic::new(
        Code::MissingValue,
        entry.key_span,
        format!("`{}` has nothing after it", entry.key),
    )
    .help("write a value, or leave the key out")
}

/// Reads a single value as text.
pub(crate) fn text<'a>(
    node: &'a Node,
    key: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<&'a str>> {
    if let NodeKind::Scalar { text, .. } = &node.kind {
        return Some(Spanned {
            value: text,
            span: node.span,
        });
    }
    diagnostics.push(Diagnostic::new(
        Code::WrongShape,
        node.span,
        format!("`{key}` is a single value, not {}", node.describe()),
    ));
    None
}

/// Reads `true` or `false`.
pub(crate) fn boolean(
    node: &Node,
    key: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<bool>> {
    let written = text(node, key, diagnostics)?;
    let value = match written.value.to_ascii_lowercase().as_str() {
        "true" => true,
        "false" => false,
        other => {
            let fault = Diagnostic::new(
                Code::WrongType,
                node.span,
                format!("`{key}` is `true` or `false`, not `{}`", written.value),
            );
            diagnostics.push(match other {
                "yes" | "on" | "1" => fault.help("write `true`"),
                "no" | "off" | "0" => fault.help("write `false`"),
                _ => fault,
            });
            return None;
        }
    };
    Some(Spanned {
        value,
        span: node.span,
    })
}

/// Reads a whole number that is not negative: digits alone, no leading zero.
pub(crate) fn whole_number(
    node: &Node,
    key: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<u64>> {
    let written = text(node, key, diagnostics)?;
    let digits = written.value;
    let plain = digits.bytes().all(|b| b.is_ascii_digit())
        && (digits.len() == 1 || !digits.starts_with('0'));
    if let Some(value) = plain.then(|| digits.parse().ok()).flatten() {
        return Some(Spanned {
            value,
            span: node.span,
        });
    }
    diagnostics.push(
        Diagnostic::new(
            Code::WrongType,
            node.span,
            format!("`{key}` is a whole number, not `{digits}`"),
        )
        .help("write digits alone: `25000`"),
    );
    None
}

/// Reads a list.
pub(crate) fn list<'a>(
    node: &'a Node,
    key: &str,
    diagnostics: &mut Diagnostics,
) -> Option<&'a [Node]> {
    if let NodeKind::List(entries) = &node.kind {
        return Some(entries);
    }
    diagnostics.push(
        Diagnostic::new(
            Code::WrongShape,
            node.span,
            format!("`{key}` is a list, not {}", node.describe()),
        )
        .help("begin each entry with `- `"),
    );
    None
}

/// Reads a mapping whose keys are people's own names.
pub(crate) fn named<'a>(
    node: &'a Node,
    key: &str,
    diagnostics: &mut Diagnostics,
) -> Option<&'a [MapEntry]> {
    if let NodeKind::Map(entries) = &node.kind {
        return Some(entries);
    }
    diagnostics.push(Diagnostic::new(
        Code::WrongShape,
        node.span,
        format!(
            "`{key}` is written as `name: …` lines, not as {}",
            node.describe()
        ),
    ));
    None
}
