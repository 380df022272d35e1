//! Diagnostics as people read them in a terminal: the source line, a caret, and how to put it right.

use std::collections::HashMap;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::visible::{visible, visible_lines};
use super::{Diagnostic, Diagnostics, FileId, Severity, Sources, Span};

/// How many faults are shown; the rest are counted.
pub(crate) const SHOWN: usize = 50;

/// How many places of equal faults are named; the rest are counted.
const PLACES: usize = 10;

/// Returns all faults as text, a blank line between them; nothing where there is none. Faults that say the same are shown
/// once, with the places of the others.
pub(crate) fn render(diagnostics: &Diagnostics, sources: &Sources, colour: bool) -> String {
    let groups = equal(&diagnostics.sorted());
    let mut parts: Vec<String> = groups
        .iter()
        .take(SHOWN)
        .map(|group| render_group(group, sources, colour) + "\n")
        .collect();
    match groups.iter().skip(SHOWN).map(Vec::len).sum::<usize>() {
        0 => {}
        more => parts.push(format!("and {more} more\n")),
    }
    parts.join("\n")
}

/// Puts faults together that say the same in several places, each group where its first one is.
fn equal<'d>(sorted: &[&'d Diagnostic]) -> Vec<Vec<&'d Diagnostic>> {
    let mut groups: Vec<Vec<&Diagnostic>> = Vec::new();
    let mut known = HashMap::new();
    for diagnostic in sorted {
        let key = (
            diagnostic.code,
            &diagnostic.message,
            &diagnostic.label,
            &diagnostic.help,
            // What refers to other places is about those places.
            &diagnostic.related,
        );
        let group = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(group) {
            Some(group) => group.push(diagnostic),
            None => groups.push(vec![diagnostic]),
        }
    }
    groups
}

/// Returns faults that say the same as text, without a line end.
fn render_group(group: &[&Diagnostic], sources: &Sources, colour: bool) -> String {
    let Some((first, others)) = group.split_first() else {
        return String::new();
    };
    if others.is_empty() {
        return render_one(first, sources, colour);
    }
    let place = |diagnostic: &&Diagnostic| sources.place(diagnostic.span);
    let mut places: Vec<String> = others.iter().take(PLACES).map(place).collect();
    match others.len().saturating_sub(PLACES) {
        0 => {}
        more => places.push(format!("{more} more places")),
    }
    let note = format!("{} times: also in {}", group.len(), places.join(", "));
    render_with(first, Some(&note), sources, colour)
}

/// Returns one fault as text, without a line end.
pub(crate) fn render_one(diagnostic: &Diagnostic, sources: &Sources, colour: bool) -> String {
    render_with(diagnostic, None, sources, colour)
}

fn render_with(
    diagnostic: &Diagnostic,
    note: Option<&str>,
    sources: &Sources,
    colour: bool,
) -> String {
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(visible(&diagnostic.message))
        .id(diagnostic.code.name());
    let mut group = Group::with_title(title);
    let excerpts = excerpts(diagnostic);
    for excerpt in &excerpts {
        group = match excerpt.snippet(sources) {
            Some(snippet) => group.element(snippet),
            None => group.element(Origin::path(excerpt.path(sources))),
        };
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(visible(help)));
    }
    if let Some(note) = note {
        group = group.element(Level::NOTE.message(visible(note)));
    }
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut text = renderer.render(&[group]);
    for excerpt in &excerpts {
        if let Some((shown, true_place)) = excerpt.moved_place(sources) {
            text = text.replacen(&shown, &true_place, 1);
        }
    }
    text
}

/// One place in an excerpt.
struct Mark<'a> {
    span: Span,
    kind: AnnotationKind,
    label: Option<&'a str>,
}

/// The marks of one diagnostic that lie in one file.
struct Excerpt<'a> {
    file: FileId,
    marks: Vec<Mark<'a>>,
}

/// Groups a diagnostic's places by file, that of the fault itself first.
fn excerpts(diagnostic: &Diagnostic) -> Vec<Excerpt<'_>> {
    let mut excerpts = vec![Excerpt {
        file: diagnostic.span.file,
        marks: vec![Mark {
            span: diagnostic.span,
            kind: AnnotationKind::Primary,
            label: diagnostic.label.as_deref(),
        }],
    }];
    for (span, label) in &diagnostic.related {
        let mark = Mark {
            span: *span,
            kind: AnnotationKind::Context,
            label: Some(label),
        };
        match excerpts.iter_mut().find(|e| e.file == span.file) {
            Some(excerpt) => excerpt.marks.push(mark),
            None => excerpts.push(Excerpt {
                file: span.file,
                marks: vec![mark],
            }),
        }
    }
    excerpts
}

