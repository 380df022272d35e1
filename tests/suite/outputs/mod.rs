//! Files that commands write: where they may go, what happens to the file before, and what a failing command leaves.

mod failing;
mod spared;
#[cfg(unix)]
mod streams;
#[cfg(unix)]
mod unreadable;
mod written;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::tool::Tool;

/// A batch campaign and a trigger campaign, an email with a text of its own, two people, three events.
fn workspace() -> Tool {
    Tool::new()
        .now("2026-12-01T09:00:00Z")
        .file(
            "campaigns/workspace.yaml",
            "
            time_zone: UTC
            emails: { hello: { subject: Hello, from: a@example.com, body_file: emails/hello.md } }
            ",
        )
        .file("campaigns/emails/hello.md", "Hello\n")
        .file(
            "campaigns/letter.yaml",
            "
            name: Letter
            smart_list: { filters: [ member_of_smart_list: All People ] }
            flow: [ send_email: hello ]
            ",
        )
        .file(
            "campaigns/sales/note.yaml",
            "
            name: Note
            active: true
            smart_list: { triggers: [ fills_out_form: any ] }
            flow: [ change_score: +5 ]
            ",
        )
        .file("people.csv", "email\nann@example.com\nben@example.com\n")
        .file("more.csv", "email\ncyd@example.com\nnobody\n")
        .file(
            "events.jsonl",
            r#"
            {"id":"1","at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"fills_out_form","form":"x"}
            {"id":"2","at":"2026-11-02T10:00:00Z","person":"zoe@example.com","type":"fills_out_form","form":"x"}
            {"id":"3","at":"never","person":"ann@example.com","type":"fills_out_form","form":"x"}
            "#,
        )
        .loaded()
}

/// A command that writes a file; what stands behind it is the file.
const COMMANDS: [&str; 9] = [
    "campaign run letter --dry-run --people",
    "campaign run letter --people",
    "campaign run campaigns/letter.yaml --people",
    "person load more.csv --rejects",
    "person load more.csv --as-activities --rejects",
    "campaign replay-events events.jsonl --rejects",
    // Malformed lines go elsewhere, so that the command succeeds.
    "campaign replay-events events.jsonl --rejects /dev/null --unknown",
    "outbox export --mbox",
    "campaign report letter --output",
];

/// Every file below a folder, with its bytes; links are shown with their targets.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().display().to_string();
            if path.is_symlink() {
                let target = fs::read_link(&path).unwrap();
                files.insert(name, target.into_os_string().into_encoded_bytes());
            } else if path.is_dir() {
                files.insert(format!("{name}/"), Vec::new());
                walk(root, &path, files);
            } else {
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    walk(folder, folder, &mut files);
    files
}
