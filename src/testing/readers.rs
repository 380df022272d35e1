//! The readers of single texts, one at a time, for tests that give them anything at all.
//!
//! Each returns plain data, or nothing where the text is refused. `tests/suite/fuzz` compares them with other readers.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::campaign::Workspace;
use crate::campaign::compile::compile;
use crate::diagnostic::{Diagnostics, Sources, Span};
use crate::domain::duration::Duration;
use crate::domain::{ActivityCatalogue, FieldCatalogue, Instant, PersonId, Text, Value, Zone};
use crate::filter::holds::{Draw, Facts};
use crate::filter::operator::EvaluationTime;
use crate::intake::events::json::{self, Scalar};
use crate::intake::rows::{Next, Rows};
use crate::mail::{Message, Recipients, mime};
use crate::source::{StoredCampaign, StoredTexts, from_stored};
use crate::token::Part;
use crate::token::parse::{InProgram, LinkTokens, Scope, TriggerTokens, parse};
use crate::world::{Layout, Person};
use crate::yaml::{self, Node, NodeKind};

/// Returns the cells of each row of a CSV file; nothing where a row is flawed.
pub fn rows(bytes: &[u8], delimiter: u8) -> Option<Vec<Vec<String>>> {
    let mut rows = Rows::open(bytes, Some(delimiter)).ok()?;
    let mut all = Vec::new();
    loop {
        match rows.advance().ok()? {
            Next::Row => {
                let cells = (0..rows.width()).map(|cell| rows.cell(cell).to_owned());
                all.push(cells.collect());
            }
            Next::Flawed(_) | Next::Cut(_) => return None,
            Next::End => return Some(all),
        }
    }
}

/// Returns the members of a JSON object, each value as JSON; nothing where it is refused.
pub fn json_object(text: &str) -> Option<Vec<(String, String)>> {
    let members = json::object(text).ok()?.into_iter();
    let members = members.map(|member| {
        let value = match member.value {
            Scalar::Null => "null".to_owned(),
            Scalar::Boolean(value) => value.to_string(),
            Scalar::Number(written) | Scalar::Nested(written) => written.to_owned(),
            Scalar::Text(text) => serde_json::Value::from(text.as_ref()).to_string(),
        };
        (member.name.into_owned(), value)
    });
    Some(members.collect())
}

/// A value of a YAML file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum YamlValue {
    /// Nothing, or `~`.
    Nothing,
    /// A text, and whether it was written without quotes.
    Text(String, bool),
    /// A list.
    List(Vec<YamlValue>),
    /// A mapping, in order.
    Map(Vec<(String, YamlValue)>),
}

/// Returns the documents of a YAML file; nothing where it has a fault.
pub fn yaml_documents(text: &str) -> Option<Vec<YamlValue>> {
    let mut diagnostics = Diagnostics::default();
    let file = Sources::default().add("", text);
    let documents = yaml::parse(file, text, &mut diagnostics);
    (diagnostics.errors() == 0).then(|| documents.iter().map(yaml_value).collect())
}

fn yaml_value(node: &Node) -> YamlValue {
    match &node.kind {
        NodeKind::Null => YamlValue::Nothing,
        NodeKind::Scalar { text, plain } => YamlValue::Text(text.clone(), *plain),
        NodeKind::List(items) => YamlValue::List(items.iter().map(yaml_value).collect()),
        NodeKind::Map(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|entry| (entry.key.clone(), yaml_value(&entry.value)));
            YamlValue::Map(entries.collect())
        }
    }
}

/// Returns the parts of a text with tokens, a token as nothing; and how many faults it has.
///
/// Tokens of persons, campaigns and the system are known, and `{{my.Offer}}`.
pub fn template(text: &str) -> (Vec<Option<String>>, usize) {
    // They are made once: there are many texts.
    static CATALOGUES: LazyLock<(FieldCatalogue, ActivityCatalogue)> =
        LazyLock::new(|| (FieldCatalogue::standard(), ActivityCatalogue::standard()));
    let (fields, activities) = &*CATALOGUES;
    let my = BTreeMap::from([("offer".to_owned(), Text::from("ten percent"))]);
    let mut diagnostics = Diagnostics::default();
    let span = Span {
        file: Sources::default().add("", text),
        start: 0,
        end: u32::try_from(text.len()).unwrap_or(u32::MAX),
    };
    let scope = Scope {
        fields,
        activities,
        my: &[&my],
        my_names: &["Offer".to_owned()],
        program: InProgram::No,
        member_fields: &[],
        trigger: TriggerTokens::None,
        links: LinkTokens::Placeholders,
    };
    let template = parse(text, span, &scope, &mut diagnostics);
    let parts = template.parts.iter().map(|part| match part {
        Part::Literal(text) => Some(text.to_string()),
        Part::Token { .. } => None,
    });
    (parts.collect(), diagnostics.errors())
}

