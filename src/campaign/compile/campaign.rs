//! One campaign, from as written to checked.

use crate::campaign::{Campaign, Guards, Priority, Qualification, Trigger};
use crate::diagnostic::Code;
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::text::fold;
use crate::domain::{CampaignId, Duration, Mode, ProgramId, Text, Value};
use crate::filter::compile as filters;
use crate::filter::{ConstraintOn, Numbered};
use crate::source::{self, MapReader, reader};
use crate::yaml::{Node, NodeKind};

use super::draft::Draft;
use super::flow_draft::FlowContext;
use super::{contradictions, flow, guards, mode, priority, reentry, schedule};

/// Compiles one campaign, or an older version of one.
pub(super) fn compile(source: &source::Campaign, id: CampaignId, draft: &mut Draft) -> Campaign {
    let mode = mode::of(source);
    mode::check(source, mode, draft);
    let full_name = source.full_name();
    let program = source
        .in_program()
        .and_then(|program| draft.workspace.program_names.find(&program.value))
        .map(ProgramId);
    let (triggers, numbered) = smart_list(source, program, &full_name, draft);
    let faults = draft.diagnostics.errors();
    let qualification = source.qualification.as_ref();
    let qualification = qualification.and_then(|node| self::qualification(node, draft));
    let schedule = source.schedule.as_ref();
    let schedule = schedule.and_then(|entry| schedule::compile(entry, draft));
    let trigger_types: Vec<_> = triggers.iter().map(|trigger| trigger.activity).collect();
    let setting = FlowContext {
        campaign: id,
        full_name: &full_name,
        program,
        mode,
        triggers: &trigger_types,
    };
    let guards = guards::compile(
        source.guard.as_ref().map(|entry| &entry.value),
        source.max_people.map(|number| number.value),
        program,
        &fold(&full_name),
        draft,
    );
    let flow = flow::compile(source, &setting, draft);
    if draft.diagnostics.errors() == faults {
        match qualification {
            Some(Qualification::OnceEvery(window)) => reentry::window(window, &flow, source, draft),
            Some(Qualification::OnlyOnce | Qualification::EveryTime) => {}
            None => reentry::recurring(schedule.as_ref(), source, draft),
        }
    }
    let written = source.priority.as_ref();
    let priority = written.and_then(|text| self::priority(text, draft));
    Campaign {
        id,
        full_name: Text::from(full_name.as_str()),
        name: source.name.value.clone(),
        program,
        description: source.description.clone(),
        file: source.file.clone(),
        version: 0,
        mode,
        triggers,
        filter: numbered.filter(),
        numbered,
        schedule,
        qualification: qualification.unwrap_or_default(),
        guards: match mode {
            Mode::Batch => guards.within(&draft.workspace.guards),
            Mode::Triggered | Mode::Executable => Guards::default(),
        },
        obeys_limits: source
            .block_non_operational_emails
            .is_some_and(|flag| flag.value),
        priority: priority.unwrap_or_else(|| priority::of(&flow)),
        active: source.active.map(|flag| flag.value),
        marketo_id: source
            .marketo_id
            .and_then(|id| i64::try_from(id.value).ok()),
        tests: Vec::new(),
        flow,
    }
}

fn smart_list(
    source: &source::Campaign,
    program: Option<ProgramId>,
    full_name: &str,
    draft: &mut Draft,
) -> (Vec<Trigger>, Numbered) {
    let Some(list) = &source.smart_list else {
        return (Vec::new(), Numbered::everyone());
    };
    let faults = draft.diagnostics.errors();
    let mut cx = draft.filter_context(program, fold(full_name));
    let triggers = list.triggers.iter().filter_map(|node| {
        let trigger = filters::trigger(node, &mut cx)?;
        Some(Trigger {
            activity: trigger.activity,
            constraints: trigger.constraints,
            written: trigger.written,
        })
    });
    let triggers: Vec<Trigger> = triggers.collect();
    let numbered = filters::smart_list(&list.filters, list.logic.as_ref(), &mut cx);
    draft.know_programs();
    if draft.diagnostics.errors() == faults {
        contradictions::triggers(list, &triggers, draft);
        requests(list, &triggers, source, draft);
        contradictions::smart_list(list, &numbered.filter(), draft);
    }
    (triggers, numbered)
}

/// Reports requests that never come: a campaign takes those of itself alone.
fn requests(
    list: &source::campaign::SmartList,
    triggers: &[Trigger],
    source: &source::Campaign,
    draft: &mut Draft,
) {
    let names = [source.full_name(), source.name.value.clone()]
        .map(|name| Value::Text(Text::from(name.as_str())));
    for (trigger, node) in triggers.iter().zip(&list.triggers) {
        let of_campaign = trigger
            .constraints
            .iter()
            .filter(|constraint| constraint.attribute == ConstraintOn::Primary)
            .flat_map(|constraint| &constraint.tests);
        let tests: Vec<_> = of_campaign.collect();
        let when = draft.when();
        let comes = |name: &&Value| tests.iter().all(|test| test.holds(Some(name), &when));
        let other = trigger.activity == BuiltinActivity::RequestCampaign.id()
            && !names.iter().any(|name| comes(&name));
        if other {
            let message = "only requests of this campaign reach it, and this asks for another";
            let help = "write `campaign_is_requested: any`; the requesting campaign is in `source`";
            draft
                .diagnostics
                .fault_with(Code::NeverHappens, node.span, message, help);
        }
    }
}

/// Reads `only_once`, `every_time` or `{ once_every: 7 days }`.
fn qualification(node: &Node, draft: &mut Draft) -> Option<Qualification> {
    let diagnostics = &mut draft.diagnostics;
    if let NodeKind::Scalar { text, .. } = &node.kind {
        return match text.as_str() {
            "only_once" => Some(Qualification::OnlyOnce),
            "every_time" => Some(Qualification::EveryTime),
            _ => {
                let message = format!("no qualification rule is named `{text}`");
                let help = "write `only_once`, `every_time` or `{ once_every: 7 days }`";
                draft
                    .diagnostics
                    .fault_with(Code::WrongType, node.span, message, help);
                None
            }
        };
    }
    let mut keys = MapReader::open(node, "`qualification`", diagnostics)?;
    let written = keys.required("once_every", diagnostics);
    keys.close(diagnostics);
    let written = written.and_then(|node| reader::text(node, "once_every", diagnostics))?;
    match Duration::parse(written.value) {
        Ok(window) if window.count > 0 => Some(Qualification::OnceEvery(window)),
        Ok(_) => {
            let message = format!("`{}` is not a length of time", written.value);
            let help = "write `every_time`";
            draft
                .diagnostics
                .fault_with(Code::BadDuration, written.span, message, help);
            None
        }
        Err(help) => {
            let message = format!("`{}` is not a duration", written.value);
            draft
                .diagnostics
                .fault_with(Code::BadDuration, written.span, message, help);
            None
        }
    }
}

fn priority(text: &source::Spanned<String>, draft: &mut Draft) -> Option<Priority> {
    match text.value.as_str() {
        "high" => Some(Priority::High),
        "medium" => Some(Priority::Medium),
        "low" => Some(Priority::Low),
        other => {
            let message = format!("`priority` is `high`, `medium` or `low`, not `{other}`");
            draft.diagnostics.fault(Code::WrongType, text.span, message);
            None
        }
    }
}
