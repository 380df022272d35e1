//! Values that filters ask for and nobody in a database has.

use crate::campaign::{Campaign, Workspace};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::domain::text::{counted, fold_value};
use crate::domain::{PersonId, Text};
use crate::filter::explain::Wording;
use crate::filter::survey::{AskedValues, Hint};
use crate::filter::{Filter, LeafKind};
use crate::source::campaign::SmartList;
use crate::source::{self, LoadedFiles};
use crate::store::{self, LoadRequest, Store};
use crate::world::{Layout, Needs, Numbering};
use crate::yaml::{Node, NodeKind};

/// People read at a time.
const AT_ONCE: usize = 10_000;

/// Warns of the values that the filters of campaigns ask for and nobody has. Where nobody is there, nothing follows.
pub(super) fn check(
    store: &Store,
    loaded: &LoadedFiles,
    workspace: &Workspace,
    diagnostics: &mut Diagnostics,
) -> store::Result<()> {
    let campaigns = loaded.campaigns.iter().zip(&workspace.campaigns);
    let mut asked: Vec<Asked<'_>> = campaigns
        .flat_map(|(one, two)| Asked::all(one, two))
        .collect();
    let numbering = Numbering::of(&workspace.lists, &workspace.program_names);
    if !count(store, workspace, &numbering, &mut asked)? {
        return Ok(());
    }
    let wording = Wording {
        fields: &workspace.fields,
        activities: &workspace.activities,
        lists: &numbering.lists,
        programs: &numbering.programs,
    };
    for asked in &asked {
        // An empty list is nothing odd in itself, a list with a name like that of another one is.
        let odd = asked.values.hints(&wording).into_iter();
        let odd = odd.filter(|hint| !hint.is_list || hint.nearest.is_some());
        for hint in odd.filter(|hint| !asked.allows_spellings() || !hint.is_one_of_several) {
            if let Some(span) = asked.place(&hint) {
                diagnostics.push(warning(&hint, span));
            }
        }
    }
    Ok(())
}

/// Filters of a campaign, and where they are written.
struct Asked<'a> {
    values: AskedValues<'a>,
    written: Written<'a>,
}

/// Where filters are written.
enum Written<'a> {
    /// In the smart list.
    SmartList(&'a SmartList),
    /// Here alone: the condition of a choice, or a filter that may hold for nobody.
    Here(&'a Node),
}

impl<'a> Asked<'a> {
    /// Returns all filters of a campaign: of the smart list, of choices, and those that its guard lets hold for nobody.
    fn all(written: &'a source::Campaign, campaign: &'a Campaign) -> Vec<Self> {
        let mut all = Vec::new();
        all.extend(written.smart_list.as_ref().map(|list| Self {
            values: AskedValues::of(&campaign.numbered),
            written: Written::SmartList(list),
        }));
        let here = |(filter, node): (&'a Filter, &'a Node)| Self {
            values: AskedValues::of_one(filter),
            written: Written::Here(node),
        };
        let steps = written.flow.iter().flat_map(|flow| &flow.steps);
        for (step, written) in campaign.flow.iter().zip(steps) {
            let choices = written.value.get("choices").and_then(Node::as_list);
            let conditions = choices.into_iter().flatten();
            let conditions = conditions.filter_map(|choice| choice.get("if"));
            let filters = step.choices.iter().map(|choice| &choice.when);
            all.extend(filters.zip(conditions).map(here));
        }
        let guard = written.guard.as_ref();
        let never = guard.and_then(|guard| guard.value.get("never"));
        let filters = campaign.guards.never.iter();
        all.extend(filters.zip(never).map(here));
        all
    }

    /// Whether it is usual to name spellings that nobody may have: a choice makes one of them.
    fn allows_spellings(&self) -> bool {
        matches!(self.written, Written::Here(_))
    }

    /// Finds where a value stands, or else its filter.
    fn place(&self, hint: &Hint) -> Option<Span> {
        let filter = match self.written {
            Written::SmartList(list) => {
                let number: usize = hint.filter.parse().ok()?;
                list.filters.get(number.checked_sub(1)?)?
            }
            Written::Here(node) => node,
        };
        Some(scalar(filter, &fold_value(&hint.value)).unwrap_or(filter.span))
    }
}

/// Counts what everyone has; returns whether there is anyone.
fn count(
    store: &Store,
    workspace: &Workspace,
    numbering: &Numbering,
    asked: &mut [Asked<'_>],
) -> store::Result<bool> {
    let mut needs = Needs {
        lists: true,
        ..Needs::default()
    };
    for campaign in &workspace.campaigns {
        let steps = campaign.flow.iter();
        let conditions = steps.flat_map(|step| step.choices.iter().map(|choice| &choice.when));
        let never = campaign.guards.never.iter();
        for filter in conditions.chain(never).chain([&campaign.filter]) {
            filter.each_leaf(&mut |leaf| {
                if let LeafKind::Field { field, .. } = &leaf.kind {
                    needs.fields.insert(*field);
                }
            });
        }
    }
    let layout = Layout::of(needs.fields.iter().copied(), &workspace.fields);
    let names = workspace.campaigns.iter();
    let names: Vec<Text> = names
        .map(|campaign| Text::clone(&campaign.full_name))
        .collect();
    let (fields, activities) = (&workspace.fields, &workspace.activities);
    let bindings = store.bind(&names, fields, activities, numbering.clone())?;
    let wanted = LoadRequest {
        layout: &layout,
        needs: &needs,
        bindings: &bindings,
    };
    let mut after = None::<PersonId>;
    loop {
        let people = store.people_after(after, AT_ONCE, wanted)?;
        let Some(last) = people.last() else {
            return Ok(after.is_some());
        };
        after = Some(last.id);
        for person in &people {
            for asked in asked.iter_mut() {
                asked.values.count(person, &layout);
            }
        }
    }
}

fn warning(hint: &Hint, span: Span) -> Diagnostic {
    let (about, value) = (&hint.about, &hint.value);
    let message = if hint.is_list {
        format!("nobody is on the list `{value}`")
    } else {
        format!("nobody's `{about}` is `{value}`")
    };
    let fault = Diagnostic::new(Code::ValueNobodyHas, span, message);
    match &hint.nearest {
        None => {
            fault.help("look for the spelling that people have: `bugle person list --columns …`")
        }
        Some((nearest, people)) => {
            let people = counted(*people, "person has", "people have");
            fault.help(format!("did you mean `{nearest}`? {people} it"))
        }
    }
}

fn scalar(node: &Node, key: &str) -> Option<Span> {
    match &node.kind {
        NodeKind::Null => None,
        NodeKind::Scalar { text, .. } => (fold_value(text) == key).then_some(node.span),
        NodeKind::List(nodes) => nodes.iter().find_map(|node| scalar(node, key)),
        NodeKind::Map(entries) => entries.iter().find_map(|entry| scalar(&entry.value, key)),
    }
}
