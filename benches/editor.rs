//! How long an editor waits: `cargo bench --bench editor [CAMPAIGNS]`.
//!
//! A workspace of so many campaigns (200), the real program as `bugle lsp`, and one file that is edited: each change is sent
//! when the faults of the one before have come. Printed are the median and the longest time from a change to its faults,
//! and from questions to their answers.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement, not the program"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How often each is measured.
const TIMES: usize = 200;

struct Server {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Server {
    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn next(&mut self) -> Value {
        let mut header = String::new();
        self.output.read_line(&mut header).unwrap();
        let length = header.trim().strip_prefix("Content-Length: ").unwrap();
        let mut body = vec![0; length.parse::<usize>().unwrap() + 2];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// Sends a message, and returns how long it takes until one comes for which `is_it` holds.
    fn wait(&mut self, message: &Value, is_it: impl Fn(&Value) -> bool) -> Duration {
        let begun = Instant::now();
        self.send(message);
        while !is_it(&self.next()) {}
        begun.elapsed()
    }
}

fn main() {
    let given = std::env::args().skip(1).find_map(|one| one.parse().ok());
    let campaigns: usize = given.unwrap_or(200);
    let folder = tempfile::tempdir().unwrap();
    write_workspace(folder.path(), campaigns);
    let mut child = Command::new(env!("CARGO_BIN_EXE_bugle"))
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let mut server = Server {
        child,
        input: input.unwrap(),
        output: BufReader::new(output.unwrap()),
    };
    measure(&mut server, folder.path());
    server.child.kill().unwrap();
    server.child.wait().unwrap();
}

fn measure(server: &mut Server, folder: &Path) {
    let root = format!("file://{}", folder.display());
    let uri = format!("{root}/campaigns/c0.yaml");
    let request = |id: usize, method: &str, params: Value| json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
    let notify = |method: &str, params: Value| json!({ "jsonrpc": "2.0", "method": method, "params": params });
    let answers =
        |id: usize| move |message: &Value| message.get("method").is_none() && message["id"] == id;
    server.wait(
        &request(
            0,
            "initialize",
            json!({ "rootUri": root, "capabilities": {} }),
        ),
        answers(0),
    );
    let text = campaign(0);
    let document = json!({ "uri": uri, "languageId": "yaml", "version": 0, "text": text });
    let published = |version: usize| move |message: &Value| message["params"]["version"] == version;
    let opened = server.wait(
        &notify("textDocument/didOpen", json!({ "textDocument": document })),
        published(0),
    );
    println!("opened: {:.1} ms", milliseconds(opened));
    let changes = (1..=TIMES).map(|version| {
        // A character comes and goes within the name of a field.
        let start = json!({ "line": 3, "character": 8 });
        let end = json!({ "line": 3, "character": 8 + (version + 1) % 2 });
        let text = if version % 2 == 1 { "x" } else { "" };
        let change = json!({ "range": { "start": start, "end": end }, "text": text });
        let document = json!({ "uri": uri, "version": version });
        let params = json!({ "textDocument": document, "contentChanges": [change] });
        server.wait(
            &notify("textDocument/didChange", params),
            published(version),
        )
    });
    show("a change", changes.collect());
    for (method, line, character) in [
        ("completion", 3, 8),
        ("hover", 3, 8),
        ("definition", 6, 18),
        ("references", 6, 18),
    ] {
        let times = (1..=TIMES).map(|id| {
            let position = json!({ "line": line, "character": character });
            let params = json!({ "textDocument": { "uri": uri }, "position": position });
            let message = request(id, &format!("textDocument/{method}"), params);
            server.wait(&message, answers(id))
        });
        show(method, times.collect());
    }
}

fn show(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let (median, longest) = (times[times.len() / 2], times[times.len() - 1]);
    println!(
        "{what}: {:.1} ms, at most {:.1} ms",
        milliseconds(median),
        milliseconds(longest)
    );
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn write_workspace(folder: &Path, campaigns: usize) {
    let folder = folder.join("campaigns");
    std::fs::create_dir_all(&folder).unwrap();
    let lists: Vec<String> = (0..campaigns).map(|n| format!("List {n}")).collect();
    let emails: Vec<String> = (0..campaigns)
        .map(|n| format!("  Email {n}: {{ subject: 'Hi {{{{lead.First Name:default=there}}}}', body: Hello }}\n"))
        .collect();
    let workspace = format!(
        "lists: [{}]\nemails:\n{}",
        lists.join(", "),
        emails.concat()
    );
    std::fs::write(folder.join("workspace.yaml"), workspace).unwrap();
    for number in 0..campaigns {
        let path = folder.join(format!("c{number}.yaml"));
        std::fs::write(path, campaign(number)).unwrap();
    }
}

fn campaign(n: usize) -> String {
    format!(
        "name: Campaign {n}
smart_list:
  filters:
    - country: {{ is: [USA, Canada] }}
    - lead_score: {{ at_least: {} }}
    - not_opens_email: {{ email: Email {n}, date: {{ in_past: 30 days }} }}
    - member_of_list: List {n}
flow:
  - send_email: Email {n}
  - wait: 3 days
  - change_score:
      choices:
        - {{ if: {{ clicked_link_in_email: {{ email: Email {n} }} }}, change: 5 }}
      default: {{ change: -1 }}
  - add_to_list: List {n}
qualification: every_time
tests:
  - name: It writes
    now: 2026-11-02T10:00:00Z
    run: true
    people: [ {{ email: ann@example.com, country: USA, lead_score: 100, lists: List {n} }} ]
    expect: [ {{ person: ann@example.com, mails: [ Email {n} ] }} ]
",
        n % 100
    )
}
