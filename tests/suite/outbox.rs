//! `bugle outbox`: what flows have sent, listed and written as messages that an independent parser reads back.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use mailparse::{MailHeaderMap as _, ParsedMail};

use super::tool::Tool;

/// Two campaigns that have written to four people and told others of one.
fn sent() -> Tool {
    sent_to(
        "email,First Name,Last Name,Lead Owner Email Address
        ann@example.com,Ann,Arbour,owner@example.com
        zoe@example.com,Zoë,Ångström,
        jörg@exämple.de,Jörg,\"O\"\"Neil, Dr.\",
        dan@example.com,,,
        ",
    )
}

fn sent_to(people: &str) -> Tool {
    let mut tool = Tool::new()
        .now("2026-12-01T17:00:00.25Z")
        .file(
            "campaigns/workspace.yaml",
            r#"
            time_zone: Europe/Berlin
            emails:
              letter:
                subject: "Grüße an {{lead.First Name:default=friend}}"
                from: "Zoë’s News, daily <news@example.com>"
                body: "Hello {{lead.First Name:default=friend}},\nFrom now on = more.\n>From us all \n{{system.unsubscribeLink}}\n"
              notice: { subject: "{{lead.First Name}} wrote", from: bugle@example.com, body: "{{SP_Send_Alert_Info}}\n" }
            "#,
        )
        .file(
            "campaigns/letter.yaml",
            "
            name: Brief für alle
            smart_list: { filters: [ member_of_smart_list: All People ] }
            flow: [ send_email: letter ]
            ---
            name: Notice
            active: true
            smart_list: { triggers: [ fills_out_form: any ] }
            flow:
              - send_alert: { email: notice, to: [sales@example.com, Boss <boss@example.com>, sales_owner] }
            ",
        )
        .file("people.csv", people)
        .file(
            "events.jsonl",
            r#"
            {"id":"1","at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"fills_out_form","form":"Contact"}
            "#,
        )
        .loaded();
    tool.done("campaign run brief-für-alle");
    tool.done("campaign replay-events events.jsonl");
    tool
}

/// Every file of a folder by its name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        (name, fs::read(entry.path()).unwrap())
    };
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| read(entry.unwrap()))
        .collect()
}

fn header(mail: &ParsedMail<'_>, name: &str) -> String {
    mail.headers.get_first_value(name).unwrap_or_default()
}

fn body(mail: &ParsedMail<'_>) -> String {
    mail.get_body().unwrap().replace("\r\n", "\n")
}

#[test]
fn the_list_has_every_message_oldest_first() {
    sent()
        .run("outbox list")
        .stdout(
            "
            activity_id  when                 to                                                             email   subject          campaign
            ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
               16777218  2026-11-02 11:00:00  sales@example.com, Boss <boss@example.com>, owner@example.com  notice  Ann wrote        Notice
               16777216  2026-12-01 18:00:00  ann@example.com                                                letter  Grüße an Ann     Brief für alle
               33554432  2026-12-01 18:00:00  zoe@example.com                                                letter  Grüße an Zoë     Brief für alle
               50331648  2026-12-01 18:00:00  jörg@exämple.de                                                letter  Grüße an Jörg    Brief für alle
               67108864  2026-12-01 18:00:00  dan@example.com                                                letter  Grüße an friend  Brief für alle
            ",
        )
        .code(0)
        .run("outbox list --format csv --limit 2")
        .stdout(
            "
            activity_id,at,person_id,type,email,campaign,recipient,sender,subject,id,person
            16777218,2026-11-02T10:00:00Z,1,send_alert,notice,Notice,\"sales@example.com, Boss <boss@example.com>, owner@example.com\",bugle@example.com,Ann wrote,,ann@example.com
            16777216,2026-12-01T17:00:00.250Z,1,send_email,letter,Brief für alle,ann@example.com,\"Zoë’s News, daily <news@example.com>\",Grüße an Ann,,ann@example.com
            ",
        )
        .code(0)
        .run("outbox list --format jsonl --person ZOE@example.com")
        .stdout(
            r#"
            {"activity_id":33554432,"at":"2026-12-01T17:00:00.250Z","person_id":2,"type":"send_email","email":"letter","campaign":"Brief für alle","recipient":"zoe@example.com","sender":"Zoë’s News, daily <news@example.com>","subject":"Grüße an Zoë","id":null,"person":"zoe@example.com"}
            "#,
        )
        .code(0)
        .run("outbox list --format json --since 2027-01-01")
        .stdout("[]\n")
        .code(0);
}

