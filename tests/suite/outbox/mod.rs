//! `bugle outbox`: what flows have sent, listed and written as messages that an independent parser reads back.

mod files;
mod list;
mod messages;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::tool::Tool;

/// Two campaigns that have written to four people and sent alerts about one.
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
