//! Memberships: of static lists, smart lists, campaigns and programs.

use std::sync::Arc;

use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic};
use crate::domain::text::{fold, same};
use crate::domain::{FieldType, ListId, ProgramId, Value};
use crate::filter::{BuiltIn, Filter, Leaf, LeafKind, MEMBER_KEYS, Sense};
use crate::yaml::{MapEntry, Node, NodeKind};

use super::Context;
use super::entry::WrittenFilter;
use super::values::{AssetName, DescribedTests, entry_of, names, tests, whole_values};

/// One of `is`, `is_not` with the names after it.
struct NamedMembership<'n> {
    sense: Sense,
    names: Vec<AssetName<'n>>,
}

impl NamedMembership<'_> {
    /// Returns how it reads aloud: `member of list is not Competitors`.
    fn words(&self, filter: BuiltIn) -> String {
        let is = match self.sense {
            Sense::Positive => "is",
            Sense::Negative => "is not",
        };
        let names: Vec<&str> = self.names.iter().map(|name| name.text).collect();
        format!(
            "{} {is} {}",
            filter.name().replace('_', " "),
            names.join(" or ")
        )
    }
}

/// Compiles `member_of_list`.
pub(super) fn lists(written: &WrittenFilter<'_>, cx: &mut Context<'_>) -> Option<Filter> {
    each(written, BuiltIn::MemberOfList, cx, |asked, cx| {
        let lists = numbers(&asked.names, cx, |name, cx| {
            cx.lists
                .number(name.text, name.span, Code::UnknownList, "list")
                .map(ListId)
        })?;
        let sense = asked.sense;
        Some(LeafKind::MemberOfList { sense, lists })
    })
}

/// Compiles `member_of_smart_list`.
pub(super) fn smart_lists(written: &WrittenFilter<'_>, cx: &mut Context<'_>) -> Option<Filter> {
    let kind = BuiltIn::MemberOfSmartList;
    each(written, kind, cx, |asked, cx| {
        let lists = numbers(&asked.names, cx, |name, cx| {
            match cx.smart_lists.get(&fold(name.text)) {
                Some(list) => Ok(Arc::clone(list)),
                None => Err(Box::new(unknown_smart_list(*name, cx))),
            }
        })?;
        let sense = asked.sense;
        Some(LeafKind::MemberOfSmartList { sense, lists })
    })
}

fn unknown_smart_list(name: AssetName<'_>, cx: &Context<'_>) -> Diagnostic {
    let fault = Diagnostic::new(
        Code::UnknownSmartList,
        name.span,
        format!("no smart list is named `{}`", name.text),
    );
    let known = cx.smart_lists.values().map(|list| list.name.as_str());
    let help = did_you_mean(name.text, known).or_else(|| {
        let known = cx.lists.names.find(name.text);
        known.map(|_| "it is a static list: write `member_of_list`".to_owned())
    });
    match help {
        Some(help) => fault.help(help),
        None => fault.help("define it under `smart_lists:` in the workspace file"),
    }
}

/// Compiles `member_of_smart_campaign`.
pub(super) fn smart_campaigns(written: &WrittenFilter<'_>, cx: &mut Context<'_>) -> Option<Filter> {
    let kind = BuiltIn::MemberOfSmartCampaign;
    each(written, kind, cx, |asked, cx| {
        let own_program = cx.own_program_name();
        let campaigns = numbers(&asked.names, cx, |name, cx| {
            cx.campaigns
                .resolve(name.text, own_program.as_deref(), name.span)
        })?;
        let sense = asked.sense;
        Some(LeafKind::MemberOfSmartCampaign { sense, campaigns })
    })
}