#[test]
fn options_choose_among_the_messages() {
    let mut tool = sent();
    let chosen: [(&[&str], &[i64]); 9] = [
        (&["--email", "NOTICE"], &[16_777_218]),
        (&["--type", "send_alert"], &[16_777_218]),
        (&["--campaign", "notice"], &[16_777_218]),
        (&["--until", "2026-11-30"], &[16_777_218]),
        (&["--person", "#1"], &[16_777_218, 16_777_216]),
        (&["--person", "#1", "--email", "letter"], &[16_777_216]),
        (&["--reverse", "--limit", "2"], &[67_108_864, 50_331_648]),
        (&["--limit", "1"], &[16_777_218]),
        (&["--campaign", "notice", "--email", "letter"], &[]),
    ];
    for (options, expected) in chosen {
        let mut command = vec!["outbox", "list", "--format", "csv"];
        command.extend(options);
        let told = tool.text(&command);
        let ids: Vec<i64> = told
            .lines()
            .skip(1)
            .map(|line| line.split(',').next().unwrap().parse().unwrap())
            .collect();
        assert_eq!(ids, expected, "{options:?}");
    }
    tool.run("outbox list --email leter")
        .stderr("error: no email `leter`\nhelp: did you mean `letter`?\n")
        .code(4);
}

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
        super::tool::dedent(
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
fn the_same_export_gives_the_same_bytes() {
    let mut tool = sent();
    for target in ["one", "two"] {
        tool.done(["outbox", "export", "--maildir", target]);
        let mbox = format!("{target}.mbox");
        tool.done(["outbox", "export", "--mbox", &mbox]);
    }
    assert_eq!(files(&tool.path("one/new")), files(&tool.path("two/new")));
    let mbox = fs::read(tool.path("one.mbox")).unwrap();
    assert_eq!(mbox, fs::read(tool.path("two.mbox")).unwrap());
    tool.done("outbox export --mbox one.mbox");
    assert_eq!(
        mbox,
        fs::read(tool.path("one.mbox")).unwrap(),
        "written anew"
    );
}

#[test]
fn a_maildir_gets_only_what_it_has_not_whether_read_or_not() {
    let mut tool = sent();
    let limited = ["outbox", "export", "--maildir", "sent", "--limit", "2"];
    tool.done(limited);
    let read = tool.path("sent/cur/1793613600.A16777218.bugle:2,S");
    fs::rename(tool.path("sent/new/1793613600.A16777218.bugle"), &read).unwrap();
    fs::write(tool.path("sent/new/1.somebody.else"), "mine").unwrap();
    tool.run("outbox export --maildir sent")
        .stdout(
            "
            sent
            messages                 5
            written                  3
            already there            2
            set aside                0
            ",
        )
        .code(0);
    assert_eq!(files(&tool.path("sent/new")).len(), 5);
    assert_eq!(files(&tool.path("sent/cur")).len(), 1);
    assert_eq!(files(&tool.path("sent/tmp")).len(), 0);
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
fn twenty_messages_that_are_set_aside_are_told_and_the_rest_counted() {
    let mut people = String::from("email,First Name\n");
    for number in 0..23 {
        writeln!(people, "p{number}@example.com,\"a\tb\"").unwrap();
    }
    let mut tool = sent_to(&people);
    let told = tool.error("outbox export --mbox m --email letter");
    assert_eq!(told.lines().count(), 21, "{told}");
    assert!(told.ends_with("\nwarning: and 3 more messages\n"), "{told}");
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
fn files_and_folders_of_others_are_refused() {
    let mut tool = sent()
        .file("notes.txt", "mine\n")
        .file("work/tmp/plan.txt", "mine\n")
        .file("work/plan.txt", "mine\n");
    tool.run("outbox export --mbox notes.txt")
        .stderr(
            "
            error: `notes.txt` is there already, and was written by something else
            help: name another one; nothing is overwritten
            ",
        )
        .code(4)
        .run("outbox export --mbox work")
        .stderr(
            "
            error: the messages cannot go to `work`: it is a folder
            help: name a file with `--mbox`
            ",
        )
        .code(2)
        .run("outbox export --maildir work")
        .stderr(
            "
            error: `work` is not empty, and no Maildir: it has no `cur`, `new` and `tmp`
            help: name another one; nothing is overwritten
            ",
        )
        .code(4)
        .run("outbox export --maildir a --mbox b")
        .any_stderr()
        .code(2)
        .run("outbox export")
        .any_stderr()
        .code(2);
    assert_eq!(
        fs::read_to_string(tool.path("notes.txt")).unwrap(),
        "mine\n"
    );
    assert!(!tool.path("work/new").exists());
}

#[cfg(unix)]
#[test]
fn what_is_written_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut tool = sent();
    tool.done("outbox export --maildir deep/sent");
    tool.done("outbox export --mbox sent.mbox");
    let mode = |name: &str| fs::metadata(tool.path(name)).unwrap().permissions().mode() & 0o777;
    for folder in [
        "deep",
        "deep/sent",
        "deep/sent/new",
        "deep/sent/cur",
        "deep/sent/tmp",
    ] {
        assert_eq!(mode(folder), 0o700, "{folder}");
    }
    assert_eq!(mode("deep/sent/new/1793613600.A16777218.bugle"), 0o600);
    assert_eq!(mode("sent.mbox"), 0o600);
}

#[cfg(unix)]
#[test]
fn a_second_export_to_one_place_is_refused_while_the_first_one_writes() {
    let mut tool = sent();
    tool.done("outbox export --maildir sent");
    let held = fs::File::open(tool.path("sent/tmp")).unwrap();
    held.try_lock().unwrap();
    tool.run("outbox export --maildir sent")
        .stderr(
            "
            error: another command is writing to `sent/tmp`
            help: wait for it, or name another one
            ",
        )
        .code(5);
}

/// Killed at many a moment, the same command ends with what an undisturbed one gives.
#[test]
fn an_export_that_was_killed_is_finished_by_the_same_command() {
    let mut people = String::from("email,First Name\n");
    for number in 0..300 {
        writeln!(people, "p{number}@example.com,Zoë").unwrap();
    }
    let mut tool = sent_to(&people);
    tool.done("outbox export --maildir whole");
    tool.done("outbox export --mbox whole.mbox");
    let whole = files(&tool.path("whole/new"));
    let mut kills = 0;
    for moment in [1, 20, 100, 200] {
        for target in [["--maildir", "cut"], ["--mbox", "cut.mbox"]] {
            let mut child = tool
                .command()
                .args(["outbox", "export"])
                .args(target)
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap();
            let so_far = || fs::read_dir(tool.path("cut/new")).map_or(0, Iterator::count);
            while child.try_wait().unwrap().is_none() && target[0] == "--maildir" {
                if so_far() >= moment {
                    break;
                }
            }
            kills += usize::from(child.try_wait().unwrap().is_none());
            let _ = child.kill();
            child.wait().unwrap();
            for (name, bytes) in files(&tool.path("cut/new")) {
                assert!(whole[&name] == bytes, "{name} is whole from the first");
            }
        }
    }
    assert!(kills > 0, "every export was faster than the test");
    tool.done("outbox export --maildir cut");
    tool.done("outbox export --mbox cut.mbox");
    assert!(files(&tool.path("cut/new")) == whole);
    assert!(files(&tool.path("cut/tmp")).is_empty());
    assert!(!tool.path(".cut.mbox.bugle-part").exists());
    let mbox = |name| fs::read(tool.path(name)).unwrap();
    assert!(mbox("cut.mbox") == mbox("whole.mbox"));
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
