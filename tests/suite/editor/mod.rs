//! `bugle lsp`: what an editor shows while campaign files are written.

mod client;
mod names;
mod talk;
mod writing;

use crate::tool::Tool;
use client::Client;

const LETTER: &str = "
    name: Letter
    smart_list: { filters: [ country: USA ] }
    flow: [ send_email: letter ]
    ";

const NONE: [&str; 0] = [];

/// A folder with one campaign in it.
fn letter() -> Tool {
    Tool::new().file("campaigns/letter.yaml", LETTER)
}

#[test]
fn faults_are_shown_while_typing_and_go_when_they_are_mended() {
    let tool = letter();
    let mut client = Client::new(&tool, &[]);
    client.open("campaigns/letter.yaml", LETTER);
    assert_eq!(client.faults("campaigns/letter.yaml"), NONE);
    // `country` becomes `contry`; the file on the disk stays as it is.
    client.change("campaigns/letter.yaml", 2, &[([1, 27, 1, 28], "")]);
    let published = client.published("campaigns/letter.yaml");
    assert_eq!(published.version, Some(2));
    let fault = serde_json::to_value(&published.diagnostics[0]).unwrap();
    assert_eq!(
        fault,
        serde_json::json!({
            "range": {
                "start": { "line": 1, "character": 25 },
                "end": { "line": 1, "character": 31 },
            },
            "severity": 1,
            "code": "unknown-field",
            "source": "bugle",
            "message": "no field `contry`\nhelp: did you mean `country`?",
        })
    );
    client.change("campaigns/letter.yaml", 3, &[([1, 27, 1, 27], "u")]);
    assert_eq!(client.faults("campaigns/letter.yaml"), NONE);
}

#[test]
fn a_fault_appears_in_another_file_than_the_one_that_is_edited() {
    let tool = letter().file(
        "campaigns/workspace.yaml",
        "emails: { letter: { subject: Hi } }\n",
    );
    let mut client = Client::new(&tool, &[]);
    client.open(
        "campaigns/workspace.yaml",
        "emails: { letter: { subject: Hi } }\n",
    );
    assert_eq!(client.faults("campaigns/workspace.yaml"), NONE);
    client.change("campaigns/workspace.yaml", 2, &[([0, 10, 0, 16], "note")]);
    assert_eq!(
        client.faults("campaigns/letter.yaml"),
        ["2:20-2:26 unknown-email: the workspace defines no email `letter`"]
    );
    // The text on the disk counts again once the editor has closed its own.
    let uri = client.uri("campaigns/workspace.yaml");
    let closed = serde_json::json!({ "textDocument": { "uri": uri } });
    client.notify("textDocument/didClose", closed);
    assert_eq!(client.faults("campaigns/letter.yaml"), NONE);
}

#[test]
fn all_files_of_the_folder_are_checked_before_one_is_opened() {
    let tool = Tool::new().file("campaigns/a/bad.yaml", "name: Bad\n");
    let mut client = Client::new(&tool, &[]);
    let faults = client.faults("campaigns/a/bad.yaml");
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[test]
fn positions_count_utf_16_units_and_lines_end_as_they_do_on_windows() {
    let tool = letter();
    let mut client = Client::new(&tool, &[]);
    let text = "name: Größe 🙂\r\nsmart_list: { filters: [ state: [ \"🙂é\", x ], stat: CA ] }\r\nflow: [ send_email: a ]\r\n";
    client.open_exactly("campaigns/new.yaml", text);
    assert_eq!(
        client.faults("campaigns/new.yaml"),
        ["1:46-1:50 unknown-field: no field `stat`"]
    );
    // In the midst of a line with characters beyond the first plane: `stat` becomes `state`.
    client.change("campaigns/new.yaml", 2, &[([1, 50, 1, 50], "e")]);
    let faults = client.faults("campaigns/new.yaml");
    assert!(
        !faults.iter().any(|fault| fault.contains("unknown-field")),
        "{faults:?}"
    );
}

#[test]
fn a_half_written_file_has_the_faults_of_its_syntax_and_other_files_keep_theirs() {
    let tool = letter().file("campaigns/bad.yaml", "name: Bad\nflow: []\n");
    let mut client = Client::new(&tool, &[]);
    let before = client.faults("campaigns/bad.yaml");
    client.open(
        "campaigns/letter.yaml",
        "name: Letter\nsmart_list: { filters: [ country: \n",
    );
    let faults = client.faults("campaigns/letter.yaml");
    assert!(faults[0].contains("yaml-syntax"), "{faults:?}");
    client.open("campaigns/bad.yaml", "name: Bad\nflow: []\n");
    assert_eq!(client.faults("campaigns/bad.yaml"), before);
}

#[test]
fn a_file_that_another_program_saves_is_read_again() {
    let tool = letter();
    let mut client = Client::new(&tool, &[]);
    client.open("campaigns/other.yaml", LETTER);
    let faults = client.faults("campaigns/other.yaml");
    assert!(faults[0].contains("two campaigns"), "{faults:?}");
    tool.write(
        "campaigns/letter.yaml",
        &LETTER.replace("Letter", "First letter"),
    );
    assert_eq!(client.faults("campaigns/other.yaml"), NONE);
    std::fs::remove_file(tool.path("campaigns/letter.yaml")).unwrap();
    tool.write("campaigns/third.yaml", LETTER);
    let faults = client.faults("campaigns/third.yaml");
    assert!(faults[0].contains("two campaigns"), "{faults:?}");
}

#[test]
fn the_text_of_an_email_is_read_from_the_editor_as_well() {
    let tool = letter()
        .file(
            "campaigns/workspace.yaml",
            "emails: { letter: { subject: Hi, body_file: letter.md } }\n",
        )
        .file("campaigns/letter.md", "Hi {{lead.First Name}}\n");
    let mut client = Client::new(&tool, &[]);
    client.open("campaigns/letter.md", "Hi {{lead.Fist Name}}\n");
    let faults = client.faults("campaigns/letter.md");
    assert!(faults[0].starts_with("0:3-0:21 "), "{faults:?}");
}

#[test]
fn fields_and_lists_of_a_named_database_are_known() {
    let mut tool = letter().file("people.csv", "email,shoe_size\nann@example.com,38\n");
    tool.done("person load people.csv --db people.db");
    let text = "
        name: Shoes
        smart_list: { filters: [ shoe_size: 38 ] }
        flow: [ send_email: letter ]
        ";
    let mut client = Client::new(&tool, &[]);
    client.open("campaigns/shoes.yaml", text);
    assert_eq!(client.faults("campaigns/shoes.yaml").len(), 1);
    let mut client = Client::new(&tool, &["--db", "people.db"]);
    client.open("campaigns/shoes.yaml", text);
    assert_eq!(client.faults("campaigns/shoes.yaml"), NONE);
    // One that is not there yet is no reason not to start.
    let mut client = Client::new(&tool, &["--db", "later.db"]);
    client.open("campaigns/shoes.yaml", text);
    assert_eq!(client.faults("campaigns/shoes.yaml").len(), 1);
}
