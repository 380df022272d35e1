//! Diagnostics as rows of plain data, for `--format json`.

use serde_json::{Value, json};

use super::{Diagnostic, Sources};

/// Returns one fault as `{code, severity, message, file, line, column, help}`.
pub(crate) fn row(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let (line, column) = sources.position(diagnostic.span);
    json!({
        "code": diagnostic.code.name(),
        "severity": diagnostic.severity().name(),
        "message": diagnostic.message,
        "file": sources.path(diagnostic.span.file).display().to_string(),
        "line": line,
        "column": column,
        "help": diagnostic.help,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Span};

    #[test]
    fn every_key_is_present_and_in_order() {
        let mut sources = Sources::default();
        let file = sources.add("c.yaml", "é: x\n");
        let place = Span {
            file,
            start: 4,
            end: 5,
        };
        let diagnostic = Diagnostic::new(Code::EmptyFlow, place, "the flow has no step");
        assert_eq!(
            row(&diagnostic, &sources).to_string(),
            r#"{"code":"empty-flow","severity":"warning","message":"the flow has no step","file":"c.yaml","line":1,"column":4,"help":null}"#
        );
    }
}
