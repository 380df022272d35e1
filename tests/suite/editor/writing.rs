//! What is offered while a file is half written, what is shown of a place, and what mends a fault.

use gen_lsp_types::{CodeAction, CompletionList, Hover};
use serde_json::{Value, json};

use super::Client;
use super::client::place;
use crate::tool::{Tool, dedent};

const WORKSPACE: &str = "
    fields: { shoe_size: { type: integer, label: Shoe size } }
    lists: [Readers, 'Old: readers']
    emails: { welcome: { subject: Hello }, note: { subject: Note } }
    smart_lists: { Rich: { filters: [ lead_score: { at_least: 50 } ] } }
    channels: { Event: { statuses: [ { name: Invited, step: 1 }, { name: Came, step: 2 } ] } }
    programs: { Spring: { channel: Event, tokens: { Place: Rome } } }
    tokens: { Sender: Ann }
    activities: { won_prize: { id: 100001, primary: prize, attributes: { prize: string } } }
    ";

fn workspace() -> Tool {
    Tool::new()
        .file("campaigns/workspace.yaml", WORKSPACE)
        .file(
            "campaigns/letter.yaml",
            "
            name: Letter
            smart_list: { triggers: [ campaign_is_requested: any ] }
            flow: [ send_email: welcome ]
            ",
        )
}

/// Opens a text whose `▮` is the cursor, and returns what is offered there: each label with what stands in the file then, as
/// far as the line of the cursor goes.
fn offered(client: &mut Client, file: &str, marked: &str) -> Vec<(String, String)> {
    let marked = dedent(marked);
    let at = place(&marked, "▮", 0);
    let text = marked.replace('▮', "");
    client.open_exactly(file, &text);
    let list: CompletionList = client.result_at("textDocument/completion", file, at, json!({}));
    let line: Vec<u16> = text
        .lines()
        .nth(at.0 as usize)
        .unwrap_or("")
        .encode_utf16()
        .collect();
    let items = list.items.into_iter().map(|item| {
        let edit = serde_json::to_value(item.text_edit.unwrap()).unwrap();
        let unit = |end: &str| {
            assert_eq!(edit["range"][end]["line"], at.0);
            usize::try_from(edit["range"][end]["character"].as_u64().unwrap()).unwrap()
        };
        let (start, end) = (unit("start"), unit("end"));
        assert!(
            start <= at.1 as usize && at.1 as usize <= end,
            "{edit} {at:?}"
        );
        let text = |units: &[u16]| String::from_utf16(units).unwrap();
        let written = format!(
            "{}{}{}",
            text(&line[..start]),
            edit["newText"].as_str().unwrap(),
            text(&line[end..])
        );
        (item.label, written)
    });
    items.collect()
}

/// Makes sure that a half-written campaign is offered what it needs: the label, and its line then.
#[track_caller]
fn offers(client: &mut Client, marked: &str, label: &str, line: &str) {
    let all = offered(client, "campaigns/new.yaml", marked);
    let found = all.iter().find(|(offered, _)| offered == label);
    let labels: Vec<&str> = all
        .iter()
        .map(|(label, _)| label.as_str())
        .take(30)
        .collect();
    assert_eq!(
        found.map(|(_, line)| line.as_str()),
        Some(line),
        "{marked}\n{labels:?}"
    );
}

