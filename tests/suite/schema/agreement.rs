//! The compiler and the schema take the same files and refuse the same files.

use super::{
    EVERYONE, File, STEP, faults, validated, with_filter, with_schedule, with_step, with_trigger,
};

#[test]
fn the_tests_of_a_campaign_are_checked_key_by_key() {
    let with_test = |keys: &str| {
        format!(
            "name: Trial\n{EVERYONE}\n{STEP}\ntests: [ {{ name: it counts, now: 2026-11-02T09:00:00Z, {keys} }} ]"
        )
    };
    let right = [
        "people: [ { email: ann@example.com, lead_score: 30, vip: true, city: null, lists: [Readers] } ], run: true, expect: [ { qualified: 1 } ]",
        "people: [ { id: 7, lists: Readers } ], with: Other, advance_to: 2026-11-03 09:00, expect: []",
        "events: [ { at: 2026-11-02T10:00:00Z, person: ann@example.com, type: opens_email, email: spring } ], expect: [ { person: ann@example.com, activities: [], not_activities: send_email, fields: { city: null } } ]",
    ];
    for keys in right {
        assert_eq!(faults(File::Campaign, &with_test(keys)), [""; 0], "{keys}");
    }
    let wrong = [
        "expct: []",
        "people: [ { lead_score: 30 } ], expect: []",
        "events: [ { at: 2026-11-02T10:00:00Z, type: opens_email } ], expect: []",
        "expect: [ { person: ann@example.com, activites: [] } ]",
        "expect: [ {} ]",
    ];
    for keys in wrong {
        let campaign = with_test(keys);
        assert_ne!(faults(File::Campaign, &campaign), [""; 0], "{keys}");
    }
}

#[test]
fn other_spellings_that_the_compiler_takes_are_taken() {
    let campaigns = [
        with_filter("Lead Score: { at_least: 5 }"),
        with_filter("firstName: Ann"),
        with_filter("Opened Email: spring"),
        with_filter("created_at: { in_time_frame: Last 7 Days }"),
        with_filter("created_at: { in_past: 3 Days }"),
        with_filter("unsubscribed: \"true\""),
        with_filter("state: [ true, 1, x ]"),
        with_filter("lead_score: \"5\""),
        with_filter("member_of_list: { in: A, not_in: [ B ] }"),
        with_trigger("data_value_changes: { field: title, Previous Value: x }"),
        with_trigger("opens_email"),
        with_trigger("opens_email: ANY"),
        with_trigger("person_is_created:"),
        with_step("delete_person"),
        with_step("delete_lead"),
        with_step("{ delete_person: , id: gone }"),
        with_step("change_data_value: { field: title, value: NULL }"),
        with_step("change_score: { change: =5, do_nothing: false }"),
        with_schedule("first_run: 2027-01-01 09:00, repeat: weekly, weekdays: Monday"),
    ];
    for campaign in campaigns {
        let (valid, report) = validated(None, &campaign);
        assert!(valid, "{campaign}\n{report}");
        assert_eq!(faults(File::Campaign, &campaign), [""; 0], "{campaign}");
    }
}

