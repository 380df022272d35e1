//! What files become: modes, names, programs, priorities, and the canonical texts by which versions are distinguished.

use crate::domain::Mode;

use std::fs;
use std::path::{Path, PathBuf};

use crate::campaign::compile::compile;
use crate::campaign::{Action, Priority, Workspace};
use crate::diagnostic::text;
use crate::source::{LoadedFiles, StoredCampaign, StoredTexts, from_stored, load};

/// Compiles campaigns of a workspace, given as texts, that have no error.
fn compiled(workspace: &str, campaigns: &[&str]) -> Workspace {
    let loaded = read(workspace, campaigns);
    let (workspace, diagnostics) = compile(&loaded, &[]);
    let rendered = text::render(&diagnostics, &loaded.sources, false);
    assert_eq!(diagnostics.errors(), 0, "{rendered}");
    workspace
}

fn read(workspace: &str, campaigns: &[&str]) -> LoadedFiles {
    from_stored(&StoredTexts {
        workspace: (!workspace.is_empty()).then(|| workspace.to_owned()),
        campaigns: campaigns
            .iter()
            .enumerate()
            .map(|(place, text)| StoredCampaign {
                file: format!("campaign-{place}.yaml"),
                definition: (*text).to_owned(),
                description: None,
            })
            .collect(),
        ..StoredTexts::default()
    })
}

/// Writes files into a folder and returns it.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Reads a folder and returns what is reported of it, with the folder's own path left out.
fn rendered(folder: &Path) -> String {
    let loaded = load(&[folder.to_owned()]).unwrap();
    let (_, diagnostics) = compile(&loaded, &[]);
    text::render(&diagnostics, &loaded.sources, false)
        .replace(&format!("{}/", folder.display()), "")
}

const STEP: &str = "flow: [ change_score: +1 ]";

/// Returns the full names of all campaigns, in order.
fn full_names(workspace: &Workspace) -> Vec<&str> {
    let campaigns = workspace.campaigns.iter();
    campaigns.map(|c| c.full_name.as_ref()).collect()
}

#[test]
fn the_smart_list_decides_the_mode() {
    let cases = [
        (
            "smart_list: { filters: [ unsubscribed: false ] }",
            Mode::Batch,
        ),
        (
            "smart_list: { filters: [ member_of_smart_list: All People ] }",
            Mode::Batch,
        ),
        (
            "smart_list: { triggers: [ opens_email: any ] }",
            Mode::Triggered,
        ),
        (
            "smart_list: { triggers: [ opens_email: ], filters: [ unsubscribed: false ] }",
            Mode::Triggered,
        ),
        ("executable: true", Mode::Executable),
        (
            "executable: true\nsmart_list: { filters: [ unsubscribed: false ] }",
            Mode::Executable,
        ),
    ];
    for (keys, mode) in cases {
        let workspace = compiled("", &[&format!("name: Trial\n{keys}\n{STEP}")]);
        assert_eq!(workspace.campaigns[0].mode, mode, "{keys}");
    }
}

#[test]
fn the_flow_decides_the_priority_where_none_is_written() {
    let cases = [
        ("[ change_score: +1, send_email: hello ]", Priority::High),
        (
            "[ send_alert: { email: hello, to: sales_owner } ]",
            Priority::High,
        ),
        ("[ change_score: +1, wait: 6 minutes ]", Priority::Low),
        ("[ change_score: +1, wait: 5 minutes ]", Priority::Medium),
        ("[ add_to_list: Readers ]", Priority::Medium),
        (
            "[ change_data_value: { field: city, value: Rome } ]",
            Priority::Low,
        ),
    ];
    for (flow, priority) in cases {
        let text =
            format!("name: Trial\nsmart_list: {{ triggers: [ opens_email: any ] }}\nflow: {flow}");
        assert_eq!(
            compiled("", &[&text]).campaigns[0].priority,
            priority,
            "{flow}"
        );
    }
    let text = format!(
        "name: Trial\nsmart_list: {{ triggers: [ opens_email: any ] }}\npriority: high\n{STEP}"
    );
    assert_eq!(compiled("", &[&text]).campaigns[0].priority, Priority::High);
}

