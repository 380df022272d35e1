//! From a document whose aliases are edges to the tree: aliases and `<<` resolved, keys checked.

use std::collections::HashMap;

use super::raw::{Document, Index, RawKind, RawScalar};
use super::{MAX_BYTES, MAX_DEPTH, MAX_NODES, MapEntry, Node, NodeKind};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};

/// The message where the budget ends.
const TOO_MUCH: &str = "the file holds too many values, counting what its aliases repeat";

/// How much one file may still grow to.
pub(super) struct Budget {
    nodes: usize,
    bytes: usize,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self {
            nodes: MAX_NODES,
            bytes: 4 * MAX_BYTES,
        }
    }

    /// Pays for one value; false where nothing is left.
    fn pay(&mut self, text: usize) -> bool {
        let left = (self.nodes.checked_sub(1), self.bytes.checked_sub(text));
        let (Some(nodes), Some(bytes)) = left else {
            return false;
        };
        (self.nodes, self.bytes) = (nodes, bytes);
        true
    }
}

/// Makes the tree; nothing where the document is refused as a whole.
pub(super) fn expand(
    document: &Document,
    budget: &mut Budget,
    diagnostics: &mut Diagnostics,
) -> Option<Node> {
    let mut expansion = Expansion {
        values: &document.values,
        budget,
        diagnostics,
        path: Vec::new(),
        alias: None,
    };
    expansion.node(document.root).ok()
}

/// The document is refused; why has been reported.
struct DocumentRefused;

/// An expansion in progress.
struct Expansion<'a> {
    values: &'a [RawScalar],
    budget: &'a mut Budget,
    diagnostics: &'a mut Diagnostics,
    /// The values that lie around the present one, outermost first.
    path: Vec<Index>,
    /// The outermost alias that is being followed. What lies at its anchor is checked there, once.
    alias: Option<Span>,
}

