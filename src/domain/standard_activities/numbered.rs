//! The other types to which Marketo gives a number, in its order.
//!
//! Those of a CRM or another service are here too: events may bring them, and filters may ask for them.

use super::{
    ActivityType, BOUNCE, EMAIL, FORM, MAIL, ORIGIN, PROGRAM, REASON, SOURCE, VISIT, WEB_PAGE,
    also, at, row,
};
use crate::domain::FieldType::{Boolean, Integer, String, Text, Url};

pub(super) fn rows() -> Vec<ActivityType> {
    let mut rows = web();
    rows.extend(sales());
    rows.extend(programs());
    rows.extend(social());
    rows
}

fn web() -> Vec<ActivityType> {
    vec![
        row(1, "Visit Webpage")
            .trigger("visits_web_page")
            .filter("visited_web_page")
            .primary(also(
                "web_page",
                String,
                &["Webpage ID", "Webpage ID/URL", "Landing Page"],
            ))
            .with(&[at("webpage_url", Url)])
            .with(VISIT)
            .with(&[
                at("search_engine", String),
                at("search_query", String),
                at("token", String),
                at("browser", String),
                at("platform", String),
                at("device", String),
            ]),
        row(3, "Click Link")
            .trigger("clicks_link")
            .filter("clicked_link")
            .aliases(&[
                "click_link",
                "clicks_link_on_web_page",
                "clicked_link_on_web_page",
            ])
            .primary(also("link", String, &["Link ID"]))
            .with(&[WEB_PAGE])
            .with(VISIT),
        row(27, "Email Bounced Soft")
            .trigger("email_bounces_soft")
            .filter("email_bounced_soft")
            .primary(EMAIL)
            .with(BOUNCE)
            .with(MAIL),
    ]
}

fn sales() -> Vec<ActivityType> {
    let opportunity = at("opportunity", String);
    let sfdc_campaign = also("sfdc_campaign", String, &["Campaign"]);
    let changes = also("data_value_changes", Text, &["Trigger Attribute"]);
    let sent = [at("subject", String), at("sent_by", String)];
    vec![
        row(19, "Sync Person to SFDC")
            .trigger("person_is_synced_to_sfdc")
            .filter("person_was_synced_to_sfdc"),
        row(28, "Sync Person Updates to SFDC")
            .trigger("person_updates_are_synced_to_sfdc")
            .filter("person_updates_were_synced_to_sfdc"),
        row(21, "Convert Person")
            .trigger("person_is_converted")
            .filter("person_was_converted"),
        row(23, "Change Owner")
            .trigger("owner_changes")
            .filter("owner_was_changed")
            .primary(at("owner", String))
            .with(&[also("previous_owner", String, &["Old Owner"])]),
        row(26, "SFDC Activity")
            .trigger("activity_is_logged")
            .filter("activity_was_logged"),
        row(30, "SFDC Activity Updated")
            .trigger("activity_is_updated")
            .filter("activity_was_updated"),
        row(29, "Delete Person from SFDC")
            .trigger("person_is_deleted_from_sfdc")
            .filter("person_was_deleted_from_sfdc"),
        row(31, "SFDC Merge People")
            .trigger("people_are_merged_in_sfdc")
            .filter("people_were_merged_in_sfdc"),
        row(32, "Merge People")
            .trigger("person_is_merged")
            .filter("person_was_merged")
            .with(&[
                at("merge_ids", Text),
                at("merge_source", String),
                at("master_updated", Boolean),
                at("merged_in_sales", Boolean),
            ]),
        row(34, "Add to Opportunity")
            .trigger("added_to_opportunity")
            .filter("was_added_to_opportunity")
            .primary(opportunity),
        row(35, "Remove from Opportunity")
            .trigger("removed_from_opportunity")
            .filter("was_removed_from_opportunity")
            .primary(opportunity),
        row(36, "Update Opportunity")
            .trigger("opportunity_is_updated")
            .filter("opportunity_was_updated")
            .primary(opportunity)
            .with(&[changes]),
        row(39, "Send Sales Email")
            .trigger("is_sent_sales_email")
            .filter("was_sent_sales_email")
            .primary(EMAIL)
            .with(&sent),
        row(40, "Open Sales Email")
            .trigger("opens_sales_email")
            .filter("opened_sales_email")
            .primary(EMAIL)
            .with(&sent),
        row(41, "Click Sales Email")
            .trigger("clicks_link_in_sales_email")
            .filter("clicked_link_in_sales_email")
            .primary(EMAIL)
            .with(&[at("link", Url)])
            .with(&sent),
        row(42, "Add to SFDC Campaign")
            .trigger("added_to_sfdc_campaign")
            .filter("was_added_to_sfdc_campaign")
            .primary(sfdc_campaign),
        row(43, "Remove from SFDC Campaign")
            .trigger("removed_from_sfdc_campaign")
            .filter("was_removed_from_sfdc_campaign")
            .primary(sfdc_campaign),
        row(44, "Change Status in SFDC Campaign")
            .trigger("status_is_changed_in_sfdc_campaign")
            .filter("changed_status_in_sfdc_campaign")
            .primary(sfdc_campaign)
            .with(&[
                at("new_status", String),
                also("previous_status", String, &["Old Status"]),
            ]),
        row(45, "Receive Sales Email")
            .trigger("sales_email_is_received")
            .filter("sales_email_was_received")
            .primary(EMAIL)
            .with(&[at("subject", String), at("received_by", String)]),
        row(48, "Sales Email Bounced")
            .trigger("sales_email_bounces")
            .filter("sales_email_bounced")
            .primary(EMAIL)
            .with(BOUNCE)
            .with(&sent),
        row(300, "Sync Person to Microsoft")
            .trigger("person_is_synced_to_microsoft")
            .filter("person_was_synced_to_microsoft"),
    ]
}

