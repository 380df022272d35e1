//! `outbox export`: the messages as an independent parser reads them, and those that cannot be one.

use std::fmt::Write as _;
use std::fs;

use crate::tool::Tool;
use mailparse::{MailHeaderMap as _, ParsedMail};

use super::{files, sent, sent_to};

#[test]
fn every_message_reads_back_as_it_was_sent() {
    let mut tool = sent();
    tool.run("outbox export --maildir sent")
        .stdout(
            "
            sent
            messages                 5
            written                  5
            already there            0
            set aside                0
            ",
        )
        .code(0);
    let files = files(&tool.path("sent/new"));
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "1793613600.A16777218.bugle",
            "1796144400.A16777216.bugle",
            "1796144400.A33554432.bugle",
            "1796144400.A50331648.bugle",
            "1796144400.A67108864.bugle",
        ]
    );
    let expected = [
        ("ann@example.com", Some("Ann Arbour"), "Ann"),
        ("zoe@example.com", Some("Zoë Ångström"), "Zoë"),
        ("jörg@exämple.de", Some("Jörg O\"Neil, Dr."), "Jörg"),
        ("dan@example.com", None, "friend"),
    ];
    for (bytes, (address, name, first)) in files.values().skip(1).zip(expected) {
        let mail = mailparse::parse_mail(bytes).unwrap();
        let to = mailparse::addrparse_header(mail.headers.get_first_header("To").unwrap()).unwrap();
        let to = to.extract_single_info().unwrap();
        assert_eq!(
            (to.addr.as_str(), to.display_name.as_deref()),
            (address, name)
        );
        let from = mail.headers.get_first_header("From").unwrap();
        let from = mailparse::addrparse_header(from)
            .unwrap()
            .extract_single_info()
            .unwrap();
        assert_eq!(from.addr, "news@example.com");
        assert_eq!(from.display_name.as_deref(), Some("Zoë’s News, daily"));
        assert_eq!(header(&mail, "Subject"), format!("Grüße an {first}"));
        assert_eq!(header(&mail, "X-Bugle-Campaign"), "Brief für alle");
        let date = mailparse::dateparse(&header(&mail, "Date")).unwrap();
        assert_eq!(date, 1_796_144_400);
        assert_eq!(
            body(&mail),
            format!(
                "Hello {first},\nFrom now on = more.\n>From us all \n{{{{system.unsubscribeLink}}}}\n"
            )
        );
        assert!(
            !bytes.contains(&b'\r'),
            "lines of files end with line feeds"
        );
    }
    let alert = &files["1793613600.A16777218.bugle"];
    assert_eq!(
        String::from_utf8(alert.clone()).unwrap(),
        crate::tool::dedent(
            "
            Date: Mon, 2 Nov 2026 10:00:00 +0000
            From: <bugle@example.com>
            To: <sales@example.com>, \"Boss\" <boss@example.com>, <owner@example.com>
            Subject: Ann wrote
            Message-ID: <1793613600.A16777218.bugle@bugle.invalid>
            X-Bugle-Activity: 16777218
            X-Bugle-Email: notice
            X-Bugle-Campaign: Notice
            MIME-Version: 1.0
            Content-Type: text/plain; charset=\"utf-8\"
            Content-Transfer-Encoding: quoted-printable

            {{SP_Send_Alert_Info}}
            "
        )
    );
}

#[test]
fn an_mbox_holds_the_same_messages_with_its_from_lines_quoted() {
    let mut tool = sent();
    tool.done("outbox export --maildir sent");
    tool.run("outbox export --mbox sent.mbox --format csv")
        .stdout("to,messages,written,already_there,set_aside\nsent.mbox,5,5,0,0\n")
        .code(0);
    let mbox = fs::read_to_string(tool.path("sent.mbox")).unwrap();
    assert!(mbox.contains("\n>From now on"), "{mbox}");
    assert!(mbox.contains("\n>>From us"), "{mbox}");
    let first = mbox.lines().next().unwrap();
    assert_eq!(first, "From bugle@bugle.invalid Mon Nov  2 10:00:00 2026");
    // Read as mboxrd: a message begins at `From `, and a `>` before a quoted one goes.
    let mut messages: Vec<String> = Vec::new();
    for line in mbox.split_inclusive('\n') {
        if line.starts_with("From ") {
            messages.push(String::new());
            continue;
        }
        let quoted = line.trim_start_matches('>').starts_with("From ");
        let line = if quoted { &line[1..] } else { line };
        messages.last_mut().unwrap().push_str(line);
    }
    let delivered: Vec<String> = files(&tool.path("sent/new"))
        .into_values()
        .map(|bytes| String::from_utf8(bytes).unwrap() + "\n")
        .collect();
    assert_eq!(messages, delivered);
}

