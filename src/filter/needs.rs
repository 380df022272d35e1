//! What a filter reads, so that the store loads it.

use crate::domain::field::{EMAIL, ID};
use crate::world::Needs;

use super::{Filter, LeafKind};

impl Filter {
    /// Adds everything the filter reads, through named smart lists too.
    ///
    /// Campaigns that a person has passed are always loaded, so they are no need.
    pub(crate) fn needs(&self, needs: &mut Needs) {
        self.each_leaf(&mut |leaf| match &leaf.kind {
            LeafKind::Field { field, .. } => {
                needs.fields.insert(*field);
            }
            LeafKind::Activity(filter) => {
                needs.history.insert(filter.activity);
            }
            LeafKind::MemberOfList { .. } => needs.lists = true,
            LeafKind::MemberOfProgram { .. } | LeafKind::ProgramStatus { .. } => {
                needs.programs = true;
            }
            LeafKind::RandomSample { .. } => {
                needs.fields.extend([EMAIL, ID]);
                needs.first_key = true;
            }
            LeafKind::MemberOfSmartList { .. } | LeafKind::MemberOfSmartCampaign { .. } => {}
        });
    }
}
