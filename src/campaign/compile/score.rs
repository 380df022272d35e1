//! The `change_score` step: which score, and how it moves.

use crate::campaign::{Action, ScoreChange};
use crate::diagnostic::Code;
use crate::domain::{FieldId, FieldType, Mode, Text};
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
        "`{}` is not a score: its type is {}",
        field.name,
        field.field_type.name()
    );
    let help =
        "a score has the type `score` or `integer`; use `change_data_value` for other fields";
    flow.draft
        .diagnostics
        .fault_with(Code::WrongType, name.span, message, help);
    None
}

/// Reads `+5`, `-5`, `=5`, `=-5`, `5`, or one `{{my.…}}` token that holds such a text.
fn score_change(text: Spanned<&str>, flow: &mut FlowDraft<'_>) -> Option<ScoreChange> {
    if !text.value.contains("{{") {
        return parse(text.value, text, flow);
    }
    let faults = flow.draft.diagnostics.errors();
    let template = flow.template(text);
    if flow.draft.diagnostics.errors() > faults {
        return None;
    }
    let [
        Part::Token {
            token: Token::My(key),
            default,
        },
    ] = template.parts.as_slice()
    else {
        return no_change(text, flow);
    };
    let own = own_value(key, flow).or_else(|| default.clone());
    // A campaign that is executed may use the tokens of the one that executes it, which has them when it runs.
    let is_executable = flow.setting.mode == Mode::Executable;
    let change = match own {
        Some(own) => Some(parse(&own, text, flow)?),
        None if is_executable => None,
        None => return no_change(text, flow),
    };
    if is_executable {
        return Some(ScoreChange::Token(template));
    }
    change
}

/// Returns the value of a token in the campaign's program, else in the workspace.
fn own_value(key: &str, flow: &FlowDraft<'_>) -> Option<Text> {
    let workspace = &flow.draft.workspace;
    let own = flow.setting.program;
    let own = own.and_then(|program| workspace.programs.get(program.0 as usize));
    own.and_then(|program| program.tokens.get(key))
        .or_else(|| workspace.tokens.get(key))
        .cloned()
}

fn parse(written: &str, text: Spanned<&str>, flow: &mut FlowDraft<'_>) -> Option<ScoreChange> {
    let change = ScoreChange::parse(written);
    if change.is_none() {
        let message = format!("`{written}` is not a change of a score");
        let help = "write `+5`, `-5` or `=5`: whole numbers of at most 32 bits";
        flow.draft
            .diagnostics
            .fault_with(Code::WrongType, text.span, message, help);
    }
    change
}

fn no_change(text: Spanned<&str>, flow: &mut FlowDraft<'_>) -> Option<ScoreChange> {
    let message = format!("`{}` does not give a change of a score", text.value);
    let help = "write a number, or one `{{my.…}}` token of the program or the workspace";
    flow.draft
        .diagnostics
        .fault_with(Code::BadToken, text.span, message, help);
    None
}