/// Returns the count and the unit of a duration; nothing where it is refused.
pub fn duration(text: &str) -> Option<(u32, &'static str)> {
    let duration = Duration::parse(text).ok()?;
    Some((duration.count, duration.unit.name()))
}

/// Returns the instant that lies so long after another, both in microseconds, on the calendar of UTC.
pub fn after(text: &str, micros: i64) -> Option<i64> {
    let at = Instant::from_micros(micros);
    Some(Duration::parse(text).ok()?.after(at, &Zone::utc()).micros())
}

/// Returns what a `logic` over so many filters answers for each set of those that hold, the first filter in the lowest bit;
/// nothing where it is refused.
pub fn truth_table(logic: &str, filters: usize) -> Option<Vec<bool>> {
    use std::fmt::Write as _;
    let (mut fields, mut list) = (String::new(), String::new());
    for filter in 1..=filters {
        let _ = writeln!(fields, "  f{filter}: {{ type: boolean }}");
        let _ = writeln!(list, "    - f{filter}: true");
    }
    let logic = serde_json::Value::from(logic);
    let workspace = compiled(
        &format!("fields:\n{fields}"),
        &format!(
            "name: C\nsmart_list:\n  filters:\n{list}  logic: {logic}\nflow: [ change_score: +1 ]\n"
        ),
    )?;
    let ids = (1..=filters).map(|filter| workspace.fields.find(&format!("f{filter}")));
    let ids: Vec<_> = ids.collect::<Option<_>>()?;
    let layout = Layout::of(ids.iter().copied(), &workspace.fields);
    let filter = &workspace.campaigns.first()?.filter;
    let when = EvaluationTime {
        now: Instant::from_micros(0),
        zone: &workspace.zone,
        week_start: workspace.week_start,
    };
    let answers = (0..1_u32 << filters).map(|holding| {
        let mut person = Person::new(PersonId(1), &layout);
        for (bit, field) in ids.iter().enumerate() {
            if let Some(slot) = layout.slot(*field) {
                person.fields[slot] = Some(Value::Boolean(holding >> bit & 1 == 1));
            }
        }
        filter.holds(&Facts {
            person: &person,
            layout: &layout,
            when,
            draw: Draw::default(),
        })
    });
    Some(answers.collect())
}

/// Returns the first local times of a schedule, such as `first_run: 2026-11-02 09:00, repeat: daily`, in UTC; nothing where
/// it is refused.
pub fn occurrences(schedule: &str, monday: bool, count: usize) -> Option<Vec<String>> {
    let first_day = if monday { "monday" } else { "sunday" };
    let workspace = compiled(
        &format!("time_zone: UTC\nweek_starts_on: {first_day}\n"),
        &format!(
            "name: C\nsmart_list: {{ filters: [ member_of_smart_list: All People ] }}\n\
             flow: [ change_score: +1 ]\nschedule: {{ {schedule} }}\n"
        ),
    )?;
    let schedule = workspace.campaigns.first()?.schedule.as_ref()?;
    let occurrences = schedule.occurrences(workspace.week_start).take(count);
    Some(
        occurrences
            .map(|occurrence| occurrence.local.to_string())
            .collect(),
    )
}

/// A letter as its parts.
#[derive(Debug, Clone, Default)]
pub struct Letter {
    /// The sender.
    pub from: String,
    /// The name of the person to whom it goes.
    pub name: String,
    /// Their address.
    pub address: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The name of the email.
    pub email: String,
    /// The name of the campaign.
    pub campaign: String,
}

/// Returns a letter as a message; nothing where it is refused.
pub fn message(letter: &Letter) -> Option<Vec<u8>> {
    let text = |text: &str| Text::from(text);
    let message = Message {
        activity_id: 17,
        at: Instant::from_micros(1_796_144_400_000_000),
        from: Some(text(&letter.from)),
        to: Recipients::Person {
            name: letter.name.clone(),
            address: text(&letter.address),
        },
        subject: text(&letter.subject),
        body: text(&letter.body),
        email: text(&letter.email),
        campaign: Some(text(&letter.campaign)),
    };
    mime::message(&message).ok()
}

/// Compiles a workspace with one campaign; nothing where it has a fault.
fn compiled(workspace: &str, campaign: &str) -> Option<Workspace> {
    let loaded = from_stored(&StoredTexts {
        workspace: Some(workspace.to_owned()),
        campaigns: vec![StoredCampaign {
            file: "c.yaml".to_owned(),
            definition: campaign.to_owned(),
            description: None,
        }],
        retired: Vec::new(),
    });
    let (compiled, diagnostics) = compile(&loaded, &[]);
    (diagnostics.errors() == 0).then_some(compiled)
}
