//! Translates messages of the YAML parser into the words of people who write campaigns.

use super::places::SourceMap;
use crate::diagnostic::{Code, Diagnostic, Span};

/// How to put right a token that was written without quotes.
pub(super) const QUOTE_TOKEN: &str = "quote text that begins with `{{`: \"{{…}}\"";

/// What the parser says, what is reported instead, and how to put it right. The first row whose text occurs counts.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "found unexpected end of stream",
        "this quote is never closed",
        "close it with the same quote; write `''` for a quote inside single quotes",
    ),
    (
        "found unexpected document indicator",
        "this quote is never closed",
        "close it before the `---` or `...` that ends the document",
    ),
    (
        "invalid indentation in quoted scalar",
        "this quote is never closed",
        "close it with the same quote; further lines of its text are indented deeper than its key",
    ),
    ("tab", "a tab where YAML needs spaces", "indent with spaces"),
    (
        "unknown anchor",
        "no anchor of this name before its alias",
        "write `&name` at the value to be repeated; quote text that begins with `*`",
    ),
    (
        "did not find expected ',' or '}'",
        "a `,` or `}` is missing before this",
        "quote text that holds `,`, `{` or `}`",
    ),
    (
        "expected ',' or ']'",
        "a `,` or `]` is missing before this",
        "quote text that holds `,`, `[` or `]`",
    ),
    (
        "mapping values are not allowed",
        "a `:` where no key can be",
        "quote text that holds `: `; otherwise check the indentation",
    ),
    (
        "illegal placement of ':'",
        "a `:` where no key can be",
        "quote text that holds `: `; otherwise check the indentation",
    ),
    (
        "did not find expected key",
        "a key is expected here",
        "check the indentation against the lines above",
    ),
    (
        "did not find expected '-'",
        "an entry of the list is expected here, with `- ` before it",
        "check the indentation against the lines above",
    ),
    (
        "block sequence entries are not allowed",
        "a list cannot begin here",
        "put the first `- ` on a line of its own",
    ),
    (
        "simple key expect",
        "a key before this has no `:`",
        "a mapping is written `key: value`, with a blank after the colon",
    ),
    (
        "unknown escape character",
        "no such escape in double quotes",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    (
        "invalid trailing content",
        "something follows the closing quote",
        "quote the whole value, and write inner double quotes as `\\\"`",
    ),
    (
        "unexpected character",
        "text cannot begin with this character",
        "put the text in quotes",
    ),
    (
        "plain scalar cannot start",
        "text cannot begin with this character",
        "put the text in quotes",
    ),
    (
        "did not find expected node content",
        "a value is expected here",
        "check the brackets and commas before it",
    ),
    (
        "wrongly indented line in block scalar",
        "this line is indented less than the first one of its text",
        "indent all lines of a `|` or `>` text alike",
    ),
    (
        "invalid indentation",
        "this line is not indented enough",
        "indent it deeper than the key that it belongs to",
    ),
    (
        "misplaced bracket",
        "this bracket closes nothing",
        "remove it, or quote the text",
    ),
    (
        "invalid content after document end",
        "something follows the `...` that ends the document",
        "begin the next document with `---`",
    ),
    (
        "did not find expected <document start>",
        "the document has ended before this",
        "begin the next document with `---`; otherwise check the indentation",
    ),
    (
        "unprintable",
        "a control character is in the file",
        "remove it, or write it as an escape in double quotes",
    ),
    (
        "recursion limit",
        "lists and mappings nest too deep",
        "write them less deep",
    ),
];

/// Makes the fault for what the parser says of a place on a line.
pub(super) fn syntax(info: &str, span: Span, line: &str) -> Diagnostic {
    let Some((_, message, help)) = WORDS.iter().find(|(said, _, _)| info.contains(said)) else {
        let diagnostics = info.split_once(", ").map_or(info, |(_, what)| what);
        return Diagnostic::new(Code::YamlSyntax, span, diagnostics.replace('`', "'"));
    };
    let token = [": {{", "- {{"].iter().any(|start| line.contains(start));
    let help = if token { QUOTE_TOKEN } else { help };
    Diagnostic::new(Code::YamlSyntax, span, *message).help(help)
}

/// Makes the fault of an alias without an anchor.
pub(super) fn unknown_anchor(span: Span) -> Diagnostic {
    syntax("unknown anchor", span, "")
}

/// Makes the fault of a bracket at which its document ends.
pub(super) fn unclosed(span: Span, bracket: &str) -> Diagnostic {
    let closing = if bracket == "{" { "}" } else { "]" };
    Diagnostic::new(Code::YamlSyntax, span, "this bracket is never closed")
        .help(format!("close it with `{closing}`, or quote the text"))
}

/// Finds a control character that YAML forbids; the parser takes NUL for the end of the file.
pub(super) fn first_control(text: &str, places: &SourceMap) -> Option<Diagnostic> {
    let forbidden = |c: char| {
        (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}'))
            || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    let (at, c) = text.char_indices().find(|(_, c)| forbidden(*c))?;
    let message = format!(
        "the control character `{}` is in the file",
        c.escape_unicode()
    );
    let fault = Diagnostic::new(
        Code::YamlSyntax,
        places.span(at, at + c.len_utf8()),
        message,
    );
    Some(fault.help("remove it, or write it as an escape in double quotes"))
}
