//! How filters and triggers read aloud once they are compiled.

use super::{Setting, agree};

#[test]
fn filters_read_aloud_as_they_are_meant() {
    let rows = [
        ("state: [CA, California]", "state is CA or California"),
        ("lead_score: { at_least: 50 }", "lead score at least 50"),
        (
            "Lead Score: { greater_than: 20, less_than: 50 }",
            "lead score greater than 20 and less than 50",
        ),
        ("leadScore: 0", "lead score is 0"),
        ("unsubscribed: false", "unsubscribed is false"),
        ("company: { is_empty: true }", "company is empty"),
        ("company: { is_empty: false }", "company is not empty"),
        (
            "renewal_date: { between: [2026-01-01, 2026-12-31] }",
            "renewal date between 2026-01-01 and 2026-12-31",
        ),
        ("seen_at: { in_past: 30 days }", "seen at in past 30 days"),
        ("opened_email: spring", "opened email: spring"),
        ("opened_email: any", "opened email"),
        ("opened_email:", "opened email"),
        ("opened_email", "opened email"),
        (
            "Opened Email: [spring, autumn]",
            "opened email: spring or autumn",
        ),
        (
            "not_opened_email: { email: spring, date_of_activity: { in_past: 30 days } }",
            "not opened email: spring, in past 30 days",
        ),
        (
            "clicked_link_in_email: { link: { contains: /pricing }, min_number_of_times: 3 }",
            "clicked link in email: link contains /pricing, at least 3 times",
        ),
        (
            "opened_email: { email: any, is_bot_activity: false }",
            "opened email: is bot activity is false",
        ),
        (
            "opened_email: { email: { is_not: spring } }",
            "opened email: email is not spring",
        ),
        (
            "visited_web_page: { web_page: { starts_with: /pricing } }",
            "visited web page: web page starts with /pricing",
        ),
        (
            "data_value_changed: { field: Employees, new_value: { at_least: 50 } }",
            "data value changed: Employees, new value at least 50",
        ),
        (
            "member_of_list: Competitors",
            "member of list is Competitors",
        ),
        (
            "member_of_list: { is_not: [competitors, Newsletter readers] }",
            "member of list is not competitors or Newsletter readers",
        ),
        (
            "member_of_list: { in: Competitors, not_in: Newsletter readers }",
            "(member of list is Competitors and member of list is not Newsletter readers)",
        ),
        (
            "member_of_smart_list: all people",
            "member of smart list is all people",
        ),
        (
            "member_of_smart_campaign: Webinar.Invite",
            "member of smart campaign is Webinar.Invite",
        ),
        (
            "member_of_smart_campaign: sales alert",
            "member of smart campaign is sales alert",
        ),
        (
            "member_of_program: { is: Webinar, status: [Invited, attended], success: true }",
            "member of program is Webinar, status is Invited or attended, success is true",
        ),
        ("random_sample: 10%", "random sample 10%"),
        (
            "random_sample: { percent: 12.5 %, draw: each_time }",
            "random sample 12.5 %, drawn each time",
        ),
        (
            "random_sample: { percent: 5%, draw: once_per_person }",
            "random sample 5%",
        ),
        (
            "any: [ { state: CA }, { all: [ { city: x }, { city: { is_not: y } } ] } ]",
            "(state is CA or (city is x and city is not y))",
        ),
        ("lead_was_created:", "person was created"),
    ];
    agree(&rows, Setting::filter);
}

#[test]
fn triggers_read_aloud_as_they_are_meant() {
    let rows = [
        (
            "clicks_link_in_email: { link: { contains: /pricing } }",
            "clicks link in email: link contains /pricing",
        ),
        (
            "fills_out_form: [Contact, Demo]",
            "fills out form: Contact or Demo",
        ),
        (
            "data_value_changes: { field: lead_status, new_value: MQL, previous_value: { is_not: Customer } }",
            "data value changes: lead_status, new value is MQL, previous value is not Customer",
        ),
        (
            "score_is_changed: { score_name: lead_score, new_score: { at_least: 100 } }",
            "score is changed: lead_score, new value at least 100",
        ),
        (
            "data_value_changes: { attribute: renewal_date, new_value: { in_future: 30 days } }",
            "data value changes: renewal_date, new value in future 30 days",
        ),
        ("campaign_is_requested: any", "campaign is requested"),
        ("person_is_created", "person is created"),
        ("lead_is_created:", "person is created"),
        (
            "added_to_list: Newsletter readers",
            "added to list: Newsletter readers",
        ),
    ];
    agree(&rows, Setting::trigger);
}
