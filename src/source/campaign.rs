//! One campaign as written: its keys are separated, their values are not understood yet.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::yaml::{self, MapEntry, Node, NodeKind};

use super::{MapReader, Program, Spanned, name, reader};

/// One document of a campaign file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Campaign {
    /// The document.
    pub(crate) span: Span,
    /// The file, as people wrote the path.
    pub(crate) file: String,
    /// The bare name; that of the file where the written one cannot be used.
    pub(crate) name: Spanned<String>,
    /// `program:`
    pub(crate) program: Option<Spanned<String>>,
    /// The program that the campaign's folder is.
    pub(crate) folder: Option<Spanned<String>>,
    /// What it is for.
    pub(crate) description: Option<String>,
    /// `executable:`
    pub(crate) executable: Option<Spanned<bool>>,
    /// `smart_list:`
    pub(crate) smart_list: Option<SmartList>,
    /// Part of the smart list could not be read, so that nothing follows from what is missing there.
    pub(crate) smart_list_unread: bool,
    /// `flow:`
    pub(crate) flow: Option<Flow>,
    /// `schedule:` with its key.
    pub(crate) schedule: Option<MapEntry>,
    /// `qualification:`
    pub(crate) qualification: Option<Node>,
    /// `max_people:`
    pub(crate) max_people: Option<Spanned<u64>>,
    /// `guard:` with its key.
    pub(crate) guard: Option<MapEntry>,
    /// `block_non_operational_emails:`
    pub(crate) block_non_operational_emails: Option<Spanned<bool>>,
    /// `priority:`
    pub(crate) priority: Option<Spanned<String>>,
    /// `active:`
    pub(crate) active: Option<Spanned<bool>>,
    /// `marketo_id:`
    pub(crate) marketo_id: Option<Spanned<u64>>,
    /// `tests:`, which `campaign::compile` reads.
    pub(crate) tests: Option<Node>,
    node: Node,
}

/// A smart list as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SmartList {
    /// Its bytes in the file.
    pub(crate) span: Span,
    /// `triggers:`, each as written.
    pub(crate) triggers: Vec<Node>,
    /// `filters:`, each as written.
    pub(crate) filters: Vec<Node>,
    /// `logic:`
    pub(crate) logic: Option<Node>,
}

/// A flow as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flow {
    /// Where `flow` stands.
    pub(crate) span: Span,
    /// Its steps in order.
    pub(crate) steps: Vec<Step>,
    /// The number of entries, including those that are not steps.
    pub(crate) entries: usize,
}

/// One step as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// The whole entry.
    pub(crate) span: Span,
    /// The step's name.
    pub(crate) name: Spanned<String>,
    /// What stands after the name; nothing for a bare `- delete_person`.
    pub(crate) value: Node,
    /// `id:` where it stands beside the name.
    pub(crate) id: Option<MapEntry>,
}

/// Keys that do not count when a definition is compared with a stored one.
const NO_MEANING: [&str; 3] = ["description", "tests", "active"];

impl Campaign {
    /// Reads a document; `folder` is the program that its folder makes, if any.
    pub(super) fn read(
        node: Node,
        file: &str,
        folder: Option<&Program>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let mut keys = MapReader::open(&node, "a campaign", diagnostics)?;
        let span = node.span;
        let written = keys.required("name", diagnostics);
        let name = written
            .and_then(|node| name::name(node, "name", diagnostics))
            .unwrap_or_else(|| named_for_file(file, node.span));
        let program = keys.value("program", diagnostics);
        let program = program.and_then(|node| name::name(node, "program", diagnostics));
        let description = keys.text("description", diagnostics);
        let executable = keys.boolean("executable", diagnostics);
        let faults = diagnostics.errors();
        let smart_list = keys.value("smart_list", diagnostics);
        let smart_list = smart_list.and_then(|node| SmartList::read(node, diagnostics));
        let smart_list_unread = diagnostics.errors() > faults;
        let flow = flow(&mut keys, diagnostics);
        let schedule = keys.entry("schedule").cloned();
        let qualification = keys.value("qualification", diagnostics).cloned();
        let max_people = keys.whole_number("max_people", diagnostics);
        let guard = keys.entry("guard").cloned();
        let block_non_operational_emails =
            keys.boolean("block_non_operational_emails", diagnostics);
        let priority = keys.text("priority", diagnostics).map(owned);
        let active = keys.boolean("active", diagnostics);
        let marketo_id = keys.whole_number("marketo_id", diagnostics);
        let tests = keys.value("tests", diagnostics).cloned();
        keys.close(diagnostics);
        Some(Self {
            span,
            file: file.to_owned(),
            name,
            program,
            folder: folder.map(|program| program.name.clone()),
            description: description.map(|text| text.value.to_owned()),
            executable,
            smart_list,
            smart_list_unread,
            flow,
            schedule,
            qualification,
            max_people,
            guard,
            block_non_operational_emails,
            priority,
            active,
            marketo_id,
            tests,
            node,
        })
    }

    /// Returns whether a place lies in this campaign's document.
    pub(crate) fn contains(&self, place: Span) -> bool {
        place.file == self.span.file && (self.span.start..=self.span.end).contains(&place.start)
    }

