//! Every fault of a filter or trigger: code, place, what is wrong, and how to put it right.

use super::{Setting, agree};

#[test]
fn every_fault_of_a_filter_says_what_was_meant() {
    let rows = [
        (
            "contry: France",
            "unknown-field 2:5 [contry] no field `contry` | did you mean `country`?",
        ),
        (
            "opend_email: spring",
            "unknown-filter 2:5 [opend_email] neither a field nor a filter is named `opend_email` | did you mean `opened_email`?",
        ),
        (
            "not_opend_email: spring",
            "unknown-filter 2:5 [not_opend_email] neither a field nor a filter is named `not_opend_email` | did you mean `not_opened_email`?",
        ),
        (
            "opens_email: spring",
            "unknown-filter 2:5 [opens_email] `opens_email` is a trigger, not a filter | as a filter write `opened_email`",
        ),
        (
            "not_opens_email: spring",
            "unknown-filter 2:5 [not_opens_email] `opens_email` is a trigger, not a filter | as a filter write `not_opened_email`",
        ),
        (
            "send_email: spring",
            "unknown-filter 2:5 [send_email] `send_email` is an activity, not a filter | as a filter write `was_sent_email`",
        ),
        (
            "member_of_sfdc_campaign: x",
            "unsupported 2:5 [member_of_sfdc_campaign] `member_of_sfdc_campaign` needs Salesforce, to which bugle does not connect | if it is a person field of yours, declare it under `fields:` in the workspace file",
        ),
        (
            "or: []",
            "unknown-filter 2:5 [or] no filter `or` | write the group as `any:`",
        ),
        (
            "state:",
            "missing-value 2:5 [state] nothing is written after `state` | to find people without a value write `state: { is_empty: true }`",
        ),
        (
            "state: { equals: CA }",
            "unknown-operator 2:14 [equals] no operator is named `equals` | write `is`",
        ),
        (
            "state: { greater_than: CA }",
            "operator-type 2:14 [greater_than] `greater_than` does not go with a string field | operators of a string field are `is`, `is_not`, `starts_with`, `not_starts_with`, `contains`, `not_contains`, `is_empty`, `is_not_empty`",
        ),
        (
            "ratio: 4",
            "operator-type 2:12 [4] `is` does not go with a float field | operators of a float field are `is_empty`, `is_not_empty`, `between`, `greater_than`, `less_than`, `at_least`, `at_most`",
        ),
        (
            "lead_score: { at_least: fifty }",
            "wrong-type 2:29 [fifty] expected a whole number of at most 32 bits, such as 42, found `fifty` | -",
        ),
        (
            "lead_score: { at_least: '1,000' }",
            "wrong-type 2:29 ['1,000'] expected a whole number of at most 32 bits, such as 42, found `1,000` | write `1000`",
        ),
        (
            "unsubscribed: no",
            "wrong-type 2:19 [no] expected true or false, found `no` | write `false`",
        ),
        (
            "seen_at: { in_past: 4 hrs }",
            "bad-duration 2:25 [4 hrs] `4 hrs` is not a duration | write the unit in full: `4 hours`",
        ),
        (
            "seen_at: { after: 30 days }",
            "wrong-type 2:23 [30 days] expected a date as YYYY-MM-DD or a time as 2026-11-02 10:00, found `30 days` | for a time counted from now write `in_past: 30 days`",
        ),
        (
            "seen_at: { in_time_frame: this_wek }",
            "wrong-type 2:31 [this_wek] no time frame is named `this_wek` | did you mean `this_week`?",
        ),
        (
            "opened_email: { is_not: spring }",
            "unknown-constraint 2:21 [is_not] `Open Email` has no attribute `is_not` | write `email: { is_not: … }`",
        ),
        (
            "opened_email: { min_number_of_times: 0 }",
            "wrong-type 2:42 [0] `min_number_of_times` takes a whole number from 1 | write `min_number_of_times: 3`; for none at all use the filter's `not_` form",
        ),
        (
            "clicked_link_in_email: { lnk: x }",
            "unknown-constraint 2:30 [lnk] `Click Email` has no attribute `lnk` | did you mean `link`?",
        ),
        (
            "data_value_changed: { field: leed_status }",
            "unknown-field 2:34 [leed_status] no field `leed_status` | did you mean `lead_status`?",
        ),
        (
            "data_value_changed: { field: lead_score, new_value: hot }",
            "never-happens 2:34 [lead_score] `lead_score` is a score: `change_score` changes it, and that is no change of a data value | write `score_is_changed`, or `score_was_changed`; only lists, forms and events change a score as a data value\nwrong-type 2:57 [hot] expected a whole number of at most 32 bits, such as 42, found `hot` | -",
        ),
        (
            "data_value_changed: { new_value: { at_least: 5 } }",
            "operator-type 2:40 [at_least] `at_least` does not go with a string field | operators of a string field are `is`, `is_not`, `starts_with`, `not_starts_with`, `contains`, `not_contains`, `is_empty`, `is_not_empty`",
        ),
        (
            "member_of_list: Competitor",
            "unknown-list 2:21 [Competitor] the workspace declares no list `Competitor` | did you mean `Competitors`?",
        ),
        (
            "was_added_to_list: Readers",
            "unknown-list 2:24 [Readers] the workspace declares no list `Readers` | declare it under `lists:` in the workspace file",
        ),
        (
            "member_of_smart_list: Competitors",
            "unknown-smart-list 2:27 [Competitors] no smart list is named `Competitors` | it is a static list: write `member_of_list`",
        ),
        (
            "member_of_smart_campaign: Invite",
            "ambiguous-name 2:31 [Invite] 2 campaigns are named `Invite` | write `Webinar.Invite` or `Fair.Invite`",
        ),
        (
            "member_of_smart_campaign: Webinar.Invit",
            "unknown-campaign 2:31 [Webinar.Invit] no campaign is named `Webinar.Invit` | did you mean `Webinar.Invite`?",
        ),
        (
            "member_of_program: { is: Webinar, status: Atended }",
            "unknown-status 2:47 [Atended] the program has no status `Atended` | did you mean `Attended`?",
        ),
        (
            "member_of_program: { status: Attended }",
            "missing-key 2:24 [{ status: Attended }] `member_of_program` does not say which program | write `member_of_program: { is: NAME }`",
        ),
        (
            "member_of_program: { is: Webinar, stauts: x }",
            "unknown-constraint 2:39 [stauts] `member_of_program` has no `stauts` | did you mean `status`?",
        ),
        (
            "program_status: Attended",
            "unknown-program 2:5 [program_status] `program_status` is that of the campaign's own program, and this one has none | write `member_of_program: { is: NAME, status: STATUS }`",
        ),
        (
            "random_sample: 10",
            "wrong-type 2:20 [10] `random_sample` takes a percentage from 0% to 100% | write `random_sample: 10%`",
        ),
        (
            "random_sample: { percent: 10%, draw: eachtime }",
            "wrong-type 2:42 [eachtime] `draw` is `once_per_person` or `each_time` | did you mean `each_time`?",
        ),
        (
            "random_sample: { percent: 10%, draw: daily }",
            "wrong-type 2:42 [daily] `draw` is `once_per_person` or `each_time` | write `each_time`, or leave the key out",
        ),
        (
            "random_sample: { draw: each_time }",
            "missing-key 2:20 [{ draw: each_time }] `random_sample` needs the key `percent` | -",
        ),
        (
            "random_sample: { percent: 10%, times: 2 }",
            "unknown-key 2:36 [times] `random_sample` has no key `times` | its keys are `percent`, `draw`",
        ),
        (
            "any: []",
            "missing-value 2:10 [[]] the group `any` has no filter | -",
        ),
        (
            "any: { state: CA }",
            "wrong-shape 2:10 [{ state: CA }] the group `any` takes a list of filters | write each filter on a line of its own, below `any:`, after `- `",
        ),
        (
            "{ state: CA, city: x }",
            "wrong-shape 2:18 [city] a filter has one key, here is another | write `- city:` as an entry of its own, or group them with `all:` or `any:`",
        ),
    ];
    agree(&rows, Setting::filter);
}