#[test]
fn a_half_written_file_is_offered_keys_operators_names_and_tokens() {
    let tool = workspace();
    let mut client = Client::new(&tool, &[]);
    for (marked, label, line) in [
        ("▮", "name", "name: "),
        ("name: A\nsm▮\nflow:\n", "smart_list", "smart_list:"),
        ("name: A\nsm▮: {}\n", "smart_list", "smart_list: {}"),
        ("name: A\nsmart_list:\n  ▮", "filters", "  filters:"),
        (
            "name: A\nsmart_list:\n  filters:\n    ▮",
            "country",
            "    - country: ",
        ),
        (
            "name: A\nsmart_list:\n  filters:\n    - coun▮",
            "country",
            "    - country: ",
        ),
        (
            "name: A\nsmart_list:\n  filters:\n    - shoe▮",
            "shoe_size",
            "    - shoe_size: ",
        ),
        (
            "name: A\nsmart_list: { filters: [ coun▮",
            "country",
            "smart_list: { filters: [ country: ",
        ),
        (
            "name: A\nsmart_list: { filters: [ country: USA, lead▮ ] }",
            "lead_score",
            "smart_list: { filters: [ country: USA, lead_score:  ] }",
        ),
        (
            "name: A\nsmart_list:\n  filters:\n    - lead_score: { at▮",
            "at_least",
            "    - lead_score: { at_least: ",
        ),
        (
            "name: A\nsmart_list:\n  filters:\n    - lead_score:\n        at▮\nflow: [",
            "at_least",
            "        at_least: ",
        ),
        (
            "name: A\nsmart_list:\n  filters:\n    - member_of_list: ▮",
            "Readers",
            "    - member_of_list: Readers",
        ),
        (
            "name: A\nsmart_list:\n  filters:\n    - member_of_list: { is: [ ▮",
            "Old: readers",
            "    - member_of_list: { is: [ \"Old: readers\"",
        ),
        (
            "name: A\nsmart_list:\n  filters:\n    - member_of_list: 'Ol▮'",
            "Old: readers",
            "    - member_of_list: 'Old: readers'",
        ),
        (
            "name: A\nsmart_list:\n  filters:\n    - member_of_smart_list: R▮",
            "Rich",
            "    - member_of_smart_list: Rich",
        ),
        (
            "name: A\nsmart_list:\n  filters:\n    - member_of_program: { is: Spring, st▮",
            "status",
            "    - member_of_program: { is: Spring, status: ",
        ),
        (
            "name: A\nsmart_list:\n  triggers:\n    - ▮",
            "opens_email",
            "    - opens_email: ",
        ),
        (
            "name: A\nsmart_list:\n  triggers:\n    - won▮",
            "won_prize",
            "    - won_prize: ",
        ),
        (
            "name: A\nsmart_list:\n  triggers:\n    - opens_email: we▮",
            "welcome",
            "    - opens_email: welcome",
        ),
        (
            "name: A\nflow:\n  - send▮\n  - wait: 3 days",
            "send_email",
            "  - send_email: ",
        ),
        (
            "name: A\nflow:\n  - send_email: ▮\n",
            "note",
            "  - send_email: note",
        ),
        (
            "name: A\nflow: [ send_email: 🙂 , add_to_list: ▮",
            "Readers",
            "flow: [ send_email: 🙂 , add_to_list: Readers",
        ),
        (
            "name: A\nflow:\n  - send_email:\n      choices:\n        - { if: { country: USA }, email: ▮ }",
            "note",
            "        - { if: { country: USA }, email: note }",
        ),
        (
            "name: A\nflow:\n  - change_program_status: ▮",
            "Came",
            "  - change_program_status: Came",
        ),
        (
            "name: A\nflow:\n  - request_campaign: ▮",
            "Letter",
            "  - request_campaign: Letter",
        ),
        (
            "name: A\nflow:\n  - change_data_value:\n      field: sh▮\n      new_value: 3",
            "shoe_size",
            "      field: shoe_size",
        ),
        ("name: A\nprogram: ▮", "Spring", "program: Spring"),
        (
            "name: A\nblock_non_operational_emails: ▮",
            "true",
            "block_non_operational_emails: true",
        ),
        ("name: A\npriority: ▮", "high", "priority: high"),
        (
            "name: A\nflow:\n  - interesting_moment: { type: Web, description: \"Hi {{le▮\" }",
            "{{lead.Shoe size}}",
            "  - interesting_moment: { type: Web, description: \"Hi {{lead.Shoe size}}\" }",
        ),
        (
            "name: A\nflow:\n  - interesting_moment: { type: Web, description: \"Hi {{▮}} and\" }",
            "{{my.Sender}}",
            "  - interesting_moment: { type: Web, description: \"Hi {{my.Sender}} and\" }",
        ),
        (
            "name: A\nflow:\n  - interesting_moment:\n      description: |\n        Hi {{my.▮",
            "{{my.Place}}",
            "        Hi {{my.Place}}",
        ),
        (
            "name: A\ntests:\n  - name: x\n    people:\n      - shoe▮",
            "shoe_size",
            "      - shoe_size: ",
        ),
        (
            "name: A\ntests:\n  - name: x\n    with: [ ▮",
            "Letter",
            "    with: [ Letter",
        ),
        (
            "---\nname: First\nflow: [ }\n---\nname: A\nqual▮",
            "qualification",
            "qualification: ",
        ),
    ] {
        offers(&mut client, marked, label, line);
    }
}

