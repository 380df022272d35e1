//! `logic:` all, any, or an expression such as `1 and (2 or 3)`.
//!
//! Numbers are the top-level entries from 1. Where `and` meets `or`, parentheses say which goes first.

use std::ops::Range;

use crate::diagnostic::{Code, Span};
use crate::filter::Logic;
use crate::yaml::{Node, NodeKind};

use super::{Context, Places};

/// Parentheses deeper than this are a fault: no one could read them.
const DEEPEST: usize = 32;

/// Joins the top-level entries, of which there are so many.
pub(super) fn join(count: usize, logic: Option<&Node>, cx: &mut Context<'_>) -> Logic {
    let all = Logic::all(count);
    let Some(node) = logic else {
        return all;
    };
    let NodeKind::Scalar { text, plain } = &node.kind else {
        cx.diagnostics.fault_with(
            Code::WrongShape,
            node.span,
            "`logic` takes a single value",
            EXAMPLE,
        );
        return all;
    };
    let word = text.trim();
    if count == 0 || word.eq_ignore_ascii_case("all") {
        return all;
    }
    if word.eq_ignore_ascii_case("any") {
        return Logic::any(count);
    }
    match expression(text, count) {
        Ok(tree) => tree.logic(),
        Err(fault) => {
            let span = inside(node.span, text, *plain, &fault.at);
            cx.diagnostics
                .fault_with(Code::BadLogic, span, fault.message, fault.help);
            all
        }
    }
}

/// Returns the tree of an expression; nothing for `all` and `any`, and where there is a fault.
pub(super) fn tree(node: &Node, count: usize) -> Option<Tree> {
    let NodeKind::Scalar { text, .. } = &node.kind else {
        return None;
    };
    let word = text.trim();
    let plain = word.eq_ignore_ascii_case("all") || word.eq_ignore_ascii_case("any");
    (count > 0 && !plain)
        .then(|| expression(text, count).ok())
        .flatten()
}

const EXAMPLE: &str = "write `all`, `any`, or an expression such as `\"1 and (2 or 3)\"`";

/// Returns the span of part of a scalar; of all of it where escapes or folded lines hide the place.
fn inside(span: Span, text: &str, plain: bool, at: &Range<usize>) -> Span {
    let quote = usize::from(!plain);
    if (span.end - span.start) as usize != text.len() + 2 * quote {
        return span;
    }
    let shift = |offset: usize| span.start + u32::try_from(offset + quote).unwrap_or_default();
    Span {
        file: span.file,
        start: shift(at.start),
        end: shift(at.end),
    }
}

/// What is wrong with an expression, and at which of its bytes.
#[derive(Debug, PartialEq)]
struct LogicError {
    at: Range<usize>,
    message: String,
    help: String,
}

