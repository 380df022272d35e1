//! What a database says about itself besides its campaigns: zone, fields, activity types, lists.
//!
//! Commands that read or load data want these without compiling every campaign.

use std::collections::BTreeSet;

use crate::campaign::Workspace;
use crate::campaign::compile::compile;
use crate::filter::BuiltIn;
use crate::source::{self, StoredTexts};
use crate::store::Store;

use super::Error;

/// Returns the stored workspace without its campaigns; the default one before the first load.
pub(crate) fn settings(store: &Store) -> Result<Workspace, Error> {
    let stored = StoredTexts {
        workspace: store.workspace()?,
        ..StoredTexts::default()
    };
    let loaded = source::from_stored(&stored);
    let (workspace, _) = compile(&loaded, &store.stored_fields()?);
    Ok(workspace)
}

/// Returns the names of built-in filters, which no new person field may take.
pub(crate) fn reserved_names(workspace: &Workspace) -> BTreeSet<String> {
    let activities = workspace.activities.iter().flat_map(|(_, activity)| {
        let filters = activity.filter.iter().map(String::as_str);
        filters.chain([activity.name.as_ref()])
    });
    let built_ins = BuiltIn::ALL.iter().map(|filter| -> &str { filter.name() });
    let negated = |name: &str| [name.to_owned(), format!("not_{name}")];
    activities.chain(built_ins).flat_map(negated).collect()
}
