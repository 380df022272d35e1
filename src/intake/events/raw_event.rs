//! A line of an event file with its members sorted by role.

use std::borrow::Cow;

use crate::domain::value::parse_integer;
use crate::domain::{Outcome, PersonKey, person_address};
use crate::intake::renames::Renames;

use super::json::{self, Member, Scalar};
use super::line_error::LineError;
use super::names::{EventVocabulary, FieldRole};

/// The longest id of an event, in bytes.
const LONGEST_ID: usize = 1024;

/// What a line says, by role.
#[derive(Debug, Default)]
pub(super) struct RawEvent<'a> {
    id: Option<(u8, Member<'a>)>,
    /// The instant.
    pub(crate) at: Option<Member<'a>>,
    person: Option<Member<'a>>,
    is_lead: bool,
    /// The activity type.
    pub(crate) activity: Option<Member<'a>>,
    /// The primary attribute, if it stands under no name of its own.
    pub(crate) primary: Option<Member<'a>>,
    campaign: Option<Member<'a>>,
    outcome: Option<Member<'a>>,
    attributes: Option<Member<'a>>,
    /// The attributes.
    pub(crate) rest: Vec<Member<'a>>,
}

impl<'a> RawEvent<'a> {
    /// Sorts the members of a line; `typed` says that its type is given elsewhere.
    ///
    /// `met` hears of each name that a renaming changes.
    pub(crate) fn sort(
        members: Vec<Member<'a>>,
        shape: EventVocabulary,
        typed: bool,
        renames: &Renames,
        mut met: impl FnMut(&str),
    ) -> Result<Self, LineError> {
        let mut raw = Self::default();
        let given: Vec<&str> = renames
            .pairs()
            .filter(|(from, _)| members.iter().any(|m| m.name == *from))
            .map(|(_, to)| to)
            .collect();
        for mut member in members {
            if !renames.is_empty() {
                // `--map` wins over a key that has the target's name.
                if given.contains(&member.name.as_ref())
                    && renames.apply(&member.name) == member.name
                {
                    continue;
                }
                let name = renames.apply(&member.name);
                if name != member.name {
                    met(&member.name);
                    member.name = Cow::Owned(name.to_owned());
                }
            }
            let role = shape.role(&member.name, typed);
            let place = match role {
                FieldRole::Id(rank) => {
                    raw.take_id(rank, member);
                    continue;
                }
                FieldRole::Attribute => {
                    raw.rest.push(member);
                    continue;
                }
                FieldRole::At => &mut raw.at,
                FieldRole::Person => &mut raw.person,
                FieldRole::Lead => {
                    raw.is_lead = true;
                    &mut raw.person
                }
                FieldRole::Type => &mut raw.activity,
                FieldRole::Primary => &mut raw.primary,
                FieldRole::Campaign => &mut raw.campaign,
                FieldRole::Outcome => &mut raw.outcome,
                FieldRole::Attributes => &mut raw.attributes,
            };
            if place.is_some() {
                return Err(twice(&member.name, member.name_at));
            }
            *place = Some(member);
        }
        Ok(raw)
    }

    /// Keeps the id of the lowest rank; another one is an attribute.
    fn take_id(&mut self, rank: u8, member: Member<'a>) {
        let displaced = match self.id.take() {
            Some((known, id)) if known < rank => {
                self.id = Some((known, id));
                Some(member)
            }
            known => {
                self.id = Some((rank, member));
                known.map(|(_, id)| id)
            }
        };
        self.rest.extend(displaced);
    }

    /// Returns whom the event is about.
    pub(crate) fn person(&self) -> Result<PersonKey, LineError> {
        let (text, member) = required(self.person.as_ref(), "person", "an email or an id")
            .map_err(|error| self.point_out(error))?;
        if self.is_lead {
            return Ok(PersonKey::Id(text.trim().to_owned()));
        }
        let key = PersonKey::parse(text).ok_or_else(|| LineError::new(0, "no `person`"))?;
        if let PersonKey::Email(address) = &key {
            person_address::check(address).map_err(|message| {
                LineError::new(member.value_at, format!("`person` {message}"))
            })?;
        }
        Ok(key)
    }

    /// Returns where the person stands.
    pub(crate) fn person_at(&self) -> usize {
        self.person.as_ref().map_or(0, |person| person.value_at)
    }

    /// Points to an address that stands under another name.
    fn point_out(&self, error: LineError) -> LineError {
        let address =
            |m: &&Member<'_>| matches!(&m.value, Scalar::Text(text) if text.contains('@'));
        match self.rest.iter().find(address) {
            Some(other) => error.help(format!(
                "if `{0}` is the person, say so by `--map \"{0}=person\"`",
                other.name
            )),
            None => error,
        }
    }

    /// Returns the id of the event.
    pub(crate) fn id(&self) -> Result<Option<&str>, LineError> {
        let Some((_, member)) = &self.id else {
            return Ok(None);
        };
        let text = plain_text(member)?.filter(|text| !text.trim().is_empty());
        if text.is_some_and(|text| text.len() > LONGEST_ID) {
            return Err(LineError::new(
                member.value_at,
                format!("the id of an event is longer than {LONGEST_ID} bytes"),
            ));
        }
        Ok(text)
    }

