//! `program.yaml`: a folder that is a program.

use crate::diagnostic::Diagnostics;
use crate::yaml::{MapEntry, Node, NodeKind};

use super::{MapReader, Spanned, name};

/// One program as written, in a file of its own or as an entry of the workspace's `programs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Program {
    /// `name:`, by which campaigns and tokens refer to the program.
    pub(crate) name: Spanned<String>,
    /// What it is for.
    pub(crate) description: Option<String>,
    /// The channel that gives the statuses.
    pub(crate) channel: Option<Spanned<String>>,
    /// Its own statuses.
    pub(crate) statuses: Option<Node>,
    /// Forms whose fillers become members.
    pub(crate) forms: Option<Node>,
    /// The status that such a form gives.
    pub(crate) form_status: Option<Spanned<String>>,
    /// The fields of its memberships.
    pub(crate) member_fields: Option<Node>,
    /// `tokens:`, not yet understood.
    pub(crate) tokens: Option<Node>,
    /// The mapping it was read from.
    pub(crate) node: Node,
}

impl Program {
    /// Reads a `program.yaml`.
    pub(crate) fn read(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut reader = MapReader::open(node, "a program", diagnostics)?;
        let written = reader.required("name", diagnostics);
        let name = written.and_then(|node| name::name(node, "name", diagnostics));
        let program = Self::body(reader, node, diagnostics);
        Some(program(name?))
    }

    /// Reads an entry of the workspace's `programs`, whose key is the name.
    pub(crate) fn entry(
        name: Spanned<String>,
        node: &Node,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let reader = MapReader::open(node, "a program", diagnostics)?;
        let program = Self::body(reader, node, diagnostics);
        Some(program(name))
    }

    /// Returns the program as an entry of the workspace's `programs`.
    pub(super) fn as_entry(&self) -> MapEntry {
        let mut value = self.node.clone();
        if let NodeKind::Map(keys) = &mut value.kind {
            keys.retain(|entry| entry.key != "name");
        }
        MapEntry {
            key: self.name.value.clone(),
            key_span: self.name.span,
            value,
        }
    }

    fn body(
        mut reader: MapReader<'_>,
        node: &Node,
        diagnostics: &mut Diagnostics,
    ) -> impl FnOnce(Spanned<String>) -> Self + use<> {
        let description = reader.text("description", diagnostics);
        let description = description.map(|text| text.value.to_owned());
        let channel = reader.text("channel", diagnostics).map(|text| Spanned {
            value: text.value.to_owned(),
            span: text.span,
        });
        let statuses = reader.value("statuses", diagnostics).cloned();
        let forms = reader.value("forms", diagnostics).cloned();
        let form_status = reader.text("form_status", diagnostics).map(|text| Spanned {
            value: text.value.to_owned(),
            span: text.span,
        });
        let member_fields = reader.value("member_fields", diagnostics).cloned();
        let tokens = reader.value("tokens", diagnostics).cloned();
        reader.close(diagnostics);
        let node = node.clone();
        move |name| Self {
            name,
            description,
            channel,
            statuses,
            forms,
            form_status,
            member_fields,
            tokens,
            node,
        }
    }
}
