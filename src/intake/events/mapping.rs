//! From the keys of a JSON line to the keys of an event: `--map` with paths, and the rules of a preset.
//!
//! A path such as `context.traits.email` reaches into nested objects; `properties.*` is every key of an object. Rules
//! apply in order, those of `--map` first: for one target the first path that has a value counts, and a key of the line
//! that already has the target's name is left out. Values keep their place in the line, for messages.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::intake::renames::Renames;

use super::json::{Member, Scalar};
use super::line_error::LineError;
use super::names::{EventVocabulary, FieldRole};
use super::paths::{find, inner};
use super::preset::Preset;

/// An event read from a line: members with the names of roles and attributes, and members that are attributes whatever
/// their name is.
#[derive(Debug)]
pub(super) struct MappedEvent<'a> {
    /// The members, under their new names.
    pub(crate) members: Vec<Member<'a>>,
    /// The members of a spread object.
    pub(crate) attributes: Vec<Member<'a>>,
}

/// Applies `--map` and a preset to a line. One line may become several events.
///
/// `met` receives each source of `--map` that the line has.
pub(super) fn apply<'a>(
    members: Vec<Member<'a>>,
    renames: &Renames,
    preset: Option<Preset>,
    met: &mut impl FnMut(&str),
) -> Result<Vec<MappedEvent<'a>>, LineError> {
    let prepared = match preset {
        Some(preset) => preset.prepare(members)?,
        None => vec![members],
    };
    prepared
        .into_iter()
        .map(|members| one_event(members, renames, preset, met))
        .collect()
}

fn one_event<'a>(
    mut members: Vec<Member<'a>>,
    renames: &Renames,
    preset: Option<Preset>,
    met: &mut impl FnMut(&str),
) -> Result<MappedEvent<'a>, LineError> {
    members.iter_mut().try_for_each(unwrap_avro)?;
    let mut event = MappedEvent {
        members: Vec::with_capacity(members.len()),
        attributes: Vec::new(),
    };
    let mut used = BTreeSet::new();
    let rules = preset.map_or(&[][..], Preset::rules);
    let written = renames.pairs().map(|pair| (pair, true));
    let given = rules.iter().map(|rule| (*rule, false));
    for ((from, to), by_user) in written.chain(given) {
        if let Some(object) = from.strip_suffix(".*") {
            let Some(found) = find(&members, object)? else {
                continue;
            };
            spread(&found, &mut event)?;
        } else {
            let Some(mut found) = find(&members, from)? else {
                continue;
            };
            unwrap_avro(&mut found)?;
            if !event.members.iter().any(|m| m.name == to) && has_value(&found) {
                found.name = Cow::Owned(to.to_owned());
                event.members.push(found);
            }
        }
        if by_user {
            met(from);
        }
        used.insert(root(&members, from).to_owned());
    }
    if preset.is_none_or(Preset::keeps_other_keys) {
        for member in members {
            let taken = used.contains(member.name.as_ref())
                || event.members.iter().any(|m| m.name == member.name)
                || event.attributes.iter().any(|m| m.name == member.name);
            if !taken {
                event.members.push(member);
            }
        }
    }
    Ok(event)
}

/// Returns the key of the line that a path consumes: the whole value is read by a path of one step, or spread.
fn root<'p>(members: &[Member<'_>], path: &'p str) -> &'p str {
    let path = path.strip_suffix(".*").unwrap_or(path);
    if members.iter().any(|m| m.name == path) {
        path
    } else {
        ""
    }
}

fn has_value(member: &Member<'_>) -> bool {
    !matches!(&member.value, Scalar::Null)
}

/// Takes every key of an object as an attribute; those that an earlier rule gave stay.
fn spread<'a>(object: &Member<'a>, event: &mut MappedEvent<'a>) -> Result<(), LineError> {
    for mut member in inner(object)? {
        unwrap_avro(&mut member)?;
        let is_role = EventVocabulary::Plain.role(&member.name, false) != FieldRole::Attribute;
        let given = event.attributes.iter().any(|m| m.name == member.name)
            || !is_role && event.members.iter().any(|m| m.name == member.name);
        if !given {
            event.attributes.push(member);
        }
    }
    Ok(())
}

/// Takes a value out of the wrapper that Avro's JSON puts around it: `{"string": "Ann"}`.
fn unwrap_avro(member: &mut Member<'_>) -> Result<(), LineError> {
    const WRAPPERS: [&str; 7] = [
        "string", "int", "long", "float", "double", "boolean", "bytes",
    ];
    let wrapped = matches!(&member.value, Scalar::Nested(text)
        if WRAPPERS.iter().any(|w| text[1..].trim_start().trim_start_matches('"').starts_with(w)));
    if !wrapped {
        return Ok(());
    }
    let mut members = inner(member)?;
    if members.len() == 1
        && let Some(only) = members.pop()
        && WRAPPERS.contains(&only.name.as_ref())
    {
        member.value = only.value;
        member.value_at = only.value_at;
    }
    Ok(())
}
