//! The files that are changed, each of which is right, and the folder in which they are tried.

use crate::tool::Tool;

/// Files that one command reads.
pub(super) struct Kind {
    /// The command that takes the file.
    pub(super) command: &'static str,
    /// The command that only looks at it.
    pub(super) check: Option<&'static str>,
    /// Its name.
    pub(super) file: &'static str,
    /// Whether it may be packed.
    pub(super) may_be_packed: bool,
    /// Whether it has cells, in which line ends count.
    pub(super) has_cells: bool,
    /// Files that are right.
    pub(super) right: &'static [&'static str],
    /// What stands in such files, and what does not.
    pub(super) words: &'static [&'static str],
}

pub(super) const KINDS: &[Kind] = &[
    Kind {
        command: "campaign load",
        check: Some("campaign validate --db bugle.db"),
        file: "campaigns/changed.yaml",
        may_be_packed: false,
        has_cells: false,
        right: &[TRIGGERED, BATCH],
        words: YAML,
    },
    Kind {
        command: "campaign load",
        check: Some("campaign validate --db bugle.db"),
        file: "campaigns/workspace.yaml",
        may_be_packed: false,
        has_cells: false,
        right: &[WORKSPACE],
        words: YAML,
    },
    Kind {
        command: "person load changed.csv",
        check: None,
        file: "changed.csv",
        may_be_packed: true,
        has_cells: true,
        right: &[PEOPLE, QUOTED],
        words: CSV,
    },
    Kind {
        command: "person load changed.csv --list Fair --as-activities",
        check: None,
        file: "changed.csv",
        may_be_packed: true,
        has_cells: true,
        right: &[PEOPLE, QUOTED],
        words: CSV,
    },
    Kind {
        command: "campaign replay-events changed.jsonl",
        check: None,
        file: "changed.jsonl",
        may_be_packed: true,
        has_cells: false,
        right: &[EVENTS, ENVELOPE],
        words: JSON,
    },
    Kind {
        command: "campaign replay-events changed.csv",
        check: None,
        file: "changed.csv",
        may_be_packed: true,
        has_cells: true,
        right: &[EVENT_CELLS, EXTRACT],
        words: CSV,
    },
];

const WORKSPACE: &str = "\
time_zone: Europe/Berlin
week_starts_on: monday
fields:
  plan: { type: string, label: Plan }
  seats: { type: integer }