fn programs() -> Vec<ActivityType> {
    let stages = [
        at("new_stage", String),
        at("new_stage_id", Integer),
        also("previous_stage", String, &["Old Stage"]),
        also("previous_stage_id", Integer, &["Old Stage ID"]),
        REASON,
    ];
    let other_party = also("other_person_id", String, &["Lead ID"]);
    vec![
        row(100, "Change Person Partition")
            .trigger("person_partition_changes")
            .filter("person_partition_changed")
            .primary(also("partition", String, &["New Partition"])),
        row(101, "Change Revenue Stage")
            .trigger("revenue_stage_is_changed")
            .filter("revenue_stage_was_changed")
            .primary(at("model", String))
            .with(&stages),
        row(102, "Change Revenue Stage Manually")
            .trigger("manual_stage_change")
            .filter("manual_stage_changed")
            .primary(at("model", String))
            .with(&stages),
        row(106, "Enrich with Data.com")
            .trigger("person_is_enriched_with_data_com")
            .filter("person_was_enriched_with_data_com"),
        row(108, "Change Segment")
            .trigger("segment_changes")
            .filter("segment_changed")
            .primary(at("segmentation", String))
            .with(&[also("new_segment", String, &["New Segment ID"])]),
        row(111, "Sent Forward to Friend Email")
            .trigger("sent_forward_to_friend_email")
            .filter("sent_forward_to_friend_email")
            .primary(EMAIL)
            .with(&[other_party]),
        row(112, "Received Forward to Friend Email")
            .trigger("received_forward_to_friend_email")
            .filter("received_forward_to_friend_email")
            .primary(EMAIL)
            .with(&[other_party]),
        row(113, "Add to Engagement Program")
            .trigger("added_to_engagement_program")
            .filter("was_added_to_engagement_program")
            .aliases(&["add_to_nurture", "added_to_nurture", "was_added_to_nurture"])
            .primary(PROGRAM)
            .with(&[
                also("stream", String, &["Track", "Track Name"]),
                also("stream_id", String, &["Track ID"]),
            ]),
        row(114, "Change Engagement Program Stream")
            .trigger("engagement_program_stream_changes")
            .filter("engagement_program_stream_changed")
            .aliases(&[
                "change_nurture_track",
                "nurture_track_changes",
                "nurture_track_changed",
            ])
            .primary(PROGRAM)
            .with(&[
                also("new_stream", String, &["New Track", "New Track ID"]),
                also(
                    "previous_stream",
                    String,
                    &["Previous Track", "Previous Track ID"],
                ),
            ]),
        row(115, "Change Engagement Program Cadence")
            .trigger("engagement_program_cadence_changes")
            .filter("engagement_program_cadence_changed")
            .aliases(&[
                "change_nurture_cadence",
                "nurture_cadence_changes",
                "nurture_cadence_changed",
            ])
            .primary(PROGRAM)
            .with(&[also("new_cadence", String, &["New Nurture Cadence"])]),
        row(129, "Mobile App Session")
            .trigger("has_mobile_app_session")
            .filter("had_mobile_app_session")
            .primary(also("mobile_app", String, &["App"]))
            .with(&[
                at("device_type", String),
                at("platform", String),
                at("session_length", Integer),
            ]),
        row(131, "Fill Out Facebook Lead Ads Form")
            .trigger("fills_out_lead_ads_form")
            .filter("filled_out_lead_ads_form")
            .aliases(&[
                "fill_out_facebook_lead_form",
                "fills_out_facebook_lead_ads_form",
                "filled_out_facebook_lead_ads_form",
            ])
            .primary(FORM)
            .with(&[at("form_fields", Text)]),
        row(147, "Fill Out LinkedIn Lead Gen Form")
            .trigger("fills_out_linkedin_lead_gen_form")
            .filter("filled_out_linkedin_lead_gen_form")
            .aliases(&[
                "fill_out_linkedin_lead_form",
                "fill_out_linkedin_lead_gen_form",
            ])
            .primary(FORM)
            .with(&[at("form_fields", Text)]),
        row(132, "Click RTP Call to Action")
            .trigger("clicks_rtp_call_to_action")
            .filter("clicked_rtp_call_to_action")
            .primary(at("call_to_action", String)),
        row(133, "Click Predictive Content")
            .trigger("clicks_predictive_content")
            .filter("clicked_predictive_content")
            .primary(at("content", String)),
        row(145, "Push Person to Marketo")
            .trigger("person_is_pushed_to_marketo")
            .filter("person_was_pushed_to_marketo")
            .with(&[REASON, SOURCE])
            .with(ORIGIN),
    ]
}

