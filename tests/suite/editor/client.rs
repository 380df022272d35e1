//! An editor, as far as the server can see one: it speaks the protocol with the real program.
//!
//! What the server sends is read into types that are generated from the protocol's own model, so that an answer which
//! no editor would understand fails the test.

#![expect(
    clippy::needless_pass_by_value,
    reason = "parameters are written where they are sent"
)]

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use gen_lsp_types::{InitializeResult, Location, PublishDiagnosticsParams};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::tool::{Tool, dedent};

/// How long an answer may take; it is there to end a test that waits for nothing.
const PATIENCE: Duration = Duration::from_mins(1);

/// An editor with the folder of a test open.
pub(super) struct Client {
    server: Child,
    messages: Receiver<Value>,
    /// Notifications that came while something else was waited for.
    kept: VecDeque<Value>,
    folder: String,
    requests: i32,
}

impl Client {
    /// Starts the server in the folder of a test, and agrees with it on the protocol.
    pub(super) fn new(tool: &Tool, arguments: &[&str]) -> Self {
        let mut client = Self::silent(tool, arguments);
        let folders = json!([{ "uri": client.folder, "name": "test" }]);
        let params = json!({ "processId": null, "rootUri": null, "capabilities": {}, "workspaceFolders": folders });
        let _: InitializeResult = client.ask("initialize", params);
        client.notify("initialized", json!({}));
        client
    }

