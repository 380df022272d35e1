//! The table of flow steps: what it says of every step and parameter, the compiler and the schema do.

use crate::campaign::compile::compile;
use crate::campaign::compile::schema::{self, File};
use crate::campaign::{ModeRefusal, Parameter, ParameterKind, StepKind};
use crate::diagnostic::{Code, Severity};
use crate::domain::Mode;
use crate::source::{StoredCampaign, StoredTexts, from_stored};
use jsonschema::Validator;

const WORKSPACE: &str = "
emails: { welcome: { subject: Hello, from: news@example.com, body: Hello } }
lists: [Readers]
programs: { Spring: {} }
webhooks: { crm: { url: 'https://crm.example.com/lead' } }
";

const OTHERS: &str = "
name: Called
smart_list: { triggers: [ campaign_is_requested: any ] }
flow: [ add_to_list: Readers ]
---
name: Executed
executable: true
flow: [ add_to_list: Readers ]
---
name: Executing
smart_list: { triggers: [ campaign_is_requested: any ] }
flow: [ execute_campaign: Executed ]
";

/// Every mode, with a smart list that makes a campaign of it.
const MODES: [(Mode, &str); 3] = [
    (
        Mode::Batch,
        "smart_list: { filters: [ member_of_smart_list: All People ] }",
    ),
    (
        Mode::Triggered,
        "smart_list: { triggers: [ fills_out_form: any ] }",
    ),
    (Mode::Executable, "executable: true"),
];

/// Returns a value that a parameter takes, and one that it does not.
fn samples(kind: StepKind, parameter: &Parameter) -> (&'static str, &'static str) {
    match parameter.kind {
        ParameterKind::Email => ("welcome", "\" \""),
        ParameterKind::List => ("Readers", "\" \""),
        ParameterKind::Program => ("Spring", "\" \""),
        ParameterKind::Status => ("Invited", "\" \""),
        ParameterKind::Campaign if kind == StepKind::ExecuteCampaign => ("Executed", "\" \""),
        ParameterKind::Campaign => ("Called", "\" \""),
        ParameterKind::CampaignOrThis => ("this", "\" \""),
        ParameterKind::Webhook => ("crm", "\" \""),
        ParameterKind::Field => ("lead_score", "\" \""),
        ParameterKind::MemberField => ("seat", "\" \""),
        ParameterKind::Word => ("Web", "\" \""),
        ParameterKind::Text => ("Looked at it", "[ x ]"),
        ParameterKind::Addresses => ("[ sales@example.com, sales_owner ]", "{ a: b }"),
        ParameterKind::NewValue => ("NULL", "[ x ]"),
        ParameterKind::ScoreChange => ("+5", "five"),
        ParameterKind::Boolean => ("true", "maybe"),
        ParameterKind::Duration => ("3 days", "3"),
        ParameterKind::WeekdaysAndTime => (
            "{ weekdays: [ monday ], time: \"09:00\" }",
            "{ days: monday }",
        ),
        ParameterKind::Date => ("2026-12-24", "[ x ]"),
        ParameterKind::DateToken => ("\"{{lead.Date of Birth}}\"", "[ x ]"),
        ParameterKind::DayOffset => ("-7 days", "[ x ]"),
        ParameterKind::Time => ("\"09:00\"", "noon"),
    }
}

/// Writes a step with some parameters, each with its value.
fn step(kind: StepKind, parameters: &[(&Parameter, &str)]) -> String {
    let parameters = parameters
        .iter()
        .map(|(of, value)| format!("{}: {value}", of.key));
    let parameters: Vec<String> = parameters.collect();
    format!("{}: {{ {} }}", kind.name(), parameters.join(", "))
}

/// Returns every way to write a step: each form with all of its parameters, each with a right value.
fn forms(kind: StepKind) -> Vec<Vec<(&'static Parameter, &'static str)>> {
    let right = |parameter| (parameter, samples(kind, parameter).0);
    let sets = kind.required_sets();
    if sets.is_empty() {
        return vec![kind.parameters().iter().map(right).collect()];
    }
    sets.into_iter()
        .map(|set| kind.of_form(set[0]).map(right).collect())
        .collect()
}

struct Judge {
    schema: Validator,
}

impl Judge {
    fn new() -> Self {
        let schema = jsonschema::draft7::new(&schema::of(File::Campaign)).unwrap();
        Self { schema }
    }