/// Compiles `member_of_program` with its constraints `status` and `success`.
pub(super) fn programs(written: &WrittenFilter<'_>, cx: &mut Context<'_>) -> Option<Filter> {
    let kind = BuiltIn::MemberOfProgram;
    let status = entry_of(&written.value, "status");
    let success = entry_of(&written.value, "success");
    let status_words = status.map(|entry| tests(&entry.value, FieldType::String, cx));
    let wanted_success = success.map(|entry| boolean(entry, cx));
    // A fault in one of them does not hide those in the others.
    let faulty = matches!(status_words, Some(None)) || matches!(wanted_success, Some(None));
    let (status_words, wanted_success) = (status_words.flatten(), wanted_success.flatten());
    let filter = each(written, kind, cx, |asked, cx| {
        let programs = numbers(&asked.names, cx, |name, cx| {
            cx.programs
                .number(name.text, name.span, Code::UnknownProgram, "program")
                .map(ProgramId)
        })?;
        if let Some(entry) = status {
            check_statuses(&entry.value, &programs, cx);
        }
        Some(LeafKind::MemberOfProgram {
            sense: asked.sense,
            programs,
            status: status_words
                .as_ref()
                .map_or_else(Vec::new, |words| words.tests.clone()),
            success: wanted_success,
        })
    })?;
    if faulty {
        return None;
    }
    let mut more = String::new();
    if let Some(DescribedTests { words, .. }) = &status_words {
        more = format!(", status {words}");
    }
    if let Some(success) = wanted_success {
        more = format!("{more}, success is {success}");
    }
    Some(with_words(filter, &more))
}

/// Adds to what was written, in each leaf that came of one entry.
fn with_words(filter: Filter, more: &str) -> Filter {
    match filter {
        Filter::Leaf(leaf) => Filter::Leaf(Leaf {
            written: leaf.written + more,
            kind: leaf.kind,
        }),
        Filter::All(parts) => Filter::All(
            parts
                .into_iter()
                .map(|part| with_words(part, more))
                .collect(),
        ),
        Filter::Any(parts) => Filter::Any(
            parts
                .into_iter()
                .map(|part| with_words(part, more))
                .collect(),
        ),
    }
}

/// Compiles `program_status`: that of the campaign's own program.
pub(super) fn program_status(written: &WrittenFilter<'_>, cx: &mut Context<'_>) -> Option<Filter> {
    let Some(program) = cx.own_program else {
        cx.fault_with(
            Code::UnknownProgram,
            written.key_span,
            "`program_status` is that of the campaign's own program, and this one has none",
            "write `member_of_program: { is: NAME, status: STATUS }`",
        );
        return None;
    };
    let DescribedTests { tests, words } = tests(&written.value, FieldType::String, cx)?;
    check_statuses(&written.value, &[program], cx);
    Some(Filter::Leaf(Leaf {
        written: format!("program status {words}"),
        kind: LeafKind::ProgramStatus { program, tests },
    }))
}

/// Finds fault with statuses that none of some programs has; where one's statuses are not known, any may be right.
pub(super) fn check_statuses(node: &Node, programs: &[ProgramId], cx: &mut Context<'_>) {
    let known: Option<Vec<_>> = programs.iter().map(|p| cx.statuses.get(p)).collect();
    let Some(known) = known.filter(|known| !known.is_empty()) else {
        return;
    };
    for name in whole_values(node) {
        let names = || known.iter().copied().flatten().map(AsRef::as_ref);
        if names().any(|status| same(status, name.text)) {
            continue;
        }
        let help = did_you_mean(name.text, names()).unwrap_or_else(|| {
            let all: Vec<String> = names().map(|status| format!("`{status}`")).collect();
            format!("its statuses are {}", all.join(", "))
        });
        let message = format!("the program has no status `{}`", name.text);
        cx.fault_with(Code::UnknownStatus, name.span, message, help);
    }
}

