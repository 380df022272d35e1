//! The keys of `workspace.yaml`: settings are read here, the other sections are handed on.

use crate::campaign::{CascadeLimit, CommunicationLimits};
use crate::diagnostic::Code;
use crate::diagnostic::suggest::did_you_mean;
use crate::domain::Zone;
use crate::filter::operator::WeekStart;
use crate::source::{self, MapReader, Spanned};
use crate::yaml::Node;

use super::draft::Draft;

/// The sections of a workspace that have a file of their own here.
#[derive(Default)]
pub(super) struct Sections<'a> {
    pub(super) fields: Option<&'a Node>,
    pub(super) lists: Option<&'a Node>,
    pub(super) emails: Option<&'a Node>,
    pub(super) channels: Option<&'a Node>,
    pub(super) programs: Option<&'a Node>,
    pub(super) tokens: Option<&'a Node>,
    pub(super) smart_lists: Option<&'a Node>,
    pub(super) activities: Option<&'a Node>,
    pub(super) webhooks: Option<&'a Node>,
    pub(super) guard: Option<&'a Node>,
    pub(super) max_people: Option<u64>,
}

/// Reads the settings, each section by its key.
pub(super) fn read<'a>(
    workspace: Option<&'a source::Workspace>,
    draft: &mut Draft,
) -> Sections<'a> {
    let Some(workspace) = workspace else {
        return Sections::default();
    };
    let diagnostics = &mut draft.diagnostics;
    let Some(mut keys) = MapReader::open(&workspace.node, "the workspace", diagnostics) else {
        return Sections::default();
    };
    let time_zone = keys.text("time_zone", diagnostics);
    let week_starts_on = keys.text("week_starts_on", diagnostics);
    let limits = keys.value("communication_limits", diagnostics);
    let max_people = keys.whole_number("max_people", diagnostics);
    let cascade = keys.value("cascade_limit", diagnostics);
    let sections = Sections {
        fields: keys.value("fields", diagnostics),
        lists: keys.value("lists", diagnostics),
        emails: keys.value("emails", diagnostics),
        channels: keys.value("channels", diagnostics),
        programs: keys.value("programs", diagnostics),
        tokens: keys.value("tokens", diagnostics),
        smart_lists: keys.value("smart_lists", diagnostics),
        activities: keys.value("activities", diagnostics),
        webhooks: keys.value("webhooks", diagnostics),
        guard: keys.value("guard", diagnostics),
        max_people: max_people.map(|number| number.value),
    };
    keys.close(diagnostics);
    if let Some(name) = time_zone
        && let Some(zone) = zone(name, draft)
    {
        draft.workspace.zone = zone;
    }
    if let Some(day) = week_starts_on {
        week_start(day, draft);
    }
    if let Some(node) = limits {
        communication_limits(node, draft);
    }
    if let Some(node) = cascade {
        cascade_limit(node, draft);
    }
    sections
}

/// Finds a time zone by its name.
pub(super) fn zone(name: Spanned<&str>, draft: &mut Draft) -> Option<Zone> {
    let zone = Zone::named(name.value);
    if zone.is_none() {
        let names = Zone::names();
        let help = did_you_mean(name.value, names.iter().map(String::as_str))
            .unwrap_or_else(|| "write a name such as `Europe/Berlin` or `UTC`".to_owned());
        let message = format!("no time zone is named `{}`", name.value);
        draft
            .diagnostics
            .fault_with(Code::UnknownZone, name.span, message, help);
    }
    zone
}

fn week_start(day: Spanned<&str>, draft: &mut Draft) {
    match day.value.to_ascii_lowercase().as_str() {
        "sunday" => draft.workspace.week_start = WeekStart::Sunday,
        "monday" => draft.workspace.week_start = WeekStart::Monday,
        _ => draft.diagnostics.fault(
            Code::WrongType,
            day.span,
            format!(
                "`week_starts_on` is `sunday` or `monday`, not `{}`",
                day.value
            ),
        ),
    }
}

fn communication_limits(node: &Node, draft: &mut Draft) {
    let diagnostics = &mut draft.diagnostics;
    let Some(mut keys) = MapReader::open(node, "`communication_limits`", diagnostics) else {
        return;
    };
    let per_day = keys.whole_number("per_day", diagnostics);
    let per_7_days = keys.whole_number("per_7_days", diagnostics);
    keys.close(diagnostics);
    draft.workspace.limits = CommunicationLimits {
        per_day: per_day.and_then(|number| small(number, "per_day", draft)),
        per_7_days: per_7_days.and_then(|number| small(number, "per_7_days", draft)),
    };
}

fn cascade_limit(node: &Node, draft: &mut Draft) {
    let diagnostics = &mut draft.diagnostics;
    let Some(mut keys) = MapReader::open(node, "`cascade_limit`", diagnostics) else {
        return;
    };
    let depth = keys.whole_number("depth", diagnostics);
    let total = keys.whole_number("total", diagnostics);
    keys.close(diagnostics);
    let default = CascadeLimit::default();
    let depth = depth.and_then(|number| small(number, "depth", draft));
    let total = total.and_then(|number| small(number, "total", draft));
    draft.workspace.cascade = CascadeLimit {
        depth: depth.unwrap_or(default.depth),
        total: total.unwrap_or(default.total),
    };
}

/// Reads a limit that fits 32 bits.
pub(super) fn small(number: Spanned<u64>, key: &str, draft: &mut Draft) -> Option<u32> {
    let fits = u32::try_from(number.value).ok();
    if fits.is_none() {
        let message = format!("`{key}` is at most {}", u32::MAX);
        draft
            .diagnostics
            .fault(Code::WrongType, number.span, message);
    }
    fits
}
