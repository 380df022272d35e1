//! Every trigger, activity filter and flow step that Marketo names, written in a campaign: it works, or is refused by
//! name with the reason. And every constraint that its documents give to a trigger.
//!
//! The names stand in `tests/marketo-names.txt`, in Marketo's spelling, with *Lead*; each is tried with *Person* as well.

use std::collections::BTreeMap;

use serde_json::Value;

use super::tool::Tool;

const NAMES: &str = include_str!("../marketo-names.txt");

/// Returns the names below a heading.
fn names(heading: &str) -> Vec<&'static str> {
    let section = NAMES.split("\n## ").find_map(|section| {
        let (title, names) = section.split_once('\n')?;
        (title == heading).then_some(names)
    });
    section
        .unwrap()
        .lines()
        .filter(|line| !line.is_empty())
        .collect()
}

/// Writes a name as campaign files do: `Opportunity (Account) is Updated` is `opportunity_account_is_updated`.
fn snake(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("_")
}

/// Returns a name in snake case, and with *person* where Marketo's API says *lead*.
fn wordings(name: &str) -> Vec<String> {
    let lead = snake(name);
    let person = lead.replace("lead", "person");
    // A lead ads form is called so after the advertisement.
    if person == lead || lead.contains("lead_ads") || lead.contains("lead_gen") {
        vec![lead]
    } else {
        vec![lead, person]
    }
}

/// How many names there are of a kind, and what happens to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Count {
    pub(super) works: usize,
    pub(super) refused: usize,
}

/// Validates a campaign for each wording of each name; a name works or is refused in all its wordings alike.
fn tried<const N: usize>(headings: [&str; N], campaign: fn(&str) -> String) -> Count {
    let mut count = Count::default();
    for heading in headings {
        let names = names(heading);
        let mut tool = Tool::new().file(
            "campaigns/called.yaml",
            "
            name: Called
            smart_list: { triggers: [ campaign_is_requested: any ] }
            flow: [ add_to_list: Newcomers ]
            ---
            name: Executed
            executable: true
            flow: [ add_to_list: Newcomers ]
            ---
            name: Executing
            smart_list: { triggers: [ campaign_is_requested: any ] }
            flow: [ execute_campaign: Executed ]
            ",
        );
        tool = tool.file(
            "campaigns/workspace.yaml",
            "webhooks: { crm: { url: 'https://crm.example.com/lead' } }\n",
        );
        for (place, name) in names.iter().enumerate() {
            for (wording, key) in wordings(name).iter().enumerate() {
                let file = format!("campaigns/{place}-{wording}.yaml");
                let text = format!("name: Try {place} {wording}\n{}", campaign(key));
                tool = tool.bytes(&file, text);
            }
        }
        let output = codes(&tool.validated("campaigns/"));
        for (place, name) in names.iter().enumerate() {
            let outcomes: Vec<&Vec<String>> = (0..wordings(name).len())
                .map(|wording| &output[&format!("Try {place} {wording}")])
                .collect();
            if outcomes.iter().all(|codes| codes.is_empty()) {
                count.works += 1;
            } else if outcomes.iter().all(|codes| **codes == ["unsupported"]) {
                count.refused += 1;
            } else {
                panic!("{name}: {outcomes:?}");
            }
        }
    }
    count
}

/// Returns the codes that are reported of each campaign.
fn codes(rows: &[Value]) -> BTreeMap<String, Vec<String>> {
    let rows = rows.iter().map(|row| {
        let codes = row["diagnostics"].as_array().unwrap().iter();
        let codes = codes.map(|fault| fault["code"].as_str().unwrap().to_owned());
        let full = row["campaign"].as_str().unwrap();
        let bare = full.rsplit('.').next().unwrap();
        (bare.to_owned(), codes.collect())
    });
    rows.collect()
}

pub(super) fn triggers() -> Count {
    tried(["triggers", "other triggers"], |key| {
        format!("smart_list: {{ triggers: [ {key}: any ] }}\nflow: [ add_to_list: Newcomers ]\n")
    })
}

pub(super) fn filters() -> Count {
    tried(["activity filters", "other activity filters"], |key| {
        format!("smart_list: {{ filters: [ {key}: any ] }}\nflow: [ add_to_list: Newcomers ]\n")
    })
}

pub(super) fn inactivity_filters() -> Count {
    tried(["activity filters", "other activity filters"], |key| {
        format!(
            "smart_list: {{ filters: [ not_{key}: {{ date_of_activity: {{ in_past: 30 days }}, min_number_of_times: 2 }} ] }}\nflow: [ add_to_list: Newcomers ]\n"
        )
    })
}