lists: [Fair, Gold]
emails:
  letter: { subject: \"Dear {{lead.First Name:default=friend}}\", body: Hello, from: us@example.com }
programs:
  Root:
    tokens: { Offer: ten percent }
communication_limits: { per_day: 2, per_7_days: 5 }
";

const TRIGGERED: &str = "\
name: Visit
smart_list:
  triggers:
    - visits_web_page: { web_page: { contains: [pricing, demo] } }
    - fills_out_form: any
  filters:
    - country: { is_not: [France, Italy] }
    - lead_score: { at_least: 3 }
    - opened_email: { email: letter, date_of_activity: { in_past: 30 days } }
  logic: 1 and (2 or 3)
flow:
  - change_score: +5
  - wait: 2 days
  - send_email:
      choices:
        - if: { plan: gold }
          email: letter
      default: do_nothing
  - change_data_value: { field: plan, value: \"{{lead.Plan:default=none}}\" }
qualification: { once_every: 7 days }
active: true
";

const BATCH: &str = "\
name: Weekly
program: Root
smart_list:
  filters:
    - member_of_list: Gold
    - email: { contains: example.com }
flow:
  - send_email: letter
  - wait: 1 week
  - add_to_list: Fair
  - interesting_moment: { type: Web, description: \"{{my.Offer}} on {{system.date}}\" }
schedule: { first_run: 2026-12-01 09:00, repeat: weekly, every: 2, weekdays: [monday, thursday] }
max_people: 100
";

const PEOPLE: &str = "\
email,first_name,lead_score,country,since
ann@example.com,Ann,5,USA,2025-01-05
ben@example.com,Ben,,France,2025-02-06
new@example.com,New,NULL,Italy,
";

const QUOTED: &str = "\
email;First Name;Plan;Date of Birth
\"ann@example.com\";\"Ann \"\"A\"\"\";gold;1990-02-28
zoe@example.com;\"Zo\u{eb}\";;
";

const EVENTS: &str = r#"{"id":"e-1","at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"visits_web_page","web_page":"/pricing"}
{"at":"2026-11-03T10:00:00+01:00","person":"ben@example.com","type":"fills_out_form","form":"demo","form_fields":{"FirstName":"Ben","lead_score":7}}
{"at":1793700000,"person":"nobody@example.com","type":"clicks_link_in_email","attributes":{"email":"letter","link":"https://x.example","n":1.50}}
{"at":"2026-11-04T10:00:00Z","person":"ann@example.com","type":"visits_web_page","web_page":"/a"}
{"at":"2026-11-04T10:00:00Z","person":"ann@example.com","type":"visits_web_page","web_page":"/a"}
"#;

const ENVELOPE: &str = r#"{"requestId": "1", "result": [
  {"at": "2026-11-02T10:00:00Z", "person": "ann@example.com", "type": "visits_web_page"},
  {"at": "2026-11-02T11:00:00Z", "person": "ben@example.com", "type": "visits_web_page", "web_page": "demo"}
], "success": true}
"#;

const EVENT_CELLS: &str = "\
at,person,type,id,web_page
2026-11-02T10:00:00Z,ann@example.com,visits_web_page,1,/pricing
2026-11-02 11:00,ben@example.com,visits_web_page,2,/demo
";

const EXTRACT: &str = "\
marketoGUID,leadId,activityDate,activityTypeId,campaignId,primaryAttributeValueId,primaryAttributeValue,attributes
1001,31,2026-11-03T09:00:00Z,10,null,5001,spring,\"{\"\"Device\"\":\"\"phone\"\"}\"
1002,31,2026-11-03T09:01:00Z,11,null,5001,spring,\"{\"\"Link\"\":\"\"https://x.example/pricing\"\"}\"
";

const YAML: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    ", ",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "\"",
    "'",
    "|\n",
    ">\n",
    "#",
    "\t",
    "---\n",
    "...\n",
    "  ",
    "any",
    "null",
    "~",
    "true",
    "no",
    "{{lead.",
    "}}",
    "{{my.Offer}}",
    " and ",
    " or ",
    "(",
    ")",
    "1 day",
    "2026-02-30",
    "is",
    "is_not",
    "wait: 1 day",
    "send_email: letter",
    "email",
    "lead_score",
    "\u{200b}",
    "\u{e9}",
    "\u{feff}",
    "\0",
    "\n",
    ".inf",
    "in_past",
    "choices",
    "default",
    "%YAML 1.2\n",
    "? ",
];

const CSV: &[&str] = &[
    ",",
    ";",
    "\"",
    "\"\"",
    "\n",
    "\r",
    "\t",
    "NULL",
    "null",
    "@",
    "#17",
    "=1+1",
    "email",
    "id",
    "\u{200b}",
    "\u{200d}",
    "\u{a0}",
    "\u{e9}",
    "\u{feff}",
    "\0",
    "true",
    "ann@example.com",
    "ANN@EXAMPLE.COM",
    "2026-02-30",
    "1,000",
    " ",
    "\u{1f469}\u{200d}\u{1f4bb}",
    "e\u{301}",
    "'",
    "sep=;\n",
];

const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "\\",
    "\\u0000",
    "\\ud800",
    "\\n",
    "null",
    "true",
    "1e999",
    "-0",
    "1.0",
    "{}",
    "[]",
    "\n",
    "\r",
    " ",
    "\u{200b}",
    "\u{e9}",
    "\0",
    "\"at\"",
    "\"person\"",
    "\"type\"",
    "\"id\":\"e-1\",",
    "#1",
    "visits_web_page",
    "new_person",
    "\"attributes\":{",
    "9999-12-31T23:59:59Z",
    "2026-11-02T24:00:00Z",
    "// x\n",
];

/// A folder in which all of that is right.
pub(super) fn folder() -> Tool {
    Tool::new()
        .now("2026-11-20T09:00:00Z")
        .file("campaigns/workspace.yaml", WORKSPACE)
        .file(
            "campaigns/visit.yaml",
            TRIGGERED.replace("name: Visit", "name: Known").as_str(),
        )
        .file(
            "people.csv",
            "id,email,first_name,lead_score,country,plan\n\
             30,ann@example.com,Ann,4,USA,gold\n\
             31,ben@example.com,Ben,1,Spain,\n",
        )
        .loaded()
}

#[test]
fn the_files_are_right_before_they_are_changed() {
    let folder = folder();
    for kind in KINDS {
        for right in kind.right {
            let tool = folder.twin();
            tool.write_bytes(kind.file, right);
            let (code, said) = super::run(&tool, kind.command);
            assert!(
                matches!(code, Some(0 | 6)),
                "{}: {said}\n{right}",
                kind.command
            );
        }
    }
}
