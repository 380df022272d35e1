//! Suggestions for operators and values that do not exist.

use crate::domain::{FieldType, Value, Zone};

use super::{Comparison, Operand, Operator, Side};

/// Operators of other tools that Marketo does not have.
const NOT_IN_MARKETO: [&str; 3] = ["ends_with", "not_ends_with", "regex"];

/// Returns how the operator is written that people mean by another word.
pub(super) fn meant(word: &str) -> Option<String> {
    if NOT_IN_MARKETO.contains(&word) {
        let nearest = Operator::Contains.name();
        return Some(format!(
            "Marketo has no such operator; nearest is `{nearest}`"
        ));
    }
    let mut operators = Operator::ALL.into_iter();
    let operator = operators.find(|operator| operator.other_words().contains(&word))?;
    Some(format!("write `{}`", example(operator)))
}

/// Returns an operator as it is written, with an operand where any will do as an example.
fn example(operator: Operator) -> String {
    let name = operator.name();
    match operator.operand() {
        Operand::Flag => format!("{name}: true"),
        Operand::Duration => format!("{name}: 30 days"),
        Operand::Values | Operand::Range | Operand::Value | Operand::Frame => name.to_owned(),
    }
}

/// Returns what a value that does not fit its type was probably meant to be.
pub(super) fn misread(text: &str, field_type: FieldType) -> Option<String> {
    let text = text.trim();
    if field_type == FieldType::Boolean {
        let word = text.to_ascii_lowercase();
        return match word.as_str() {
            "yes" | "y" | "on" => Some("write `true`".to_owned()),
            "no" | "n" | "off" => Some("write `false`".to_owned()),
            _ => None,
        };
    }
    let bare = text
        .trim_end_matches('%')
        .trim_start_matches('$')
        .replace([',', '_'], "");
    let fits = Value::parse(&bare, field_type, &Zone::utc()).is_ok();
    (bare != text && fits).then(|| format!("write `{bare}`"))
}

/// Returns the operator that takes a duration where a date was expected.
pub(super) fn window_for(operator: Operator, text: &str) -> String {
    let window = match operator.comparison() {
        Comparison::Side(Side::Below | Side::AtMost) => Operator::InPastBefore,
        Comparison::Side(Side::Above | Side::AtLeast)
        | Comparison::Empty
        | Comparison::Equal
        | Comparison::Text(_)
        | Comparison::Between
        | Comparison::Window(_)
        | Comparison::Frame => Operator::InPast,
    };
    let name = window.name();
    format!("for a time counted from now write `{name}: {text}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_operator_is_known_by_the_word_for_another() {
        let words = Operator::ALL.map(Operator::other_words).concat();
        for word in words.iter().chain(&NOT_IN_MARKETO) {
            assert_eq!(Operator::named(word), None, "`{word}` is an operator now");
            let times = words.iter().chain(&NOT_IN_MARKETO).filter(|of| of == &word);
            assert_eq!(times.count(), 1, "`{word}` stands for two operators");
        }
    }
}
