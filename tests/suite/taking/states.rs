//! Events that describe a state: applied first, then logged.

use super::{COLUMNS, notes, taken, workspace};
use crate::tool::Tool;

fn event(second: u32, person: &str, rest: &str) -> String {
    format!(r#"{{"at":"2026-11-02T10:00:{second:02}Z","person":"{person}",{rest}}}"#) + "\n"
}

#[test]
fn a_score_event_sets_and_does_not_add_again() {
    let mut tool = workspace(&[("note", &notes("Note", "score_is_changed: { change: 10 }"))]);
    let rest = r#""type":"change_score","field":"Lead Score","change":"+10","new_value":20"#;
    taken(&mut tool, &event(0, "a1", rest), "");
    tool.log_is(
        "a1",
        COLUMNS,
        r#"
            change_score lead_score {"change":10,"new_value":20,"previous_value":5}
            interesting_moment Web {"description":"Note"} Note succeeded
            "#,
    );
    assert_eq!(tool.fields("a1", "lead_score"), "20");
}

#[test]
fn a_change_that_changes_nothing_is_skipped_and_seen_by_nobody() {
    let mut tool = workspace(&[
        ("a", &notes("Value", "data_value_changes: any")),
        ("b", &notes("Joined", "added_to_list: any")),
        ("c", &notes("Left", "removed_from_list: any")),
        ("d", &notes("Status", "program_status_is_changed: any")),
        ("e", &notes("Born", "person_is_created: any")),
    ]);
    let all = [
        r#""type":"change_data_value","field":"city","new_value":"Oslo""#,
        r#""type":"change_data_value","field":"industry","new_value":null"#,
        r#""type":"remove_from_list","list":"Guests""#,
        r#""type":"new_person""#,
        r#""type":"change_program_status","program":"Fair","new_status":"Invited""#,
        r#""type":"change_program_status","program":"Fair","new_status":"invited""#,
        r#""type":"add_to_list","list":"Guests""#,
        r#""type":"add_to_list","list":"guests""#,
        r#""type":"change_data_value","field":"shoe size","new_value":"44""#,
    ];
    let all: String = (0..)
        .zip(all)
        .map(|(n, rest)| event(n, "a1", rest))
        .collect();
    assert_eq!(taken(&mut tool, &all, ""), "read 9, taken 9, entries 2");
    tool.log_is(
        "a1",
        COLUMNS,
        r#"
            change_data_value city {"new_value":"Oslo"} skipped no change
            change_data_value industry skipped no change
            remove_from_list Guests skipped no change
            new_person skipped no change
            change_program_status Fair {"new_status":"Invited","previous_status":"Not in Program","success":false,"acquired_by":true}
            interesting_moment Web {"description":"Status"} Status succeeded
            change_program_status Fair {"new_status":"invited"} skipped no change
            add_to_list Guests
            interesting_moment Web {"description":"Joined"} Joined succeeded
            add_to_list guests skipped no change
            change_data_value shoe size {"new_value":"44"} failed no such field
            "#,
    );
}

#[test]
fn a_status_of_an_event_is_what_is_so_even_below_the_present_step() {
    let mut tool = workspace(&[]);
    let status = |n, to: &str| {
        event(
            n,
            "a1",
            &format!(r#""type":"104","program":"Fair","new_status":"{to}""#),
        )
    };
    let all = [status(0, "Attended"), status(1, "Registered")].concat();
    taken(&mut tool, &all, "");
    let shown = tool.row("person show a1");
    assert_eq!(
        shown["programs"].to_string(),
        r#"[{"program":"Fair","status":"Registered","success":true,"success_at":"2026-11-02T10:00:00Z","since":"2026-11-02T10:00:00Z","acquired_by":true,"fields":{}}]"#,
        "success once reached stays reached"
    );
}

#[test]
fn bounces_make_an_address_invalid_or_suspended_and_soft_ones_do_neither() {
    let mut tool = workspace(&[]);
    let bounce = |n, person: &str, kind: &str, category: &str| {
        let rest = format!(r#""type":"{kind}","email":"spring","category":{category}"#);
        event(n, person, &rest)
    };
    let all = [
        bounce(0, "a1", "email_bounced", "2"),
        bounce(1, "a1", "email_bounced", "2"),
        bounce(2, "b2", "email_bounced", "\"1\""),
        bounce(3, "b2", "email_bounced_soft", "2"),
        bounce(4, "b2", "email_bounced", "3"),
    ];
    taken(&mut tool, &all.concat(), "");
    tool.log_is(
        "a1",
        COLUMNS,
        r#"
            email_bounced spring {"category":"2"}
            change_data_value email_invalid {"new_value":true,"previous_value":false,"source":"Email Bounced"}
            email_bounced spring {"category":"2"}
            "#,
    );
    tool.log_is(
        "b2",
        COLUMNS,
        r#"
            email_bounced spring {"category":"1"}
            change_data_value email_suspended {"new_value":true,"source":"Email Bounced"}
            change_data_value email_suspended_at {"new_value":"2026-11-02T10:00:02Z","source":"Email Bounced"}
            email_bounced_soft spring {"category":"2"}
            email_bounced spring {"category":"3"}
            "#,
    );
    assert_eq!(
        tool.fields("b2", "email_invalid email_suspended email_suspended_at"),
        "false true \"2026-11-02T10:00:02Z\""
    );
}

#[test]
fn unsubscribing_concerns_that_person_alone() {
    let mut tool = workspace(&[(
        "note",
        &notes(
            "Note",
            "data_value_changes: { field: unsubscribed, new_value: true }",
        ),
    )])
    .file("twin.csv", "id,email\nt3,ann@example.com\n");
    tool.done("person load twin.csv --key id");
    let rest = r#""type":"unsubscribe_email","email":"spring""#;
    taken(&mut tool, &event(0, "t3", rest), "");
    tool.log_is(
        "t3",
        COLUMNS,
        r#"
            unsubscribe_email spring
            change_data_value unsubscribed {"new_value":true,"previous_value":false,"source":"Unsubscribe Email"}
            interesting_moment Web {"description":"Note"} Note succeeded
            "#,
    );
    tool.log_is("a1", COLUMNS, "");
    assert_ne!(tool.fields("a1", "unsubscribed"), "true");
}

#[test]
fn deliveries_opens_clicks_and_bounces_come_from_events_alone() {
    let send = "
        name: Send
        smart_list: { triggers: [ visits_web_page: any ] }
        flow: [ send_email: spring ]
        active: true
        ";
    let mut tool = workspace(&[
        ("send", send),
        ("d", &notes("Delivered", "email_is_delivered: any")),
    ]);
    let visit = event(0, "a1", r#""type":"visit_web_page","web_page":"/a""#);
    assert_eq!(taken(&mut tool, &visit, ""), "read 1, taken 1, entries 1");
    tool.log_is(
        "a1",
        "type campaign outcome",
        "
        visit_webpage
        send_email Send succeeded
        ",
    );
    // Each open is an activity of its own, also a second one of the same email.
    let opens: String = (1..3)
        .map(|n| event(n, "a1", r#""type":"open_email","email":"spring""#))
        .collect();
    assert_eq!(taken(&mut tool, &opens, ""), "read 2, taken 2");
}

#[test]
fn an_erased_person_is_gone_and_what_was_taken_of_them_is_not_taken_again() {
    let mut tool = workspace(&[("note", &notes("Note", "person_is_created: any"))]);
    let visit = event(
        0,
        "ann@example.com",
        r#""type":"visit_web_page","web_page":"/a""#,
    );
    let delete = event(1, "ann@example.com", r#""type":"delete_person""#);
    let after = event(
        2,
        "ann@example.com",
        r#""type":"visit_web_page","web_page":"/b""#,
    );
    let all = [visit, delete, after].concat();
    assert_eq!(
        taken(&mut tool, &all, ""),
        "read 3, taken 2, unknown_person 1"
    );
    tool.run("person show ann@example.com")
        .stderr(
            "
            error: there is no person `ann@example.com`
            help: someone of this key was erased
            ",
        )
        .code(4);
    assert_eq!(
        taken(&mut tool, &all, ""),
        "read 3, already_taken 2, unknown_person 1"
    );
    // A person who comes back by a form is someone new.
    let form = event(
        9,
        "ann@example.com",
        r#""type":"fill_out_form","form":"Demo""#,
    );
    assert_eq!(taken(&mut tool, &form, ""), "read 1, taken 1, entries 1");
    assert_eq!(tool.fields("ann@example.com", "person_id city"), "3 null");
}

#[test]
fn a_list_is_the_same_with_and_without_its_program_whichever_people_are_on_it() {
    let mut tool = workspace(&[]);
    tool.done("person load people.csv --list Guestbook");
    tool.write(
        "new.csv",
        "email\ncyd@example.com\ndan@example.com\neve@example.com\n",
    );
    tool.done("person load new.csv");
    let join = |n, person: &str, list: &str| {
        event(
            n,
            &format!("{person}@example.com"),
            &format!(r#""type":"add_to_list","list":"{list}""#),
        )
    };
    // Nobody at hand is on a list that the workspace does not know; it is found all the same.
    let all = [
        join(0, "cyd", "Fair.Guestbook"),
        join(1, "dan", "Fair.Speakers"),
        join(2, "eve", "speakers"),
        join(3, "eve", "Spring.Fair.Guestbook"),
    ];
    assert_eq!(taken(&mut tool, &all.concat(), ""), "read 4, taken 4");
    assert_eq!(
        tool.query("SELECT list, email FROM v_list_member ORDER BY list, email"),
        crate::tool::dedent(
            "
            Fair.Speakers|dan@example.com
            Fair.Speakers|eve@example.com
            Guestbook|ann@example.com
            Guestbook|ben@example.com
            Guestbook|cyd@example.com
            Guestbook|eve@example.com
            "
        )
    );
}

#[test]
fn a_list_is_one_whatever_named_it_first_and_with_or_without_its_program() {
    let lists = |tool: &Tool| tool.query("SELECT list, email FROM v_list_member ORDER BY 1, 2");
    let letter = |list: &str| {
        format!(
            "
            name: Letter
            smart_list: {{ filters: [ member_of_list: {list} ] }}
            flow: [ interesting_moment: {{ type: Mail, description: sent }} ]
            "
        )
    };
    let mut tool = Tool::new()
        .now("2026-11-30T00:00:00Z")
        .file("people.csv", "email\nann@example.com\nben@example.com\n")
        .loaded();
    tool.replay(&event(
        0,
        "ann@example.com",
        r#""type":"add_to_list","list":"Spring.VIP""#,
    ));
    tool.write("ben.csv", "email\nben@example.com\n");
    tool.done("person load ben.csv --list vip");
    assert_eq!(
        lists(&tool),
        "Spring.VIP|ann@example.com\nSpring.VIP|ben@example.com\n"
    );
    tool.cells_are(
        ["person", "list", "--filter", "member_of_list: VIP"],
        "email",
        "ann@example.com\nben@example.com\n",
    );
    // A campaign that names the list gives it its name.
    for (list, stored) in [("VIP", "VIP"), ("Autumn.VIP", "Autumn.VIP")] {
        tool.write("campaigns/letter.yaml", &letter(list));
        tool.load();
        assert_eq!(
            lists(&tool),
            format!("{stored}|ann@example.com\n{stored}|ben@example.com\n")
        );
        let run = tool.row("campaign run Letter --dry-run");
        assert_eq!(run["matched"], 2, "{list}");
    }
    tool.done("db check");
}

#[test]
fn two_lists_that_a_campaign_makes_one_have_the_members_of_both() {
    let mut tool = Tool::new()
        .now("2026-11-30T00:00:00Z")
        .file("people.csv", "email\nann@example.com\nben@example.com\n")
        .loaded();
    let join = |second, person: &str, list: &str| {
        let rest = format!(r#""type":"add_to_list","list":"{list}""#);
        event(second, &format!("{person}@example.com"), &rest)
    };
    let joined = [
        join(0, "ann", "Spring.VIP"),
        join(1, "ben", "Autumn.VIP"),
        join(2, "ann", "Autumn.VIP"),
    ];
    tool.replay(&joined.concat());
    tool.write(
        "campaigns/letter.yaml",
        "
        name: Letter
        smart_list: { filters: [ member_of_list: VIP ] }
        flow: [ remove_from_list: VIP ]
        ",
    );
    tool.load();
    assert_eq!(
        tool.query("SELECT list, email, added_at FROM v_list_member ORDER BY 1, 2"),
        "VIP|ann@example.com|2026-11-02T10:00:00Z\nVIP|ben@example.com|2026-11-02T10:00:01Z\n"
    );
    tool.done("campaign run Letter");
    assert_eq!(tool.query("SELECT count(*) FROM list_member"), "0\n");
}