#[test]
fn what_would_make_a_header_is_set_aside_and_named() {
    let mut tool = sent_to(
        "email,First Name,Last Name
        ann@example.com,Ann,Arbour
        eve@example.com,\"Eve
        Bcc: everyone@example.com\",
        fay@example.com,Fay,\"\u{7}\"
        gus@example.com,=?utf-8?Q?Gus=0D=0ABcc:=20x@example.com?=,
        hal@example..com,Hal,
        ",
    );
    tool.run("outbox export --maildir sent --email letter")
        .stdout(
            "
            sent
            messages                 5
            written                  1
            already there            0
            set aside                4  not fit for a header
            ",
        )
        .stderr(
            "
            warning: message 33554432 (`letter`) is set aside: its subject has a line break or another control character
            warning: message 50331648 (`letter`) is set aside: the person's name has a line break or another control character
            warning: message 67108864 (`letter`) is set aside: its subject reads as an encoded word, `=?…?=`
            warning: message 83886080 (`letter`) is set aside: its recipient is not an address
            ",
        )
        .code(6);
    let names: Vec<String> = files(&tool.path("sent/new")).into_keys().collect();
    assert_eq!(names, ["1796144400.A16777216.bugle"]);
    tool.run("outbox export --mbox sent.mbox -q --format jsonl")
    .stdout(
        "{\"to\":\"sent.mbox\",\"messages\":6,\"written\":2,\"already_there\":0,\"set_aside\":4}\n",
    )
    .code(6);
    let mbox = fs::read_to_string(tool.path("sent.mbox")).unwrap();
    assert!(!mbox.contains("Bcc"), "{mbox}");
}

#[test]
fn twenty_messages_that_are_set_aside_are_named_and_the_rest_counted() {
    let mut people = String::from("email,First Name\n");
    for number in 0..23 {
        writeln!(people, "p{number}@example.com,\"a\tb\"").unwrap();
    }
    let mut tool = sent_to(&people);
    let shown = tool.error("outbox export --mbox m --email letter");
    assert_eq!(shown.lines().count(), 21, "{shown}");
    assert!(
        shown.ends_with("\nwarning: and 3 more messages\n"),
        "{shown}"
    );
}

#[test]
fn an_email_without_a_sender_takes_the_one_of_the_command_line() {
    let mut tool = Tool::new()
        .now("2026-12-01T17:00:00Z")
        .file(
            "workspace.yaml",
            "emails: { plain: { subject: Hello, body: Hello } }\n",
        )
        .file(
            "all.yaml",
            "
            name: All
            smart_list: { filters: [ member_of_smart_list: All People ] }
            flow: [ send_email: plain ]
            ",
        )
        .file("people.csv", "email\nann@example.com\n");
    tool.done("campaign load all.yaml");
    tool.done("person load people.csv");
    tool.done("campaign run All");
    tool.run("outbox export --maildir sent --format csv")
        .stdout("to,messages,written,already_there,set_aside\nsent,1,0,0,1\n")
        .stderr("warning: message 16777216 (`plain`) is set aside: its email has no `from`\n")
        .code(6)
        .run("outbox export --maildir sent --from nobody")
        .stderr(
            "
            error: `nobody` is not an address
            help: write `news@example.com` or `Example News <news@example.com>`
            ",
        )
        .code(2);
    tool.done("outbox export --maildir sent --from 'Zoë <zoe@example.com>'");
    let message = fs::read(tool.path("sent/new/1796144400.A16777216.bugle")).unwrap();
    let mail = mailparse::parse_mail(&message).unwrap();
    assert_eq!(header(&mail, "From"), "Zoë <zoe@example.com>");
}