fn social() -> Vec<ActivityType> {
    let app = also("social_app", String, &["App"]);
    vec![
        row(400, "Share Content")
            .trigger("shares_content")
            .filter("shared_content")
            .primary(app),
        row(401, "Vote in Poll")
            .trigger("votes_in_poll")
            .filter("voted_in_poll")
            .primary(app),
        row(402, "Sign Up for Referral Offer")
            .trigger("signs_up_for_referral_offer")
            .filter("signed_up_for_referral_offer")
            .primary(app),
        row(403, "Achieve Goal in Referral")
            .trigger("achieves_goal_in_referral")
            .filter("achieved_goal_in_referral")
            .primary(app),
        row(405, "Click Shared Link")
            .trigger("clicks_shared_link")
            .filter("clicked_shared_link")
            .primary(app)
            .with(&[at("link", Url)]),
        row(406, "Win Sweepstakes")
            .trigger("wins_sweepstakes")
            .filter("won_sweepstakes")
            .primary(app),
        row(407, "Enter Sweepstakes")
            .trigger("enters_sweepstakes")
            .filter("entered_sweepstakes")
            .primary(app),
        row(408, "Disqualify Sweepstakes")
            .trigger("disqualified_sweepstakes")
            .filter("was_disqualified_in_sweepstakes")
            .primary(app),
        row(409, "Earn Entry")
            .trigger("earns_entry")
            .filter("earned_entry")
            .primary(app),
        row(410, "Refer to Social App")
            .trigger("refers_to_social_app")
            .filter("referred_to_social_app")
            .primary(app),
    ]
}