#[test]
fn a_bare_name_means_the_campaign_of_the_same_program() {
    let called = |program: &str| {
        format!(
            "name: Follow-up\nprogram: {program}\nsmart_list: {{ triggers: [ campaign_is_requested: any ] }}\n{STEP}"
        )
    };
    let asking = "name: Trial\nprogram: Fair\nsmart_list: { filters: [ unsubscribed: false ] }\n\
                  flow: [ request_campaign: follow-up, request_campaign: Webinar.Follow-up ]";
    let workspace = compiled("", &[&called("Webinar"), &called("Fair"), asking]);
    let targets: Vec<&str> = workspace.campaigns[2]
        .flow
        .iter()
        .filter_map(|step| {
            let Action::RequestCampaign { campaign } = &step.default else {
                return None;
            };
            Some(workspace.campaign(*campaign).full_name.as_ref())
        })
        .collect();
    assert_eq!(targets, ["Fair.Follow-up", "Webinar.Follow-up"]);
}

#[test]
fn parameters_beside_choices_hold_for_all_that_do_not_write_them() {
    let text = "name: Trial\nsmart_list: { filters: [ unsubscribed: false ] }\nflow:\n\
                \x20 - change_score:\n      field: interest\n      choices:\n\
                \x20       - if: { country: Italy }\n          change: +1\n\
                \x20       - if: { country: France }\n          do_nothing: true\n\
                \x20     default: { change: =0, field: lead_score }";
    let workspace = compiled("fields: { interest: { type: score } }", &[text]);
    let step = &workspace.campaigns[0].flow[0];
    let shown: Vec<String> = step
        .actions()
        .map(|action| {
            if let Action::ChangeScore { field, change } = action {
                return format!("{} {change:?}", workspace.fields.field(*field).name);
            }
            format!("{action:?}")
        })
        .collect();
    assert_eq!(shown, ["interest Add(1)", "DoNothing", "lead_score Set(0)"]);
}

#[test]
fn scores_and_waits_are_read_as_written() {
    let cases = [
        ("change_score: +5", "Add(5)"),
        ("change_score: 5", "Add(5)"),
        ("change_score: -5", "Add(-5)"),
        ("change_score: =5", "Set(5)"),
        ("change_score: \"=-5\"", "Set(-5)"),
        ("change_score: \"{{my.Points}}\"", "Add(7)"),
        ("wait: 3 days", "count: 3, unit: Day"),
        (
            "wait: { for: 48 hours, until: { weekdays: [friday, monday], time: \"09:00\" } }",
            "weekdays: [Mon, Fri], time: Some(09:00:00)",
        ),
        (
            "wait: { date: 2026-12-24, time: 18:30 }",
            "date: 2026-12-24, time: Some(18:30:00)",
        ),
        (
            "wait: { date_token: \"{{lead.Date of Birth}}\", offset: -1 week, next_anniversary: true }",
            "offset: Days(-7), next_anniversary: true",
        ),
        (
            "change_data_value: { field: city, value: NULL }",
            "value: Clear",
        ),
        (
            "change_data_value: { field: city, value: \"NULL\" }",
            "value: Set(",
        ),
        ("remove_from_flow: this", "campaign: None"),
        ("delete_person", "DeletePerson"),
        ("send_email: { do_nothing: true }", "DoNothing"),
    ];
    for (step, shown) in cases {
        let text = format!(
            "name: Trial\nsmart_list: {{ triggers: [ opens_email: any ] }}\nflow:\n  - {step}"
        );
        let workspace = compiled("tokens: { Points: +7 }", &[&text]);
        let action = format!("{:?}", workspace.campaigns[0].flow[0].default);
        assert!(action.contains(shown), "{step} is {action}");
    }
}

#[test]
fn the_nearest_program_file_makes_the_folder_a_program() {
    let campaign =
        format!("name: Invitation\nsmart_list: {{ filters: [ unsubscribed: false ] }}\n{STEP}");
    let folder = folder(&[
        ("workspace.yaml", "time_zone: Europe/Berlin"),
        (
            "webinar/program.yaml",
            "name: Autumn webinar\ntokens: { Day: 2026-12-01 }",
        ),
        ("webinar/invitation.yaml", &campaign),
        ("webinar/late/invitation.yaml", &campaign),
        ("webinar/late/program.yaml", "name: Late webinar"),
        ("invitation.yml", &campaign),
        ("notes.txt", "not a campaign"),
        (".git/config.yaml", "not: a campaign"),
    ]);
    let loaded = load(&[folder.path().to_owned()]).unwrap();
    let (workspace, diagnostics) = compile(&loaded, &[]);
    assert_eq!(diagnostics.errors(), 0);
    let names = full_names(&workspace);
    assert_eq!(
        names,
        [
            "Invitation",
            "Autumn webinar.Invitation",
            "Late webinar.Invitation"
        ]
    );
    assert_eq!(workspace.zone.name(), "Europe/Berlin");
}

