//! `max_people`: everyone is judged before anyone enters, and only once; nothing else of a run depends on it.

use crate::tool::Tool;

/// Forty people, of whom two in five live in NY; some of those have entered before, and none of the first and last three
/// live there. `limit` is a line of the campaign.
fn tool(chunk: &str, limit: &str) -> Tool {
    let people = (1..=40).map(|number| {
        let state = if (4..=37).contains(&number) && number % 5 < 2 {
            "NY"
        } else {
            "CA"
        };
        format!("p{number}@example.com,{state}\n")
    });
    let people: String = std::iter::once("email,state\n".to_owned())
        .chain(people)
        .collect();
    let mut tool = Tool::new()
        .now("2026-11-02T10:00:00Z")
        .variable("BUGLE_CHUNK", chunk)
        .bytes(
            "campaigns/letter.yaml",
            format!(
                "name: Letter\n{limit}smart_list: {{ filters: [ state: NY ] }}\n\
                 flow: [ send_email: letter, change_score: +1, wait: 2 days, change_score: +1 ]\n\
                 schedule: {{ first_run: 2026-11-05 00:00, repeat: daily, ends: 2026-11-06 }}\n\
                 qualification: {{ once_every: 36 hours }}\n"
            ),
        )
        .bytes("people.csv", people)
        .loaded();
    tool.done("campaign run Letter --person p5@example.com --person p16@example.com");
    tool
}

/// Runs the campaign in every way, and returns what the commands said, the verdicts, and what happened to people.
fn story(chunk: &str, limit: &str) -> (Vec<String>, String) {
    let mut tool = tool(chunk, limit);
    let mut shown = Vec::new();
    for line in [
        "campaign run Letter --dry-run -f jsonl --now 2026-11-03",
        "campaign run Letter --dry-run --people dry.csv -f jsonl --now 2026-11-03",
        "campaign run Letter --people run.csv -f jsonl --now 2026-11-03",
        "campaign advance --until 2026-11-07 -f jsonl",
    ] {
        // The limit is a guard of the run, and nothing else of the result differs.
        let text = tool.text(line);
        let limit = text.find("\"guards\"").zip(text.find("\"allowed\""));
        shown.push(limit.map_or(text.clone(), |(from, to)| {
            text[..from].to_owned() + &text[to..]
        }));
    }
    for file in ["dry.csv", "run.csv"] {
        shown.push(std::fs::read_to_string(tool.path(file)).unwrap());
    }
    let dump = tool.dump();
    // The definition has the limit.
    let lines = dump
        .lines()
        .filter(|line| !line.starts_with("{\"definition\""));
    (shown, lines.collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_run_whose_people_are_limited_does_and_says_what_one_without_a_limit_does() {
    let wanted = story("1000", "");
    assert!(
        wanted.0[0].contains(r#""matched":14,"excluded":2,"qualified":12"#),
        "{}",
        wanted.0[0]
    );
    for chunk in ["1", "3", "1000"] {
        let limited = story(chunk, "max_people: 14\n");
        assert_eq!(limited.0, wanted.0, "chunks of {chunk}");
        assert!(limited.1 == wanted.1, "chunks of {chunk}: the dumps differ");
    }
}

#[test]
fn a_limit_of_a_run_for_some_people_counts_those_alone() {
    let mut tool = tool("2", "max_people: 2\n");
    tool.run("campaign run Letter --now 2026-11-10")
        .stderr(
            "
            error: 14 people qualify for `Letter`, but max_people is 2: nobody entered
            help: narrow the smart list, or raise max_people where that many are meant
            ",
        )
        .code(7);
    let some = "campaign run Letter --now 2026-11-10 --person p1@example.com --person p6@example.com \
        --person p10@example.com -f jsonl";
    let ran = tool.text(some);
    assert!(
        ran.contains(r#""matched":2,"excluded":0,"qualified":2"#),
        "{ran}"
    );
}