    /// Starts the server and says nothing.
    pub(super) fn silent(tool: &Tool, arguments: &[&str]) -> Self {
        let mut command: Command = tool.command();
        let mut server = command
            .arg("lsp")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        let (sender, messages) = mpsc::channel();
        std::thread::spawn(move || {
            loop {
                let mut header = String::new();
                output.read_line(&mut header).unwrap();
                let Some(length) = header.strip_prefix("Content-Length: ") else {
                    assert_eq!(header, "");
                    return;
                };
                let mut body = vec![0; length.trim().parse::<usize>().unwrap() + 2];
                output.read_exact(&mut body).unwrap();
                let message = serde_json::from_slice(&body).unwrap();
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let folder = tool.path("").canonicalize().unwrap();
        Self {
            server,
            messages,
            kept: VecDeque::new(),
            folder: format!("file://{}", folder.display()),
            requests: 0,
        }
    }

    /// Returns the URI of a file of the folder.
    pub(super) fn uri(&self, file: &str) -> String {
        format!("{}/{file}", self.folder)
    }

    /// Sends bytes as they are.
    pub(super) fn send_bytes(&mut self, bytes: &str) {
        let input = self.server.stdin.as_mut().unwrap();
        input.write_all(bytes.as_bytes()).unwrap();
        input.flush().unwrap();
    }

    /// Sends a message.
    pub(super) fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.send_bytes(&format!("Content-Length: {}\r\n\r\n{text}", text.len()));
    }

    /// Sends a notification.
    pub(super) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and returns the number of it.
    pub(super) fn request(&mut self, method: &str, params: Value) -> i32 {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// Sends a request and returns the result.
    pub(super) fn ask<T: DeserializeOwned>(&mut self, method: &str, params: Value) -> T {
        let id = self.request(method, params);
        let mut answer = self.answer(&json!(id));
        assert!(answer.get("error").is_none(), "{answer}");
        serde_json::from_value(answer["result"].take()).unwrap()
    }

    /// Asks about a place of a file, and returns the whole answer.
    pub(super) fn ask_at(
        &mut self,
        method: &str,
        file: &str,
        place: (u32, u32),
        more: Value,
    ) -> Value {
        let mut params = json!({
            "textDocument": { "uri": self.uri(file) },
            "position": { "line": place.0, "character": place.1 },
        });
        for (key, value) in more.as_object().into_iter().flatten() {
            params[key] = value.clone();
        }
        let id = self.request(method, params);
        self.answer(&json!(id))
    }

    /// Asks about a place of a file, and returns the result.
    pub(super) fn result_at<T: DeserializeOwned>(
        &mut self,
        method: &str,
        file: &str,
        place: (u32, u32),
        more: Value,
    ) -> T {
        let mut answer = self.ask_at(method, file, place, more);
        assert!(answer.get("error").is_none(), "{answer}");
        serde_json::from_value(answer["result"].take()).unwrap()
    }

    /// Returns a place as `file:line:column-line:column`.
    pub(super) fn shown(&self, location: &Location) -> String {
        let file = location.uri.0.strip_prefix(&self.folder).unwrap();
        let (start, end) = (location.range.start, location.range.end);
        format!(
            "{}:{}:{}-{}:{}",
            &file[1..],
            start.line,
            start.character,
            end.line,
            end.character
        )
    }

    /// Waits for the answer to a request.
    pub(super) fn answer(&mut self, id: &Value) -> Value {
        loop {
            let message = self.next();
            if message.get("method").is_none() && message["id"] == *id {
                return message;
            }
            self.kept.push_back(message);
        }
    }

    fn next(&self) -> Value {
        self.messages.recv_timeout(PATIENCE).unwrap()
    }

    /// Opens a text; blanks that all lines begin with are not part of it.
    pub(super) fn open(&mut self, file: &str, text: &str) {
        self.open_exactly(file, &dedent(text));
    }

    /// Opens exactly this text.
    pub(super) fn open_exactly(&mut self, file: &str, text: &str) {
        let uri = self.uri(file);
        let document = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Puts other texts in the place of ranges, each given as first line, column, last line, column.
    pub(super) fn change(&mut self, file: &str, version: i32, changes: &[([u32; 4], &str)]) {
        let changes = changes.iter().map(|([line, column, last, end], text)| {
            let start = json!({ "line": line, "character": column });
            let end = json!({ "line": last, "character": end });
            json!({ "range": { "start": start, "end": end }, "text": text })
        });
        let changes: Vec<Value> = changes.collect();
        let document = json!({ "uri": self.uri(file), "version": version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.notify("textDocument/didChange", params);
    }

    /// Waits until the server says something of the faults of a file, and returns them: `line:column-line:column code: first
    /// line of the message`.
    pub(super) fn faults(&mut self, file: &str) -> Vec<String> {
        let faults = self.published(file).diagnostics.into_iter();
        let faults = faults.map(|fault| {
            let (start, end) = (fault.range.start, fault.range.end);
            let message = serde_json::to_value(&fault.message).unwrap();
            let message = message.as_str().unwrap().lines().next().unwrap().to_owned();
            let code = serde_json::to_value(&fault.code).unwrap();
            format!(
                "{}:{}-{}:{} {}: {message}",
                start.line,
                start.character,
                end.line,
                end.character,
                code.as_str().unwrap()
            )
        });
        faults.collect()
    }

    /// Waits until the server says something of the faults of a file.
    pub(super) fn published(&mut self, file: &str) -> PublishDiagnosticsParams {
        let uri = self.uri(file);
        loop {
            let message = self.kept.pop_front().unwrap_or_else(|| self.next());
            if message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri.as_str()
            {
                return serde_json::from_value(message["params"].clone()).unwrap();
            }
        }
    }

    /// Closes the line and returns the exit code.
    pub(super) fn end(&mut self) -> Option<i32> {
        drop(self.server.stdin.take());
        self.server.wait().unwrap().code()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Returns the place of a text in another one: line and column in UTF-16 units, from 0, `deep` units into it.
pub(super) fn place(text: &str, of: &str, deep: usize) -> (u32, u32) {
    let text = dedent(text);
    let at = text.find(of).unwrap_or_else(|| panic!("`{of}` in\n{text}"));
    let line = text[..at].matches('\n').count();
    let before = text[..at].rsplit('\n').next().unwrap();
    let column = before.encode_utf16().count() + deep;
    (u32::try_from(line).unwrap(), u32::try_from(column).unwrap())
}
