//! From a name to where it is defined and used, and to another name for it.

use gen_lsp_types::{Location, WorkspaceEdit};
use serde_json::{Value, json};

use super::Client;
use super::client::place;
use crate::tool::{Tool, dedent};

const WORKSPACE: &str = "
    lists: [Readers, 'Größe 🙂']
    emails: { welcome: { subject: Hello }, note: { subject: Note } }
    smart_lists:
      Rich: { filters: [ lead_score: { at_least: 50 } ] }
    channels: { Event: { statuses: [ { name: Invited, step: 1 } ] } }
    programs: { Spring: { channel: Event } }
    ";

const CALLER: &str = "
    name: Caller
    smart_list:
      triggers: [ opens_email: welcome ]
      filters: [ member_of_smart_list: Rich, member_of_list: { is: [Readers] } ]
    flow:
      - { send_email: \"welcome\", id: first }
      - add_to_list: Größe 🙂
      - request_campaign: Spring.Called
    tests:
      - name: It calls
        now: 2026-11-02T10:00:00Z
        with: [ Spring.Called ]
        people: [ { email: ann@example.com, lists: Readers, lead_score: 60 } ]
        events: [ { at: 2026-11-02T10:00:00Z, person: ann@example.com, type: opens_email, email: welcome } ]
        expect: [ { person: ann@example.com, mails: [ welcome ], lists: [ Readers, Größe 🙂 ] } ]
    ";

const CALLED: &str = "
    name: Called
    program: Spring
    smart_list: { triggers: [ campaign_is_requested: any ] }
    flow: [ change_program_status: Invited, wait: 1 day, request_campaign: Called ]
    ";

fn workspace() -> Tool {
    Tool::new()
        .file("campaigns/workspace.yaml", WORKSPACE)
        .file("campaigns/caller.yaml", CALLER)
        .file("campaigns/called.yaml", CALLED)
}

fn opened(tool: &Tool) -> Client {
    let mut client = Client::new(tool, &[]);
    client.open("campaigns/caller.yaml", CALLER);
    client.open("campaigns/called.yaml", CALLED);
    client
}

fn definition(client: &mut Client, of: &str, deep: usize) -> Vec<String> {
    let at = place(CALLER, of, deep);
    let found: Vec<Location> = client.result_at(
        "textDocument/definition",
        "campaigns/caller.yaml",
        at,
        json!({}),
    );
    found.iter().map(|place| client.shown(place)).collect()
}

#[test]
fn a_name_leads_to_where_it_is_defined() {
    let tool = workspace();
    let mut client = opened(&tool);
    for (name, deep, defined) in [
        ("welcome ]", 0, "campaigns/workspace.yaml:1:10-1:17"),
        ("\"welcome\"", 9, "campaigns/workspace.yaml:1:10-1:17"),
        ("Rich", 4, "campaigns/workspace.yaml:3:2-3:6"),
        ("Readers]", 2, "campaigns/workspace.yaml:0:8-0:15"),
        ("Größe", 7, "campaigns/workspace.yaml:0:17-0:27"),
        ("Spring.Called", 3, "campaigns/called.yaml:0:6-0:12"),
    ] {
        assert_eq!(definition(&mut client, name, deep), [defined], "{name}");
    }
    assert_eq!(definition(&mut client, "flow", 1), Vec::<String>::new());
    // `program: Spring` is defined in the workspace.
    let at = place(CALLED, "Spring", 0);
    let found: Vec<Location> = client.result_at(
        "textDocument/definition",
        "campaigns/called.yaml",
        at,
        json!({}),
    );
    assert_eq!(
        client.shown(&found[0]),
        "campaigns/workspace.yaml:5:12-5:18"
    );
}

#[test]
fn a_name_leads_to_where_it_is_used_tests_included() {
    let tool = workspace();
    let mut client = opened(&tool);
    let at = place(CALLER, "Spring.Called", 3);
    let mut ask = |with: bool| -> Vec<String> {
        let more = json!({ "context": { "includeDeclaration": with } });
        let found: Vec<Location> =
            client.result_at("textDocument/references", "campaigns/caller.yaml", at, more);
        found.iter().map(|place| client.shown(place)).collect()
    };
    let uses = [
        "campaigns/called.yaml:3:71-3:77",
        "campaigns/caller.yaml:7:22-7:35",
        "campaigns/caller.yaml:11:12-11:25",
    ];
    assert_eq!(ask(false), uses);
    assert_eq!(
        ask(true),
        [&["campaigns/called.yaml:0:6-0:12"][..], &uses].concat()
    );
}

/// Applies edits to the files of a folder.
fn apply(tool: &Tool, client: &Client, edit: WorkspaceEdit) {
    let mut changes: Vec<_> = edit.changes.unwrap().into_iter().collect();
    changes.sort_by(|one, other| one.0.0.cmp(&other.0.0));
    for (uri, mut edits) in changes {
        let file = uri.0.strip_prefix(&client.uri("")).unwrap().to_owned();
        let mut text = std::fs::read_to_string(tool.path(&file)).unwrap();
        edits.sort_by_key(|edit| {
            std::cmp::Reverse((edit.range.start.line, edit.range.start.character))
        });
        for edit in edits {
            let byte = |line: u32, character: u32| {
                let start: usize = text
                    .split_inclusive('\n')
                    .take(line as usize)
                    .map(str::len)
                    .sum();
                let mut units = 0;
                let mut rest = text[start..].char_indices();
                rest.find(|(_, c)| {
                    units += c.len_utf16();
                    units > character as usize
                })
                .map_or(text.len(), |(at, _)| start + at)
            };
            let (start, end) = (edit.range.start, edit.range.end);
            let bytes = byte(start.line, start.character)..byte(end.line, end.character);
            text.replace_range(bytes, &edit.new_text);
        }
        tool.write_bytes(&file, text);
    }
}

#[test]
fn a_name_becomes_another_in_all_files_and_the_tests_pass_as_before() {
    for (name, deep, new, lines) in [
        (
            "welcome ]",
            0,
            "hello",
            &[
                "emails: { hello: {",
                "opens_email: hello ]",
                "send_email: \"hello\",",
                "email: hello }",
                "mails: [ hello ]",
            ][..],
        ),
        (
            "Rich",
            0,
            "Very: rich",
            &[
                "  \"Very: rich\": {",
                "member_of_smart_list: \"Very: rich\"",
            ],
        ),
        (
            "Größe",
            0,
            "it's \"so\"",
            &[
                "'it''s \"so\"'",
                "add_to_list: it's \"so\"\n",
                "lists: [ Readers, it's \"so\" ]",
            ],
        ),
        (
            "Readers]",
            0,
            "Reader",
            &[
                "lists: [Reader,",
                "is: [Reader]",
                "lists: Reader,",
                "lists: [ Reader,",
            ],
        ),
        (
            "Spring.Called",
            9,
            "Asked",
            &[
                "name: Asked\n",
                "request_campaign: Asked ]",
                "request_campaign: Spring.Asked\n",
                "with: [ Spring.Asked ]",
            ],
        ),
    ] {
        let mut tool = workspace();
        let before = tool.text("campaign test -f csv");
        let mut client = opened(&tool);
        let at = place(CALLER, name, deep);
        let more = json!({ "newName": new });
        let edit = client.result_at("textDocument/rename", "campaigns/caller.yaml", at, more);
        apply(&tool, &client, edit);
        let texts = ["workspace", "caller", "called"].map(|file| {
            std::fs::read_to_string(tool.path(&format!("campaigns/{file}.yaml"))).unwrap()
        });
        let texts = texts.concat();
        for line in lines {
            assert!(texts.contains(line), "{line} in\n{texts}");
        }
        assert_eq!(tool.text("campaign test -f csv"), before, "{new}");
    }
}

#[test]
fn a_program_becomes_another_also_before_the_names_of_its_campaigns() {
    let mut tool = workspace();
    let mut client = opened(&tool);
    let at = place(CALLED, "Spring", 1);
    let more = json!({ "newName": "Autumn" });
    let edit = client.result_at("textDocument/rename", "campaigns/called.yaml", at, more);
    apply(&tool, &client, edit);
    tool.done("campaign test");
    let caller = std::fs::read_to_string(tool.path("campaigns/caller.yaml")).unwrap();
    assert_eq!(caller, dedent(&CALLER.replace("Spring.", "Autumn.")));
}

#[test]
fn what_cannot_be_renamed_says_why() {
    let tool = workspace();
    let mut client = opened(&tool);
    let mut refused = |name: &str, new: &str| -> String {
        let at = place(CALLER, name, 0);
        let file = "campaigns/caller.yaml";
        let answer = client.ask_at("textDocument/rename", file, at, json!({ "newName": new }));
        assert_eq!(answer["error"]["code"], -32803, "{answer}");
        answer["error"]["message"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        refused("welcome ]", "note"),
        "the workspace has the email `note` already"
    );
    assert_eq!(refused("welcome ]", " "), "`name` is empty");
    assert_eq!(refused("flow", "x"), "no name stands here");
    assert_eq!(
        refused("lead_score", "x"),
        "a field is not renamed here: the database has what is known of people under its name"
    );
    let at = place(CALLER, "welcome ]", 3);
    let found: Value = client.result_at(
        "textDocument/prepareRename",
        "campaigns/caller.yaml",
        at,
        json!({}),
    );
    assert_eq!(found["placeholder"], "welcome");
}
