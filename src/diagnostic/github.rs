//! Diagnostics as workflow commands, which GitHub shows beside the lines of a change.

use std::fmt::Write as _;

use super::visible::visible;
use super::{Diagnostics, Severity, Sources};

/// Returns a line a fault: `::error file=…,line=…,col=…,title=…::message`.
pub(crate) fn render(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.sorted() {
        let (line, column) = sources.position(diagnostic.span);
        let file = sources.path(diagnostic.span.file).display().to_string();
        let mut message = visible(&diagnostic.message).into_owned();
        if let Some(help) = &diagnostic.help {
            let _ = write!(message, "\nhelp: {}", visible(help));
        }
        out.push_str(&annotation(
            diagnostic.severity(),
            &file,
            (line, column),
            diagnostic.code.name(),
            &message,
        ));
    }
    out
}

/// Returns a line that GitHub shows beside a line of a file.
pub(crate) fn annotation(
    severity: Severity,
    file: &str,
    (line, column): (usize, usize),
    title: &str,
    message: &str,
) -> String {
    format!(
        "::{} file={},line={line},col={column},title={}::{}\n",
        severity.name(),
        property(&visible(file)),
        property(&visible(title)),
        data(message),
    )
}

/// Escapes what would end a message.
fn data(text: &str) -> String {
    let text = text.replace('%', "%25");
    text.replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes what would end a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Diagnostic, Span};

    #[test]
    fn a_fault_is_one_line_whatever_its_text_holds() {
        let mut sources = Sources::default();
        let file = sources.add("a,b:c.yaml", "x: 1\n");
        let place = Span {
            file,
            start: 3,
            end: 4,
        };
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(
            Diagnostic::new(Code::WrongType, place, "100% wrong: `1`\n::error::x")
                .help("write text"),
        );
        assert_eq!(
            render(&diagnostics, &sources),
            "::error file=a%2Cb%3Ac.yaml,line=1,col=4,title=wrong-type::100%25 wrong: `1`\\n::error::x%0Ahelp: write text\n"
        );
    }
}
