//! Reads `{{…}}` in a text, once, when a campaign is compiled.
//!
//! Every token is checked here for whether it can resolve where it stands: names of fields and `{{my.…}}` tokens,
//! `{{trigger.…}}` against the campaign's triggers. Called by `campaign::compile` alone.

use std::collections::BTreeMap;

use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::domain::text::{name_key, snake_case};
use crate::domain::{ActivityCatalogue, ActivityTypeId, FieldCatalogue, FieldId, Key, Text};

use super::{Part, Template, Token};

/// What tokens may speak of in one place.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// Person fields.
    pub fields: &'a FieldCatalogue,
    /// Activity types.
    pub activities: &'a ActivityCatalogue,
    /// `{{my.…}}` tokens by the key of their name: the program's, then the workspace's.
    pub my: &'a [&'a BTreeMap<String, Text>],
    /// What `{{program.…}}` and `{{member.…}}` mean here.
    pub program: InProgram,
    /// What `{{trigger.…}}` means here.
    pub trigger: TriggerTokens<'a>,
}

/// Whether a text belongs to a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InProgram {
    /// Its campaign does.
    Yes,
    /// Its campaign belongs to none.
    No,
    /// It serves several campaigns, or takes its tokens from the one that executes it.
    Open,
}

/// Where `{{trigger.…}}` gets its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriggerTokens<'a> {
    /// Nowhere: the campaign is a batch.
    None,
    /// From one of these triggers.
    Of(&'a [ActivityTypeId]),
    /// From whatever campaign uses the text.
    Open,
}

/// The words before the point.
const FAMILIES: [&str; 8] = [
    "lead", "company", "campaign", "program", "my", "member", "system", "trigger",
];

/// Links that only a mail server can make.
const LINKS: [&str; 3] = [
    "unsubscribeLink",
    "forwardToFriendLink",
    "viewAsWebpageLink",
];

/// The block of facts about the person that alerts carry.
const ALERT_INFO: &str = "SP_Send_Alert_Info";

