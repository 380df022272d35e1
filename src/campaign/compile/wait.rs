//! The `wait` step in its three forms: for a duration, until a date, until the date of a token.

use crate::campaign::{Action, DayOffset, Wait};
use crate::diagnostic::{Code, Span};
use crate::domain::value::parse_date;
use crate::domain::{Duration, FieldType, Mode, Unit};
use crate::source::{MapReader, Spanned, reader};
use crate::token::{Part, Template, Token};
use crate::yaml::Node;

use super::flow::FlowDraft;
use super::parameters::Parameters;
use super::times;

/// The parameters of all three forms.
pub(super) const PARAMETERS: [&str; 7] = [
    "for",
    "until",
    "date",
    "date_token",
    "offset",
    "next_anniversary",
    "time",
];

/// Which parameters go with which.
const FORMS: [(&str, &[&str]); 3] = [
    ("for", &["for", "until"]),
    ("date", &["date", "time"]),
    (
        "date_token",
        &["date_token", "offset", "next_anniversary", "time"],
    ),
];

/// Compiles a wait.
pub(super) fn build(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    if flow.setting.mode == Mode::Executable {
        let message = "an executable campaign cannot wait";
        let help = "put the wait into the campaign that executes it";
        flow.draft
            .fault_with(Code::NotInExecutable, parameters.span, message, help);
    }
    let (form, keys) = form(parameters, flow)?;
    for key in PARAMETERS {
        if let Some(span) = parameters.place(key)
            && !keys.contains(&key)
        {
            let message = format!("`{key}` does not go with `{form}`");
            let help = match key {
                "time" => "write `until: { time: \"09:00\" }`".to_owned(),
                _ => format!("a wait with `{form}` takes `{}`", keys.join("`, `")),
            };
            flow.draft.fault_with(Code::UnknownKey, span, message, help);
        }
    }
    let wait = match form {
        "for" => duration(parameters, flow),
        "date" => date(parameters, flow),
        _ => date_token(parameters, flow),
    };
    wait.map(Action::Wait)
}

