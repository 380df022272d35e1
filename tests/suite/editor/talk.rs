//! The talk with an editor: its beginning and end, and messages that are none.

use serde_json::{Value, json};

use super::{Client, LETTER, NONE, letter};

#[test]
fn the_server_ends_as_the_protocol_wants_it() {
    let tool = letter();
    let mut client = Client::new(&tool, &[]);
    let nothing: Value = client.ask("shutdown", Value::Null);
    assert_eq!(nothing, Value::Null);
    let id = client.request("textDocument/hover", json!({}));
    assert_eq!(client.answer(&json!(id))["error"]["code"], -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.end(), Some(0));
    // Without `shutdown` it is a fault of the editor; a closed line is none.
    let mut client = Client::new(&tool, &[]);
    client.notify("exit", Value::Null);
    assert_eq!(client.end(), Some(1));
    assert_eq!(Client::new(&tool, &[]).end(), Some(0));
}

#[test]
fn nothing_is_answered_before_the_beginning() {
    let tool = letter();
    let mut client = Client::silent(&tool, &[]);
    let id = client.request("textDocument/hover", json!({}));
    assert_eq!(client.answer(&json!(id))["error"]["code"], -32002);
}

#[test]
fn what_the_server_does_not_know_is_refused_or_passed_over() {
    let tool = letter();
    let mut client = Client::new(&tool, &[]);
    client.notify("$/setTrace", json!({ "value": "off" }));
    client.notify("textDocument/didChange", json!({ "textDocument": 7 }));
    client.notify(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": "file:///no" }, "contentChanges": [] }),
    );
    let id = client.request("textDocument/prepareCallHierarchy", json!({}));
    let answer = client.answer(&json!(id));
    assert_eq!(answer["error"]["code"], -32601);
    client.send(&json!({ "jsonrpc": "2.0", "id": "a", "method": "x/y" }));
    assert_eq!(client.answer(&json!("a"))["error"]["code"], -32601);
}

#[test]
fn a_malformed_message_is_answered_and_the_next_one_is_read() {
    let tool = letter();
    let mut client = Client::new(&tool, &[]);
    for (body, code) in [
        ("{", -32700),
        ("\u{0}", -32700),
        ("[]", -32600),
        ("7", -32600),
    ] {
        client.send_bytes(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        assert_eq!(client.answer(&Value::Null)["error"]["code"], code, "{body}");
    }
    client.open("campaigns/letter.yaml", LETTER);
    assert_eq!(client.faults("campaigns/letter.yaml"), NONE);
    // Nobody knows where the next message begins.
    client.send_bytes("hello\r\n\r\n");
    assert_eq!(client.end(), Some(3));
}

#[test]
fn a_request_that_is_cancelled_while_it_waits_is_not_worked_on() {
    let tool = letter();
    let mut client = Client::new(&tool, &[]);
    // Both are there before the first is taken: they come in one piece.
    let frame = |message: Value| {
        let text = message.to_string();
        format!("Content-Length: {}\r\n\r\n{text}", text.len())
    };
    let open = frame(
        json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument":
        { "uri": client.uri("campaigns/letter.yaml"), "languageId": "yaml", "version": 1, "text": "x".repeat(1_000_000) } } }),
    );
    let asked =
        frame(json!({ "jsonrpc": "2.0", "id": 70, "method": "textDocument/hover", "params": {} }));
    let cancelled =
        frame(json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": 70 } }));
    client.send_bytes(&[open, asked, cancelled].concat());
    let answer = client.answer(&json!(70));
    let code = answer["error"]["code"].as_i64().unwrap();
    // It may have been taken before the cancellation was read.
    assert!([-32800, -32601, -32602].contains(&code), "{answer}");
    // One that nobody asked is nothing.
    client.notify("$/cancelRequest", json!({ "id": 9999 }));
    client.notify("$/cancelRequest", json!({}));
    let _: Value = client.ask("shutdown", Value::Null);
}
