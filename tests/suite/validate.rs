//! `campaign validate`: modes, counts, and where faults are reported.

use super::commands::{LETTER, PRICING, WORKSPACE};
use super::tool::Tool;

#[test]
fn validate_shows_modes_and_counts() {
    Tool::new()
        .file("campaigns/workspace.yaml", WORKSPACE)
        .file("campaigns/letter.yaml", LETTER)
        .file("campaigns/pricing.yaml", PRICING)
        .run("campaign validate")
        .stdout(
            "
            campaign  mode       triggers  filters  steps  problems  file
            ───────────────────────────────────────────────────────────────────────────────
            Letter    Batch             0        1      4  none      campaigns/letter.yaml
            Pricing   Triggered         1        0      1  none      campaigns/pricing.yaml
            ",
        )
        .code(0);
}

#[test]
fn validate_puts_faults_beside_the_table_or_into_json() {
    let mut tool = Tool::new().file(
        "campaigns/trial.yaml",
        "
        name: Trial
        smart_list:
          filters:
            - contry: France
        flow:
          - add_to_list: Trials
        ",
    );
    tool.run("campaign validate campaigns/ -f csv")
        .stdout(
            "
            campaign,program,file,mode,triggers,filters,steps,errors,warnings
            Trial,,campaigns/trial.yaml,batch,0,1,1,1,0
            ",
        )
        .stderr(
            "
            error[unknown-field]: no field `contry`
             --> campaigns/trial.yaml:4:7
              |
            4 |     - contry: France
              |       ^^^^^^
              |
              = help: did you mean `country`?
            ",
        )
        .code(1);
    tool.run("campaign validate campaigns/ -f jsonl")
        .stdout(
            r#"
            {"campaign":"Trial","program":null,"file":"campaigns/trial.yaml","mode":"batch","triggers":0,"filters":1,"steps":1,"errors":1,"warnings":0,"diagnostics":[{"code":"unknown-field","severity":"error","message":"no field `contry`","file":"campaigns/trial.yaml","line":4,"column":7,"help":"did you mean `country`?"}]}
            "#,
        )
        .code(1);
}

#[test]
fn the_samples_of_the_repository_have_no_fault() {
    Tool::new()
        .copy("campaigns")
        .done("campaign validate --deny-warnings");
}

#[test]
fn quiet_commands_say_errors_alone() {
    let mut tool = Tool::new()
        .file(
            "campaigns/trial.yaml",
            "name: Trial\nsmart_list:\n  filters: [state: NY]\nflow: []\n",
        )
        .now("2026-11-02T15:00:00Z");
    tool.run("campaign validate --quiet -f csv")
        .stdout(
            "
            campaign,program,file,mode,triggers,filters,steps,errors,warnings
            Trial,,campaigns/trial.yaml,batch,0,1,0,0,1
            ",
        )
        .code(0);
    tool.run("campaign validate --quiet --deny-warnings")
        .any_stdout()
        .code(1);
}

#[test]
fn faults_outside_campaigns_have_a_row_in_json_and_a_line_for_github() {
    let mut tool = Tool::new()
        .file("campaigns/workspace.yaml", "time_zone: Mars/Olympus\n")
        .file("campaigns/letter.yaml", LETTER);
    tool.run("campaign validate -f jsonl")
        .stdout(
            r#"
            {"campaign":"Letter","program":null,"file":"campaigns/letter.yaml","mode":"batch","triggers":0,"filters":1,"steps":4,"errors":0,"warnings":0,"diagnostics":[]}
            {"campaign":null,"program":null,"file":"campaigns/workspace.yaml","mode":null,"triggers":0,"filters":0,"steps":0,"errors":1,"warnings":0,"diagnostics":[{"code":"unknown-zone","severity":"error","message":"no time zone is named `Mars/Olympus`","file":"campaigns/workspace.yaml","line":1,"column":12,"help":"write a name such as `Europe/Berlin` or `UTC`"}]}
            "#,
        )
        .code(1);
    tool.run("campaign validate --format github")
        .stdout(
            "
            ::error file=campaigns/workspace.yaml,line=1,col=12,title=unknown-zone::no time zone is named `Mars/Olympus`%0Ahelp: write a name such as `Europe/Berlin` or `UTC`
            ",
        )
        .code(1);
}

