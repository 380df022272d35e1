//! Person fields: Marketo's standard ones by all their names, and custom ones of every type.

use std::fmt::Write as _;

use super::tool::Tool;

/// Marketo's attribute filters that are person fields, as its API lists them.
#[rustfmt::skip]
const FIELDS: [&str; 92] = [
    "Account Owner Email Address", "Account Owner First Name", "Account Owner Last Name", "Acquisition Date",
    "Acquisition Program", "Acquisition Program Name", "Address", "Annual Revenue", "Anonymous IP", "Billing Address",
    "Billing City", "Billing Country", "Billing Postal Code", "Billing State", "Black Listed", "City",
    "Company Microsoft Type", "Company Name", "Country", "Created At", "Date of Birth", "Department", "Do Not Call",
    "Do Not Call Reason", "Email Address", "Email Invalid", "Email Invalid Cause", "Email Suspended",
    "Email Suspended At", "Email Suspended Cause", "Fax Number", "First Name", "Full Name", "Industry",
    "Inferred City", "Inferred Company", "Inferred Country", "Inferred Metropolitan Area", "Inferred Phone Area Code",
    "Inferred Postal Code", "Inferred State Region", "Is Customer", "Is Partner", "Job Title", "Last Name",
    "Lead Owner Email Address", "Lead Owner First Name", "Lead Owner Job Title", "Lead Owner Last Name",
    "Lead Owner Phone Number", "Lead Partition Name", "Lead Rating", "Lead Score", "Lead Source", "Lead Status",
    "Main Phone", "Marketing Suspended", "Microsoft Account Num", "Microsoft Created Date", "Microsoft Is Deleted",
    "Microsoft Type", "Middle Name", "Mobile Phone Number", "Notes", "Num Employees", "Number of Opportunities",
    "Original Referrer", "Original Search Engine", "Original Search Phrase", "Original Source Info",
    "Original Source Type", "Parent Company Name", "Person Time Zone", "Phone Number", "Postal Code",
    "Registration Source Info", "Registration Source Type", "Role", "Salutation", "SFDC Account Num",
    "SFDC Created Date", "SFDC Is Deleted", "SFDC Type", "SIC Code", "Site", "State", "Total Opportunity Amount",
    "Total Opportunity Expected Revenue", "Unsubscribed", "Unsubscribed Reason", "Updated At", "Website",
];

/// The others of its list, which are not fields, and how they are asked for here.
const SPECIAL: [(&str, &str); 5] = [
    ("Member of List", "Guests"),
    ("Member of Program", "Fair"),
    ("Member of Smart Campaign", "All"),
    ("Member of Smart List", "Chosen"),
    ("Random Sample", "10%"),
];

/// The others that bugle has not, and why.
const REFUSED: [(&str, &str); 7] = [
    (
        "Duplicate Fields",
        "looks for duplicates, but a person list has one row a key",
    ),
    (
        "Has Opportunity",
        "needs opportunities, which come from a CRM",
    ),
    (
        "Member of Field Set",
        "needs field sets, which bugle does not support",
    ),
    (
        "Member of Nurture",
        "needs engagement programs, which bugle does not support",
    ),
    (
        "Member of Revenue Model",
        "needs a revenue model, which bugle does not support",
    ),
    (
        "Member of Revenue Stage",
        "needs a revenue model, which bugle does not support",
    ),
    (
        "Member of SFDC Campaign",
        "needs Salesforce, to which bugle does not connect",
    ),
];

/// A standard field, as the catalogue shows it.
struct Field {
    name: String,
    api_name: String,
    type_name: String,
}

/// Returns the standard field with a label, from the table of `docs/catalogue.md`.
fn field(label: &str) -> Field {
    const CATALOGUE: &str = include_str!("../../docs/catalogue.md");
    let mut rows = CATALOGUE.lines().map(|line| {
        let cells = line.split('|').map(|cell| cell.trim().trim_matches('`'));
        cells.collect::<Vec<_>>()
    });
    let row = rows.find(|cells| cells.get(3) == Some(&label));
    let row = row.unwrap_or_else(|| panic!("no field is labelled {label}"));
    Field {
        name: row[1].to_owned(),
        api_name: row[2].to_owned(),
        type_name: row[4].to_owned(),
    }
}

fn key(name: &str) -> String {
    name.to_lowercase().replace(' ', "_")
}