/// Reads a text. Faults are told, and what could be read is returned.
pub fn parse(text: &str, span: Span, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Template {
    let mut parts = Vec::new();
    let literal = |from: usize, to: usize, parts: &mut Vec<Part>| {
        if from < to {
            parts.push(Part::Literal(Text::from(&text[from..to])));
        }
    };
    let mut done = 0;
    while let Some(open) = text[done..].find("{{").map(|at| done + at) {
        let inner = open + 2;
        let close = text[inner..].find("}}").map(|at| inner + at);
        let again = text[inner..].find("{{").map(|at| inner + at);
        let Some(close) = close.filter(|close| again.is_none_or(|again| again > *close)) else {
            let end = again.unwrap_or(text.len());
            diagnostics.push(
                Diagnostic::new(
                    Code::BadToken,
                    within(span, text, open, end),
                    "a token is opened and never closed",
                )
                .help("close it with `}}`"),
            );
            literal(done, end, &mut parts);
            done = end;
            continue;
        };
        literal(done, open, &mut parts);
        done = close + 2;
        let place = within(span, text, open, done);
        match token(
            &text[inner..close],
            &text[open..done],
            place,
            scope,
            diagnostics,
        ) {
            Ok(part) => parts.push(part),
            Err(fault) => diagnostics.push(*fault),
        }
    }
    literal(done, text.len(), &mut parts);
    Template { parts }
}

/// Returns the span of a part of a text, exact where the text stands in the file as it is.
fn within(span: Span, text: &str, from: usize, to: usize) -> Span {
    let long = (span.end - span.start) as usize;
    let quote = match long.checked_sub(text.len()) {
        Some(0) => 0,
        Some(2) => 1,
        Some(_) | None => return span,
    };
    let at = |place: usize| span.start + u32::try_from(place + quote).unwrap_or_default();
    Span {
        file: span.file,
        start: at(from),
        end: at(to),
    }
}

type Fault = Box<Diagnostic>;

fn fault(code: Code, place: Span, message: impl Into<String>, help: Option<String>) -> Fault {
    let fault = Diagnostic::new(code, place, message);
    Box::new(match help {
        Some(help) => fault.help(help),
        None => fault,
    })
}

/// Reads one token: what stands between the braces.
fn token(
    inner: &str,
    whole: &str,
    place: Span,
    scope: &Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Part, Fault> {
    let (name, default) = match inner.split_once(":default=") {
        Some((name, default)) => (name.trim(), Some(Text::from(default))),
        None => (inner.trim(), None),
    };
    if name.eq_ignore_ascii_case(ALERT_INFO) {
        let token = Token::Placeholder(Text::from(whole));
        return Ok(Part::Token { token, default });
    }
    let (family, name) = name
        .split_once('.')
        .map(|(family, name)| (family.trim(), name.trim()))
        .filter(|(family, name)| !family.is_empty() && !name.is_empty())
        .ok_or_else(|| {
            let help = "write it as `{{lead.First Name}}`".to_owned();
            let message = format!("`{whole}` is not a token");
            fault(Code::BadToken, place, message, Some(help))
        })?;
    let reader = OneToken {
        name,
        whole,
        place,
        scope,
        has_default: default.is_some(),
    };
    let token = match family.to_ascii_lowercase().as_str() {
        "lead" => reader.field(scope.fields.find(name)),
        "company" => {
            let field = scope.fields.find(name);
            reader.field(field.or_else(|| scope.fields.find(&format!("company {name}"))))
        }
        "campaign" => reader.campaign(),
        "program" => reader.program(),
        "my" => reader.my(),
        "member" => reader.member(),
        "system" => reader.system(),
        "trigger" => reader.trigger(diagnostics),
        _ => {
            let help = did_you_mean(family, FAMILIES)
                .unwrap_or_else(|| format!("tokens begin with {}", quoted(&FAMILIES)));
            let message = format!("no token begins with `{family}.`");
            Err(fault(Code::UnknownToken, place, message, Some(help)))
        }
    }?;
    Ok(Part::Token { token, default })
}

/// One token whose family is known.
struct OneToken<'a> {
    name: &'a str,
    whole: &'a str,
    place: Span,
    scope: &'a Scope<'a>,
    has_default: bool,
}

impl OneToken<'_> {
    fn unknown(&self, message: String, help: Option<String>) -> Fault {
        fault(Code::UnknownToken, self.place, message, help)
    }

    fn field(&self, found: Option<FieldId>) -> Result<Token, Fault> {
        found.map(Token::Field).ok_or_else(|| {
            let labels = self
                .scope
                .fields
                .iter()
                .map(|(_, field)| field.label.as_str());
            let message = format!("no field `{}`", self.name);
            fault(
                Code::UnknownField,
                self.place,
                message,
                did_you_mean(self.name, labels),
            )
        })
    }

    fn campaign(&self) -> Result<Token, Fault> {
        match name_key(self.name).as_str() {
            "name" => Ok(Token::CampaignName),
            "id" => Ok(Token::CampaignId),
            "description" => Ok(Token::CampaignDescription),
            _ => Err(self.not_one_of("campaign", &["name", "id", "description"])),
        }
    }

    fn program(&self) -> Result<Token, Fault> {
        if name_key(self.name) != "name" {
            return Err(self.not_one_of("program", &["name"]));
        }
        self.in_program()?;
        Ok(Token::ProgramName)
    }

    fn member(&self) -> Result<Token, Fault> {
        self.in_program()?;
        Ok(Token::Member(Key::from(snake_case(self.name))))
    }

    fn in_program(&self) -> Result<(), Fault> {
        match self.scope.program {
            InProgram::Yes | InProgram::Open => Ok(()),
            InProgram::No if self.has_default => Ok(()),
            InProgram::No => Err(self.unknown(
                format!("`{}` stands in a campaign of no program", self.whole),
                Some("write `program: …` in the campaign".to_owned()),
            )),
        }
    }

    fn my(&self) -> Result<Token, Fault> {
        let key = name_key(self.name);
        let known = self.scope.my.iter().any(|tokens| tokens.contains_key(&key));
        // An executable may take its tokens from the campaign that executes it; a default says that nothing may come.
        if known || self.has_default || self.scope.program == InProgram::Open {
            return Ok(Token::My(key));
        }
        let names = self.scope.my.iter().flat_map(|tokens| tokens.keys());
        let help = did_you_mean(self.name, names.map(String::as_str)).unwrap_or_else(|| {
            "define it under `tokens:` of the program or the workspace".to_owned()
        });
        Err(self.unknown(format!("no token `{}` is defined", self.whole), Some(help)))
    }

    fn system(&self) -> Result<Token, Fault> {
        let key = name_key(self.name);
        match key.as_str() {
            "date" => return Ok(Token::SystemDate),
            "time" => return Ok(Token::SystemTime),
            "datetime" => return Ok(Token::SystemDateTime),
            _ => {}
        }
        if LINKS.iter().any(|link| name_key(link) == key) {
            return Ok(Token::Placeholder(Text::from(self.whole)));
        }
        let mut names = vec!["date", "time", "dateTime"];
        names.extend(LINKS);
        Err(self.not_one_of("system", &names))
    }

    fn not_one_of(&self, family: &str, names: &[&str]) -> Fault {
        let help = did_you_mean(self.name, names.iter().copied())
            .unwrap_or_else(|| format!("there are {}", quoted(names)));
        self.unknown(
            format!("no token `{{{{{family}.{}}}}}`", self.name),
            Some(help),
        )
    }

    /// Reads `{{trigger.…}}` by the attributes of the campaign's triggers; one that none of them has is empty, and a warning.
    fn trigger(&self, diagnostics: &mut Diagnostics) -> Result<Token, Fault> {
        let types: Vec<ActivityTypeId> = match self.scope.trigger {
            TriggerTokens::None => {
                let help = "a batch campaign has no trigger; use a `{{lead.…}}` token";
                return Err(fault(
                    Code::TriggerOnly,
                    self.place,
                    format!("`{}` stands in a batch campaign", self.whole),
                    Some(help.to_owned()),
                ));
            }
            TriggerTokens::Of(types) => types.to_vec(),
            TriggerTokens::Open => self.scope.activities.iter().map(|(id, _)| id).collect(),
        };
        if matches!(name_key(self.name).as_str(), "name" | "triggername") {
            return Ok(Token::TriggerName);
        }
        let attribute = types
            .iter()
            .find_map(|id| self.scope.activities.get(*id).attribute(self.name));
        if let Some(attribute) = attribute {
            return Ok(Token::Trigger(Key::clone(&attribute.key)));
        }
        let known = types
            .iter()
            .map(|id| self.scope.activities.get(*id))
            .flat_map(|activity| activity.primary.iter().chain(&activity.attributes))
            .map(|attribute| attribute.key.as_ref());
        let warning = Diagnostic::new(
            Code::TriggerTokenAbsent,
            self.place,
            format!(
                "no trigger here brings `{}`; it is always empty",
                self.whole
            ),
        );
        diagnostics.push(match did_you_mean(self.name, known) {
            Some(help) => warning.help(help),
            None => warning,
        });
        Ok(Token::Trigger(Key::from(snake_case(self.name))))
    }
}

fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
