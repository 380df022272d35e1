//! Types that Marketo names without a number.
//!
//! Their codes are ours, from 90,005 in the order of this table; they are stored, so rows are only ever added at the end.

use super::{ActivityType, EMAIL, PROGRAM, also, at, row};
use crate::domain::FieldType::{Boolean, Integer, String, Text, Url};

/// The first code that is free after those of [`super::known`].
const FIRST: i32 = 90_005;

pub(super) fn rows() -> Vec<ActivityType> {
    let rows = [opportunities(), sms(), events(), conversations(), apps()];
    let codes = FIRST..;
    rows.into_iter()
        .flatten()
        .zip(codes)
        .map(|(row, code)| ActivityType { code, ..row })
        .collect()
}

/// Begins a row whose code its place gives.
fn next(label: &str) -> ActivityType {
    row(0, label)
}

/// The opportunities of accounts and contacts, and the CRM's own records of people.
fn opportunities() -> Vec<ActivityType> {
    let opportunity = at("opportunity", String);
    let changes = also("data_value_changes", Text, &["Trigger Attribute"]);
    let of = |owner: &str| {
        let snake = owner.to_lowercase();
        [
            next(&format!("Add to Opportunity {owner}"))
                .trigger(&format!("added_to_opportunity_{snake}"))
                .filter(&format!("was_added_to_opportunity_{snake}"))
                .primary(opportunity),
            next(&format!("Remove from Opportunity {owner}"))
                .trigger(&format!("removed_from_opportunity_{snake}"))
                .filter(&format!("was_removed_from_opportunity_{snake}"))
                .primary(opportunity),
            next(&format!("Update Opportunity {owner}"))
                .trigger(&format!("opportunity_{snake}_is_updated"))
                .filter(&format!("opportunity_{snake}_was_updated"))
                .primary(opportunity)
                .with(&[changes]),
        ]
    };
    let mut rows = Vec::from(of("Account"));
    rows.extend(of("Contact"));
    let campaign = also("microsoft_campaign", String, &["Campaign"]);
    rows.extend([
        next("Add to Microsoft Campaign")
            .trigger("added_to_microsoft_campaign")
            .filter("was_added_to_microsoft_campaign")
            .primary(campaign),
        next("Remove from Microsoft Campaign")
            .trigger("removed_from_microsoft_campaign")
            .filter("was_removed_from_microsoft_campaign")
            .primary(campaign),
        next("Delete Person from Microsoft")
            .trigger("person_is_deleted_from_microsoft")
            .filter("person_was_deleted_from_microsoft"),
        next("Change Owner in Microsoft")
            .trigger("owner_changes_in_microsoft")
            .filter("owner_was_changed_in_microsoft")
            .primary(at("owner", String))
            .with(&[also("previous_owner", String, &["Old Owner"])]),
        next("Reply to Sales Email")
            .trigger("replies_to_sales_email")
            .filter("replied_to_sales_email")
            .primary(EMAIL)
            .with(&[at("subject", String), at("received_by", String)]),
    ]);
    rows
}

fn sms() -> Vec<ActivityType> {
    let message = also("sms_message", String, &["Message"]);
    vec![
        next("Click Link in SMS Message")
            .trigger("clicks_link_in_sms_message")
            .filter("clicked_link_in_sms_message")
            .primary(message)
            .with(&[at("link", Url)]),
        next("SMS Message Bounced")
            .trigger("sms_message_bounces")
            .filter("sms_message_bounced")
            .primary(message)
            .with(&[at("category", String), at("details", Text)]),
        next("SMS Message Delivered")
            .trigger("sms_message_is_delivered")
            .filter("was_delivered_sms_message")
            .primary(message),
    ]
}

/// What people do at an interactive webinar.
fn events() -> Vec<ActivityType> {
    vec![
        next("Ask Questions During Event")
            .trigger("asks_questions_during_event")
            .filter("has_asked_questions_during_event")
            .primary(PROGRAM)
            .with(&[at("question", Text)]),
        next("Attend Event")
            .trigger("attends_event")
            .filter("has_attended_event")
            .primary(PROGRAM),
        next("Click on a Link")
            .trigger("clicks_on_a_link")
            .filter("clicked_on_a_link")
            .primary(PROGRAM)
            .with(&[at("link", Url)]),
        next("Download an Asset")
            .trigger("downloads_an_asset")
            .filter("downloaded_an_asset")
            .primary(PROGRAM)
            .with(&[at("asset", String)]),
        next("Respond to a Poll")
            .trigger("responds_to_a_poll")
            .filter("responded_to_a_poll")
            .primary(PROGRAM)
            .with(&[at("poll", String), at("response", Text)]),
        next("Respond to a Survey")
            .trigger("responds_to_a_survey")
            .filter("responded_to_a_survey")
            .primary(PROGRAM)
            .with(&[at("survey", String), at("response", Text)]),
    ]
}

