//! The types that the engine itself writes or reads, in the order of [`BuiltinActivity`](crate::domain::activity_type::BuiltinActivity).

use super::{
    ActivityType, BOUNCE, CAMPAIGN, EMAIL, FORM, LIST, MAIL, ORIGIN, PROGRAM, READER, REASON,
    SOURCE, VISIT, WEB_PAGE, also, at, of_field, row,
};
use crate::domain::FieldType::{Boolean, Date, Datetime, Integer, String, Text, Url};

pub(super) fn rows() -> Vec<ActivityType> {
    let mut rows = changes();
    rows.extend(mails());
    rows.extend(steps());
    rows
}

fn changes() -> Vec<ActivityType> {
    vec![
        row(12, "New Person")
            .trigger("person_is_created")
            .filter("person_was_created")
            .with(&[
                at("source_type", String),
                at("lead_source", String),
                at("form_name", String),
                at("list_name", String),
                at("sfdc_type", String),
                at("created_date", Date),
            ])
            .with(ORIGIN),
        row(13, "Change Data Value")
            .trigger("data_value_changes")
            .filter("data_value_changed")
            .primary(also("field", String, &["Attribute", "Attribute Name"]))
            .with(&[
                of_field("new_value", &[]),
                of_field("previous_value", &["Old Value"]),
                REASON,
                SOURCE,
            ])
            .with(ORIGIN),
        row(22, "Change Score")
            .trigger("score_is_changed")
            .filter("score_was_changed")
            .primary(also(
                "field",
                String,
                &["Score Name", "Attribute", "Attribute Name"],
            ))
            .with(&[
                also("change", Integer, &["Change Value"]),
                also("new_value", Integer, &["New Score"]),
                also(
                    "previous_value",
                    Integer,
                    &["Old Value", "Old Score", "Previous Score"],
                ),
                REASON,
                SOURCE,
                at("urgency", Integer),
                at("priority", Integer),
                at("relative_score", Integer),
                at("relative_urgency", Integer),
            ]),
        row(24, "Add to List")
            .trigger("added_to_list")
            .filter("was_added_to_list")
            .primary(LIST)
            .with(&[
                SOURCE,
                at("program_name", String),
                at("program_type", String),
            ]),
        row(25, "Remove from List")
            .trigger("removed_from_list")
            .filter("was_removed_from_list")
            .primary(LIST)
            .with(&[
                SOURCE,
                at("program_name", String),
                at("program_type", String),
            ]),
    ]
}

fn mails() -> Vec<ActivityType> {
    vec![
        row(6, "Send Email")
            .filter("was_sent_email")
            .primary(EMAIL)
            .with(MAIL),
        row(7, "Email Delivered")
            .trigger("email_is_delivered")
            .filter("was_delivered_email")
            .primary(EMAIL)
            .with(MAIL),
        row(8, "Email Bounced")
            .trigger("email_bounces")
            .filter("email_bounced")
            .primary(EMAIL)
            .with(BOUNCE)
            .with(MAIL),
        row(9, "Unsubscribe Email")
            .trigger("unsubscribes_from_email")
            .filter("unsubscribed_from_email")
            .primary(EMAIL)
            .with(VISIT)
            .with(&[FORM, WEB_PAGE, at("form_fields", Text)])
            .with(MAIL),
        row(10, "Open Email")
            .trigger("opens_email")
            .filter("opened_email")
            .primary(EMAIL)
            .with(READER)
            .with(MAIL),
        row(11, "Click Email")
            .trigger("clicks_link_in_email")
            .filter("clicked_link_in_email")
            .primary(EMAIL)
            .with(&[
                at("link", Url),
                at("link_id", String),
                also("is_predictive", Boolean, &["Is Predictive Content"]),
            ])
            .with(READER)
            .with(MAIL),
        row(2, "Fill Out Form")
            .trigger("fills_out_form")
            .filter("filled_out_form")
            .primary(FORM)
            .with(&[WEB_PAGE])
            .with(VISIT)
            .with(&[
                at("platform", String),
                at("device", String),
                at("form_fields", Text),
            ]),
        row(38, "Send Alert")
            .trigger("sent_alert")
            .filter("alert_was_sent")
            .primary(EMAIL)
            .with(&[at("send_to_owner", String), at("send_to_list", Text)]),
    ]
}

fn steps() -> Vec<ActivityType> {
    vec![
        row(37, "Delete Person"),
        row(46, "Interesting Moment")
            .trigger("has_interesting_moment")
            .filter("had_interesting_moment")
            .primary(at("type", String))
            .with(&[at("description", Text), SOURCE, at("date", Datetime)]),
        row(47, "Request Campaign")
            .trigger("campaign_is_requested")
            .filter("campaign_was_requested")
            .primary(CAMPAIGN)
            .with(&[SOURCE]),
        row(104, "Change Program Status")
            .trigger("program_status_is_changed")
            .filter("program_status_was_changed")
            .aliases(&[
                "change_status_in_progression",
                "progression_status_is_changed",
                "progression_status_was_changed",
            ])
            .primary(PROGRAM)
            .with(&[
                at("new_status", String),
                also("previous_status", String, &["Old Status"]),
                at("success", Boolean),
                REASON,
                at("acquired_by", Boolean),
                at("new_status_id", Integer),
                also("previous_status_id", Integer, &["Old Status ID"]),
                at("program_member_id", Integer),
                at("reached_success_date", Datetime),
                at("status_reason", Text),
                at("webinar_url", Url),
                at("registration_code", String),
            ]),
        row(90_500, "Change Program Success")
            .trigger("program_success_is_changed")
            .filter("program_success_was_changed")
            .primary(PROGRAM)
            .with(&[
                at("success", Boolean),
                at("reached_success_date", Datetime),
                REASON,
            ]),
        row(110, "Call Webhook")
            .trigger("webhook_is_called")
            .filter("webhook_was_called")
            .aliases(&["webhook_is_called"])
            .primary(at("webhook", String))
            .with(&[at("response", Text), at("error_type", String)]),
        row(123, "Change Program Member Data")
            .trigger("program_member_data_is_changed")
            .filter("program_member_data_was_changed")
            .primary(PROGRAM)
            .with(&[
                also("field", String, &["Attribute", "Attribute Name"]),
                at("new_value", String),
                also("previous_value", String, &["Old Value"]),
                REASON,
                SOURCE,
            ]),
        row(90_001, "Execute Campaign")
            .filter("campaign_was_executed")
            .primary(CAMPAIGN)
            .with(&[
                at("qualified", Boolean),
                at("used_parent_campaign_token_context", Boolean),
            ]),
        row(90_002, "Remove from Flow").primary(CAMPAIGN),
        row(90_003, "Wait Started").with(&[at("until", Datetime)]),
        row(90_004, "Wait Ended").with(&[at("version", Integer)]),
    ]
}
