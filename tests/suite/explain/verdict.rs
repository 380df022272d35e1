//! The verdict that is reported is that of batch runs and of triggers, on people and filters by chance.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::tool::Tool;

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick(&mut self, from: &[&str]) -> String {
        let place = self.roll(from.len());
        from[place].to_owned()
    }

    fn filter(&mut self, depth: usize) -> String {
        if depth < 2 && self.roll(4) == 0 {
            let word = self.pick(&["all", "any"]);
            let parts: Vec<String> = (0..2).map(|_| self.filter(depth + 1)).collect();
            return format!("{{ {word}: [{}] }}", parts.join(", "));
        }
        self.pick(&[
            "{ state: CA }",
            "{ state: { is_not: CA } }",
            "{ lead_score: { at_least: 4 } }",
            "{ lead_score: { is: 0 } }",
            "{ unsubscribed: false }",
            "{ member_of_list: Readers }",
            "{ member_of_smart_list: { is_not: Unsubscribed People } }",
            "{ random_sample: 50% }",
            "{ visited_web_page: { min_number_of_times: 2 } }",
            "{ not_visited_web_page: /pricing }",
            "{ member_of_smart_campaign: Campaign 0 }",
        ])
    }

    fn people(&mut self) -> String {
        let mut csv = "email,state,leadScore,unsubscribed\n".to_owned();
        for number in 0..40 {
            let state = self.pick(&["CA", "NY", ""]);
            let score = self.pick(&["", "0", "3", "4", "9"]);
            let unsubscribed = self.pick(&["true", "false", ""]);
            writeln!(csv, "p{number}@example.com,{state},{score},{unsubscribed}").unwrap();
        }
        csv
    }

    fn events(&mut self) -> String {
        let mut lines = String::new();
        for hour in 0..60 {
            let person = self.roll(40);
            let page = self.pick(&["/", "/pricing"]);
            let (day, hour) = (1 + hour / 24, hour % 24);
            writeln!(
                lines,
                r#"{{"at":"2026-11-0{day}T{hour:02}:00:00Z","person":"p{person}@example.com","type":"visits_web_page","web_page":"{page}"}}"#,
            )
            .unwrap();
        }
        lines
    }
}

/// Returns who qualifies for a campaign by what `explain` says, and what blocks them.
fn explained(tool: &mut Tool, campaign: &str) -> BTreeMap<String, (bool, Vec<String>)> {
    let everyone = (1..=40).map(|number| {
        let person = format!("#{number}");
        let row = tool.row(["campaign", "explain", campaign, "--person", &person]);
        let blocked_by = row["blocked_by"].as_array().unwrap().iter();
        let blocked_by = blocked_by.map(|obstacle| obstacle.as_str().unwrap().to_owned());
        let qualifies = row["qualifies"].as_bool().unwrap();
        (number.to_string(), (qualifies, blocked_by.collect()))
    });
    everyone.collect()
}

#[test]
#[ignore = "slow"]
fn the_verdict_is_that_of_a_batch_run() {
    let mut dice = Dice(7);
    let mut tool = Tool::new()
        .file("campaigns/workspace.yaml", "lists: [Readers]")
        .bytes("people.csv", dice.people().as_bytes())
        .bytes("events.jsonl", dice.events().as_bytes())
        .now("2026-11-10T00:00:00Z");
    for number in 0..8 {
        let filters: Vec<String> = (0..3).map(|_| dice.filter(0)).collect();
        let logic = dice.pick(&["all", "any", "1 and (2 or 3)"]);
        let text = format!(
            "name: Campaign {number}\nsmart_list:\n  filters: [{}]\n  logic: \"{logic}\"\nflow: [add_to_list: Readers]\n",
            filters.join(", "),
        );
        tool = tool.bytes(&format!("campaigns/{number}.yaml"), text);
    }
    tool.load();
    tool.done("person load people.csv");
    tool.done("campaign replay-events events.jsonl");
    tool.done("campaign run campaign-0");
    let (mut yes, mut no) = (0, 0);
    for number in 0..8 {
        let name = format!("campaign-{number}");
        tool.done([
            "campaign",
            "run",
            &name,
            "--dry-run",
            "--people",
            "verdicts.csv",
        ]);
        let explained = explained(&mut tool, &name);
        let verdicts = std::fs::read_to_string(tool.path("verdicts.csv")).unwrap();
        std::fs::remove_file(tool.path("verdicts.csv")).unwrap();
        for line in verdicts.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let (qualifies, blocked_by) = &explained[cells[1]];
            let blocks: &[&str] = match cells[5] {
                "qualified" => &[],
                "excluded" => &["qualification"],
                _ => &["filters"],
            };
            assert_eq!(*qualifies, blocks.is_empty(), "{name}: {line}");
            let first: Vec<&String> = blocked_by.iter().take(blocks.len()).collect();
            assert_eq!(first, blocks, "{name}: {line}");
            *if *qualifies { &mut yes } else { &mut no } += 1;
        }
    }
    assert!(yes > 40 && no > 40, "the dice are loaded: {yes} and {no}");
}

#[test]
#[ignore = "slow"]
fn the_verdict_is_that_of_triggers() {
    let mut dice = Dice(3);
    let (people, events) = (dice.people(), dice.events());
    let filters: Vec<String> = (0..6)
        .map(|_| {
            dice.pick(&[
                "state: CA",
                "unsubscribed: false",
                "lead_score: { at_least: 3 }",
            ])
        })
        .collect();
    let campaigns = |active: bool| {
        let mut tool = Tool::new()
            .bytes("people.csv", &people)
            .bytes("events.jsonl", &events)
            .now("2026-11-10T00:00:00Z");
        for (number, filter) in filters.iter().enumerate() {
            let text = format!(
                "name: Campaign {number}\nsmart_list:\n  triggers: [visits_web_page: /pricing]\n  filters: [{filter}]\nflow: [interesting_moment: {{ type: Web, description: x }}]\nactive: {active}\n",
            );
            tool = tool.bytes(&format!("campaigns/{number}.yaml"), text);
        }
        tool.load();
        tool.done("person load people.csv");
        tool.done("campaign replay-events events.jsonl");
        tool
    };
    let (mut ran, mut explained_in) = (campaigns(true), campaigns(false));
    let mut entries = 0;
    for number in 0..6 {
        let name = format!("campaign-{number}");
        let members = ran.text(["campaign", "members", &name, "-f", "csv"]);
        for (person, (qualifies, blocked_by)) in explained(&mut explained_in, &name) {
            let entered = members.contains(&format!(",{person},p"));
            assert_eq!(qualifies, entered, "{name}: #{person}: {blocked_by:?}");
            assert!(blocked_by.iter().any(|obstacle| obstacle == "inactive"));
            entries += usize::from(entered);
        }
    }
    assert!(entries > 20, "the dice are loaded: {entries}");
}
