//! Texts that logs repeat, made once: attribute names, sources, and the `reason` attributes of changes.
//!
//! Why a step was skipped or failed is a [`crate::domain::Reason`], whose texts stand there.

use std::sync::Arc;

use crate::campaign::Workspace;
use crate::domain::{CampaignId, FieldId, Key, Text, Value};
use crate::world::Attributes;

macro_rules! words {
    ($( $name:ident = $text:literal; )*) => {
        /// Texts that logs repeat.
        #[derive(Debug)]
        pub(super) struct LogTexts {
            $( pub(super) $name: Text, )*
            /// No attributes.
            pub(super) no_attributes: Attributes,
            /// The source of what flows change.
            pub(super) flow_source: Value,
            field_names: Vec<Text>,
            reasons: Vec<[Value; 5]>,
        }

        impl LogTexts {
            /// Makes them for a workspace.
            pub(super) fn of(workspace: &Workspace) -> Self {
                let reasons = workspace.campaigns.iter().map(|c| Changer::ALL.map(|by| by.reason(&c.full_name))).collect();
                Self {
                    $( $name: Text::from($text), )*
                    no_attributes: Arc::from([]),
                    flow_source: Value::text("Marketo Flow Action"),
                    field_names: workspace.fields.iter().map(|(_, field)| Text::from(field.name.as_str())).collect(),
                    reasons,
                }
            }
        }
    };
}

words! {
    new_value = "new_value";
    previous_value = "previous_value";
    reason = "reason";
    source = "source";
    change = "change";
    new_status = "new_status";
    previous_status = "previous_status";
    success = "success";
    reached_success_date = "reached_success_date";
    acquired_by = "acquired_by";
    choice_number = "choice_number";
    step_id = "step_id";
    campaign_run_id = "campaign_run_id";
    field = "field";
    description = "description";
    qualified = "qualified";
    used_parent_tokens = "used_parent_campaign_token_context";
    until = "until";
    version = "version";
    send_to_list = "send_to_list";
    send_to_owner = "send_to_owner";
    source_type = "source_type";
    lead_source = "lead_source";
    form_name = "form_name";
    list_name = "list_name";
}

/// Which step changed something, as reasons name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Changer {
    /// `change_data_value`
    DataValue,
    /// `change_score`
    Score,
    /// `change_program_status`
    ProgramStatus,
    /// `change_program_success`
    ProgramSuccess,
    /// `change_program_member_data`
    ProgramMemberData,
}

impl Changer {
    const ALL: [Self; 5] = [
        Self::DataValue,
        Self::Score,
        Self::ProgramStatus,
        Self::ProgramSuccess,
        Self::ProgramMemberData,
    ];

    /// The pattern that Marketo's own logs show.
    fn reason(self, campaign: &str) -> Value {
        let action = match self {
            Self::DataValue => "Change Data Value",
            Self::Score => "Change Score",
            Self::ProgramStatus => "Change Program Status",
            Self::ProgramSuccess => "Change Program Success",
            Self::ProgramMemberData => "Change Program Member Data",
        };
        Value::text(&format!(
            "Changed by Smart Campaign {campaign} action {action}"
        ))
    }
}

impl LogTexts {
    /// Returns a field's name, shared.
    pub(super) fn field_name(&self, field: FieldId) -> Text {
        Text::clone(&self.field_names[field.0 as usize])
    }

    /// Returns the reason attribute of a change that a campaign's step made.
    pub(super) fn changed_by(&self, campaign: CampaignId, by: Changer) -> Value {
        self.reasons[campaign.0 as usize][by as usize].clone()
    }
}

/// An attribute list under construction; empty values are left out.
#[derive(Debug, Default)]
pub(super) struct Attribution(Vec<(Key, Value)>);

impl Attribution {
    /// Adds an attribute, unless it is empty.
    pub(super) fn with(mut self, key: &Key, value: Option<Value>) -> Self {
        if let Some(value) = value {
            self.0.push((Key::clone(key), value));
        }
        self
    }

    /// Returns the finished list.
    pub(super) fn done(self) -> Attributes {
        Arc::from(self.0)
    }
}
