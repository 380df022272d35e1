//! Paths into the nested objects of a line: `context.traits.email`.

use std::collections::BTreeSet;

use super::json::{self, Member, Scalar};
use super::line_error::LineError;

/// How deep paths are collected for suggestions.
const SUGGESTED_DEPTH: usize = 4;

/// Finds the value at a path; a key that is spelled like the whole path comes first.
pub(super) fn find<'a>(
    members: &[Member<'a>],
    path: &str,
) -> Result<Option<Member<'a>>, LineError> {
    if let Some(member) = members.iter().find(|m| m.name == path) {
        return Ok(Some(member.clone()));
    }
    let Some((first, rest)) = path.split_once('.') else {
        return Ok(None);
    };
    match members.iter().find(|m| m.name == first) {
        Some(member) => find(&inner(member)?, rest),
        None => Ok(None),
    }
}

/// Returns the members of a value that is an object, with their places in the line.
pub(super) fn inner<'a>(member: &Member<'a>) -> Result<Vec<Member<'a>>, LineError> {
    let Scalar::Nested(text) = &member.value else {
        return Ok(Vec::new());
    };
    if !text.starts_with('{') {
        return Ok(Vec::new());
    }
    let mut members = json::object(text)?;
    for one in &mut members {
        one.name_at += member.value_at;
        one.value_at += member.value_at;
    }
    Ok(members)
}

/// Collects the paths of a line, to suggest one where `--map` names a path that no line has.
pub(super) fn collect_paths(members: &[Member<'_>], paths: &mut BTreeSet<String>) {
    fn walk(members: &[Member<'_>], prefix: &str, depth: usize, paths: &mut BTreeSet<String>) {
        for member in members {
            let path = format!("{prefix}{}", member.name);
            if depth < SUGGESTED_DEPTH
                && let Ok(inner) = inner(member)
                && !inner.is_empty()
            {
                walk(&inner, &format!("{path}."), depth + 1, paths);
                paths.insert(format!("{path}.*"));
            }
            paths.insert(path);
        }
    }
    walk(members, "", 1, paths);
}