/// The filters that are of no activity: memberships, samples, and those that need something that bugle does not have.
pub(super) fn other_filters() -> Count {
    tried(["other filters"], |key| {
        let value = match key {
            "member_of_smart_list" => "All People",
            "member_of_smart_campaign" => "Called",
            "random_sample" => "10%",
            "total_opportunity_amount" | "number_of_opportunities" => "{ at_least: 1 }",
            _ => "Newcomers",
        };
        format!(
            "program: Spring\nsmart_list: {{ filters: [ {key}: {value} ] }}\nflow: [ add_to_list: Newcomers ]\n"
        )
    })
}

pub(super) fn steps() -> Count {
    tried(["flow steps", "other flow steps"], |key| {
        let value = PARAMETERS.iter().find(|(step, _)| *step == key);
        let value = value.map_or(String::new(), |(_, value)| format!(": {value}"));
        format!(
            "program: Spring\nsmart_list: {{ triggers: [ fills_out_form: any ] }}\nflow:\n  - {key}{value}\n"
        )
    })
}

/// What the steps that bugle has are written with; the others stand alone.
const PARAMETERS: [(&str, &str); 17] = [
    ("add_to_list", "Newcomers"),
    ("call_webhook", "crm"),
    ("change_data_value", "{ field: country, value: Italy }"),
    ("change_program_member_data", "{ field: seat, value: 12 }"),
    ("change_program_status", "Invited"),
    ("change_program_success", "true"),
    ("change_score", "+5"),
    ("change_status_in_progression", "Invited"),
    ("execute_campaign", "Executed"),
    ("interesting_moment", "{ type: Web }"),
    ("remove_from_flow", "Called"),
    ("remove_from_list", "Newcomers"),
    ("request_campaign", "Called"),
    ("send_alert", "{ email: notice, to: sales_owner }"),
    ("send_email", "welcome"),
    ("wait", "3 days"),
    ("delete_person", "{}"),
];

#[test]
fn every_name_of_marketo_works_or_is_refused_with_the_reason() {
    let output = [
        ("triggers", triggers()),
        ("activity filters", filters()),
        ("inactivity filters", inactivity_filters()),
        ("other filters", other_filters()),
        ("flow steps", steps()),
    ];
    for (kind, Count { works, refused }) in output {
        // Shown with `--nocapture`.
        println!("{kind}: {works} work, {refused} are refused by name");
    }
    let all = |kind: usize| {
        let Count { works, refused } = output[kind].1;
        (works, refused)
    };
    assert_eq!(all(0), (106, 1));
    assert_eq!(all(1), (104, 1));
    assert_eq!(all(2), (104, 1));
    assert_eq!(all(3), (10, 10));
    assert_eq!(all(4), (17, 35));
}

