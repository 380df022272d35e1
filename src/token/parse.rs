//! Reads `{{…}}` in a text, once, when a campaign is compiled.
//!
//! Every token is checked here for whether it can resolve where it stands: names of fields and `{{my.…}}` tokens,
//! `{{trigger.…}}` against the campaign's triggers. Called by `campaign::compile` alone.

use std::collections::BTreeMap;

use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::domain::text::{name_key, snake_case};
use crate::domain::{
    ActivityCatalogue, ActivityTypeId, FieldCatalogue, FieldId, Key, MemberField, Text,
};

use super::{MembershipFact, Part, Template, Token};

/// What tokens may refer to in one place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    /// Person fields.
    pub(crate) fields: &'a FieldCatalogue,
    /// Activity types.
    pub(crate) activities: &'a ActivityCatalogue,
    /// `{{my.…}}` tokens by the key of their name: the program's, then the workspace's.
    pub(crate) my: &'a [&'a BTreeMap<String, Text>],
    /// Names of `{{my.…}}` tokens as written, for suggestions.
    pub(crate) my_names: &'a [String],
    /// What `{{program.…}}` and `{{member.…}}` mean here.
    pub(crate) program: InProgram,
    /// The fields of memberships that the program declares; none where any name is one.
    pub(crate) member_fields: &'a [MemberField],
    /// What `{{trigger.…}}` means here.
    pub(crate) trigger: TriggerTokens<'a>,
    /// What links such as `{{system.unsubscribeLink}}` mean here.
    pub(crate) links: LinkTokens,
}

/// Whether a text may have links that only a mail server can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkTokens {
    /// It is an email's: they stand in it as they are written.
    Placeholders,
    /// It goes into data or to others, where they would mean nothing.
    None,
}

/// Whether a text belongs to a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InProgram {
    /// Its campaign does.
    Yes,
    /// Its campaign belongs to none.
    No,
    /// It serves several campaigns, or takes its tokens from the one that executes it.
    Open,
}

/// Where `{{trigger.…}}` gets its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TriggerTokens<'a> {
    /// Nowhere: the campaign is a batch.
    None,
    /// From one of these triggers.
    Of(&'a [ActivityTypeId]),
    /// In the campaign that uses the text.
    Open,
}

/// The words before the point.
const FAMILIES: [&str; 8] = [
    "lead", "company", "campaign", "program", "my", "member", "system", "trigger",
];

/// What a token says of the campaign.
const OF_CAMPAIGN: [&str; 3] = ["name", "id", "description"];

/// What a token says of the program.
const OF_PROGRAM: [&str; 3] = ["name", "id", "description"];

/// Moments.
const OF_SYSTEM: [&str; 3] = ["date", "time", "dateTime"];

/// Links that only a mail server can make.
const LINKS: [&str; 3] = [
    "unsubscribeLink",
    "forwardToFriendLink",
    "viewAsWebpageLink",
];

/// The block of facts about the person that alerts carry.
const ALERT_INFO: &str = "SP_Send_Alert_Info";

/// Returns the tokens that every workspace has, without braces: those that depend on no name of its own.
pub(crate) fn usual_tokens() -> Vec<String> {
    let family = |family: &'static str, names: &[&'static str]| {
        let names = names.iter().map(move |name| format!("{family}.{name}"));
        names.collect::<Vec<String>>()
    };
    [
        family("campaign", &OF_CAMPAIGN),
        family("program", &OF_PROGRAM),
        family("member", &MembershipFact::ALL.map(MembershipFact::name)),
        family("system", &OF_SYSTEM),
        family("system", &LINKS),
        family("trigger", &["Name", "Trigger Name"]),
    ]
    .concat()
}

