//! `expect: record`, which `campaign test --update` replaces by what was found.

use crate::tool::Tool;

const WRITTEN: &str = "\
# Letters.
name: Welcome
smart_list: { triggers: [fills_out_form: Contact] }
flow:
  - wait: 1 day
  - send_email: welcome # warmly
tests:
  - name: a form is answered
    now: 2026-11-02T09:00:00Z
    people:
      - { email: ann@example.com }
      - { id: \"o'hara, 17\" }
    events:
      - { at: 2026-11-02T10:00:00Z, person: ann@example.com, type: fills_out_form, form: Contact }
    advance_to: 2026-11-04T00:00:00Z
    expect: record # by machine
    # The next one is short.
  - { name: nothing, now: 2026-11-02T09:00:00Z, people: [{ email: bo@example.com }], expect: record }
";

const RECORDED: &str = "    expect: # by machine
      - qualified: 1
      - person: ann@example.com
        activities:
          - wait_started
          - wait_ended
          - send_email
      - person: o'hara, 17
        activities: []
    # The next one is short.
  - { name: nothing, now: 2026-11-02T09:00:00Z, people: [{ email: bo@example.com }], expect: [{ qualified: 0 }, { person: bo@example.com, activities: [] }] }
";

fn read(tool: &Tool) -> String {
    std::fs::read_to_string(tool.path("campaigns/welcome.yaml")).unwrap()
}

fn recorded() -> String {
    let (before, _) = WRITTEN.split_once("    expect: record").unwrap();
    format!("{before}{RECORDED}")
}

#[test]
fn what_was_found_is_written_once_and_holds_from_then_on() {
    let mut tool = Tool::new().file("campaigns/welcome.yaml", WRITTEN);
    tool.run("campaign test")
        .any_stdout()
        .stderr("error: 2 of 2 tests failed\n")
        .code(1);
    assert_eq!(read(&tool), WRITTEN);
    tool.run("campaign test --update --format csv")
        .stdout(
            "
            campaign,test,file,line,passed,failures
            Welcome,a form is answered,campaigns/welcome.yaml,8,true,[]
            Welcome,nothing,campaigns/welcome.yaml,18,true,[]
            ",
        )
        .stderr("note: the expectations of 2 tests recorded in 1 file\nnote: 2 tests passed\n")
        .code(0);
    assert_eq!(read(&tool), recorded());
    tool.run("campaign test --update")
        .any_stdout()
        .stderr("note: 2 tests passed\n")
        .code(0);
    assert_eq!(read(&tool), recorded());
    tool.run("campaign fmt --check")
        .stderr("note: 1 file in canonical layout\n")
        .code(0);
}

#[test]
fn line_ends_and_byte_order_marks_stay() {
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let mut tool = Tool::new().bytes("campaigns/welcome.yaml", windows(WRITTEN));
    tool.run("campaign test --update")
        .any_stdout()
        .any_stderr()
        .code(0);
    assert_eq!(read(&tool), windows(&recorded()));
}

#[test]
fn only_the_chosen_tests_are_recorded_and_none_of_a_test_that_fails() {
    let mut tool = Tool::new().file("campaigns/welcome.yaml", WRITTEN);
    tool.run("campaign test --update --name NOTHING")
        .any_stdout()
        .any_stderr()
        .code(0);
    let half = read(&tool);
    assert!(half.contains("expect: record # by machine"), "{half}");
    assert!(!half.contains("expect: record }"), "{half}");
    let form = "person: ann@example.com, type: fills_out_form, form: Contact";
    let visit = "person: nobody@example.com, type: visits_web_page, web_page: /contact";
    let unknown = WRITTEN.replace(form, visit);
    let mut tool = Tool::new().file("campaigns/welcome.yaml", &unknown);
    tool.run("campaign test --update --name form")
        .any_stdout()
        .stderr("error: 1 of 1 test failed\n")
        .code(1);
    assert_eq!(read(&tool), unknown);
}

#[test]
fn one_record_for_two_tests_that_differ_is_refused() {
    let shared = WRITTEN
        .replace("expect: record #", "expect: &all record #")
        .replace("expect: record }", "expect: *all }");
    let mut tool = Tool::new().file("campaigns/welcome.yaml", &shared);
    tool.run("campaign test --update")
        .stderr(
            "error: several tests share the `record` in campaigns/welcome.yaml:16, and differ\n\
             help: write `expect: record` in each of them\n",
        )
        .code(1);
    assert_eq!(read(&tool), shared);
}

#[test]
fn standard_input_cannot_be_updated() {
    Tool::new()
        .stdin(WRITTEN)
        .run("campaign test - --update")
        .stderr(
            "error: `--update` writes into files, and `-` is standard input\nhelp: name the file\n",
        )
        .code(2);
}