    /// Returns the campaign that caused the event.
    pub(crate) fn campaign(&self) -> Result<Option<i64>, LineError> {
        let Some(member) = &self.campaign else {
            return Ok(None);
        };
        let read = |text| {
            parse_integer(text).ok_or_else(|| {
                let message = format!("`{}` is not a whole number", member.name);
                LineError::new(member.value_at, message)
            })
        };
        plain_text(member)?.map(read).transpose()
    }

    /// Returns how the event ended, where that is not well.
    pub(crate) fn outcome(&self) -> Result<Option<Outcome>, LineError> {
        let Some(member) = &self.outcome else {
            return Ok(None);
        };
        match plain_text(member)?.map(str::trim) {
            None | Some("" | "succeeded") => Ok(None),
            Some("skipped") => Ok(Some(Outcome::Skipped)),
            Some("failed") => Ok(Some(Outcome::Failed)),
            Some(_) => Err(LineError::new(
                member.value_at,
                format!("`{}` is none of succeeded, skipped and failed", member.name),
            )),
        }
    }

    /// Returns the attributes that stand apart.
    pub(crate) fn inner(&self) -> Result<Vec<Member<'_>>, LineError> {
        let Some(member) = &self.attributes else {
            return Ok(Vec::new());
        };
        match &member.value {
            Scalar::Nested(text) => inner_members(text, Base::Exact(member.value_at)),
            Scalar::Null => Ok(Vec::new()),
            Scalar::Text(text) if text.trim().is_empty() => Ok(Vec::new()),
            Scalar::Text(text) => inner_members(text, Base::Whole(member.value_at)),
            Scalar::Boolean(_) | Scalar::Number(_) => Err(LineError::new(
                member.value_at,
                "`attributes` is neither an object nor a list",
            )),
        }
    }
}

/// Says that something is there twice.
pub(super) fn twice(name: &str, at: usize) -> LineError {
    LineError::new(at, format!("`{name}` is given twice"))
}

/// Returns the text of a role, or says that it is not there.
pub(super) fn required<'a, 'm>(
    member: Option<&'m Member<'a>>,
    name: &str,
    meaning: &str,
) -> Result<(&'m str, &'m Member<'a>), LineError> {
    let missing = || {
        LineError::new(0, format!("no `{name}`")).help(format!(
            "every event needs `{name}`, {meaning}; `--map \"name={name}\"` takes it from another name"
        ))
    };
    let member = member.ok_or_else(missing)?;
    match plain_text(member)? {
        Some(text) if !text.trim().is_empty() => Ok((text, member)),
        Some(_) | None => Err(missing()),
    }
}

/// Returns the text of a role; nothing for null.
fn plain_text<'m>(member: &'m Member<'_>) -> Result<Option<&'m str>, LineError> {
    match &member.value {
        Scalar::Null => Ok(None),
        Scalar::Number(text) => Ok(Some(text)),
        Scalar::Text(text) => Ok(Some(text)),
        Scalar::Boolean(_) | Scalar::Nested(_) => Err(LineError::new(
            member.value_at,
            format!("`{}` is neither a text nor a number", member.name),
        )),
    }
}

/// Where in a line a text within it begins. In a cell, or in a text, escapes move what is inside.
#[derive(Debug, Clone, Copy)]
enum Base {
    /// At this byte, and further bytes follow one by one.
    Exact(usize),
    /// Somewhere in what begins at this byte or cell.
    Whole(usize),
}

impl Base {
    fn place(self, inner: usize) -> usize {
        match self {
            Self::Exact(base) => base + inner,
            Self::Whole(base) => base,
        }
    }

    fn shift(self, mut error: LineError) -> LineError {
        error.at = self.place(error.at);
        error
    }
}

/// Reads attributes that stand apart: an object, or Marketo's older list of `{"name": …, "value": …}`.
fn inner_members(text: &str, base: Base) -> Result<Vec<Member<'_>>, LineError> {
    let mut members = if text.trim_start().starts_with('[') {
        json::array(text)
            .and_then(|entries| entries.into_iter().map(listed).collect())
            .map_err(|error| base.shift(error))?
    } else {
        json::object(text).map_err(|error| base.shift(error))?
    };
    for member in &mut members {
        member.name_at = base.place(member.name_at);
        member.value_at = base.place(member.value_at);
    }
    Ok(members)
}

/// Reads `{"name": …, "value": …}`.
fn listed((entry, at): (Scalar<'_>, usize)) -> Result<Member<'_>, LineError> {
    let wrong = || {
        LineError::new(
            at,
            "an attribute of the list is not `{\"name\": …, \"value\": …}`",
        )
    };
    let Scalar::Nested(text) = entry else {
        return Err(wrong());
    };
    let mut name = None;
    let mut value = Scalar::Null;
    for member in json::object(text).map_err(|error| Base::Exact(at).shift(error))? {
        match (member.name.as_ref(), member.value) {
            ("name", Scalar::Text(text)) => name = Some(text),
            ("value", given) => value = given,
            _ => return Err(wrong()),
        }
    }
    Ok(Member {
        name: name.ok_or_else(wrong)?,
        name_at: at,
        value,
        value_at: at,
    })
}
