//! What CI services read: the XML of `JUnit`, and some tests by their name.

use std::fmt::Write as _;

use crate::tool::Tool;

const LETTER: &str = "
    name: Letter <A & B>
    smart_list: { filters: [ state: CA ] }
    flow: [ send_email: letter ]
    tests:
      - name: 'says \"hello\"'
        now: 2026-11-02T09:00:00Z
        people: [ { email: ann@example.com, state: CA } ]
        run: true
        expect: [ { qualified: 1 } ]
      - name: is wrong
        now: 2026-11-02T09:00:00Z
        people: [ { email: ann@example.com, state: CA } ]
        run: true
        expect: [ { person: ann@example.com, activities: [] } ]
";

#[test]
fn junit_has_a_suite_a_campaign_and_escapes_everything() {
    let mut tool = Tool::new().file("campaigns/letter.yaml", LETTER);
    tool.run("campaign test --junit results.xml")
        .any_stdout()
        .any_stderr()
        .code(1);
    let written = std::fs::read_to_string(tool.path("results.xml")).unwrap();
    let (head, rest) = written.split_once("<failure").unwrap();
    assert_eq!(
        head,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"bugle\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\">\n  \
           <testsuite name=\"Letter &lt;A &amp; B&gt;\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\">\n    \
             <testcase classname=\"Letter &lt;A &amp; B&gt;\" name=\"says &quot;hello&quot;\" file=\"campaigns/letter.yaml\" line=\"5\"/>\n    \
             <testcase classname=\"Letter &lt;A &amp; B&gt;\" name=\"is wrong\" file=\"campaigns/letter.yaml\" line=\"10\">\n      "
    );
    assert!(
        rest.starts_with(
            " type=\"expectation\" message=\"ann@example.com: activities: expected [], got [send_email]\">campaigns/letter.yaml:14\n"
        ),
        "{rest}"
    );
    assert!(
        rest.ends_with("</failure>\n    </testcase>\n  </testsuite>\n</testsuites>\n"),
        "{rest}"
    );
}

#[test]
fn junit_cannot_go_where_a_campaign_or_the_database_is() {
    let mut tool = Tool::new().file("campaigns/letter.yaml", LETTER);
    for path in ["campaigns/letter.yaml", "bugle.db", "campaigns"] {
        let shown = tool.run(["campaign", "test", "--junit", path]);
        let shown = shown.any_stdout().into_stderr();
        assert!(shown.contains("the results cannot go to"), "{shown}");
    }
}

#[test]
fn a_name_picks_tests_of_campaigns_or_by_their_own() {
    let mut tool = Tool::new().file("campaigns/letter.yaml", LETTER);
    for (pattern, expected) in [("HELLO", 1), ("says", 1)] {
        let rows = tool.rows(["campaign", "test", "--name", pattern]);
        assert_eq!(rows.len(), expected, "{pattern}");
    }
    tool.run("campaign test --name goodbye")
        .any_stdout()
        .stderr("error: no test has `goodbye` in its name\n")
        .code(4);
}

#[test]
fn the_number_of_threads_never_shows() {
    let mut tests = String::new();
    for n in 0..40 {
        let qualified = u32::from(n != 7);
        let _ = writeln!(
            tests,
            "  - {{ name: t{n}, now: 2026-11-02T09:00:00Z, people: [{{ email: a@x.example, state: S{n} }}], run: true, expect: [{{ qualified: {qualified} }}] }}"
        );
    }
    let campaign = format!(
        "name: Many\nsmart_list: {{ filters: [ state: {{ is_not: S7 }} ] }}\nflow: [ send_email: letter ]\ntests:\n{tests}"
    );
    let shown = |threads: &str| {
        let tool = Tool::new().bytes("campaigns/many.yaml", campaign.as_bytes());
        let mut tool = tool.variable("BUGLE_THREADS", threads);
        let ran = tool.run("campaign test --coverage --format json");
        ran.any_stderr().into_stdout()
    };
    let alone = shown("1");
    assert!(alone.contains("\"t39\""), "{alone}");
    for threads in ["0", "2", "7", "100"] {
        assert_eq!(shown(threads), alone, "{threads} threads");
    }
}

#[test]
fn a_batch_runs_at_each_time_that_is_written() {
    let once = "
        name: Once
        smart_list: { filters: [ state: CA ] }
        flow: [ send_email: letter ]
        tests:
          - name: nobody is taken twice
            now: 2026-11-02T09:00:00Z
            people: [ { email: ann@example.com, state: CA } ]
            run: [ 2026-11-02 09:00, 2026-11-09T09:00:00Z ]
            expect: [ { person: ann@example.com, activities: [send_email] } ]
          - name: one time needs no list
            now: 2026-11-02T09:00:00Z
            people: [ { email: ann@example.com, state: CA } ]
            run: 2026-11-03T09:00:00Z
            expect: [ { qualified: 1 } ]
    ";
    let mut tool = Tool::new().file("campaigns/once.yaml", once);
    let shown = tool.run("campaign test --coverage --format json");
    let shown: serde_json::Value = serde_json::from_str(&shown.any_stderr().into_stdout()).unwrap();
    let missing = shown["coverage"][0]["missing"].as_array().unwrap();
    let points: Vec<_> = missing.iter().map(|point| &point["point"]).collect();
    assert_eq!(points, ["filter 1 false"]);
    let wrong = once.replace("run: 2026-11-03T09:00:00Z", "run: soon");
    Tool::new()
        .file("campaigns/once.yaml", &wrong)
        .run("campaign test")
        .any_stderr()
        .code(1);
}
