//! The flow: steps with their choices.

use crate::campaign::{Action, Choice, Step, StepKind};
use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic};
use crate::domain::text::fold;
use crate::filter::compile as filters;
use crate::source::{self, Spanned, name, reader};
use crate::yaml::{MapEntry, Node, NodeKind};

use super::draft::Draft;
use super::flow_draft::{FlowContext, FlowDraft};
use super::parameters::{Parameters, WITH_CHOICES, known_keys};
use super::{dead_ends, steps, unsupported};

/// Compiles a campaign's flow.
pub(super) fn compile(
    source: &source::Campaign,
    setting: &FlowContext<'_>,
    draft: &mut Draft,
) -> Vec<Step> {
    let written = source.flow.as_ref().map_or(&[][..], |flow| &flow.steps);
    let mut flow = FlowDraft::new(draft, setting);
    let mut steps = Vec::new();
    let mut spans = Vec::new();
    for (place, source) in written.iter().enumerate() {
        flow.step = place + 1;
        flow.step_id = None;
        if let Some(step) = flow.compile_step(source) {
            flow.held.add(&step);
            steps.push(step);
            spans.push(source.name.span);
        }
    }
    if source.flow.as_ref().is_none_or(|flow| flow.entries == 0) {
        let span = source
            .flow
            .as_ref()
            .map_or(source.name.span, |flow| flow.span);
        let message = format!("the flow of `{}` has no step", source.name.value);
        draft.diagnostics.fault(Code::EmptyFlow, span, message);
    }
    dead_ends::unreachable(&steps, &spans, setting.campaign, draft);
    steps
}