#[test]
fn a_workspace_file_is_offered_its_keys_also_while_it_does_not_read_as_yaml() {
    let tool = workspace();
    let mut client = Client::new(&tool, &[]);
    client.open("campaigns/workspace.yaml", WORKSPACE);
    let _ = client.faults("campaigns/workspace.yaml");
    let marked = format!(
        "{}smart_lists: {{ Poor: {{ filters: [ shoe▮\n",
        dedent(WORKSPACE)
    );
    let all = offered(&mut client, "campaigns/workspace.yaml", &marked);
    assert!(all.iter().any(|(label, _)| label == "shoe_size"), "{all:?}");
    let marked = "emails:\n  x:\n    sub▮\n";
    let all = offered(&mut client, "campaigns/workspace.yaml", marked);
    assert_eq!(all[0], ("subject".to_owned(), "    subject: ".to_owned()));
}

#[test]
fn what_stands_there_already_is_not_offered_again() {
    let tool = workspace();
    let mut client = Client::new(&tool, &[]);
    let mut labels = |marked: &str| -> Vec<String> {
        let all = offered(&mut client, "campaigns/new.yaml", marked);
        all.into_iter().map(|(label, _)| label).collect()
    };
    let keys = labels("name: A\n▮\nflow: []\n");
    assert!(
        !keys.contains(&"name".to_owned()) && keys.contains(&"smart_list".to_owned()),
        "{keys:?}"
    );
    // A filter is one key.
    assert_eq!(
        labels("name: A\nsmart_list: { filters: [ { country: USA, ▮"),
        Vec::<String>::new()
    );
    // Beside a step stands its `id` alone.
    assert_eq!(
        labels("name: A\nflow:\n  - send_email: note\n    ▮"),
        ["id"]
    );
    assert_eq!(labels("name: A # n▮"), Vec::<String>::new());
}

#[test]
fn every_token_that_is_offered_is_one() {
    let tool = workspace();
    let mut client = Client::new(&tool, &[]);
    let head = "name: A\nprogram: Spring\nsmart_list: { triggers: [ opens_email: any ] }\nflow:\n";
    let marked = format!("{head}  - interesting_moment: {{ type: Web, description: \"{{{{▮\" }}\n");
    let all = offered(&mut client, "campaigns/new.yaml", &marked);
    assert!(all.len() > 50, "{all:?}");
    let steps: Vec<&str> = all.iter().map(|(_, line)| line.as_str()).collect();
    let steps = steps.join("\n");
    client.open_exactly(
        "campaigns/all.yaml",
        &format!("{head}{steps}").replace("name: A", "name: B"),
    );
    let faults = client.faults("campaigns/all.yaml");
    // Links mean something in emails alone.
    let others = faults
        .iter()
        .filter(|fault| !fault.contains("means something in emails alone"));
    let others: Vec<&String> = others.filter(|fault| !fault.contains("is never")).collect();
    assert_eq!(others, Vec::<&String>::new());
}

fn shown(client: &mut Client, file: &str, text: &str, of: &str) -> Option<String> {
    let at = place(text, of, 1);
    let hover: Option<Hover> = client.result_at("textDocument/hover", file, at, json!({}));
    let hover = serde_json::to_value(hover?).unwrap();
    Some(hover["contents"]["value"].as_str().unwrap().to_owned())
}

const CAMPAIGN: &str = "
    name: Größe
    smart_list:
      filters:
        - lead_score: { at_least: 50 }
        - any:
            - country: USA
            - city: Rome
    flow:
      - send_email: welcome
    qualification: every_time
    ";