/// A smart list of these filters.
fn campaign(filters: &[String]) -> String {
    let mut text = "name: All\nsmart_list:\n  filters:\n".to_owned();
    for filter in filters {
        writeln!(text, "    - {filter}").unwrap();
    }
    text.push_str("flow: [ change_score: +1 ]\n");
    text
}

#[test]
fn every_attribute_filter_of_marketo_is_a_field_by_each_of_its_names() {
    let special = SPECIAL.map(|(name, value)| format!("{}: {value}", key(name)));
    let mut by_name = [special.to_vec(), Vec::new(), Vec::new()];
    for label in FIELDS {
        let field = field(label);
        let names = [key(label), field.name, field.api_name];
        for (filters, name) in by_name.iter_mut().zip(names) {
            filters.push(format!("{name}: {{ is_not_empty: true }}"));
        }
    }
    let mut tool = Tool::new().file(
        "campaigns/workspace.yaml",
        "lists: [Guests]\nprograms: { Fair: {} }\nsmart_lists: { Chosen: { filters: [ gender: x ] } }\n",
    );
    for (name, filters) in ["All", "Name", "Rest"].iter().zip(&by_name) {
        let text = campaign(filters).replace("name: All", &format!("name: {name}"));
        tool = tool.bytes(&format!("campaigns/{name}.yaml"), text);
    }
    tool.run("campaign validate campaigns -f csv")
        .stdout(
            "
            campaign,program,file,mode,triggers,filters,steps,errors,warnings
            All,,campaigns/All.yaml,batch,0,97,1,0,0
            Name,,campaigns/Name.yaml,batch,0,92,1,0,0
            Rest,,campaigns/Rest.yaml,batch,0,92,1,0,0
            ",
        )
        .code(0);
    let (mut header, mut row) = ("Email Address".to_owned(), "x@example.com".to_owned());
    for label in FIELDS {
        let field = field(label);
        let value = match field.type_name.as_str() {
            "string" | "text" | "phone" | "url" => "x",
            "email" => "x@example.com",
            "integer" | "score" | "percent" | "currency" | "float" => "1",
            "date" => "2026-01-01",
            "datetime" => "2026-01-01T00:00:00Z",
            "boolean" => "true",
            other => panic!("{label} is of type {other}"),
        };
        if field.name != "email" {
            write!(header, ",{label}").unwrap();
            write!(row, ",{value}").unwrap();
        }
    }
    let mut tool = tool.bytes("p.csv", format!("{header}\n{row}\n").as_bytes());
    tool.run("person load p.csv -f jsonl")
        .stdout("{\"file\":\"p.csv\",\"read\":1,\"added\":1,\"updated\":0,\"unchanged\":0,\"repeated\":0,\"rejected\":0,\"entries\":null}\n")
        .code(0);
}

#[test]
fn what_bugle_has_not_is_refused_by_name_with_its_reason() {
    for (name, reason) in REFUSED {
        let key = key(name);
        let mut tool = Tool::new().bytes(
            "campaigns/all.yaml",
            campaign(&[format!("{key}: any")]).as_bytes(),
        );
        let reported = tool.error("campaign validate campaigns");
        assert!(
            reported.contains(&format!("]: `{key}` {reason}\n")),
            "{reported}"
        );
    }
    assert_eq!(FIELDS.len() + SPECIAL.len() + REFUSED.len(), 104);
}

/// Each type of field: its name, a stored value, a filter that it meets, a token's text, what a step sets it to.
#[rustfmt::skip]
const TYPES: [(&str, &str, &str, &str, &str, &str); 15] = [
    ("string", "Rome", "{ starts_with: ro }", "Rome", "Bari", "\"Bari\""),
    ("text", "one two", "{ contains: TWO }", "one two", "three", "\"three\""),
    ("text_area", "one two", "{ not_contains: three }", "one two", "three", "\"three\""),
    ("email", "x@example.com", "{ contains: \"@example\" }", "x@example.com", "y@example.com", "\"y@example.com\""),
    ("phone", "+43 1 23", "+43 1 23", "+43 1 23", "+43 1 24", "\"+43 1 24\""),
    ("url", "https://x.example/a", "{ contains: x.example }", "https://x.example/a", "https://y.example", "\"https://y.example\""),
    ("link", "https://x.example/a", "{ is_not: https://y.example }", "https://x.example/a", "https://y.example", "\"https://y.example\""),
    ("integer", "9007199254740993", "{ greater_than: 9007199254740992 }", "9007199254740993", "7", "7"),
    ("score", "40", "{ between: [40, 41] }", "40", "41", "41"),
    ("percent", "25", "{ at_most: 25 }", "25", "30", "30"),
    ("currency", "12.50", "{ is: 12.5 }", "12.5", "13.25", "13.25"),
    ("float", "0.25", "{ less_than: 0.3 }", "0.25", "1", "1.0"),
    ("date", "2026-02-28", "{ before: 2026-03-01 }", "2026-02-28", "2026-12-24", "\"2026-12-24\""),
    ("datetime", "2026-02-28 10:00", "{ on_or_after: 2026-02-28 }", "2026-02-28 10:00:00", "2026-12-24 10:00", "\"2026-12-24T10:00:00Z\""),
    ("boolean", "true", "true", "true", "false", "false"),
];