/// What people do in dialogues and conversational flows.
fn conversations() -> Vec<ActivityType> {
    let of = |kind: &str, key: &'static str| {
        let snake = crate::domain::text::snake_case(kind);
        let primary = at(key, String);
        let reaches = match key {
            "dialogue" => ("reaches_dialogue_goal", "reached_dialogue_goal"),
            _ => (
                "reaches_goal_in_conversational_flow",
                "reached_goal_in_conversational_flow",
            ),
        };
        [
            next(&format!("Engage with a {kind}"))
                .trigger(&format!("engages_with_a_{snake}"))
                .filter(&format!("engaged_with_a_{snake}"))
                .primary(primary),
            next(&format!("Engage with an Agent in {kind}"))
                .trigger(&format!("engages_with_an_agent_in_{snake}"))
                .filter(&format!("engaged_with_an_agent_in_{snake}"))
                .primary(primary)
                .with(&[at("agent", String)]),
            next(&format!("Interact with Document in {kind}"))
                .trigger(&format!("interacts_with_document_in_{snake}"))
                .filter(&format!("interacted_with_document_in_{snake}"))
                .primary(primary)
                .with(&[at("document", String)]),
            next(&format!("Reach Goal in {kind}"))
                .trigger(reaches.0)
                .filter(reaches.1)
                .primary(primary)
                .with(&[at("goal", String)]),
            next(&format!("Schedule Meeting in {kind}"))
                .trigger(&format!("schedules_meeting_in_{snake}"))
                .filter(&format!("scheduled_meeting_in_{snake}"))
                .primary(primary)
                .with(&[at("agent", String)]),
        ]
    };
    let mut rows = Vec::from(of("Dialogue", "dialogue"));
    rows.extend(of("Conversational Flow", "conversational_flow"));
    rows
}

/// Named accounts, sales calls and mobile apps.
fn apps() -> Vec<ActivityType> {
    let account = also("named_account", String, &["Account"]);
    let sales_campaign = also("sales_campaign", String, &["Campaign"]);
    let app = also("mobile_app", String, &["App"]);
    let device = [at("device_type", String), at("platform", String)];
    let push = also("push_notification", String, &["Message"]);
    vec![
        next("Add to Named Account")
            .trigger("added_to_named_account")
            .filter("was_added_to_named_account")
            .primary(account),
        next("Remove from Named Account")
            .trigger("removed_from_named_account")
            .filter("was_removed_from_named_account")
            .primary(account),
        next("Add to Sales Campaign")
            .trigger("is_added_to_sales_campaign")
            .filter("was_added_to_sales_campaign")
            .primary(sales_campaign),
        next("Remove from Sales Campaign")
            .trigger("is_removed_from_sales_campaign")
            .filter("was_removed_from_sales_campaign")
            .primary(sales_campaign),
        next("Receive Sales Call")
            .trigger("received_sales_call")
            .filter("received_sales_call"),
        next("Install Mobile App")
            .trigger("mobile_app_is_installed")
            .filter("mobile_app_was_installed")
            .aliases(&["has_mobile_app"])
            .primary(app)
            .with(&device)
            .with(&[
                also("app_version", String, &["Version"]),
                at("locale", String),
                at("install_source", String),
                at("is_push_enabled", Boolean),
            ]),
        next("Open Mobile App")
            .trigger("mobile_app_is_opened")
            .filter("mobile_app_was_opened")
            .primary(app)
            .with(&device),
        next("Mobile App Activity")
            .trigger("has_mobile_app_activity")
            .filter("had_mobile_app_activity")
            .primary(app)
            .with(&device)
            .with(&[
                at("action", String),
                at("action_type", String),
                at("action_details", Text),
                at("action_metric", Integer),
                at("action_length", Integer),
            ]),
        next("Tap Push Notification")
            .trigger("taps_push_notification")
            .filter("tapped_push_notification")
            .aliases(&[
                "taps_mobile_push_notification",
                "tapped_mobile_push_notification",
            ])
            .primary(push)
            .with(&device)
            .with(&[
                app,
                at("app_version", String),
                at("platform_version", String),
            ]),
        next("Send Push Notification")
            .filter("was_sent_push_notification")
            .primary(push)
            .with(&[app]),
    ]
}