#[test]
fn a_place_shows_the_documentation_of_its_key_or_what_its_name_is() {
    let tool = workspace();
    let mut client = Client::new(&tool, &[]);
    client.open("campaigns/new.yaml", CAMPAIGN);
    let mut shown = |of: &str| shown(&mut client, "campaigns/new.yaml", CAMPAIGN, of);
    let documented = |text: Option<String>, begins: &str| {
        let text = text.unwrap();
        assert!(text.starts_with(begins), "{text}");
    };
    documented(shown("smart_list"), "`smart_list`: Who is meant");
    documented(
        shown("lead_score"),
        "`lead_score`: Lead Score, a field of type ",
    );
    documented(shown("at_least"), "`at_least`: ");
    documented(shown("send_email"), "`send_email`: Send Email: ");
    documented(shown("any:"), "`any`: ");
    documented(
        shown("every_time"),
        "`qualification`: How often a person may enter",
    );
    assert_eq!(
        shown("welcome"),
        Some(
            "email `welcome`, defined in workspace.yaml, line 3\n\nwritten in 2 places".to_owned()
        )
    );
}

#[test]
fn a_filter_shows_how_many_people_it_holds_for() {
    let mut tool = workspace().now("2026-11-02T10:00:00Z").file(
        "people.csv",
        "email,lead_score,country\nann@example.com,60,USA\nbo@example.com,70,France\ncy@example.com,10,USA\n",
    );
    tool.load().done("person load people.csv");
    let mut client = Client::new(&tool, &["--db", "bugle.db"]);
    client.open("campaigns/new.yaml", CAMPAIGN);
    for (of, counted) in [
        ("lead_score", "holds for 2 of 3 people"),
        ("country", "holds for 2 of 3 people"),
        ("any:", "holds for 2 of 3 people"),
    ] {
        let text = shown(&mut client, "campaigns/new.yaml", CAMPAIGN, of).unwrap();
        assert!(text.ends_with(&format!("\n\n{counted}")), "{of}: {text}");
    }
    // What is no filter is not counted, and a filter that the database cannot answer says so.
    let text = shown(&mut client, "campaigns/new.yaml", CAMPAIGN, "flow").unwrap();
    assert!(!text.contains("people"), "{text}");
    let strange = &CAMPAIGN.replace("city: Rome", "citi: Rome");
    client.open("campaigns/new.yaml", strange);
    let text = shown(&mut client, "campaigns/new.yaml", strange, "any:").unwrap();
    assert!(
        text.ends_with("people are not counted: no field `citi`"),
        "{text}"
    );
}

#[test]
fn a_did_you_mean_is_one_key_away() {
    let tool = workspace();
    let mut client = Client::new(&tool, &[]);
    let text = "
        name: A
        smart_list: { filters: [ \"contry\": USA, member_of_list: Reders ] }
        flow: [ interesting_moment: { type: Web, description: \"🙂 {{lead.Shoe sizes}}\" } ]
        ";
    client.open("campaigns/new.yaml", text);
    let mut actions = |of: &str| -> Vec<CodeAction> {
        let (line, character) = place(text, of, 2);
        let at = json!({ "line": line, "character": character });
        let params = json!({
            "textDocument": { "uri": client.uri("campaigns/new.yaml") },
            "range": { "start": at, "end": at },
            "context": { "diagnostics": [] },
        });
        client.ask("textDocument/codeAction", params)
    };
    let mut change = |of: &str| -> Vec<(String, Value)> {
        let actions = actions(of).into_iter();
        let actions = actions.map(|action| {
            let edit = serde_json::to_value(action.edit.unwrap()).unwrap();
            let changes = edit["changes"]
                .as_object()
                .unwrap()
                .values()
                .next()
                .unwrap();
            (action.title, changes[0].clone())
        });
        actions.collect()
    };
    let edit = |line: u32, start: u32, end: u32, text: &str| json!({ "range": { "start": { "line": line, "character": start }, "end": { "line": line, "character": end } }, "newText": text });
    assert_eq!(
        change("contry"),
        [(
            "Change `contry` to `country`".to_owned(),
            edit(1, 25, 33, "\"country\"")
        )]
    );
    assert_eq!(
        change("Reders"),
        [(
            "Change `Reders` to `Readers`".to_owned(),
            edit(1, 56, 62, "Readers")
        )]
    );
    assert_eq!(
        change("Shoe sizes"),
        [(
            "Change `Shoe sizes` to `Shoe size`".to_owned(),
            edit(2, 65, 75, "Shoe size")
        )]
    );
    assert_eq!(change("name"), []);
}