fn fault(at: &Range<usize>, message: impl Into<String>, help: impl Into<String>) -> LogicError {
    LogicError {
        at: at.clone(),
        message: message.into(),
        help: help.into(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Word {
    And,
    Or,
}

impl Word {
    fn name(self) -> &'static str {
        match self {
            Self::And => "and",
            Self::Or => "or",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Sign {
    Number(usize),
    Word(Word),
    Open,
    Close,
}

/// An expression, read.
#[derive(Debug, PartialEq)]
pub(super) enum Tree {
    Entry(usize),
    Joined(Word, Vec<Tree>),
}

impl Tree {
    /// Returns the places of the filter that [`Tree::logic`] makes; what is joined stands in the expression.
    pub(super) fn places(&self, entries: &[Places], expression: Span) -> Places {
        match self {
            Self::Entry(number) => entries.get(number - 1).cloned().unwrap_or(Places {
                span: expression,
                parts: Vec::new(),
            }),
            Self::Joined(_, trees) => Places {
                span: expression,
                parts: trees
                    .iter()
                    .map(|tree| tree.places(entries, expression))
                    .collect(),
            },
        }
    }

    fn logic(&self) -> Logic {
        match self {
            Self::Entry(number) => Logic::Entry(number - 1),
            Self::Joined(word, trees) => {
                let joined = trees.iter().map(Self::logic).collect();
                match word {
                    Word::And => Logic::All(joined),
                    Word::Or => Logic::Any(joined),
                }
            }
        }
    }
}

fn expression(text: &str, count: usize) -> Result<Tree, LogicError> {
    let whole = 0..text.len();
    let signs = signs(text)?;
    if signs.is_empty() {
        return Err(fault(&whole, "the logic is empty", EXAMPLE));
    }
    if count < 3 {
        return Err(fault(
            &whole,
            "a logic expression needs three or more filters",
            "write `all` or `any`",
        ));
    }
    let mut reader = ExpressionReader {
        signs: &signs,
        next: 0,
        count,
        end: text.len()..text.len(),
    };
    let tree = reader.joined(0)?;
    if let Some((sign, at)) = reader.peek() {
        return Err(match sign {
            Sign::Close => fault(at, "unmatched `)`", "remove it"),
            Sign::Number(_) | Sign::Open | Sign::Word(_) => missing_word(at),
        });
    }
    if let Some(unused) = (1..=count).find(|n| !signs.iter().any(|(s, _)| *s == Sign::Number(*n))) {
        return Err(fault(
            &whole,
            format!("filter {unused} is unused"),
            "name every filter, or remove the one that is not needed",
        ));
    }
    Ok(tree)
}

fn missing_word(at: &Range<usize>) -> LogicError {
    fault(at, "`and` or `or` is missing before this", EXAMPLE)
}

fn signs(text: &str) -> Result<Vec<(Sign, Range<usize>)>, LogicError> {
    let mut signs = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        let sign = match c {
            '(' => Sign::Open,
            ')' => Sign::Close,
            c if c.is_whitespace() => continue,
            _ => {
                let mut end = start + c.len_utf8();
                while let Some((at, c)) =
                    rest.next_if(|(_, c)| !c.is_whitespace() && !matches!(c, '(' | ')'))
                {
                    end = at + c.len_utf8();
                }
                let at = start..end;
                let sign = word(&text[at.clone()], &at)?;
                signs.push((sign, at));
                continue;
            }
        };
        signs.push((sign, start..start + 1));
    }
    Ok(signs)
}

fn word(text: &str, at: &Range<usize>) -> Result<Sign, LogicError> {
    let unknown = |help: &str| fault(at, format!("`{text}` is not part of a logic"), help);
    match text.to_ascii_lowercase().as_str() {
        "and" => Ok(Sign::Word(Word::And)),
        "or" => Ok(Sign::Word(Word::Or)),
        "&&" | "&" => Err(unknown("write `and`")),
        "||" | "|" => Err(unknown("write `or`")),
        "not" | "!" => Err(unknown(
            "negate inside the filter: `is_not`, `not_contains`, `not_opened_email`, …",
        )),
        number if number.bytes().all(|b| b.is_ascii_digit()) => number
            .parse()
            .map(Sign::Number)
            .map_err(|_| unknown(EXAMPLE)),
        _ => Err(unknown(EXAMPLE)),
    }
}

struct ExpressionReader<'a> {
    signs: &'a [(Sign, Range<usize>)],
    next: usize,
    count: usize,
    end: Range<usize>,
}

impl<'a> ExpressionReader<'a> {
    fn peek(&self) -> Option<&'a (Sign, Range<usize>)> {
        self.signs.get(self.next)
    }

    /// Reads terms joined by one word.
    fn joined(&mut self, depth: usize) -> Result<Tree, LogicError> {
        let first = self.term(depth)?;
        let Some((Sign::Word(word), _)) = self.peek() else {
            return Ok(first);
        };
        let mut trees = vec![first];
        while let Some((Sign::Word(other), at)) = self.peek() {
            if other != word {
                return Err(fault(
                    at,
                    format!(
                        "`{}` and `{}` meet without parentheses",
                        word.name(),
                        other.name()
                    ),
                    "say which goes first: `1 and (2 or 3)`",
                ));
            }
            self.next += 1;
            trees.push(self.term(depth)?);
        }
        Ok(Tree::Joined(*word, trees))
    }

    fn term(&mut self, depth: usize) -> Result<Tree, LogicError> {
        let Some((sign, at)) = self.peek() else {
            return Err(fault(&self.end, "the logic ends too early", EXAMPLE));
        };
        match sign {
            Sign::Number(number) if (1..=self.count).contains(number) => {
                self.next += 1;
                Ok(Tree::Entry(*number))
            }
            Sign::Number(number) => Err(fault(
                at,
                format!("there is no filter {number}"),
                format!("filters are numbered from 1 to {}", self.count),
            )),
            Sign::Open => {
                if depth == DEEPEST {
                    return Err(fault(at, "the parentheses are too deep", EXAMPLE));
                }
                self.next += 1;
                let tree = self.joined(depth + 1)?;
                match self.peek() {
                    Some((Sign::Close, _)) => {
                        self.next += 1;
                        Ok(tree)
                    }
                    Some((_, at)) => Err(missing_word(at)),
                    None => Err(fault(at, "this parenthesis is never closed", "add `)`")),
                }
            }
            Sign::Close => Err(fault(
                at,
                "a filter's number is missing before this",
                EXAMPLE,
            )),
            Sign::Word(word) => Err(fault(
                at,
                format!("a filter's number is missing before `{}`", word.name()),
                EXAMPLE,
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, count: usize) -> String {
        match expression(text, count) {
            Ok(tree) => show(&tree),
            Err(fault) => format!("{:?}: {}", &text[fault.at], fault.message),
        }
    }

    fn show(tree: &Tree) -> String {
        match tree {
            Tree::Entry(number) => number.to_string(),
            Tree::Joined(word, trees) => {
                let parts: Vec<String> = trees.iter().map(show).collect();
                format!("({})", parts.join(&format!(" {} ", word.name())))
            }
        }
    }

    #[test]
    fn expressions_are_read_as_written() {
        assert_eq!(shown("1 and 2 and 3", 3), "(1 and 2 and 3)");
        assert_eq!(shown("1 AND (2 Or 3)", 3), "(1 and (2 or 3))");
        assert_eq!(
            shown("(1 or 2)and(3 or(4 and 1))", 4),
            "((1 or 2) and (3 or (4 and 1)))"
        );
        assert_eq!(shown("((1)) or 2 or 3", 3), "(1 or 2 or 3)");
    }

    #[test]
    fn faults_point_into_the_expression() {
        let rows = [
            (
                "1 and 2 or 3",
                "\"or\": `and` and `or` meet without parentheses",
            ),
            ("1 and 2", "\"1 and 2\": filter 3 is unused"),
            ("1 and 2 and 4", "\"4\": there is no filter 4"),
            ("0 or 1 or 2 or 3", "\"0\": there is no filter 0"),
            ("1 2 3", "\"2\": `and` or `or` is missing before this"),
            ("1 and (2 or 3", "\"(\": this parenthesis is never closed"),
            ("1 and 2) or 3", "\")\": unmatched `)`"),
            ("1 and", "\"\": the logic ends too early"),
            (
                "and 1",
                "\"and\": a filter's number is missing before `and`",
            ),
            (
                "1 or () or 2",
                "\")\": a filter's number is missing before this",
            ),
            ("1 and not 2 and 3", "\"not\": `not` is not part of a logic"),
            ("1 && 2 && 3", "\"&&\": `&&` is not part of a logic"),
            ("1 xor 2", "\"xor\": `xor` is not part of a logic"),
            ("", "\"\": the logic is empty"),
            (
                "99999999999999999999 or 1",
                "\"99999999999999999999\": `99999999999999999999` is not part of a logic",
            ),
        ];
        for (text, expected) in rows {
            assert_eq!(shown(text, 3), expected, "{text}");
        }
        assert_eq!(
            shown("1 or 2", 2),
            "\"1 or 2\": a logic expression needs three or more filters"
        );
        let deep = format!("{}1{}", "(".repeat(40), ")".repeat(40));
        assert_eq!(shown(&deep, 3), "\"(\": the parentheses are too deep");
    }
}
