//! One entry of a smart list: which kind of filter its key names.

use crate::diagnostic::Code;
use crate::domain::FieldId;
use crate::filter::{BuiltIn, Filter, Leaf, LeafKind};
use crate::yaml::{Node, NodeKind};

use super::values::{DescribedTests, tests};
use super::written_filter::WrittenFilter;
use super::{Context, activity, activity_name, membership, sample, unknown};

/// Compiles an entry; where it cannot be understood, a filter that everyone meets.
pub(super) fn filter(node: &Node, cx: &mut Context<'_>) -> Filter {
    let Some(written) = WrittenFilter::of(node, "filter", cx) else {
        return Filter::everyone();
    };
    let compiled = match BuiltIn::named(written.key) {
        Some(BuiltIn::All) => group(&written, Filter::All, cx),
        Some(BuiltIn::Any) => group(&written, Filter::Any, cx),
        Some(BuiltIn::MemberOfList) => membership::lists(&written, cx),
        Some(BuiltIn::MemberOfSmartList) => membership::smart_lists(&written, cx),
        Some(BuiltIn::MemberOfSmartCampaign) => membership::smart_campaigns(&written, cx),
        Some(BuiltIn::MemberOfProgram) => membership::programs(&written, cx),
        Some(BuiltIn::ProgramStatus) => membership::program_status(&written, cx),
        Some(BuiltIn::RandomSample) => sample::filter(&written, cx),
        None => named_by_catalogue(&written, cx),
    };
    compiled.unwrap_or_else(Filter::everyone)
}

fn named_by_catalogue(written: &WrittenFilter<'_>, cx: &mut Context<'_>) -> Option<Filter> {
    if let Some((sense, id)) = activity_name::find(written.key, cx.activities) {
        return activity::filter(written, sense, id, cx);
    }
    if let Some(id) = cx.fields.find(written.key) {
        return field(written, id, cx);
    }
    unknown::filter(written.key, written.key_span, cx);
    None
}

fn group(
    written: &WrittenFilter<'_>,
    make: fn(Vec<Filter>) -> Filter,
    cx: &mut Context<'_>,
) -> Option<Filter> {
    let key = written.key;
    match &written.value.kind {
        NodeKind::List(nodes) if !nodes.is_empty() => {
            let parts = nodes.iter().zip(1..).map(|(node, number): (&Node, usize)| {
                cx.within(&format!("{key}/{number}"), |cx| filter(node, cx))
            });
            Some(make(parts.collect()))
        }
        NodeKind::List(_) | NodeKind::Null => {
            cx.diagnostics.fault(
                Code::MissingValue,
                written.value.span,
                format!("the group `{key}` has no filter"),
            );
            None
        }
        NodeKind::Scalar { .. } | NodeKind::Map(_) => {
            cx.diagnostics.fault_with(
                Code::WrongShape,
                written.value.span,
                format!("the group `{key}` takes a list of filters"),
                format!("write each filter on a line of its own, below `{key}:`, after `- `"),
            );
            None
        }
    }
}

fn field(written: &WrittenFilter<'_>, id: FieldId, cx: &mut Context<'_>) -> Option<Filter> {
    let field = cx.fields.field(id);
    let (name, field_type) = (field.name.clone(), field.field_type);
    if let NodeKind::Null = written.value.kind {
        cx.diagnostics.fault_with(
            Code::MissingValue,
            written.value.span,
            format!("nothing is written after `{}`", written.key),
            format!("to find people without a value write `{name}: {{ is_empty: true }}`"),
        );
        return None;
    }
    let DescribedTests { tests, words } = tests(&written.value, field_type, cx)?;
    Some(Filter::Leaf(Leaf {
        subject: name.replace('_', " "),
        wanted: words,
        kind: LeafKind::Field { field: id, tests },
    }))
}
