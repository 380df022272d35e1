//! Marketo's flow steps that need a CRM or another service. They are recognised by name and refused with the reason.
//!
//! Source: the list of step names of the reference, section F.

use crate::domain::text::name_key;

/// What a step would need.
const SALESFORCE: &str = "Salesforce";
const DYNAMICS: &str = "Microsoft Dynamics";
const CRM: &str = "a CRM";
const ENGAGEMENT: &str = "engagement programs";
const REVENUE: &str = "revenue models";
const SEGMENTS: &str = "segmentations";
const PARTITIONS: &str = "person partitions";
const FIELD_SETS: &str = "field sets";
const SOCIAL: &str = "Marketo's social apps";
const SMS: &str = "an SMS service";
const VIBES: &str = "Vibes, an SMS service";
const PUSH: &str = "a mobile app with push notifications";
const ACCOUNTS: &str = "named accounts";
const SALES: &str = "Marketo Sales Connect";
const PROGRAM_DATA: &str = "program fields of Marketo";

const STEPS: [(&str, &str); 46] = [
    ("add_to_engagement_program", ENGAGEMENT),
    ("add_to_field_set", FIELD_SETS),
    ("add_to_microsoft_campaign", DYNAMICS),
    ("add_to_nurture", ENGAGEMENT),
    ("add_to_sfdc_campaign", SALESFORCE),
    ("change_engagement_program_cadence", ENGAGEMENT),
    ("change_engagement_program_stream", ENGAGEMENT),
    ("change_lead_partition", PARTITIONS),
    ("change_nurture_cadence", ENGAGEMENT),
    ("change_nurture_track", ENGAGEMENT),
    ("change_owner", CRM),
    ("change_owner_in_microsoft", DYNAMICS),
    ("change_person_partition", PARTITIONS),
    ("change_program_data", PROGRAM_DATA),
    ("change_revenue_stage", REVENUE),
    ("change_segment", SEGMENTS),
    ("change_status_in_sfdc_campaign", SALESFORCE),
    ("convert_lead", SALESFORCE),
    ("convert_person", SALESFORCE),
    ("create_task", SALESFORCE),
    ("create_task_in_microsoft", DYNAMICS),
    ("delete_lead_from_microsoft", DYNAMICS),
    ("delete_lead_from_sfdc", SALESFORCE),
    ("delete_person_from_microsoft", DYNAMICS),
    ("delete_person_from_sfdc", SALESFORCE),
    ("give_credit_to_referrer", SOCIAL),
    ("remove_from_field_set", FIELD_SETS),
    ("remove_from_microsoft_campaign", DYNAMICS),
    ("remove_from_sfdc_campaign", SALESFORCE),
    ("add_to_dynamics_campaign", DYNAMICS),
    ("remove_from_dynamics_campaign", DYNAMICS),
    ("sync_lead_to_microsoft", DYNAMICS),
    ("sync_lead_to_sfdc", SALESFORCE),
    ("sync_person_to_microsoft", DYNAMICS),
    ("sync_person_to_sfdc", SALESFORCE),
    ("change_stream", ENGAGEMENT),
    ("change_cadence", ENGAGEMENT),
    ("send_sms_message", SMS),
    ("subscribe_to_vibes_list", VIBES),
    ("unsubscribe_from_vibes_list", VIBES),
    ("send_push_notification", PUSH),
    ("send_mobile_push_notification", PUSH),
    ("add_to_named_account", ACCOUNTS),
    ("remove_from_named_account", ACCOUNTS),
    ("add_to_sales_campaign", SALES),
    ("remove_from_sales_campaign", SALES),
];

/// Returns what a step of this name needs; nothing where Marketo has no such step, or bugle has it.
pub(super) fn needs(name: &str) -> Option<&'static str> {
    let key = name_key(name);
    let step = STEPS.iter().find(|(step, _)| name_key(step) == key);
    step.map(|(_, needs)| *needs)
}
