//! What a database says about itself besides its campaigns: zone, fields, activity types, lists.
//!
//! Commands that read or load data want these without compiling every campaign.

use std::collections::BTreeSet;

use crate::campaign::Workspace;
use crate::campaign::compile::compile;
use crate::source::{self, StoredTexts};
use crate::store::Store;

use super::Error;

/// Filters that are no activity's; no person field may have their names either.
const FILTERS: [&str; 8] = [
    "all",
    "any",
    "member_of_list",
    "member_of_program",
    "member_of_smart_campaign",
    "member_of_smart_list",
    "program_status",
    "random_sample",
];

/// Returns the stored workspace without its campaigns; the default one before the first load.
pub fn settings(store: &Store) -> Result<Workspace, Error> {
    let stored = StoredTexts {
        workspace: store.workspace()?,
        ..StoredTexts::default()
    };
    let loaded = source::from_stored(&stored);
    let (workspace, _) = compile(&loaded, &store.stored_fields()?);
    Ok(workspace)
}

/// Returns the names of built-in filters, which no new person field may take.
pub fn reserved_names(workspace: &Workspace) -> BTreeSet<String> {
    let activities = workspace.activities.iter().flat_map(|(_, activity)| {
        let filters = activity.filter.iter().map(String::as_str);
        filters.chain([activity.name.as_ref()])
    });
    let negated = |name: &str| [name.to_owned(), format!("not_{name}")];
    activities.chain(FILTERS).flat_map(negated).collect()
}