#[test]
fn an_alert_goes_to_its_addresses_and_the_sales_owner_or_to_nobody() {
    let mut tool = Tool::new()
        .now("2026-12-01T17:00:00Z")
        .file("workspace.yaml", "emails: { notice: { subject: Hello, from: a@example.com, body: Hello } }\n")
        .file(
            "alert.yaml",
            "
            name: Alert
            active: true
            smart_list: { triggers: [ fills_out_form: any ] }
            flow:
              - send_alert: { email: notice, to: sales_owner }
              - send_alert: { email: notice, to: ['{{lead.Account Owner Email Address}}', sales_owner] }
            ",
        )
        .file(
            "people.csv",
            "
            email,leadOwnerEmailAddress,accountOwnerEmailAddress
            ann@example.com,owner@example.com,a@example.com; b@example.com
            ben@example.com,,
            ",
        )
        .file(
            "events.jsonl",
            r#"
            {"id":"1","at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"fills_out_form","form":"x"}
            {"id":"2","at":"2026-11-02T10:00:00Z","person":"ben@example.com","type":"fills_out_form","form":"x"}
            "#,
        );
    tool.done("campaign load alert.yaml");
    tool.done("person load people.csv");
    tool.done("campaign replay-events events.jsonl");
    tool.run("campaign log Alert")
        .stdout(
            "
            when                 person           activity    detail                                                                               step  outcome
            ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            2026-11-02 10:00:00  ann@example.com  send_alert  notice (send to owner owner@example.com)                                             1     succeeded
            2026-11-02 10:00:00  ann@example.com  send_alert  notice (send to list a@example.com; b@example.com, send to owner owner@example.com)  2     succeeded
            2026-11-02 10:00:00  ben@example.com  send_alert  notice                                                                               1     skipped: no address
            2026-11-02 10:00:00  ben@example.com  send_alert  notice                                                                               2     skipped: no address
            ",
        )
        .code(0);
    tool.done("outbox export --mbox sent.mbox");
    let mbox = fs::read_to_string(tool.path("sent.mbox")).unwrap();
    let to: Vec<&str> = mbox
        .lines()
        .filter(|line| line.starts_with("To: "))
        .collect();
    assert_eq!(
        to,
        [
            "To: <owner@example.com>",
            "To: <a@example.com>, <b@example.com>, <owner@example.com>"
        ]
    );
}

#[test]
fn senders_and_recipients_that_are_no_address_are_found_when_files_are_checked() {
    Tool::new()
        .file(
            "workspace.yaml",
            "emails: { notice: { subject: Hello, from: Example News, body: Hello } }\n",
        )
        .file(
            "alert.yaml",
            "
            name: Alert
            smart_list: { triggers: [ fills_out_form: any ] }
            flow:
              - send_alert: { email: notice, to: [sales@example.com, 'a@example.com; b', Boss <boss@example.com>] }
            ",
        )
        .run("campaign validate alert.yaml")
        .any_stdout()
        .stderr(
            "
            error[wrong-type]: `a@example.com; b` is not an address
             --> alert.yaml:4:58
              |
            4 |   - send_alert: { email: notice, to: [sales@example.com, 'a@example.com; b', Boss <boss@example.com>] }
              |                                                          ^^^^^^^^^^^^^^^^^^
              |
              = help: write addresses such as `sales@example.com`, or `sales_owner`

            error[wrong-type]: `Example News` is not an address
             --> workspace.yaml:1:43
              |
            1 | emails: { notice: { subject: Hello, from: Example News, body: Hello } }
              |                                           ^^^^^^^^^^^^
              |
              = help: write `news@example.com` or `Example News <news@example.com>`
            ",
        )
        .code(1);
}

fn header(mail: &ParsedMail<'_>, name: &str) -> String {
    mail.headers.get_first_value(name).unwrap_or_default()
}

fn body(mail: &ParsedMail<'_>) -> String {
    mail.get_body().unwrap().replace("\r\n", "\n")
}
