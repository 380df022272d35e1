//! Names of static lists, with and without the program before them: one list has one name, whichever came first.

use super::tool::Tool;

/// Loads campaigns, each of which asks for a list, and an event that puts Ann on `Spring.VIP`, in either order; returns how
/// many people each campaign, and each question by both names, finds.
fn found(workspace: &str, lists: [&str; 2], campaigns_first: bool) -> Vec<String> {
    let [one, other] = lists.map(|list| {
        format!(
            "smart_list: {{ filters: [ member_of_list: {list} ] }}\nflow: [ change_score: 1 ]\n"
        )
    });
    let event = r#"{"at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"add_to_list","list":"Spring.VIP"}"#;
    let mut tool = Tool::new()
        .now("2026-12-01T00:00:00Z")
        .file("campaigns/workspace.yaml", workspace)
        .file("campaigns/one.yaml", &format!("name: One\nprogram: Spring\n{one}"))
        .file("campaigns/other.yaml", &format!("name: Other\n{other}"))
        .file("other.yaml", "name: Else\nsmart_list: { filters: [ unsubscribed: true ] }\nflow: [ change_score: 1 ]\n")
        .file("people.csv", "email\nann@example.com\nben@example.com\n")
        .file("events.jsonl", event);
    let load = if campaigns_first {
        "campaigns"
    } else {
        "other.yaml"
    };
    tool.done(format!("campaign load {load}"));
    tool.done("person load people.csv");
    tool.done("campaign replay-events events.jsonl");
    tool.done("campaign load campaigns");
    let mut found = Vec::new();
    for campaign in ["One", "Other"] {
        let run = tool.row(format!("campaign run {campaign} --dry-run"));
        found.push(run["matched"].to_string());
    }
    for filter in [
        "member_of_list: VIP",
        "member_of_list: Spring.VIP",
        "was_added_to_list: VIP",
    ] {
        found.push(tool.text(["person", "list", "--count", "--filter", filter]));
    }
    found.iter().map(|count| count.trim().to_owned()).collect()
}

#[test]
#[ignore = "slow"]
fn a_list_is_found_by_its_name_with_and_without_its_program() {
    for lists in [
        ["VIP", "Spring.VIP"],
        ["VIP", "VIP"],
        ["Spring.VIP", "Spring.VIP"],
    ] {
        for workspace in [
            "time_zone: UTC\n",
            "lists: [VIP]\n",
            "lists: [Spring.VIP]\n",
        ] {
            for campaigns_first in [true, false] {
                let found = found(workspace, lists, campaigns_first);
                assert_eq!(
                    found, ["1"; 5],
                    "{lists:?}, {workspace:?}, {campaigns_first}"
                );
            }
        }
    }
}

#[test]
fn lists_of_several_programs_are_not_one() {
    let workspace = "programs: { Spring: {}, Autumn: {} }\n";
    let mut tool = Tool::new()
        .now("2026-12-01T00:00:00Z")
        .file("campaigns/workspace.yaml", workspace)
        .file(
            "campaigns/a.yaml",
            "
            name: A
            smart_list: { filters: [ any: [ member_of_list: Spring.VIP, member_of_list: Autumn.VIP, member_of_list: VIP ] ] }
            flow: [ change_score: 1 ]
            ",
        )
        .file("people.csv", "email\nann@example.com\n")
        .loaded();
    tool.done("person load people.csv --list Spring.VIP");
    for (list, people) in [("Spring.VIP", "1\n"), ("Autumn.VIP", "0\n"), ("VIP", "0\n")] {
        let filter = format!("member_of_list: {list}");
        let count = tool.text(["person", "list", "--count", "--filter", &filter]);
        assert_eq!(count, people, "{list}");
    }
}