/// The constraints that Marketo's documents give to a trigger and to the filter of the same activity. One of the two that
/// Marketo does not have is left empty.
const CONSTRAINTS: &[(&str, &str, &str)] = &[
    (
        "data_value_changes",
        "data_value_changed",
        "attribute, new_value, previous_value, reason, source",
    ),
    (
        "score_is_changed",
        "score_was_changed",
        "score_name, change, new_score, urgency, priority, relative_score, relative_urgency",
    ),
    (
        "person_is_created",
        "person_was_created",
        "source_type, lead_source, form_name, list_name, sfdc_type, api_method_name, created_date",
    ),
    (
        "fills_out_form",
        "filled_out_form",
        "form, web_page, querystring, client_ip_address, referrer, user_agent, platform, device, form_fields",
    ),
    (
        "visits_web_page",
        "visited_web_page",
        "web_page, querystring, client_ip_address, referrer, user_agent, search_engine, search_query, token, browser, platform, device",
    ),
    (
        "clicks_link",
        "clicked_link",
        "link, web_page, querystring, client_ip, referrer, user_agent",
    ),
    (
        "clicks_link_in_email",
        "clicked_link_in_email",
        "email, link, link_id, is_mobile_device, device, platform, browser, is_predictive_content, is_bot_activity, bot_activity_pattern",
    ),
    (
        "opens_email",
        "opened_email",
        "email, is_mobile_device, device, platform, browser, is_bot_activity, bot_activity_pattern",
    ),
    ("email_is_delivered", "was_delivered_email", "email"),
    (
        "email_bounces",
        "email_bounced",
        "email, category, subcategory, details",
    ),
    (
        "email_bounces_soft",
        "email_bounced_soft",
        "email, category, subcategory, details",
    ),
    (
        "unsubscribes_from_email",
        "unsubscribed_from_email",
        "email, client_ip, referrer, user_agent, querystring, form, web_page",
    ),
    ("campaign_is_requested", "campaign_was_requested", "source"),
    (
        "added_to_list",
        "was_added_to_list",
        "list, source, program_name, program_type",
    ),
    (
        "removed_from_list",
        "was_removed_from_list",
        "list, source, program_name, program_type",
    ),
    (
        "program_status_is_changed",
        "program_status_was_changed",
        "program, new_status, old_status, reason, success, acquired_by",
    ),
    (
        "has_interesting_moment",
        "had_interesting_moment",
        "type, description, source, date",
    ),
    (
        "segment_changes",
        "segment_changed",
        "segmentation, new_segment",
    ),
    (
        "revenue_stage_is_changed",
        "revenue_stage_was_changed",
        "model, new_stage, old_stage, reason",
    ),
    (
        "manual_stage_change",
        "manual_stage_changed",
        "model, new_stage, old_stage, reason",
    ),
    ("owner_changes", "owner_was_changed", "old_owner"),
    (
        "webhook_is_called",
        "webhook_is_called",
        "webhook, response, error_type",
    ),
    (
        "opportunity_is_updated",
        "opportunity_was_updated",
        "opportunity, trigger_attribute",
    ),
    ("added_to_nurture", "was_added_to_nurture", "program, track"),
    (
        "nurture_track_changes",
        "nurture_track_changed",
        "program, new_track, previous_track",
    ),
    (
        "nurture_cadence_changes",
        "nurture_cadence_changed",
        "program, new_cadence",
    ),
    (
        "mobile_app_is_installed",
        "mobile_app_was_installed",
        "mobile_app, device_type, platform, app_version, version, locale, install_source, is_push_enabled",
    ),
    (
        "",
        "has_mobile_app",
        "mobile_app, device_type, platform, version, install_source, is_push_enabled, locale",
    ),
    (
        "mobile_app_is_opened",
        "mobile_app_was_opened",
        "device_type, platform",
    ),
    (
        "has_mobile_app_activity",
        "had_mobile_app_activity",
        "device_type, platform, action, action_type, action_details, action_metric, action_length",
    ),
    (
        "has_mobile_app_session",
        "had_mobile_app_session",
        "device_type, platform, session_length",
    ),
    (
        "taps_push_notification",
        "tapped_push_notification",
        "device_type, platform, app_version, push_notification, platform_version",
    ),
    (
        "",
        "was_sent_push_notification",
        "push_notification, mobile_app",
    ),
];

#[test]
fn every_constraint_of_a_trigger_goes_with_it_and_with_its_filter() {
    let mut tool = Tool::new();
    let mut tries = 0;
    for (trigger, filter, constraints) in CONSTRAINTS {
        for constraint in constraints.split(", ") {
            let asked = format!("{constraint}: {{ is_not_empty: true }}");
            let bounds = "date_of_activity: { in_past: 30 days }, min_number_of_times: 2";
            let entries = [
                ("triggers", trigger, format!("{trigger}: {{ {asked} }}")),
                (
                    "filters",
                    filter,
                    format!("{filter}: {{ {asked}, {bounds} }}"),
                ),
                ("filters", filter, format!("not_{filter}: {{ {asked} }}")),
            ];
            for (place, name, entry) in entries {
                if !name.is_empty() {
                    let text = format!(
                        "name: Try {tries}\nsmart_list: {{ {place}: [ {entry} ] }}\nflow: [ add_to_list: Newcomers ]\n"
                    );
                    tool = tool.bytes(&format!("campaigns/{tries}.yaml"), text);
                    tries += 1;
                }
            }
        }
    }
    tool.done("--quiet campaign validate --deny-warnings");
    assert!(tries > 300, "{tries}");
}

#[test]
fn a_stored_campaign_is_found_again_by_its_name_in_other_letters() {
    let campaign = |name: &str| {
        format!(
            "name: {name}\nsmart_list: {{ filters: [ member_of_smart_list: All People ] }}\nflow: [ change_score: +1 ]\n"
        )
    };
    let mut tool = Tool::new()
        .now("2026-11-02T10:00:00Z")
        .file("campaigns/street.yaml", &campaign("Straße"));
    tool.done("campaign load campaigns");
    for name in ["STRASSE", "strasse", "Straße"] {
        tool.write("campaigns/street.yaml", &campaign(name));
        let loaded = tool.rows("campaign load campaigns");
        assert_eq!(loaded.len(), 1, "{name}: {loaded:?}");
        assert_eq!(tool.rows("campaign list").len(), 1);
    }
}