    /// Returns whether compiler and schema take a step.
    fn takes(&self, step: &str) -> [bool; 2] {
        let (_, smart_list) = MODES[1];
        let campaign: serde_yaml::Value = serde_yaml::from_str(&trial(smart_list, step)).unwrap();
        let campaign = serde_json::to_value(campaign).unwrap();
        [
            compiled(smart_list, step).is_empty(),
            self.schema.is_valid(&campaign),
        ]
    }
}

/// Returns what the compiler finds wrong with a step in a campaign of a mode: code and message of each error.
fn compiled(smart_list: &str, step: &str) -> Vec<(Code, String)> {
    let campaign = |file: &str, definition: &str| StoredCampaign {
        file: file.to_owned(),
        definition: definition.to_owned(),
        description: None,
    };
    let loaded = from_stored(&StoredTexts {
        workspace: Some(WORKSPACE.to_owned()),
        campaigns: OTHERS
            .split("---\n")
            .map(|text| campaign("others.yaml", text))
            .chain([campaign("trial.yaml", &trial(smart_list, step))])
            .collect(),
        ..StoredTexts::default()
    });
    let (_, diagnostics) = compile(&loaded, &[]);
    let errors = diagnostics.sorted().into_iter();
    let errors = errors.filter(|fault| fault.severity() == Severity::Error);
    errors
        .map(|fault| (fault.code, fault.message.clone()))
        .collect()
}

fn trial(smart_list: &str, step: &str) -> String {
    format!("name: Trial\nprogram: Spring\n{smart_list}\nflow: [ {step} ]\n")
}

#[test]
fn a_step_is_taken_with_what_it_needs_and_refused_without() {
    let judge = Judge::new();
    for kind in StepKind::ALL {
        let sets = kind.required_sets();
        for parameters in forms(kind) {
            let whole = step(kind, &parameters);
            assert_eq!(judge.takes(&whole), [true, true], "{whole}");
            for (place, (parameter, _)) in parameters.iter().enumerate() {
                let mut rest = parameters.clone();
                rest.remove(place);
                let needed = sets.iter().any(|set| set.contains(&parameter.key));
                let rest = step(kind, &rest);
                assert_eq!(judge.takes(&rest), [!needed, !needed], "{rest}");
            }
        }
    }
}

#[test]
fn a_parameter_takes_what_the_table_says() {
    let judge = Judge::new();
    for kind in StepKind::ALL {
        for parameters in forms(kind) {
            for place in 0..parameters.len() {
                let mut wrong = parameters.clone();
                wrong[place].1 = samples(kind, wrong[place].0).1;
                let wrong = step(kind, &wrong);
                assert_eq!(judge.takes(&wrong), [false, false], "{wrong}");
            }
        }
    }
}

#[test]
fn a_main_parameter_may_stand_alone_where_no_other_is_needed() {
    let judge = Judge::new();
    for kind in StepKind::ALL {
        let Some(main) = kind.main() else {
            let bare = format!("{}: x", kind.name());
            assert_eq!(judge.takes(&bare), [false, false], "{bare}");
            continue;
        };
        let alone = kind.required_sets().contains(&vec![main.key]);
        let bare = format!("{}: {}", kind.name(), samples(kind, main).0);
        assert_eq!(judge.takes(&bare), [alone, alone], "{bare}");
    }
}

#[test]
fn a_step_stands_in_campaigns_of_every_mode_that_does_not_refuse_it() {
    for kind in StepKind::ALL {
        for parameters in forms(kind) {
            let whole = step(kind, &parameters);
            for (mode, smart_list) in MODES {
                let own = kind.refusals();
                let written = parameters.iter().flat_map(|(of, _)| of.refusals);
                let refusals = own.iter().chain(written).filter(|of| of.mode == mode);
                let expected: Vec<_> = refusals
                    .map(|of| (code(of), of.message.to_owned()))
                    .collect();
                assert_eq!(compiled(smart_list, &whole), expected, "{mode:?}: {whole}");
            }
        }
    }
}

fn code(refusal: &ModeRefusal) -> Code {
    match refusal.mode {
        Mode::Batch => Code::TriggerOnly,
        Mode::Triggered => Code::BatchOnly,
        Mode::Executable => Code::NotInExecutable,
    }
}
