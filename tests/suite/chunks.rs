//! Where the work is cut shows in nothing: neither between two chunks, nor between two commands.

use crate::tool::Tool;

/// What a database holds, with what a dump leaves out.
fn everything(tool: &mut Tool) -> String {
    let mut all = tool.dump();
    for sql in [
        "SELECT name FROM list ORDER BY name",
        "SELECT name FROM program ORDER BY name",
        "SELECT person_id, email_hash IS NULL, id_hash IS NULL FROM tombstone ORDER BY person_id",
        "SELECT name AS columns FROM pragma_table_info('v_person') ORDER BY cid",
    ] {
        all.push_str(&tool.query(sql));
    }
    all
}

const STORY: &str = r#"
    {"id":"1","at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"add_to_list","list":"Guests"}
    {"id":"2","at":"2026-11-02T10:01:00Z","person":"new@example.com","type":"fill_out_form","form":"Contact","city":"Rome"}
    {"id":"3","at":"2026-11-02T10:02:00Z","person":"new@example.com","type":"change_data_value","field":"email","new_value":"newer@example.com"}
    {"id":"4","at":"2026-11-02T10:03:00Z","person":"newer@example.com","type":"change_data_value","field":"id","new_value":"N-1"}
    {"id":"5","at":"2026-11-02T10:04:00Z","person":"newer@example.com","type":"add_to_list","list":"Erased alone"}
    {"id":"6","at":"2026-11-02T10:05:00Z","person":"newer@example.com","type":"change_program_status","program":"Fair","new_status":"Invited"}
    {"id":"7","at":"2026-11-02T10:06:00Z","person":"newer@example.com","type":"change_data_value","field":"title","new_value":"Buyer"}
    {"id":"8","at":"2026-11-02T10:07:00Z","person":"newer@example.com","type":"delete_person"}
    {"id":"9","at":"2026-11-02T10:08:00Z","person":"ann@example.com","type":"change_data_value","field":"postal_code","new_value":"1010"}
    {"id":"10","at":"2026-11-02T10:09:00Z","person":"ann@example.com","type":"change_data_value","field":"address","new_value":"Ring 1"}
"#;

fn story(chunk: &str) -> (String, String) {
    let mut tool = Tool::new()
        .now("2026-11-03T00:00:00Z")
        .variable("BUGLE_CHUNK", chunk)
        .file(
            "campaigns/visit.yaml",
            "
            name: Visit
            smart_list: { triggers: [ visits_web_page ] }
            flow: [ change_score: +1 ]
            active: true
            ",
        )
        .file("people.csv", "email\nann@example.com\n")
        .file("events.jsonl", STORY);
    for line in [
        "campaign load campaigns",
        "person load people.csv",
        "campaign replay-events events.jsonl",
    ] {
        tool.done(line);
    }
    let shown = tool.text("person show ann@example.com -f json");
    for key in ["newer@example.com", "N-1"] {
        let said = tool.error(["person", "log", key]);
        assert!(said.contains("was erased"), "{said}");
    }
    (everything(&mut tool), shown)
}

#[test]
fn what_an_erased_person_brought_stays_the_same_wherever_chunks_end() {
    let whole = story("1000");
    for name in ["Erased alone", "Fair", "title", "city"] {
        assert!(whole.0.contains(name), "{name}: {}", whole.0);
    }
    for chunk in ["1", "3", "7"] {
        assert_eq!(story(chunk), whole, "chunks of {chunk}");
    }
}

#[test]
fn columns_stand_in_the_order_of_the_catalogue_in_whatever_order_people_had_values() {
    let (dump, shown) = story("1000");
    let place = |text: &str, name: &str| text.find(name).unwrap();
    for text in [dump.rsplit('}').next().unwrap(), &shown] {
        assert!(place(text, "title") < place(text, "address"), "{text}");
        assert!(
            place(text, "address") < place(text, "postal_code"),
            "{text}"
        );
    }
}

/// Replays one event a name that joins or leaves a list of it, in one command or in one a line.
fn lists(names: &[&str], kinds: [&str; 4], at_once: bool) -> String {
    let mut tool = Tool::new()
        .now("2026-11-03T00:00:00Z")
        .file("people.csv", "email\nann@example.com\n");
    tool.done("person load people.csv");
    let events: Vec<String> = names
        .iter()
        .zip(kinds)
        .zip(0..)
        .map(|((list, kind), minute)| {
            format!(
                r#"{{"id":"{minute}","at":"2026-11-02T10:0{minute}:00Z","person":"ann@example.com","type":"{kind}","list":"{list}"}}"#
            )
        })
        .collect();
    let parts = if at_once {
        vec![events.join("\n")]
    } else {
        events
    };
    for part in parts {
        tool.write_bytes("events.jsonl", part);
        tool.done("campaign replay-events events.jsonl");
    }
    everything(&mut tool)
}

#[test]
#[ignore = "slow"]
fn which_list_a_name_means_does_not_depend_on_where_a_command_ends() {
    let names = ["A.News", "News", "B.News", "news"];
    let (add, remove) = ("add_to_list", "remove_from_list");
    for first in 0..names.len() {
        for second in (0..names.len()).filter(|second| *second != first) {
            let rest = (0..names.len()).filter(|other| ![first, second].contains(other));
            let order: Vec<&str> = [first, second]
                .into_iter()
                .chain(rest)
                .map(|n| names[n])
                .collect();
            for kinds in [[remove, add, remove, add], [add, remove, add, add]] {
                assert_eq!(
                    lists(&order, kinds, true),
                    lists(&order, kinds, false),
                    "{order:?} {kinds:?}"
                );
            }
        }
    }
}
