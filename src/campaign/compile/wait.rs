//! The `wait` step in its three forms: for a duration, until a date, until the date of a token.

use chrono::NaiveTime;

use crate::campaign::{DayOffset, Need, StepKind, Wait};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::domain::instant::DAY;
use crate::domain::value::parse_date;
use crate::domain::{Duration, FieldType, Unit};
use crate::source::{MapReader, Spanned, reader};
use crate::token::{Part, Template, Token};
use crate::yaml::Node;

use super::flow_draft::FlowDraft;
use super::parameters::Parameters;
use super::times;

/// Compiles a wait.
pub(super) fn build(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Wait> {
    let form = form(parameters, flow)?;
    let of_form: Vec<&str> = StepKind::Wait.of_form(form).map(|of| of.key).collect();
    for key in StepKind::Wait.parameters().iter().map(|of| of.key) {
        if let Some(span) = parameters.place(key)
            && !of_form.contains(&key)
        {
            let message = format!("`{key}` does not go with `{form}`");
            let help = match key {
                "time" => "write `until: { time: \"09:00\" }`".to_owned(),
                _ => format!("a wait with `{form}` takes `{}`", of_form.join("`, `")),
            };
            flow.draft
                .diagnostics
                .fault_with(Code::UnknownKey, span, message, help);
        }
    }
    match form {
        "for" => duration(parameters, flow),
        "date" => date(parameters, flow),
        _ => date_token(parameters, flow),
    }
}

/// Returns the parameter that only this form of a wait has.
fn form(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<&'static str> {
    let mut forms = StepKind::Wait
        .parameters()
        .iter()
        .filter(|parameter| parameter.need == Need::Form)
        .map(|parameter| parameter.key);
    let form = forms.find(|key| parameters.place(key).is_some());
    if form.is_none() {
        let message = "`wait` needs `for`, `date` or `date_token`";
        let help = "write `wait: 3 days`, `wait: { date: 2026-12-24 }` or `wait: { date_token: \"{{lead.…}}\" }`";
        flow.draft
            .diagnostics
            .fault_with(Code::MissingKey, parameters.span, message, help);
    }
    form
}

/// Reads the time of day at which a wait ends.
fn time(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<NaiveTime> {
    let time = parameters.text("time", flow)?;
    times::time(time, Code::WrongType, &mut flow.draft.diagnostics)
}

/// The longest wait. From any instant that events may have it ends before the year 9999, where calendars end.
const LONGEST: i64 = 7_800 * 365 * DAY;

fn too_long(text: Spanned<&str>) -> Diagnostic {
    let message = format!("a wait of `{}` ends beyond the year 9999", text.value);
    Diagnostic::new(Code::BadDuration, text.span, message).help("write a shorter one")
}

fn duration(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Wait> {
    let length = parameters.text("for", flow);
    let until = parameters.value("until", flow);
    let diagnostics = &mut flow.draft.diagnostics;
    let length = length.and_then(|text| {
        let length = times::duration(text, diagnostics)?;
        if length.elapsed_micros() > LONGEST {
            diagnostics.push(too_long(text));
            return None;
        }
        Some(length)
    });
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
    let time = time(parameters, flow);
    let text = parameters.text("date", flow)?;
    let date = parse_date(text.value);
    if date.is_none() {
        let message = format!("`{}` is not a day of the calendar", text.value);
        let help = if text.value.contains("{{") {
            "a date that a token gives is written `date_token`"
        } else {
            "write it as `2026-12-24`; the time of day goes into `time`"
        };
        flow.draft
            .diagnostics
            .fault_with(Code::WrongType, text.span, message, help);
    }
    Some(Wait::Date { date: date?, time })
}

fn date_token(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Wait> {
    let time = time(parameters, flow);
    let next_anniversary = parameters.boolean("next_anniversary", flow);
    let offset = parameters.value("offset", flow);
    let text = parameters.text("date_token", flow);
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
        .diagnostics
        .fault_with(Code::BadToken, text.span, message, help);
    None
}

/// Reports what is wrong with a token where a date or number is wanted.
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
            (wanted == TokenKind::Number).then(|| "is not a number".to_owned())
        }
        Token::CampaignName
        | Token::CampaignId
        | Token::CampaignDescription
        | Token::ProgramName
        | Token::ProgramId
        | Token::ProgramDescription
        | Token::Member(_)
        | Token::Membership(_)
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
    if let (Some(length), Some(_)) = (length, days)
        && length.elapsed_micros() > LONGEST
    {
        flow.draft.diagnostics.push(too_long(text));
        return None;
    }
    if days.is_none() {
        let message = format!("`{}` is not a number of days", text.value);
        let help = "write `-7 days` or `+1 week`";
        flow.draft
            .diagnostics
            .fault_with(Code::BadDuration, text.span, message, help);
    }
    days.map(|days| DayOffset::Days(sign * days))
}