#[test]
fn what_is_stored_compiles_to_the_same() {
    for sample in ["campaigns", "fixtures/deals"] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(sample);
        let loaded = load(&[path]).unwrap();
        let (first, diagnostics) = compile(&loaded, &[]);
        assert_eq!(diagnostics.errors(), 0);
        let stored = StoredTexts {
            workspace: loaded.canonical_workspace(),
            campaigns: loaded
                .campaigns
                .iter()
                .map(|campaign| StoredCampaign {
                    file: campaign.file.clone(),
                    definition: campaign.canonical(),
                    description: campaign.description.clone(),
                })
                .collect(),
            ..StoredTexts::default()
        };
        let again = from_stored(&stored);
        let (second, diagnostics) = compile(&again, &[]);
        let rendered = text::render(&diagnostics, &again.sources, false);
        assert_eq!(diagnostics.errors(), 0, "{rendered}");
        assert_eq!(again.canonical_workspace(), stored.workspace);
        for (first, second) in first.campaigns.iter().zip(&second.campaigns) {
            assert_eq!(first.full_name, second.full_name);
            assert_eq!(first.filter, second.filter);
            assert_eq!(first.flow, second.flow);
            assert_eq!(first.triggers, second.triggers);
            assert_eq!(first.schedule, second.schedule);
            assert_eq!(first.description, second.description);
        }
        assert_eq!(first.programs, second.programs);
        assert_eq!(first.emails, second.emails);
    }
}

#[test]
fn layout_description_tests_and_active_are_no_part_of_the_meaning() {
    let terse = "{ name: Trial, smart_list: { triggers: [ opens_email: any ] }, flow: [ change_score: +1 ] }";
    let wordy = "# a comment\nactive: true\ndescription: A trial.\nflow:\n  - change_score: \"+1\"\n\
                 smart_list:\n  triggers:\n    - opens_email: any\nname: Trial\ntests: []";
    let loaded = read("", &[terse, wordy]);
    assert_eq!(
        loaded.campaigns[0].canonical(),
        loaded.campaigns[1].canonical()
    );
}

#[test]
fn a_stored_campaign_gives_way_to_the_file_of_its_name() {
    let file = folder(&[(
        "trial.yaml",
        &format!("name: TRIAL\nsmart_list: {{ triggers: [ campaign_is_requested: any ] }}\n{STEP}"),
    )]);
    let mut loaded = load(&[file.path().to_owned()]).unwrap();
    loaded.add_stored(&read_stored(&[
        "name: Trial\nsmart_list: { filters: [ unsubscribed: false ] }\nflow: [ delete_person ]",
        "name: Other\nsmart_list: { filters: [ unsubscribed: false ] }\nflow: [ request_campaign: Trial ]",
    ]));
    let (workspace, diagnostics) = compile(&loaded, &[]);
    assert_eq!(diagnostics.errors(), 0);
    let names = full_names(&workspace);
    assert_eq!(names, ["TRIAL", "Other"]);
    assert_eq!(workspace.campaigns[0].mode, Mode::Triggered);
}