type WaitForm = (&'static str, &'static [&'static str]);

/// Tells which form it is by the parameter that only this one has.
fn form(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<WaitForm> {
    let form = FORMS
        .into_iter()
        .find(|(key, _)| parameters.place(key).is_some());
    if form.is_none() {
        let message = "`wait` needs `for`, `date` or `date_token`";
        let help = "write `wait: 3 days`, `wait: { date: 2026-12-24 }` or `wait: { date_token: \"{{lead.…}}\" }`";
        flow.draft
            .fault_with(Code::MissingKey, parameters.span, message, help);
    }
    form
}

fn duration(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Wait> {
    let diagnostics = &mut flow.draft.diagnostics;
    let length = parameters.required_text("for", diagnostics);
    let length = length.and_then(|text| times::duration(text, diagnostics));
    let until = parameters.value("until", diagnostics);
    let mut wait = (Vec::new(), None);
    if let Some(mut keys) = until.and_then(|node| MapReader::open(node, "`until`", diagnostics)) {
        let weekdays = keys.value("weekdays", diagnostics);
        let time = keys.text("time", diagnostics);
        keys.close(diagnostics);
        if let Some(node) = weekdays {
            wait.0 = times::weekdays(node, Code::WrongType, diagnostics);
        }
        wait.1 = time.and_then(|text| times::time(text, Code::WrongType, diagnostics));
    }
    Some(Wait::Duration {
        length: length?,
        weekdays: wait.0,
        time: wait.1,
    })
}

fn date(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Wait> {
    let diagnostics = &mut flow.draft.diagnostics;
    let time = parameters.text("time", diagnostics);
    let time = time.and_then(|text| times::time(text, Code::WrongType, diagnostics));
    let text = parameters.required_text("date", diagnostics)?;
    let date = parse_date(text.value);
    if date.is_none() {
        let message = format!("`{}` is not a day of the calendar", text.value);
        let help = if text.value.contains("{{") {
            "a date that a token gives is written `date_token`"
        } else {
            "write it as `2026-12-24`; the time of day stands in `time`"
        };
        flow.draft
            .fault_with(Code::WrongType, text.span, message, help);
    }
    Some(Wait::Date { date: date?, time })
}

fn date_token(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Wait> {
    if flow.setting.mode == Mode::Batch {
        let span = parameters.place("date_token").unwrap_or(parameters.span);
        let message = "a wait until a token's date belongs to trigger campaigns, and this is a batch campaign";
        let help = "request a trigger campaign that waits";
        flow.draft
            .fault_with(Code::TriggerOnly, span, message, help);
    }
    let diagnostics = &mut flow.draft.diagnostics;
    let time = parameters.text("time", diagnostics);
    let time = time.and_then(|text| times::time(text, Code::WrongType, diagnostics));
    let next_anniversary = parameters.boolean("next_anniversary", diagnostics);
    let offset = parameters.value("offset", diagnostics);
    let text = parameters.required_text("date_token", diagnostics);
    let offset = offset.map_or(Some(DayOffset::Days(0)), |node| self::offset(node, flow));
    let date = text.and_then(|text| one_token(text, TokenKind::Date, flow));
    Some(Wait::DateToken {
        date: date?,
        offset: offset?,
        next_anniversary: next_anniversary.unwrap_or(false),
        time,
    })
}

/// What a token must give.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TokenKind {
    Date,
    Number,
}

/// Parses a text that is one token of the right type, and nothing else.
fn one_token(text: Spanned<&str>, wanted: TokenKind, flow: &mut FlowDraft<'_>) -> Option<Template> {
    let faults = flow.draft.diagnostics.errors();
    let template = flow.template(text);
    if flow.draft.diagnostics.errors() > faults {
        return None;
    }
    let problem = match template.parts.as_slice() {
        [Part::Token { token, .. }] => wrong_token(token, wanted, flow),
        [] | [Part::Literal(_)] | [_, _, ..] => Some("is not one token alone".to_owned()),
    };
    let Some(problem) = problem else {
        return Some(template);
    };
    let message = format!("`{}` {problem}", text.value);
    let help = match wanted {
        TokenKind::Date => "write one token that holds a date, such as `{{lead.Contract End}}`",
        TokenKind::Number => "write `-7 days`, or one token that holds a whole number",
    };
    flow.draft
        .fault_with(Code::BadToken, text.span, message, help);
    None
}

/// Tells what is wrong with a token where a date or number is wanted.
fn wrong_token(token: &Token, wanted: TokenKind, flow: &FlowDraft<'_>) -> Option<String> {
    match token {
        Token::Field(field) => {
            let field = flow.draft.workspace.fields.field(*field);
            let good = match wanted {
                TokenKind::Date => {
                    matches!(field.field_type, FieldType::Date | FieldType::Datetime)
                }
                TokenKind::Number => {
                    matches!(field.field_type, FieldType::Integer | FieldType::Score)
                }
            };
            (!good).then(|| format!("is a field of type {}", field.field_type.name()))
        }
        Token::My(_) => None,
        Token::SystemDate | Token::SystemDateTime => {
            (wanted == TokenKind::Number).then(|| "is no number".to_owned())
        }
        Token::CampaignName
        | Token::CampaignId
        | Token::CampaignDescription
        | Token::ProgramName
        | Token::Member(_)
        | Token::SystemTime
        | Token::Placeholder(_)
        | Token::TriggerName
        | Token::TriggerPrimary
        | Token::Trigger(_) => Some("cannot be waited for".to_owned()),
    }
}

/// Reads `-7 days`, `+1 week`, or a token that holds a number of days.
fn offset(node: &Node, flow: &mut FlowDraft<'_>) -> Option<DayOffset> {
    let text = reader::text(node, "offset", &mut flow.draft.diagnostics)?;
    if text.value.contains("{{") {
        let token = text.value.trim_end_matches("days").trim_end();
        let end = text.span.start + u32::try_from(token.len()).unwrap_or_default();
        let span = if token.len() == text.value.len() {
            text.span
        } else {
            Span { end, ..text.span }
        };
        let token = Spanned { value: token, span };
        return one_token(token, TokenKind::Number, flow).map(DayOffset::Token);
    }
    let (sign, length) = match text.value.strip_prefix('-') {
        Some(length) => (-1, length),
        None => (1, text.value.strip_prefix('+').unwrap_or(text.value)),
    };
    let length = Duration::parse(length).ok();
    let days = length.and_then(|length| match length.unit {
        Unit::Day => Some(i64::from(length.count)),
        Unit::Week => Some(7 * i64::from(length.count)),
        Unit::Minute | Unit::Hour | Unit::Month | Unit::Year => None,
    });
    if days.is_none() {
        let message = format!("`{}` is not a number of days", text.value);
        let help = "write `-7 days` or `+1 week`";
        flow.draft
            .fault_with(Code::BadDuration, text.span, message, help);
    }
    days.map(|days| DayOffset::Days(sign * days))
}