/// Reads a text. Faults are reported, and what could be read is returned.
pub(crate) fn parse(
    text: &str,
    span: Span,
    scope: &Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Template {
    let mut parts = Vec::new();
    let literal = |from: usize, to: usize, parts: &mut Vec<Part>| {
        if from < to {
            parts.push(Part::Literal(Text::from(&text[from..to])));
        }
    };
    let mut done = 0;
    // Where the next token ends, searched once for all that are opened before it.
    let mut closing: Option<usize> = text.find("}}");
    while let Some(open) = text[done..].find("{{").map(|at| done + at) {
        let inner = open + 2;
        if closing.is_some_and(|close| close < inner) {
            closing = text[inner..].find("}}").map(|at| inner + at);
        }
        let close = closing;
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
        let (inner, whole) = (&text[inner..close], &text[open..done]);
        parts.extend(token(inner, whole, place, scope, diagnostics));
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

/// Reads one token: what stands between the braces. Nothing where it is not a token; that has been reported.
fn token(
    inner: &str,
    whole: &str,
    place: Span,
    scope: &Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Part> {
    let (name, default) = match inner.split_once(":default=") {
        Some((name, default)) => (name.trim(), Some(Text::from(default))),
        None => (inner.trim(), None),
    };
    let is_alert_info = name.eq_ignore_ascii_case(ALERT_INFO);
    let (family, name) = name.split_once('.').unwrap_or((name, ""));
    let mut token = OneToken {
        name: name.trim(),
        whole,
        place,
        scope,
        has_default: default.is_some(),
        diagnostics,
    };
    let token = if is_alert_info {
        token.placeholder()
    } else {
        token.read(family.trim())
    }?;
    Some(Part::Token { token, default })
}

/// One token being read.
struct OneToken<'a> {
    /// What stands after the point.
    name: &'a str,
    /// The token with its braces.
    whole: &'a str,
    place: Span,
    scope: &'a Scope<'a>,
    has_default: bool,
    diagnostics: &'a mut Diagnostics,
}

impl OneToken<'_> {
    fn fault(&mut self, code: Code, message: impl Into<String>, help: Option<String>) {
        let fault = Diagnostic::new(code, self.place, message);
        self.diagnostics.push(match help {
            Some(help) => fault.help(help),
            None => fault,
        });
    }

    fn read(&mut self, family: &str) -> Option<Token> {
        if self.name.is_empty() || family.is_empty() {
            let help = "write it as `{{lead.First Name}}`".to_owned();
            let message = format!("`{}` is not a token", self.whole);
            self.fault(Code::BadToken, message, Some(help));
            return None;
        }
        let fields = self.scope.fields;
        match family.to_ascii_lowercase().as_str() {
            "lead" => self.field(fields.find(self.name)),
            "company" => self.field(of_company(self.name, fields)),
            "campaign" => self.campaign(),
            "program" => self.program(),
            "my" => self.my(),
            "member" => self.member(),
            "system" => self.system(),
            "trigger" => self.trigger(),
            _ => {
                let help = did_you_mean(family, FAMILIES)
                    .unwrap_or_else(|| format!("tokens begin with {}", quoted(&FAMILIES)));
                let message = format!("no token begins with `{family}.`");
                self.fault(Code::UnknownToken, message, Some(help));
                None
            }
        }
    }

    fn field(&mut self, found: Option<FieldId>) -> Option<Token> {
        if found.is_none() {
            let fields = self.scope.fields.iter();
            let labels = fields.map(|(_, field)| field.label.as_str());
            let help = did_you_mean(self.name, labels);
            self.fault(
                Code::UnknownField,
                format!("no field `{}`", self.name),
                help,
            );
        }
        found.map(Token::Field)
    }

    fn campaign(&mut self) -> Option<Token> {
        match name_key(self.name).as_str() {
            "name" => Some(Token::CampaignName),
            "id" => Some(Token::CampaignId),
            "description" => Some(Token::CampaignDescription),
            _ => self.none_of("campaign", &OF_CAMPAIGN),
        }
    }

    fn program(&mut self) -> Option<Token> {
        let token = match name_key(self.name).as_str() {
            "name" => Token::ProgramName,
            "id" => Token::ProgramId,
            "description" => Token::ProgramDescription,
            _ => return self.none_of("program", &OF_PROGRAM),
        };
        self.is_in_program().then_some(token)
    }

    fn member(&mut self) -> Option<Token> {
        if !self.is_in_program() {
            return None;
        }
        let key = name_key(self.name);
        if key == "programstatus" {
            return Some(Token::Membership(MembershipFact::Status));
        }
        let mut facts = MembershipFact::ALL.into_iter();
        if let Some(fact) = facts.find(|fact| name_key(fact.name()) == key) {
            return Some(Token::Membership(fact));
        }
        let declared = self.scope.member_fields;
        if let Some(field) = MemberField::find(declared, self.name) {
            return Some(Token::Member(field));
        }
        if !declared.is_empty() {
            let facts = MembershipFact::ALL.map(MembershipFact::name);
            let names = declared.iter().map(|field| field.key.as_ref());
            let help = did_you_mean(self.name, names.chain(facts))
                .unwrap_or_else(|| "declare it under `member_fields:` of the program".to_owned());
            let message = format!("the program has no member field `{}`", self.name);
            self.fault(Code::UnknownField, message, Some(help));
            return None;
        }
        Some(Token::Member(MemberField::undeclared(self.name)))
    }

    fn is_in_program(&mut self) -> bool {
        let known = match self.scope.program {
            InProgram::Yes | InProgram::Open => true,
            InProgram::No => self.has_default,
        };
        if !known {
            let message = format!("`{}` is in a campaign without a program", self.whole);
            let help = "write `program: …` in the campaign".to_owned();
            self.fault(Code::UnknownToken, message, Some(help));
        }
        known
    }

    fn my(&mut self) -> Option<Token> {
        let tokens = self.scope.my;
        let is_known = |key: &str| tokens.iter().any(|tokens| tokens.contains_key(key));
        let key = name_key(self.name);
        // An executable may take its tokens from the campaign that executes it; a default says that nothing may come.
        if is_known(&key) || self.has_default || self.scope.program == InProgram::Open {
            return Some(Token::My(key));
        }
        let names = self.scope.my_names.iter().map(String::as_str);
        let names = names.filter(|name| is_known(&name_key(name)));
        let help = did_you_mean(self.name, names).unwrap_or_else(|| {
            "define it under `tokens:` of the program or the workspace".to_owned()
        });
        let message = format!("no token `{}` is defined", self.whole);
        self.fault(Code::UnknownToken, message, Some(help));
        None
    }

    fn system(&mut self) -> Option<Token> {
        let key = name_key(self.name);
        match key.as_str() {
            "date" => return Some(Token::SystemDate),
            "time" => return Some(Token::SystemTime),
            "datetime" => return Some(Token::SystemDateTime),
            _ => {}
        }
        if LINKS.iter().any(|link| name_key(link) == key) {
            return self.placeholder();
        }
        let names = [&OF_SYSTEM[..], &LINKS].concat();
        self.none_of("system", &names)
    }

    /// Takes a link as it is written, in an email; nobody could make one of it elsewhere.
    fn placeholder(&mut self) -> Option<Token> {
        match self.scope.links {
            LinkTokens::Placeholders => Some(Token::Placeholder(Text::from(self.whole))),
            LinkTokens::None => {
                let message = format!("`{}` means something in emails alone", self.whole);
                let help = "take it out, or write it in the email's text".to_owned();
                self.fault(Code::UnknownToken, message, Some(help));
                None
            }
        }
    }

    fn none_of(&mut self, family: &str, names: &[&str]) -> Option<Token> {
        let help = did_you_mean(self.name, names.iter().copied())
            .unwrap_or_else(|| format!("there are {}", quoted(names)));
        let message = format!("no token `{{{{{family}.{}}}}}`", self.name);
        self.fault(Code::UnknownToken, message, Some(help));
        None
    }

    /// Reads `{{trigger.…}}` by the attributes of the campaign's triggers; one that none of them has is empty, and a warning.
    fn trigger(&mut self) -> Option<Token> {
        let scope = self.scope;
        let types: Vec<ActivityTypeId> = match scope.trigger {
            TriggerTokens::None => {
                let help = "a batch campaign has no trigger; use a `{{lead.…}}` token".to_owned();
                let message = format!("`{}` is in a batch campaign", self.whole);
                self.fault(Code::TriggerOnly, message, Some(help));
                return None;
            }
            TriggerTokens::Of(types) => types.to_vec(),
            TriggerTokens::Open => scope.activities.iter().map(|(id, _)| id).collect(),
        };
        let key = name_key(self.name);
        if key == "triggername" {
            return Some(Token::TriggerName);
        }
        let types = types.iter().map(|id| scope.activities.get(*id));
        if let Some(attribute) = types.clone().find_map(|kind| kind.attribute(self.name)) {
            return Some(Token::Trigger(Key::clone(&attribute.key)));
        }
        if key == "name" {
            return Some(Token::TriggerPrimary);
        }
        let known = types
            .flat_map(|kind| kind.primary.iter().chain(&kind.attributes))
            .map(|attribute| attribute.key.as_ref());
        let help = did_you_mean(self.name, known);
        let message = format!(
            "no trigger here declares `{}`; it is empty unless an event brings it",
            self.whole
        );
        self.fault(Code::TriggerTokenAbsent, message, help);
        Some(Token::Trigger(Key::from(snake_case(self.name))))
    }
}

/// Finds a field by its name in a token of the company, whose address is the billing address.
fn of_company(name: &str, fields: &FieldCatalogue) -> Option<FieldId> {
    const ADDRESS: [&str; 5] = ["address", "city", "state", "postalcode", "country"];
    let billing = ADDRESS.contains(&name_key(name).as_str());
    let billing = billing.then(|| fields.find(&format!("billing {name}")));
    billing
        .flatten()
        .or_else(|| fields.find(name))
        .or_else(|| fields.find(&format!("company {name}")))
}

fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