    /// Returns the program: that of the folder, else the written one.
    pub(crate) fn in_program(&self) -> Option<&Spanned<String>> {
        self.folder.as_ref().or(self.program.as_ref())
    }

    /// Returns the full name: `Program.Campaign`, or the bare name outside programs.
    pub(crate) fn full_name(&self) -> String {
        match self.in_program() {
            Some(program) => format!("{}.{}", program.value, self.name.value),
            None => self.name.value.clone(),
        }
    }

    /// Returns the definition by which versions are distinguished: without layout, `description`, `tests` and
    /// `active`, and with the program that the folder makes written out.
    pub(crate) fn canonical(&self) -> String {
        let mut node = self.node.clone();
        if let (NodeKind::Map(entries), Some(program)) = (&mut node.kind, &self.folder) {
            entries.retain(|entry| entry.key != "program");
            entries.push(MapEntry {
                key: "program".to_owned(),
                key_span: program.span,
                value: Node {
                    span: program.span,
                    kind: NodeKind::Scalar {
                        text: program.value.clone(),
                        plain: false,
                    },
                },
            });
        }
        yaml::canonical(&node, &NO_MEANING)
    }
}

impl SmartList {
    /// Reads the value of `smart_list:`.
    pub(super) fn read(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut keys = MapReader::open(node, "a smart list", diagnostics)?;
        let triggers = keys.list("triggers", diagnostics).unwrap_or_default();
        let list = Self {
            span: node.span,
            triggers: triggers.to_vec(),
            filters: keys
                .list("filters", diagnostics)
                .unwrap_or_default()
                .to_vec(),
            logic: keys.value("logic", diagnostics).cloned(),
        };
        keys.close(diagnostics);
        Some(list)
    }

    /// Reads a named smart list of the workspace, which has no triggers.
    pub(crate) fn named(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut keys = MapReader::open(node, "a named smart list", diagnostics)?;
        let filters = keys.required("filters", diagnostics);
        let filters = filters.and_then(|node| reader::list(node, "filters", diagnostics));
        let list = Self {
            span: node.span,
            triggers: Vec::new(),
            filters: filters.unwrap_or_default().to_vec(),
            logic: keys.value("logic", diagnostics).cloned(),
        };
        keys.close(diagnostics);
        Some(list)
    }
}

fn flow(keys: &mut MapReader<'_>, diagnostics: &mut Diagnostics) -> Option<Flow> {
    let entry = keys.entry("flow")?;
    if matches!(entry.value.kind, NodeKind::Null) {
        return Some(Flow {
            span: entry.key_span,
            steps: Vec::new(),
            entries: 0,
        });
    }
    let steps = reader::list(&entry.value, "flow", diagnostics)?;
    Some(Flow {
        span: entry.key_span,
        entries: steps.len(),
        steps: steps
            .iter()
            .filter_map(|node| Step::read(node, diagnostics))
            .collect(),
    })
}

impl Step {
    fn read(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar { text, .. } => Some(Self {
                span: node.span,
                name: Spanned {
                    value: text.clone(),
                    span: node.span,
                },
                value: Node {
                    span: node.span,
                    kind: NodeKind::Null,
                },
                id: None,
            }),
            NodeKind::Map(entries) => Self::of(node, entries, diagnostics),
            NodeKind::Null | NodeKind::List(_) => {
                diagnostics.push(no_step(node));
                None
            }
        }
    }
}

impl Step {
    /// Reads a step that is one key, except for an `id` beside it.
    fn of(node: &Node, entries: &[MapEntry], diagnostics: &mut Diagnostics) -> Option<Self> {
        let id = entries.iter().find(|entry| entry.key == "id");
        let mut others = entries.iter().filter(|entry| entry.key != "id");
        let Some(only) = others.next() else {
            diagnostics.push(no_step(node));
            return None;
        };
        if let Some(second) = others.next() {
            diagnostics.push(two_keys(only, second));
            return None;
        }
        Some(Self {
            span: node.span,
            name: Spanned {
                value: only.key.clone(),
                span: only.key_span,
            },
            value: only.value.clone(),
            id: id.cloned(),
        })
    }
}

fn two_keys(first: &MapEntry, second: &MapEntry) -> Diagnostic {
    Diagnostic::new(
        Code::WrongShape,
        second.key_span,
        format!(
            "one entry of a flow is one step, and this one is already `{}`",
            first.key
        ),
    )
    .help(format!(
        "write `- {}: …` on a line of its own, or indent `{}` below `{}` if it belongs to that step",
        second.key, second.key, first.key
    ))
}

fn no_step(node: &Node) -> Diagnostic {
    Diagnostic::new(
        Code::WrongShape,
        node.span,
        format!("a step is written `- name: …`, not as {}", node.describe()),
    )
}

fn owned(text: Spanned<&str>) -> Spanned<String> {
    Spanned {
        value: text.value.to_owned(),
        span: text.span,
    }
}

/// Returns a stand-in name for a campaign without a usable one, so that the rest of it is checked.
fn named_for_file(file: &str, span: Span) -> Spanned<String> {
    let stem = std::path::Path::new(file).file_stem();
    Spanned {
        value: stem.map_or_else(
            || file.to_owned(),
            |stem| stem.to_string_lossy().into_owned(),
        ),
        span,
    }
}
