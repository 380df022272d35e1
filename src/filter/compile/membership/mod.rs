//! Memberships: of static lists, smart lists, campaigns and programs.

mod program;

use std::sync::Arc;

use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic};
use crate::domain::text::fold;
use crate::domain::{ListId, MemberField};
use crate::filter::{BuiltIn, Filter, Leaf, LeafKind, MEMBER_KEYS, MemberOf, Sense};
use crate::yaml::{MapEntry, Node, NodeKind};

use super::Context;
use super::values::{AssetName, is_any, names};
use super::written_filter::WrittenFilter;

use program::is_constraint;
pub(super) use program::{check_statuses, program_status, programs};

/// One of `is`, `is_not` with the names after it.
struct NamedMembership<'n> {
    sense: Sense,
    names: MembersAsked<'n>,
}

/// What stands after `is` or `is_not`.
enum MembersAsked<'n> {
    /// `any`.
    Any,
    /// Names.
    Named(Vec<AssetName<'n>>),
}

impl NamedMembership<'_> {
    /// Returns how it reads: `is not Competitors`.
    fn words(&self) -> String {
        let is = match self.sense {
            Sense::Positive => "is",
            Sense::Negative => "is not",
        };
        let names = match &self.names {
            MembersAsked::Any => "any".to_owned(),
            MembersAsked::Named(names) => {
                let names: Vec<&str> = names.iter().map(|name| name.text).collect();
                names.join(" or ")
            }
        };
        format!("{is} {names}")
    }
}

/// Compiles `member_of_list`.
pub(super) fn lists(written: &WrittenFilter<'_>, cx: &mut Context<'_>) -> Option<Filter> {
    each(written, BuiltIn::MemberOfList, &[], cx, |asked, cx| {
        let lists = numbers(&asked.names, cx, |name, cx| {
            cx.lists
                .number(name.text, name.span, Code::UnknownList, "list")
                .map(ListId)
        })?;
        let sense = asked.sense;
        Some(LeafKind::MemberOfList { sense, lists })
    })
}

/// Compiles `member_of_smart_list`. `any` is every list that the workspace names; All People is not one of them.
pub(super) fn smart_lists(written: &WrittenFilter<'_>, cx: &mut Context<'_>) -> Option<Filter> {
    let kind = BuiltIn::MemberOfSmartList;
    each(written, kind, &[], cx, |asked, cx| {
        let found = numbers(&asked.names, cx, |name, cx| {
            match cx.smart_lists.get(&fold(name.text)) {
                Some(list) => Ok(Arc::clone(list)),
                None => Err(Box::new(unknown_smart_list(*name, cx))),
            }
        })?;
        let lists = match found {
            MemberOf::These(lists) => lists,
            MemberOf::Any => {
                let own = cx.smart_lists.values().filter(|list| !list.is_system);
                own.cloned().collect()
            }
        };
        if lists.is_empty() {
            cx.diagnostics.fault_with(
                Code::UnknownSmartList,
                written.value.span,
                "the workspace names no smart list",
                "define some under `smart_lists:` in the workspace file",
            );
            return None;
        }
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
    each(written, kind, &[], cx, |asked, cx| {
        let own_program = cx.own_program_name();
        let campaigns = numbers(&asked.names, cx, |name, cx| {
            cx.campaigns
                .resolve(name.text, own_program.as_deref(), name.span)
        })?;
        let sense = asked.sense;
        Some(LeafKind::MemberOfSmartCampaign { sense, campaigns })
    })
}

/// Compiles a leaf for each of `is` and `is_not`; all must hold.
fn each(
    written: &WrittenFilter<'_>,
    filter: BuiltIn,
    fields: &[(String, MemberField)],
    cx: &mut Context<'_>,
    mut leaf: impl FnMut(&NamedMembership<'_>, &mut Context<'_>) -> Option<LeafKind>,
) -> Option<Filter> {
    let asked = asked(written, filter, fields, cx)?;
    let mut leaves: Vec<Filter> = Vec::with_capacity(asked.len());
    for one in &asked {
        let kind = leaf(one, cx)?;
        leaves.push(Filter::Leaf(Leaf {
            subject: filter.name().replace('_', " "),
            wanted: one.words(),
            kind,
        }));
    }
    match leaves.len() {
        1 => leaves.pop(),
        _ => Some(Filter::All(leaves)),
    }
}

fn asked<'n>(
    written: &'n WrittenFilter<'_>,
    filter: BuiltIn,
    fields: &[(String, MemberField)],
    cx: &mut Context<'_>,
) -> Option<Vec<NamedMembership<'n>>> {
    let kind = filter.noun();
    let NodeKind::Map(entries) = &written.value.kind else {
        let names = members(&written.value, kind, cx)?;
        let sense = Sense::Positive;
        return Some(vec![NamedMembership { sense, names }]);
    };
    let mut asked = Vec::new();
    let mut faulty = false;
    for entry in entries {
        let is_field = fields.iter().any(|(key, _)| *key == entry.key);
        if is_field || is_constraint(filter, &entry.key) {
            continue;
        }
        let Some(sense) = sense(&entry.key) else {
            unknown_key(entry, filter, cx);
            faulty = true;
            continue;
        };
        match members(&entry.value, kind, cx) {
            Some(names) => asked.push(NamedMembership { sense, names }),
            None => faulty = true,
        }
    }
    if faulty {
        return None;
    }
    if asked.is_empty() {
        cx.diagnostics.fault_with(
            Code::MissingKey,
            written.value.span,
            format!("`{}` does not say which {kind}", filter.name()),
            format!("write `{}: {{ is: NAME }}`", filter.name()),
        );
        return None;
    }
    Some(asked)
}

/// Reads `any`, or names.
fn members<'n>(node: &'n Node, kind: &str, cx: &mut Context<'_>) -> Option<MembersAsked<'n>> {
    if is_any(node) {
        return Some(MembersAsked::Any);
    }
    names(node, kind, cx).map(MembersAsked::Named)
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
    let fields = if filter == BuiltIn::MemberOfProgram {
        ", and the `member_fields` of the program"
    } else {
        ""
    };
    let declared = cx.member_fields.values().flatten();
    let known = keys.iter().copied();
    let known: Vec<&str> = known
        .chain(declared.map(|field| field.key.as_ref()))
        .collect();
    let help = did_you_mean(&entry.key, known)
        .unwrap_or_else(|| format!("it takes {}{fields}", all.join(", ")));
    let message = format!("`{}` has no `{}`", filter.name(), entry.key);
    cx.diagnostics
        .fault_with(Code::UnknownConstraint, entry.key_span, message, help);
}

/// Resolves every name; the faults of all are reported.
fn numbers<T>(
    asked: &MembersAsked<'_>,
    cx: &mut Context<'_>,
    resolve: impl Fn(&AssetName<'_>, &mut Context<'_>) -> Result<T, Box<Diagnostic>>,
) -> Option<MemberOf<T>> {
    let MembersAsked::Named(names) = asked else {
        return Some(MemberOf::Any);
    };
    let mut resolved = Some(Vec::with_capacity(names.len()));
    for name in names {
        match resolve(name, cx) {
            Ok(one) => {
                if let Some(all) = &mut resolved {
                    all.push(one);
                }
            }
            Err(fault) => {
                cx.diagnostics.push(*fault);
                resolved = None;
            }
        }
    }
    resolved.map(MemberOf::These)
}
