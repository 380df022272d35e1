//! `outbox list`: which messages are listed, and with what.

use super::sent;

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
        let shown = tool.text(&command);
        let ids: Vec<i64> = shown
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
