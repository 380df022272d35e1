//! Collects the names of all campaigns before the first one is compiled.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::domain::CampaignId;
use crate::domain::text::{fold, same};
use crate::source::{Campaign, LoadedFiles};

use super::draft::Draft;

/// Takes every campaign's name, and its program's.
pub(super) fn add(loaded: &LoadedFiles, draft: &mut Draft) {
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    let mut marketo: BTreeMap<u64, Span> = BTreeMap::new();
    for (place, campaign) in loaded.campaigns.iter().enumerate() {
        let id = CampaignId(u32::try_from(place).unwrap_or(u32::MAX));
        let full_name = campaign.full_name();
        draft.spans.push(campaign.name.span);
        draft.names.add(id, &full_name, &campaign.name.value);
        if let Some(earlier) = first.insert(fold(&full_name), campaign.name.span) {
            let message = format!("two campaigns are named `{full_name}`");
            draft.diagnostics.push(
                Diagnostic::new(Code::DuplicateName, campaign.name.span, message)
                    .help("rename one of them; case makes no difference")
                    .related(earlier, "the other is here"),
            );
        }
        if let Some(id) = campaign.marketo_id
            && let Some(earlier) = marketo.insert(id.value, id.span)
        {
            let message = format!("two campaigns have the Marketo id {}", id.value);
            draft.diagnostics.push(
                Diagnostic::new(Code::DuplicateName, id.span, message)
                    .related(earlier, "the other is here"),
            );
        }
        program(campaign, draft);
    }
}

/// Takes the program a campaign belongs to, which may not contradict that of its folder.
fn program(campaign: &Campaign, draft: &mut Draft) {
    if let (Some(folder), Some(written)) = (&campaign.folder, &campaign.program)
        && !same(&folder.value, &written.value)
    {
        let message = format!(
            "the folder makes this campaign part of `{}`, not of `{}`",
            folder.value, written.value
        );
        draft.diagnostics.push(
            Diagnostic::new(Code::WrongType, written.span, message)
                .help("take the line out, or move the file")
                .related(folder.span, "the folder's program"),
        );
    }
    if let Some(program) = campaign.in_program() {
        draft.program(&program.value, program.span);
    }
}