#[test]
fn custom_fields_of_every_type_are_loaded_filtered_shown_and_changed() {
    let names = || TYPES.iter().map(|row| row.0);
    let mut workspace = "fields:\n".to_owned();
    let mut filters = Vec::new();
    let (mut tokens, mut steps, mut clear) = (String::new(), String::new(), String::new());
    for (name, _, filter, _, new, _) in TYPES {
        writeln!(
            workspace,
            "  my_{name}: {{ type: {name}, label: My {name} }}"
        )
        .unwrap();
        filters.push(format!("my_{name}: {filter}"));
        write!(tokens, "[{{{{lead.My {name}}}}}]").unwrap();
        writeln!(
            clear,
            "  - change_data_value: {{ field: my_{name}, value: NULL }}"
        )
        .unwrap();
        writeln!(
            steps,
            "  - change_data_value: {{ field: my_{name}, value: \"{new}\" }}"
        )
        .unwrap();
    }
    let moment = format!("  - interesting_moment: {{ type: Web, description: \"{tokens}\" }}\n");
    let campaign = campaign(&filters).replace(
        "flow: [ change_score: +1 ]\n",
        &format!("flow:\n{moment}{steps}"),
    );
    let mut header = "email".to_owned();
    let mut row = "ann@example.com".to_owned();
    for (name, value, ..) in TYPES {
        write!(header, ",My {name}").unwrap();
        write!(row, ",{value}").unwrap();
    }
    let clearing = format!(
        "name: Clear\nsmart_list: {{ filters: [ member_of_smart_list: All People ] }}\nflow:\n{clear}"
    );
    let mut tool = Tool::new()
        .now("2026-11-02T10:00:00Z")
        .bytes("campaigns/workspace.yaml", workspace)
        .bytes("campaigns/all.yaml", campaign)
        .bytes("campaigns/clear.yaml", clearing)
        .bytes("people.csv", format!("{header}\n{row}\n").as_bytes())
        .loaded();
    let values = |tool: &mut Tool| {
        let shown = tool.row("person show ann@example.com");
        names()
            .map(|name| shown["person"][format!("my_{name}")].to_string())
            .collect::<Vec<_>>()
    };
    tool.done("campaign run All");
    let log = tool.text("person log ann@example.com -f jsonl --type interesting_moment");
    let moment: serde_json::Value = serde_json::from_str(&log).unwrap();
    let texts: Vec<&str> = TYPES.iter().map(|row| row.3).collect();
    let texts = format!("[{}]", texts.join("]["));
    assert_eq!(moment["attributes"]["description"], texts);
    let changed: Vec<&str> = TYPES.iter().map(|row| row.5).collect();
    assert_eq!(values(&mut tool), changed);
    tool.done("campaign run Clear");
    assert_eq!(values(&mut tool), vec!["null"; TYPES.len()]);
}

#[test]
fn types_that_no_campaign_can_use_are_refused_by_name() {
    let mut tool = Tool::new().file(
        "campaigns/workspace.yaml",
        "
        fields:
          a: { type: formula }
          b: { type: reference }
        ",
    );
    tool.run("campaign validate campaigns")
        .stderr(
            "
            error[unsupported]: `formula` fields are computed where they are shown, and no smart campaign can use them
             --> campaigns/workspace.yaml:2:14
              |
            2 |   a: { type: formula }
              |              ^^^^^^^

            error[unsupported]: `reference` fields point to records of a CRM, to which bugle does not connect
             --> campaigns/workspace.yaml:3:14
              |
            3 |   b: { type: reference }
              |              ^^^^^^^^^
            ",
        )
        .any_stdout()
        .code(1);
}
