//! Names that people give: campaigns, programs, lists, emails, steps.

use std::collections::BTreeMap;

use crate::diagnostic::visible::{hidden_in, visible};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::yaml::Node;

use super::{Spanned, reader};

/// The longest name, in characters; that of Marketo.
const LONGEST: usize = 255;

/// Reads a name: not empty, not blank at its ends, and nothing in it that cannot be seen.
pub(crate) fn name(
    node: &Node,
    key: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<String>> {
    let written = reader::text(node, key, diagnostics)?;
    check(written.value, key, written.span, diagnostics).then(|| Spanned {
        value: written.value.to_owned(),
        span: written.span,
    })
}

/// Returns whether a text can be a name, and what is wrong with it if not.
pub(crate) fn check(text: &str, key: &str, span: Span, diagnostics: &mut Diagnostics) -> bool {
    let fault = |message: String| Diagnostic::new(Code::WrongType, span, message);
    if text.trim().is_empty() {
        diagnostics.push(fault(format!("`{key}` is empty")).help("give it a name"));
        return false;
    }
    if hidden_in(text).is_some() {
        let shown = visible(text);
        diagnostics.push(
            fault(format!(
                "`{key}` has a character in it that cannot be seen: `{shown}`"
            ))
            .help("take it out; names are letters, digits, blanks and punctuation"),
        );
        return false;
    }
    if text.trim() != text {
        diagnostics.push(
            fault(format!("`{key}` begins or ends with a blank")).help("take the blank away"),
        );
        return false;
    }
    if text.chars().count() > LONGEST {
        diagnostics.push(fault(format!(
            "`{key}` is longer than {LONGEST} characters"
        )));
        return false;
    }
    true
}

/// The names of one kind so far, by which a second one of the same name is found.
#[derive(Debug)]
pub(crate) struct Distinct {
    /// What they name, in the plural: `emails`.
    what: &'static str,
    first: BTreeMap<String, Span>,
}

impl Distinct {
    /// Begins with none.
    pub(crate) fn new(what: &'static str) -> Self {
        Self {
            what,
            first: BTreeMap::new(),
        }
    }

    /// Returns whether a name is a new one by the key under which it is found, and reports it if not.
    pub(crate) fn add(
        &mut self,
        name: &str,
        key: String,
        span: Span,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        let Some(earlier) = self.first.get(&key) else {
            self.first.insert(key, span);
            return true;
        };
        let message = format!("two {} are named `{name}`", self.what);
        diagnostics.push(
            Diagnostic::new(Code::DuplicateName, span, message)
                .help("rename one of them; case makes no difference")
                .related(*earlier, "the other is here"),
        );
        false
    }
}
