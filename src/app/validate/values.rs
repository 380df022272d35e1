//! Values that filters ask for and nobody in a database has.

use crate::campaign::Workspace;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::domain::text::{counted, fold_value};
use crate::domain::{PersonId, Text};
use crate::filter::LeafKind;
use crate::filter::explain::Wording;
use crate::filter::survey::{AskedValues, Hint};
use crate::source::LoadedFiles;
use crate::source::campaign::SmartList;
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
    let campaigns = workspace.campaigns.iter();
    let mut asked: Vec<AskedValues<'_>> = campaigns
        .map(|campaign| AskedValues::of(&campaign.numbered))
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
    for (written, asked) in loaded.campaigns.iter().zip(&asked) {
        let Some(list) = &written.smart_list else {
            continue;
        };
        // An empty list is nothing odd in itself, a list with a name like that of another one is.
        let odd = asked.hints(&wording).into_iter();
        for hint in odd.filter(|hint| !hint.is_list || hint.nearest.is_some()) {
            if let Some(span) = place(list, &hint) {
                diagnostics.push(warning(&hint, span));
            }
        }
    }
    Ok(())
}

/// Counts what everyone has; returns whether there is anyone.
fn count(
    store: &Store,
    workspace: &Workspace,
    numbering: &Numbering,
    asked: &mut [AskedValues<'_>],
) -> store::Result<bool> {
    let mut needs = Needs {
        lists: true,
        ..Needs::default()
    };
    for campaign in &workspace.campaigns {
        campaign.filter.each_leaf(&mut |leaf| {
            if let LeafKind::Field { field, .. } = &leaf.kind {
                needs.fields.insert(*field);
            }
        });
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
            for values in asked.iter_mut() {
                values.count(person, &layout);
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

/// Finds where a value stands, or else its filter.
fn place(list: &SmartList, hint: &Hint) -> Option<Span> {
    let number: usize = hint.filter.parse().ok()?;
    let filter = list.filters.get(number.checked_sub(1)?)?;
    Some(scalar(filter, &fold_value(&hint.value)).unwrap_or(filter.span))
}

fn scalar(node: &Node, key: &str) -> Option<Span> {
    match &node.kind {
        NodeKind::Null => None,
        NodeKind::Scalar { text, .. } => (fold_value(text) == key).then_some(node.span),
        NodeKind::List(nodes) => nodes.iter().find_map(|node| scalar(node, key)),
        NodeKind::Map(entries) => entries.iter().find_map(|entry| scalar(&entry.value, key)),
    }
}