impl FlowDraft<'_> {
    fn compile_step(&mut self, source: &source::campaign::Step) -> Option<Step> {
        let kind = self.kind(&source.name)?;
        let mut step = Step {
            id: None,
            kind,
            choices: Vec::new(),
            default: Action::DoNothing,
        };
        let action = match &source.value.kind {
            NodeKind::Map(entries) => {
                let choices = entries.iter().find(|entry| entry.key == "choices");
                let inside = entries.iter().find(|entry| entry.key == "id");
                step.id = self.id(source.id.as_ref(), inside);
                self.step_id.clone_from(&step.id);
                if let Some(choices) = choices {
                    known_keys(entries, kind, &WITH_CHOICES, &mut self.draft.diagnostics);
                    step.choices = self.choices(kind, choices, entries);
                    self.default(kind, choices, entries)
                } else {
                    known_keys(
                        entries,
                        kind,
                        &["id", "choices", "do_nothing"],
                        &mut self.draft.diagnostics,
                    );
                    self.action(
                        Parameters::of(kind, source.name.span, entries, &[]),
                        entries,
                    )
                }
            }
            NodeKind::Null if kind.parameters().is_empty() => {
                self.action(Parameters::of(kind, source.name.span, &[], &[]), &[])
            }
            NodeKind::Null => {
                self.nothing_after(kind, source);
                None
            }
            NodeKind::Scalar { .. } | NodeKind::List(_) => self.bare(kind, &source.value),
        };
        if step.id.is_none() && !matches!(source.value.kind, NodeKind::Map(_)) {
            step.id = self.id(source.id.as_ref(), None);
        }
        step.default = action.unwrap_or(Action::DoNothing);
        Some(step)
    }

    fn kind(&mut self, name: &Spanned<String>) -> Option<StepKind> {
        if let Some(kind) = StepKind::named(&name.value) {
            return Some(kind);
        }
        let written = name.value.as_str();
        if let Some(needs) = unsupported::needs(written) {
            let message = format!("`{written}` needs {needs}, which bugle does not support");
            let help = "take the step out; bugle keeps people, lists, programs and activities";
            self.draft
                .diagnostics
                .fault_with(Code::UnsupportedHere, name.span, message, help);
            return None;
        }
        let names = StepKind::ALL.iter().map(|kind| kind.name());
        let help = did_you_mean(written, names.clone())
            .unwrap_or_else(|| format!("the steps are {}", names.collect::<Vec<_>>().join(", ")));
        let message = format!("no flow step is named `{written}`");
        self.draft
            .diagnostics
            .fault_with(Code::UnknownStep, name.span, message, help);
        None
    }

    fn nothing_after(&mut self, kind: StepKind, source: &source::campaign::Step) {
        let message = format!("`{}` has nothing after it", kind.name());
        self.draft.diagnostics.fault_with(
            Code::MissingValue,
            source.name.span,
            message,
            example(kind),
        );
    }

    /// Reads a step whose value stands alone, as its main parameter.
    fn bare(&mut self, kind: StepKind, node: &Node) -> Option<Action> {
        if kind.main().is_none() {
            let message = format!(
                "`{}` has several parameters, so {} alone does not do",
                kind.name(),
                node.describe()
            );
            self.draft
                .diagnostics
                .fault_with(Code::WrongShape, node.span, message, example(kind));
            return None;
        }
        steps::build(&Parameters::bare(kind, node, &[]), self)
    }

    /// Reads a step's id, which may stand beside the step's name or among its parameters.
    fn id(&mut self, beside: Option<&MapEntry>, inside: Option<&MapEntry>) -> Option<String> {
        let entry = beside.or(inside)?;
        if let (Some(beside), Some(inside)) = (beside, inside) {
            self.draft.diagnostics.push(
                Diagnostic::new(Code::DuplicateKey, inside.key_span, "the step has two ids")
                    .related(beside.key_span, "the other is here"),
            );
        }
        let diagnostics = &mut self.draft.diagnostics;
        if matches!(entry.value.kind, NodeKind::Null) {
            diagnostics.push(reader::missing_value(entry));
            return None;
        }
        let id = name::name(&entry.value, "id", diagnostics)?;
        if let Some(earlier) = self.ids.insert(fold(&id.value), id.span) {
            let message = format!("two steps have the id `{}`", id.value);
            diagnostics.push(
                Diagnostic::new(Code::DuplicateName, id.span, message)
                    .related(earlier, "the other is here"),
            );
        }
        Some(id.value)
    }

    /// Compiles the parameters of one action, unless it does nothing.
    fn action(&mut self, parameters: Parameters<'_>, own: &[MapEntry]) -> Option<Action> {
        if self.does_nothing(own) {
            return Some(Action::DoNothing);
        }
        steps::build(&parameters, self)
    }

    fn does_nothing(&mut self, entries: &[MapEntry]) -> bool {
        let diagnostics = &mut self.draft.diagnostics;
        let Some(entry) = entries.iter().find(|entry| entry.key == "do_nothing") else {
            return false;
        };
        if matches!(entry.value.kind, NodeKind::Null) {
            diagnostics.push(reader::missing_value(entry));
            return true;
        }
        reader::boolean(&entry.value, "do_nothing", diagnostics).is_none_or(|flag| flag.value)
    }

    fn choices(&mut self, kind: StepKind, choices: &MapEntry, common: &[MapEntry]) -> Vec<Choice> {
        let diagnostics = &mut self.draft.diagnostics;
        if matches!(choices.value.kind, NodeKind::Null) {
            diagnostics.push(reader::missing_value(choices));
            return Vec::new();
        }
        let nodes = reader::list(&choices.value, "choices", diagnostics).unwrap_or_default();
        let faults = diagnostics.errors();
        let mut compiled = Vec::new();
        let mut written = Vec::new();
        for (place, node) in nodes.iter().enumerate() {
            if let Some((choice, condition)) = self.choice(kind, place + 1, node, common) {
                compiled.push(choice);
                written.push(dead_ends::WrittenChoice {
                    span: node.span,
                    condition,
                });
            }
        }
        // What stands in for a faulty condition says nothing of the choices after it.
        if self.draft.diagnostics.errors() == faults {
            dead_ends::choices(&compiled, &written, self.draft);
        }
        compiled
    }

    /// Compiles a choice; beside it, the node of its condition.
    fn choice<'n>(
        &mut self,
        kind: StepKind,
        place: usize,
        node: &'n Node,
        common: &[MapEntry],
    ) -> Option<(Choice, &'n Node)> {
        let diagnostics = &mut self.draft.diagnostics;
        let NodeKind::Map(own) = &node.kind else {
            let message = format!("a choice is written `- if: …`, not as {}", node.describe());
            self.draft
                .diagnostics
                .fault(Code::WrongShape, node.span, message);
            return None;
        };
        known_keys(own, kind, &["if", "do_nothing"], diagnostics);
        let condition = own.iter().find(|entry| entry.key == "if");
        let when = match condition {
            None => {
                diagnostics.push(reader::missing_key("a choice", "if", node.span));
                None
            }
            Some(entry) if matches!(entry.value.kind, NodeKind::Null) => {
                diagnostics.push(reader::missing_value(entry));
                None
            }
            Some(entry) => Some((self.condition(&entry.value, place), &entry.value)),
        };
        let action = self.action(Parameters::of(kind, node.span, own, common), own);
        let (when, condition) = when?;
        let action = action.unwrap_or(Action::DoNothing);
        Some((Choice { when, action }, condition))
    }

    fn condition(&mut self, node: &Node, choice: usize) -> crate::filter::Filter {
        let campaign = fold(self.setting.full_name);
        // A step that has an id keeps its samples wherever it is moved.
        let scope = match &self.step_id {
            Some(id) => format!("{campaign} step id {} choice {choice}", fold(id)),
            None => format!("{campaign} step {} choice {choice}", self.step),
        };
        let mut cx = self.draft.filter_context(self.setting.program, scope);
        let filter = filters::one(node, &mut cx);
        self.draft.know_programs();
        filter
    }

    /// Compiles `default:`, which must stand beside choices.
    fn default(
        &mut self,
        kind: StepKind,
        choices: &MapEntry,
        entries: &[MapEntry],
    ) -> Option<Action> {
        let Some(default) = entries.iter().find(|entry| entry.key == "default") else {
            let message = format!("the choices of `{}` have no default", kind.name());
            let help = "say what happens where none matches: `default: do_nothing`, or parameters";
            self.draft.diagnostics.fault_with(
                Code::ChoicesWithoutDefault,
                choices.key_span,
                message,
                help,
            );
            return None;
        };
        match &default.value.kind {
            NodeKind::Null => {
                let diagnostics = &mut self.draft.diagnostics;
                diagnostics.push(reader::missing_value(default));
                None
            }
            NodeKind::Scalar { text, .. } if text == "do_nothing" => Some(Action::DoNothing),
            NodeKind::Map(own) => {
                known_keys(own, kind, &["do_nothing"], &mut self.draft.diagnostics);
                self.action(Parameters::of(kind, default.key_span, own, entries), own)
            }
            NodeKind::Scalar { .. } | NodeKind::List(_) if kind.main().is_some() => {
                steps::build(&Parameters::bare(kind, &default.value, entries), self)
            }
            NodeKind::Scalar { .. } | NodeKind::List(_) => self.bare(kind, &default.value),
        }
    }
}

/// Returns how a step is written, for a help text.
fn example(kind: StepKind) -> String {
    let name = kind.name();
    if let Some(main) = kind.main() {
        return format!("write its `{}` after it: `{name}: …`", main.key);
    }
    let keys: Vec<&str> = kind.parameters().iter().map(|of| of.key).collect();
    format!("write `{name}: {{ {}: … }}`", keys.join(": …, "))
}