#[test]
fn a_program_stays_while_a_stored_campaign_belongs_to_it() {
    let webinar = format!(
        "name: Invitation\nprogram: Webinar\nsmart_list: {{ filters: [ program_status: Invited ] }}\n{STEP}"
    );
    let mut stored = read_stored(&[&webinar]);
    stored.workspace = Some(
        "programs: { Webinar: { statuses: [ { name: Invited, step: 1 } ] }, Fair: { tokens: { Day: x } } }".to_owned(),
    );
    let files = folder(&[
        (
            "workspace.yaml",
            "programs: { Autumn: { tokens: { Day: 2026-12-01 } } }",
        ),
        (
            "trial.yaml",
            &format!("name: Trial\nsmart_list: {{ filters: [ unsubscribed: false ] }}\n{STEP}"),
        ),
    ]);
    let mut loaded = load(&[files.path().to_owned()]).unwrap();
    loaded.add_stored(&stored);
    let (workspace, diagnostics) = compile(&loaded, &[]);
    assert_eq!(diagnostics.errors(), 0);
    let names: Vec<&str> = workspace.programs.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["Autumn", "Webinar"]);

    let files = folder(&[(
        "fair/program.yaml",
        "name: fair\ntokens: { Day: 2026-12-02 }",
    )]);
    let mut loaded = load(&[files.path().to_owned()]).unwrap();
    loaded.add_stored(&stored);
    let (workspace, diagnostics) = compile(&loaded, &[]);
    assert_eq!(diagnostics.errors(), 0);
    let names: Vec<&str> = workspace.programs.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["Webinar", "fair"]);
}

fn read_stored(campaigns: &[&str]) -> StoredTexts {
    let campaigns = campaigns.iter().map(|text| StoredCampaign {
        file: "stored.yaml".to_owned(),
        definition: (*text).to_owned(),
        description: None,
    });
    StoredTexts {
        campaigns: campaigns.collect(),
        ..StoredTexts::default()
    }
}

#[test]
fn the_text_of_an_email_is_read_from_its_file() {
    let folder = folder(&[
        (
            "workspace.yaml",
            "emails: { hello: { subject: Hello, body_file: emails/hello.md } }",
        ),
        (
            "emails/hello.md",
            "Dear {{lead.First Name}},\nyou live in {{lead.Ctiy}}.\n",
        ),
    ]);
    assert_eq!(
        rendered(folder.path()).trim(),
        "\
error[unknown-field]: no field `Ctiy`
 --> emails/hello.md:2:13
  |
2 | you live in {{lead.Ctiy}}.
  |             ^^^^^^^^^^^^^
  |
  = help: did you mean `City`?"
    );
}

#[cfg(unix)]
#[test]
fn the_text_of_an_email_lies_in_the_workspace() {
    let outside = folder(&[("secret.md", "secret")]);
    let folder = folder(&[(
        "workspace.yaml",
        "emails:\n  up: { subject: Hello, body_file: ../secret.md }\n  link: { subject: Hello, body_file: link.md }\n",
    )]);
    std::os::unix::fs::symlink(
        outside.path().join("secret.md"),
        folder.path().join("link.md"),
    )
    .unwrap();
    fs::write(folder.path().parent().unwrap().join("secret.md"), "secret").unwrap();
    let rendered = rendered(folder.path());
    fs::remove_file(folder.path().parent().unwrap().join("secret.md")).unwrap();
    assert_eq!(
        rendered
            .matches("lies outside the folder of the workspace")
            .count(),
        2,
        "{rendered}"
    );
}

#[test]
fn one_load_has_one_workspace() {
    let folder = folder(&[
        ("workspace.yaml", "time_zone: UTC"),
        ("deals/workspace.yaml", "time_zone: Europe/Berlin"),
    ]);
    assert_eq!(
        rendered(folder.path()).trim(),
        "\
error[duplicate-name]: a second workspace file in one load
 --> deals/workspace.yaml:1:1
  |
1 | time_zone: Europe/Berlin
  | ^
  |
 ::: workspace.yaml:1:1
  |
1 | time_zone: UTC
  | -------------- the workspace of this load
  |
  = help: give the folder of one workspace at a time"
    );
}

#[test]
fn files_that_are_not_text_are_reported_and_not_read() {
    let folder = folder(&[]);
    fs::write(folder.path().join("latin1.yaml"), b"name: caf\xe9\n").unwrap();
    fs::write(folder.path().join("large.yaml"), vec![b'x'; 5_000_000]).unwrap();
    assert_eq!(
        rendered(folder.path()).trim(),
        "\
error[yaml-limit]: the file is larger than 4 MiB
--> large.yaml
 = help: split it into several files

error[yaml-syntax]: the file is not UTF-8: line 1, byte 9 of the file
--> latin1.yaml
 = help: save it with the encoding UTF-8"
    );
}