impl Expansion<'_> {
    fn node(&mut self, index: Index) -> Result<Node, DocumentRefused> {
        let values = self.values;
        let raw = &values[index];
        if let RawKind::Alias(target) = raw.kind {
            return self.follow(raw.span, target);
        }
        let text = match &raw.kind {
            RawKind::Scalar(text, _) => text.len(),
            RawKind::Null | RawKind::List(_) | RawKind::Map(_) | RawKind::Alias(_) => 0,
        };
        if !self.budget.pay(text) {
            return Err(self.limit(raw.span, TOO_MUCH));
        }
        if self.path.len() > MAX_DEPTH {
            return Err(self.limit(raw.span, "aliases nest lists and mappings too deep here"));
        }
        self.path.push(index);
        let kind = match &raw.kind {
            RawKind::Null | RawKind::Alias(_) => NodeKind::Null,
            RawKind::Scalar(text, plain) => NodeKind::Scalar {
                text: text.clone(),
                plain: *plain,
            },
            RawKind::List(items) => {
                let items = items.iter().map(|item| self.node(*item));
                NodeKind::List(items.collect::<Result<_, _>>()?)
            }
            RawKind::Map(pairs) => NodeKind::Map(self.entries(pairs)?),
        };
        self.path.pop();
        Ok(Node {
            span: raw.span,
            kind,
        })
    }

    fn follow(&mut self, span: Span, target: Index) -> Result<Node, DocumentRefused> {
        if self.path.contains(&target) {
            let message = "this alias is inside the value that it repeats";
            self.diagnostics
                .push(Diagnostic::new(Code::YamlSyntax, span, message));
            return Err(DocumentRefused);
        }
        let outer = self.alias;
        self.alias = Some(outer.unwrap_or(span));
        let node = self.node(target);
        self.alias = outer;
        node
    }

    fn limit(&mut self, span: Span, message: &str) -> DocumentRefused {
        let span = self.alias.unwrap_or(span);
        let help = format!("a file holds at most {MAX_NODES} values, {MAX_DEPTH} deep");
        self.diagnostics
            .push(Diagnostic::new(Code::YamlLimit, span, message).help(help));
        DocumentRefused
    }

    /// Reports a fault, unless the place is only repeated here by an alias.
    fn report(&mut self, fault: Diagnostic) {
        if self.alias.is_none() {
            self.diagnostics.push(fault);
        }
    }

    fn entries(&mut self, pairs: &[(Index, Index)]) -> Result<Vec<MapEntry>, DocumentRefused> {
        let mut entries: Vec<MapEntry> = Vec::with_capacity(pairs.len());
        let mut seen: HashMap<String, Span> = HashMap::with_capacity(pairs.len());
        let mut merged = Vec::new();
        for (key_index, value_index) in pairs {
            let key_span = self.values[*key_index].span;
            let Some((key, plain)) = self.key(*key_index) else {
                continue;
            };
            if let Some(first) = seen.get(&key) {
                let fault = Diagnostic::new(
                    Code::DuplicateKey,
                    key_span,
                    format!("the key `{key}` is given twice"),
                );
                let fault = fault.label("again here").related(*first, "first here");
                self.report(fault.help("keep one of them"));
                continue;
            }
            seen.insert(key.clone(), key_span);
            let mut value = self.node(*value_index)?;
            if value.is_null() && value.span.start >= value.span.end {
                value.span = key_span;
            }
            if plain && key == "<<" {
                merged.push(value);
            } else {
                entries.push(MapEntry {
                    key,
                    key_span,
                    value,
                });
            }
        }
        for value in merged {
            self.merge(value, &mut entries, &mut seen);
        }
        Ok(entries)
    }

    /// Adds what `<<` brings; keys that are there already win.
    fn merge(&mut self, from: Node, entries: &mut Vec<MapEntry>, seen: &mut HashMap<String, Span>) {
        match from.kind {
            NodeKind::Map(others) => {
                for entry in others {
                    if !seen.contains_key(&entry.key) {
                        seen.insert(entry.key.clone(), entry.key_span);
                        entries.push(entry);
                    }
                }
            }
            NodeKind::List(maps) if maps.iter().all(|map| map.as_map().is_some()) => {
                for map in maps {
                    self.merge(map, entries, seen);
                }
            }
            NodeKind::List(_) | NodeKind::Null | NodeKind::Scalar { .. } => {
                let message = "`<<` takes a mapping, or a list of mappings";
                let fault = Diagnostic::new(Code::WrongShape, from.span, message);
                self.report(
                    fault.help("write `<<: *name`, and `&name` at the mapping to be merged"),
                );
            }
        }
    }

    /// Reads a key and whether it is plain; a key that is not a single text is reported and left out.
    fn key(&mut self, index: Index) -> Option<(String, bool)> {
        let raw = &self.values[index];
        let target = match raw.kind {
            RawKind::Alias(target) => &self.values[target],
            RawKind::Null | RawKind::Scalar(..) | RawKind::List(_) | RawKind::Map(_) => raw,
        };
        let fault = match &target.kind {
            RawKind::Scalar(text, plain) => {
                if self.budget.pay(text.len()) {
                    return Some((text.clone(), *plain));
                }
                Diagnostic::new(Code::YamlLimit, raw.span, TOO_MUCH)
            }
            RawKind::Map(_) => Diagnostic::new(
                Code::WrongShape,
                raw.span,
                "expected a key, found a mapping",
            )
            .help(super::parser_messages::QUOTE_TOKEN),
            RawKind::List(_) => {
                Diagnostic::new(Code::WrongShape, raw.span, "expected a key, found a list")
                    .help("quote text that begins with `[`")
            }
            RawKind::Null | RawKind::Alias(_) => {
                Diagnostic::new(Code::WrongShape, raw.span, "no key before this `:`")
            }
        };
        self.report(fault);
        None
    }
}