#[test]
fn every_fault_of_a_trigger_says_what_was_meant() {
    let rows = [
        (
            "opened_email: spring",
            "unknown-trigger 2:5 [opened_email] `opened_email` is a filter, not a trigger | as a trigger write `opens_email`",
        ),
        (
            "not_opened_email: spring",
            "unknown-trigger 2:5 [not_opened_email] `not_opened_email` is a filter, not a trigger | as a trigger write `opens_email`",
        ),
        (
            "was_sent_email: spring",
            "unknown-trigger 2:5 [was_sent_email] `was_sent_email` is a filter that has no trigger | Marketo has no trigger for Send Email",
        ),
        (
            "member_of_list: Competitors",
            "unknown-trigger 2:5 [member_of_list] `member_of_list` is a filter, not a trigger | put it under `filters:`",
        ),
        (
            "lead_status: MQL",
            "unknown-trigger 2:5 [lead_status] `lead_status` is a filter, not a trigger | put it under `filters:`; when it changes, the trigger is `data_value_changes: { field: lead_status }`",
        ),
        (
            "open_email: spring",
            "unknown-trigger 2:5 [open_email] `open_email` is an activity, not a trigger | as a trigger write `opens_email`",
        ),
        (
            "visit_web_pag: x",
            "unknown-trigger 2:5 [visit_web_pag] no trigger `visit_web_pag` | did you mean `visits_web_page`?",
        ),
        (
            "opens_email: { date_of_activity: { in_past: 1 day } }",
            "unknown-constraint 2:20 [date_of_activity] `Open Email` has no attribute `date_of_activity` | a trigger asks about the one activity that happens now; put this into a filter",
        ),
        (
            "opens_email: { email: { contains: [a, 1], at_least: 2 } }",
            "operator-type 2:47 [at_least] `at_least` does not go with a string field | operators of a string field are `is`, `is_not`, `starts_with`, `not_starts_with`, `contains`, `not_contains`, `is_empty`, `is_not_empty`",
        ),
    ];
    agree(&rows, Setting::trigger);
}

#[test]
fn all_faults_of_one_list_are_reported() {
    let diagnostics = Setting::new().compile(
        "filters:\n  - contry: France\n  - lead_score: [1, two, three]\n  - member_of_list: [x, Competitors, y]\n",
    );
    let codes: Vec<&str> = diagnostics
        .lines()
        .filter_map(|line| line.split('[').next())
        .map(str::trim)
        .collect();
    assert_eq!(
        codes,
        [
            "unknown-field 2:5",
            "wrong-type 3:21",
            "wrong-type 3:26",
            "unknown-list 4:22",
            "unknown-list 4:38",
        ]
    );
}