#[test]
fn what_is_wrong_with_a_campaign_both_refuse() {
    let campaigns = [
        EVERYONE.to_owned(),
        format!("name: Trial\n{STEP}"),
        format!("name: Trial\n{EVERYONE}\n{STEP}\ncolour: red"),
        format!("name: [ Trial ]\n{EVERYONE}\n{STEP}"),
        format!("name: \" \"\n{EVERYONE}\n{STEP}"),
        format!("name: Trial\n{EVERYONE}\n{STEP}\nmax_people: many"),
        format!("name: Trial\n{EVERYONE}\n{STEP}\nmax_people: -1"),
        format!("name: Trial\n{EVERYONE}\n{STEP}\nblock_non_operational_emails: yes"),
        format!("name: Trial\n{EVERYONE}\n{STEP}\nqualification: twice"),
        format!("name: Trial\n{EVERYONE}\n{STEP}\nqualification: {{ once_every: 7 }}"),
        format!("name: Trial\n{EVERYONE}\nflow: {{ change_score: +1 }}"),
        format!("name: Trial\nsmart_list: {{ filter: [] }}\n{STEP}"),
        format!("{}\npriority: urgent", with_trigger("opens_email: any")),
        with_filter("lead_score: { at_last: 5 }"),
        with_filter("lead_score: { contains: 5 }"),
        with_filter("lead_score: many"),
        with_filter("lead_score: { between: 5 }"),
        with_filter("lead_score: { between: [ 5 ] }"),
        with_filter("state: { }"),
        with_filter("state: [ ]"),
        with_filter("state: { is_empty: [ true ] }"),
        with_filter("unsubscribed: [ true, false ]"),
        with_filter("created_at: { in_past: 30d }"),
        with_filter("created_at: { in_time_frame: next_year }"),
        with_filter("{ state: CA, city: Reno }"),
        with_filter("any: CA"),
        with_filter("all: [ ]"),
        with_filter("random_sample: 10"),
        with_filter("member_of_list: { status: x }"),
        with_filter("member_of_program: { status: x }"),
        with_filter("opened_email: { emial: x }"),
        with_filter("not_opened_email: { min_number_of_times: few }"),
        with_trigger("opens_email: { date_of_activity: { in_past: 3 days } }"),
        with_trigger("opens_email: { starts_with: x }"),
        with_trigger("person_is_created: Ann"),
        with_step("send_mail: x"),
        with_step("send_email: { mail: x }"),
        with_step("send_email: { }"),
        with_step("send_email: [ x ]"),
        with_step("send_email"),
        with_step("send_alert: x"),
        with_step("{ send_email: x, add_to_list: y }"),
        with_step("id: x"),
        with_step("change_data_value: x"),
        with_step("change_data_value: { field: title }"),
        with_step("delete_person: x"),
        with_step("wait: 3"),
        with_step("wait: 3d"),
        with_step("wait: { until: { time: \"09:00\" } }"),
        with_step("wait: { for: 1 day, until: { days: monday } }"),
        with_step("send_email: { choices: [ { if: { state: CA }, email: x } ] }"),
        with_step("send_email: { choices: [ { email: x } ], default: do_nothing }"),
        with_step("send_email: { choices: [ { if: { state: CA }, mail: x } ], default: y }"),
        with_step("send_email: { email: x, default: y }"),
        with_schedule("repeat: daily"),
        with_schedule("first_run: 2027-01-01 09:00, repeat: yearly"),
        with_schedule("first_run: 2027-01-01 09:00, repeat: daily, weekdays: monday"),
        with_schedule("first_run: 2027-01-01 09:00, every: 2"),
        with_schedule("first_run: 2027-01-01 09:00, repeat: weekly, weekdays: mon"),
        with_schedule("first_run: 2027-01-01 09:00, repeat: monthly, day_of_month: 32"),
        with_schedule(
            "first_run: 2027-01-01 09:00, repeat: monthly, on_the: { week: 5, weekday: friday }",
        ),
    ];
    let mut taken = Vec::new();
    for campaign in campaigns {
        if validated(None, &campaign).0 {
            taken.push(format!("the compiler takes {campaign}"));
        }
        if faults(File::Campaign, &campaign).is_empty() {
            taken.push(format!("the schema takes {campaign}"));
        }
    }
    assert!(taken.is_empty(), "{}", taken.join("\n\n"));
}

#[test]
fn what_is_wrong_with_a_workspace_both_refuse() {
    let campaign = format!("name: Trial\n{EVERYONE}\n{STEP}");
    let workspaces = [
        "zone: UTC",
        "week_starts_on: tuesday",
        "communication_limits: { per_week: 2 }",
        "cascade_limit: { depth: deep }",
        "fields: { plan: { label: Plan } }",
        "fields: { plan: { type: words } }",
        "fields: { Plan Name: { type: string } }",
        "lists: Customers",
        "emails: { hello: { from: a@example.com } }",
        "emails: { hello: { subject: x, text: y } }",
        "channels: { Webinar: { statuses: [ { name: x } ] } }",
        "programs: { Spring: { tokens: [ x ] } }",
        "smart_lists: { Buyers: { logic: all } }",
        "smart_lists: { Buyers: { filters: [ lead_score: { at_last: 5 } ] } }",
        "activities: { attends: { primary: x } }",
        "activities: { attends: { id: 100001, attributes: { minutes: number } } }",
        "webhooks: { crm: { method: POST } }",
        "webhooks: { crm: { url: \"http://x.example\", method: SEND } }",
    ];
    for workspace in workspaces {
        let (valid, _) = validated(Some(workspace), &campaign);
        assert!(!valid, "compiler: {workspace}");
        assert_ne!(faults(File::Workspace, workspace), [""; 0], "{workspace}");
    }
    for program in ["channel: Webinar", "name: Spring\nstatus: []"] {
        assert_ne!(faults(File::Program, program), [""; 0], "{program}");
    }
}
