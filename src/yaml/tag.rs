//! Tags: the few that have a meaning, and the fault of the others.

use saphyr_parser::Tag;

use crate::diagnostic::{Code, Diagnostic, Span};

/// What a tag can stand before.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum TagTarget {
    Scalar,
    List,
    Map,
}

/// What a tag says of its value.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum TagMeaning {
    /// Nothing that counts here.
    None,
    /// It is text, as if it were quoted.
    Text,
    /// It is not a value.
    Null,
}

/// Reads a tag; none where it is unknown or does not fit.
pub(super) fn meaning(tag: &Tag, shape: TagTarget) -> Option<TagMeaning> {
    if tag.handle.is_empty() && tag.suffix == "!" {
        return Some(TagMeaning::Text);
    }
    if !tag.is_yaml_core_schema() {
        return None;
    }
    match (tag.suffix.as_str(), shape) {
        ("str", TagTarget::Scalar) => Some(TagMeaning::Text),
        ("null", TagTarget::Scalar) => Some(TagMeaning::Null),
        ("int" | "float" | "bool", TagTarget::Scalar)
        | ("seq", TagTarget::List)
        | ("map", TagTarget::Map) => Some(TagMeaning::None),
        _ => None,
    }
}

/// Makes the fault of a tag that is unknown or does not fit.
pub(super) fn unknown(tag: &Tag, span: Span) -> Diagnostic {
    let name = if tag.is_yaml_core_schema() {
        format!("!!{}", tag.suffix)
    } else {
        format!("{}{}", tag.handle, tag.suffix)
    };
    let message = format!("the tag `{name}` has no meaning here");
    let help = "leave the tag out: a value is read by the type of its place";
    Diagnostic::new(Code::YamlSyntax, span, message).help(help)
}