#[test]
fn a_smart_list_may_stand_before_the_one_it_is_made_of_in_any_spelling_of_the_filter() {
    Tool::new()
        .file(
            "campaigns/workspace.yaml",
            "
            smart_lists:
              Buyers in Ohio: { filters: [ Member of Smart List: Buyers, state: Ohio ] }
              Buyers: { filters: [ lead_score: { at_least: 60 } ] }
            ",
        )
        .file(
            "campaigns/letter.yaml",
            "
            name: Letter
            smart_list: { filters: [ member_of_smart_list: Buyers in Ohio ] }
            flow: [ change_score: +1 ]
            ",
        )
        .run(["campaign", "validate", "campaigns/"])
        .stdout(
            "
            campaign  mode   triggers  filters  steps  problems  file
            ──────────────────────────────────────────────────────────────────────────
            Letter    Batch         0        1      1  none      campaigns/letter.yaml
            ",
        )
        .code(0);
}

#[test]
fn a_value_that_nobody_has_is_a_warning_where_people_are_looked_at() {
    let mut tool = Tool::new()
        .file(
            "campaigns/letter.yaml",
            "
            name: Letter
            smart_list:
              filters:
                - state: [NY, calfornia]
                - any: [ city: Rome, member_of_list: Newsleter ]
                - member_of_list: { is_not: Competitors }
            flow:
              - add_to_list: Newsleter
              - add_to_list: Competitors
              - change_score:
                  choices: [ { if: { city: [Rome, Roma, Rom] }, change: +1 }, { if: { any: [ state: Calfornia, state: NY ] }, change: +2 } ]
                  default: do_nothing
            guard: { never: { city: Roma } }
            ",
        )
        .bytes(
            "people.csv",
            "email,state,city\na@example.com,NY,rome\nb@example.com,California,\n",
        );
    tool.done("campaign validate");
    tool.done("campaign load");
    tool.run("campaign validate --db bugle.db -f csv")
        .any_stdout()
        .code(0);
    tool.done("person load people.csv --list Newsletter");
    tool.run("campaign validate --db bugle.db -f csv")
        .any_stdout()
        .stderr(
            "
            warning[value-nobody-has]: nobody's `state` is `calfornia`
             --> campaigns/letter.yaml:4:19
              |
            4 |     - state: [NY, calfornia]
              |                   ^^^^^^^^^
              |
              = help: did you mean `California`? 1 person has it

            warning[value-nobody-has]: nobody is on the list `Newsleter`
             --> campaigns/letter.yaml:5:42
              |
            5 |     - any: [ city: Rome, member_of_list: Newsleter ]
              |                                          ^^^^^^^^^
              |
              = help: did you mean `Newsletter`? 2 people have it

            warning[value-nobody-has]: nobody's `state` is `Calfornia`
              --> campaigns/letter.yaml:11:89
               |
            11 |       choices: [ { if: { city: [Rome, Roma, Rom] }, change: +1 }, { if: { any: [ state: Calfornia, state: NY ] }, change: +2 } ]
               |                                                                                         ^^^^^^^^^
               |
               = help: did you mean `California`? 1 person has it

            warning[value-nobody-has]: nobody's `city` is `Roma`
              --> campaigns/letter.yaml:13:25
               |
            13 | guard: { never: { city: Roma } }
               |                         ^^^^
               |
               = help: did you mean `rome`? 1 person has it
            ",
        )
        .code(0);
    tool.run("campaign validate --db bugle.db --deny-warnings -q")
        .any_stdout()
        .code(1);
}