impl Excerpt<'_> {
    fn path(&self, sources: &Sources) -> String {
        visible(&sources.path(self.file).display().to_string()).into_owned()
    }

    /// Returns the place as the renderer counts it and as it is, where escapes before it make a difference.
    fn moved_place(&self, sources: &Sources) -> Option<(String, String)> {
        let span = self.marks.first()?.span;
        let text = &sources.file(self.file).text;
        let before = &text[line_start(text, span.start as usize)..span.start as usize];
        let (line, column) = sources.position(span);
        let counted = visible_lines(before).chars().count() + 1;
        let place = |column| format!("{}:{line}:{column}", self.path(sources));
        (counted != column).then(|| (place(counted), place(column)))
    }

    /// Makes the excerpt of the lines from the first mark to the last; none of an empty file.
    fn snippet<'a>(&'a self, sources: &Sources) -> Option<Snippet<'a, Annotation<'a>>> {
        let text = &sources.file(self.file).text;
        let first = self.marks.iter().map(|mark| mark.span.start).min()?;
        let last = self.marks.iter().map(|mark| mark.span.start).max()?;
        let start = line_start(text, first as usize);
        let lines = text.get(start..line_end(text, last as usize))?;
        if text.is_empty() {
            return None;
        }
        let shown = |from: usize, to: usize| visible_lines(&text[from..to]).len();
        let annotations = self.marks.iter().map(|mark| {
            let (from, to) = (mark.span.start as usize, mark.span.end as usize);
            // A fault of many lines is shown by its first.
            let to = to.min(line_end(text, from));
            let at = shown(start, from);
            let annotation = mark.kind.span(at..at + shown(from, to.max(from)));
            annotation.label(mark.label.map(visible))
        });
        let number = text[..start].matches('\n').count() + 1;
        let snippet = Snippet::source(visible_lines(lines).into_owned()).line_start(number);
        Some(snippet.path(self.path(sources)).annotations(annotations))
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |feed| feed + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |feed| at + feed);
    at + text[at..end].trim_end_matches('\r').len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    fn span(file: FileId, text: &str, part: &str) -> Span {
        let start = text.find(part).unwrap();
        Span {
            file,
            start: u32::try_from(start).unwrap(),
            end: u32::try_from(start + part.len()).unwrap(),
        }
    }

    #[test]
    fn a_fault_is_shown_with_its_line_a_caret_and_help() {
        let text = "name: Trial\nfilters:\n    - contry: France\n";
        let mut sources = Sources::default();
        let file = sources.add("campaigns/trial.yaml", text);
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(
            Diagnostic::new(
                Code::UnknownField,
                span(file, text, "contry"),
                "no field `contry`",
            )
            .help("did you mean `country`?"),
        );
        assert_eq!(
            render(&diagnostics, &sources, false),
            "\
error[unknown-field]: no field `contry`
 --> campaigns/trial.yaml:3:7
  |
3 |     - contry: France
  |       ^^^^^^
  |
  = help: did you mean `country`?
"
        );
    }

    #[test]
    fn both_places_of_a_duplicate_are_shown_and_a_long_fault_by_its_first_line() {
        let text = "a: 1\nb:\n  - x\n  - y\na: 2\n";
        let mut sources = Sources::default();
        let file = sources.add("one.yaml", text);
        let other = sources.add("two.yaml", "c: 3\n");
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(
            Diagnostic::new(
                Code::DuplicateKey,
                span(file, text, "a: 2"),
                "the key `a` is given twice",
            )
            .label("again here")
            .related(span(file, text, "a: 1"), "first here")
            .related(span(other, "c: 3\n", "c"), "and there"),
        );
        diagnostics.push(Diagnostic::new(
            Code::EmptyFlow,
            span(file, text, "- x\n  - y"),
            "the flow has no step",
        ));
        assert_eq!(
            render(&diagnostics, &sources, false),
            "\
warning[empty-flow]: the flow has no step
 --> one.yaml:3:3
  |
3 |   - x
  |   ^^^

error[duplicate-key]: the key `a` is given twice
 --> one.yaml:5:1
  |
1 | a: 1
  | ---- first here
...
5 | a: 2
  | ^^^^ again here
  |
 ::: two.yaml:1:1
  |
1 | c: 3
  | - and there
"
        );
    }

    #[test]
    fn hidden_characters_are_shown_as_escapes_and_move_no_caret() {
        let text = "name: \"c\u{200b}1\" # \u{202e}\r\nb: é\tx\r\n";
        let mut sources = Sources::default();
        let file = sources.add("c\u{1b}.yaml", text);
        let mut diagnostics = Diagnostics::default();
        for (part, message) in [("1", "a \u{7}bell"), ("x", "a \u{7}bell again")] {
            diagnostics.push(Diagnostic::new(
                Code::WrongType,
                span(file, text, part),
                message,
            ));
        }
        assert_eq!(
            render(&diagnostics, &sources, false),
            "\
error[wrong-type]: a \\u{7}bell
 --> c\\u{1b}.yaml:1:10
  |
1 | name: \"c\\u{200b}1\" # \\u{202e}
  |                 ^

error[wrong-type]: a \\u{7}bell again
 --> c\\u{1b}.yaml:2:6
  |
2 | b: é    x
  |         ^
"
        );
    }

    #[test]
    fn an_empty_file_is_named_without_an_excerpt() {
        let mut sources = Sources::default();
        let file = sources.add("c.yaml", "");
        let place = Span {
            file,
            start: 0,
            end: 0,
        };
        let fault =
            Diagnostic::new(Code::EmptyFile, place, "the file is empty").help("write `name:`");
        assert_eq!(
            render_one(&fault, &sources, false),
            "error[empty-file]: the file is empty\n--> c.yaml\n = help: write `name:`"
        );
    }

    #[test]
    fn at_most_fifty_faults_are_shown() {
        let mut sources = Sources::default();
        let text = "x\n".repeat(60);
        let file = sources.add("c.yaml", text.as_str());
        let mut diagnostics = Diagnostics::default();
        for line in 0..60 {
            let place = Span {
                file,
                start: line * 2,
                end: line * 2 + 1,
            };
            let message = format!("no key `x{line}`");
            diagnostics.push(Diagnostic::new(Code::UnknownKey, place, message));
        }
        let shown = render(&diagnostics, &sources, false);
        assert_eq!(shown.matches("error[unknown-key]").count(), 50);
        assert!(shown.ends_with("\n\nand 10 more\n"), "{shown}");
    }

    #[test]
    fn equal_faults_are_shown_once_with_their_number_and_the_other_places() {
        let mut sources = Sources::default();
        let text = "contry: A\n".repeat(15);
        let file = sources.add("c.yaml", text.as_str());
        let other = sources.add("d.yaml", "x: 1\ncontry: B\n");
        let mut diagnostics = Diagnostics::default();
        let mut fault = |file, start, help: &str| {
            let place = Span {
                file,
                start,
                end: start + 6,
            };
            let fault = Diagnostic::new(Code::UnknownField, place, "no field `contry`");
            diagnostics.push(fault.help(help));
        };
        for line in 0..3 {
            fault(file, line * 10, "did you mean `country`?");
        }
        fault(other, 5, "did you mean `country`?");
        fault(file, 30, "another help");
        let shown = render(&diagnostics, &sources, false);
        assert_eq!(
            shown,
            "error[unknown-field]: no field `contry`
 --> c.yaml:1:1
  |
1 | contry: A
  | ^^^^^^
  |
  = help: did you mean `country`?
  = note: 4 times: also in c.yaml:2:1, c.yaml:3:1, d.yaml:2:1

error[unknown-field]: no field `contry`
 --> c.yaml:4:1
  |
4 | contry: A
  | ^^^^^^
  |
  = help: another help
"
        );
    }

    #[test]
    fn colour_is_a_choice_of_the_caller() {
        let mut sources = Sources::default();
        let file = sources.add("c.yaml", "x\n");
        let place = Span {
            file,
            start: 0,
            end: 1,
        };
        let fault = Diagnostic::new(Code::UnknownKey, place, "no key `x`");
        assert!(render_one(&fault, &sources, true).contains("\u{1b}["));
        assert!(!render_one(&fault, &sources, false).contains('\u{1b}'));
    }
}
