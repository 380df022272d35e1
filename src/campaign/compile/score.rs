//! The `change_score` step: which score, and how it moves.

use crate::campaign::{Action, ScoreChange};
use crate::diagnostic::Code;
use crate::domain::{FieldId, FieldType, Text};
use crate::source::Spanned;
use crate::token::{Part, Token};

use super::assets;
use super::flow_draft::FlowDraft;
use super::parameters::Parameters;

/// The field that `change_score` moves where none is written.
const SCORE: &str = "lead_score";

/// Compiles a `change_score`.
pub(super) fn build(parameters: &Parameters<'_>, flow: &mut FlowDraft<'_>) -> Option<Action> {
    let change = parameters.text("change", flow);
    let field = match parameters.place("field") {
        None => flow.draft.workspace.fields.find(SCORE),
        Some(_) => parameters
            .text("field", flow)
            .and_then(|name| score_field(name, flow)),
    };
    let change = change.and_then(|text| score_change(text, flow));
    Some(Action::ChangeScore {
        field: field?,
        change: change?,
    })
}

fn score_field(name: Spanned<&str>, flow: &mut FlowDraft<'_>) -> Option<FieldId> {
    let id = assets::field(name.value, name.span, flow.draft)?;
    let field = flow.draft.workspace.fields.field(id);
    if matches!(field.field_type, FieldType::Score | FieldType::Integer) {
        return Some(id);
    }
    let message = format!(
        "`{}` is no score: its type is {}",
        field.name,
        field.field_type.name()
    );
    let help =
        "a score has the type `score` or `integer`; use `change_data_value` for other fields";
    flow.draft
        .fault_with(Code::WrongType, name.span, message, help);
    None
}

/// Reads `+5`, `-5`, `=5`, `=-5`, `5`, or one `{{my.…}}` token that holds such a text.
fn score_change(text: Spanned<&str>, flow: &mut FlowDraft<'_>) -> Option<ScoreChange> {
    let written = if text.value.contains("{{") {
        score_token(text, flow)?
    } else {
        Text::from(text.value)
    };
    let (set, number) = match written.trim().strip_prefix('=') {
        Some(number) => (true, number.trim_start()),
        None => (false, written.trim()),
    };
    let digits = number.strip_prefix(['+', '-']).unwrap_or(number);
    let canonical = !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (digits.len() == 1 || !digits.starts_with('0'));
    let amount = canonical
        .then(|| number.parse::<i32>().ok())
        .flatten()
        .map(i64::from);
    if amount.is_none() {
        let message = format!("`{written}` is not a change of a score");
        let help = "write `+5`, `-5` or `=5`: whole numbers of at most 32 bits";
        flow.draft
            .fault_with(Code::WrongType, text.span, message, help);
    }
    amount.map(|amount| {
        if set {
            ScoreChange::Set(amount)
        } else {
            ScoreChange::Add(amount)
        }
    })
}

/// Returns what the only token of a text, a `{{my.…}}`, stands for.
fn score_token(text: Spanned<&str>, flow: &mut FlowDraft<'_>) -> Option<Text> {
    let faults = flow.draft.diagnostics.errors();
    let template = flow.template(text);
    let workspace = &flow.draft.workspace;
    let own = flow.setting.program;
    let own = own.and_then(|program| workspace.programs.get(program.0 as usize));
    let value = match template.parts.as_slice() {
        [
            Part::Token {
                token: Token::My(key),
                default,
            },
        ] => own
            .and_then(|program| program.tokens.get(key))
            .or_else(|| workspace.tokens.get(key))
            .or(default.as_ref())
            .cloned(),
        [] | [_] | [_, _, ..] => None,
    };
    if value.is_none() && flow.draft.diagnostics.errors() == faults {
        let message = format!("`{}` does not give a change of a score", text.value);
        let help = "write a number, or one `{{my.…}}` token of the program or the workspace";
        flow.draft
            .fault_with(Code::BadToken, text.span, message, help);
    }
    value
}