/// Compiles a leaf for each of `is` and `is_not`; all must hold.
fn each(
    written: &WrittenFilter<'_>,
    filter: BuiltIn,
    cx: &mut Context<'_>,
    mut leaf: impl FnMut(&NamedMembership<'_>, &mut Context<'_>) -> Option<LeafKind>,
) -> Option<Filter> {
    let asked = asked(written, filter, cx)?;
    let mut leaves: Vec<Filter> = Vec::with_capacity(asked.len());
    for one in &asked {
        let kind = leaf(one, cx)?;
        let written = one.words(filter);
        leaves.push(Filter::Leaf(Leaf { written, kind }));
    }
    match leaves.len() {
        1 => leaves.pop(),
        _ => Some(Filter::All(leaves)),
    }
}

fn asked<'n>(
    written: &'n WrittenFilter<'_>,
    filter: BuiltIn,
    cx: &mut Context<'_>,
) -> Option<Vec<NamedMembership<'n>>> {
    let kind = filter.noun();
    let NodeKind::Map(entries) = &written.value.kind else {
        let names = names(&written.value, kind, cx)?;
        let sense = Sense::Positive;
        return Some(vec![NamedMembership { sense, names }]);
    };
    let mut asked = Vec::new();
    let mut faulty = false;
    for entry in entries {
        if filter.constraints().iter().any(|of| of.key == entry.key) {
            continue;
        }
        let Some(sense) = sense(&entry.key) else {
            unknown_key(entry, filter, cx);
            faulty = true;
            continue;
        };
        match names(&entry.value, kind, cx) {
            Some(names) => asked.push(NamedMembership { sense, names }),
            None => faulty = true,
        }
    }
    if faulty {
        return None;
    }
    if asked.is_empty() {
        cx.fault_with(
            Code::MissingKey,
            written.value.span,
            format!("`{}` does not say which {kind}", filter.name()),
            format!("write `{}: {{ is: NAME }}`", filter.name()),
        );
        return None;
    }
    Some(asked)
}

/// Returns whether a key names what one is a member of, or is not; nothing where it is another key.
fn sense(key: &str) -> Option<Sense> {
    let senses = [Sense::Positive, Sense::Negative];
    let mut keys = MEMBER_KEYS.into_iter().zip(senses);
    let found = keys.find(|((name, alias), _)| *name == key || *alias == key);
    found.map(|(_, sense)| sense)
}

fn unknown_key(entry: &MapEntry, filter: BuiltIn, cx: &mut Context<'_>) {
    let own = MEMBER_KEYS.into_iter().map(|(key, _)| key);
    let constraints = filter.constraints().iter().map(|of| of.key);
    let keys: Vec<&str> = own.chain(constraints).collect();
    let all: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    let help = did_you_mean(&entry.key, keys.iter().copied())
        .unwrap_or_else(|| format!("it takes {}", all.join(", ")));
    let message = format!("`{}` has no `{}`", filter.name(), entry.key);
    cx.fault_with(Code::UnknownConstraint, entry.key_span, message, help);
}

/// Resolves every name; the faults of all are reported.
fn numbers<T>(
    names: &[AssetName<'_>],
    cx: &mut Context<'_>,
    resolve: impl Fn(&AssetName<'_>, &mut Context<'_>) -> Result<T, Box<Diagnostic>>,
) -> Option<Vec<T>> {
    let mut resolved = Some(Vec::with_capacity(names.len()));
    for name in names {
        match resolve(name, cx) {
            Ok(one) => {
                if let Some(all) = &mut resolved {
                    all.push(one);
                }
            }
            Err(fault) => {
                cx.push(*fault);
                resolved = None;
            }
        }
    }
    resolved
}

fn boolean(entry: &MapEntry, cx: &mut Context<'_>) -> Option<bool> {
    let text = match &entry.value.kind {
        NodeKind::Scalar { text, .. } => text.as_str(),
        NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => "",
    };
    if let Ok(Value::Boolean(wanted)) = Value::parse(text, FieldType::Boolean, cx.zone) {
        return Some(wanted);
    }
    let message = format!("`{}` takes `true` or `false`", entry.key);
    cx.fault(Code::WrongType, entry.value.span, message);
    None
}
