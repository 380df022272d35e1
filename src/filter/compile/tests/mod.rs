//! Filters as people write them, what they come to, and every fault with its help.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostics, Sources};
use crate::domain::text::fold;
use crate::domain::{
    ActivityCatalogue, CampaignId, Field, FieldCatalogue, FieldType, MemberField, ProgramId, Text,
    Zone,
};
use crate::filter::{CampaignNames, Filter, LeafKind, SmartList};
use crate::world::Names;
use crate::yaml::{self, Node};

use super::*;

mod faults;
mod reads;

/// A small workspace to compile against.
struct Setting {
    fields: FieldCatalogue,
    lists: Names,
    programs: Names,
    closed: bool,
    statuses: BTreeMap<ProgramId, Vec<Text>>,
    member_fields: BTreeMap<ProgramId, Vec<MemberField>>,
    campaigns: CampaignNames,
    smart_lists: BTreeMap<String, Arc<SmartList>>,
    own_program: Option<ProgramId>,
}

impl Setting {
    fn new() -> Self {
        let mut fields = FieldCatalogue::standard();
        for (name, field_type) in [
            ("employees", FieldType::Integer),
            ("renewal_date", FieldType::Date),
            ("seen_at", FieldType::Datetime),
            ("ratio", FieldType::Float),
        ] {
            fields.add(Field {
                name: name.to_owned(),
                api_name: name.to_owned(),
                label: name.to_owned(),
                field_type,
                origin: crate::domain::field::FieldOrigin::Custom,
            });
        }
        let mut lists = Names::default();
        lists.intern("Newsletter readers");
        lists.intern("Competitors");
        let mut programs = Names::default();
        let webinar = ProgramId(programs.intern("Webinar"));
        let statuses = ["Invited", "Attended"].map(Text::from).to_vec();
        let seats = MemberField {
            key: Text::from("seats"),
            field_type: FieldType::Integer,
        };
        let mut campaigns = CampaignNames::default();
        campaigns.add(CampaignId(0), "Webinar.Invite", "Invite");
        campaigns.add(CampaignId(1), "Fair.Invite", "Invite");
        campaigns.add(CampaignId(2), "Sales alert", "Sales alert");
        let everyone = SmartList::new("All People".to_owned(), true, Filter::everyone());
        Self {
            fields,
            lists,
            programs,
            closed: true,
            statuses: BTreeMap::from([(webinar, statuses)]),
            member_fields: BTreeMap::from([(webinar, vec![seats])]),
            campaigns,
            smart_lists: BTreeMap::from([(fold("All People"), Arc::new(everyone))]),
            own_program: None,
        }
    }

    /// Compiles a text; the faults are shown with place, marked text, message and help.
    fn read(&mut self, text: &str) -> Read {
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", text);
        let mut diagnostics = Diagnostics::default();
        let documents = yaml::parse(file, text, &mut diagnostics);
        let document = &documents[0];
        let list = |key| {
            document
                .get(key)
                .and_then(Node::as_list)
                .unwrap_or_default()
        };
        let mut cx = Context {
            fields: &self.fields,
            activities: &ActivityCatalogue::standard(),
            zone: &Zone::utc(),
            lists: Vocabulary {
                names: &mut self.lists,
                closed: self.closed,
                assets: false,
            },
            programs: Vocabulary {
                names: &mut self.programs,
                closed: self.closed,
                assets: false,
            },
            statuses: &self.statuses,
            member_fields: &self.member_fields,
            campaigns: &self.campaigns,
            smart_lists: &self.smart_lists,
            own_program: self.own_program,
            emails: &[],
            webhooks: &[],
            sample_scope: "Test".to_owned(),
            diagnostics: &mut diagnostics,
        };
        let filter = smart_list(list("filters"), document.get("logic"), &mut cx);
        let triggers = list("triggers").iter();
        let triggers = triggers.filter_map(|node| trigger(node, &mut cx)).collect();
        let faults = diagnostics.sorted().into_iter().map(|fault| {
            let (line, column) = sources.position(fault.span);
            let help = fault.help.as_deref().unwrap_or("-");
            let (code, at) = (fault.code.name(), sources.text(fault.span));
            format!("{code} {line}:{column} [{at}] {} | {help}", fault.message)
        });
        Read {
            filter: filter.filter(),
            triggers,
            faults: faults.collect(),
        }
    }

    /// Compiles a text and shows what it comes to, or every fault.
    fn compile(&mut self, text: &str) -> String {
        let read = self.read(text);
        if !read.faults.is_empty() {
            return read.faults.join("\n");
        }
        match read.triggers.as_slice() {
            [] => show(&read.filter),
            [only] => only.written.clone(),
            [_, _, ..] => panic!("one trigger at a time"),
        }
    }

    fn filter(&mut self, entry: &str) -> String {
        self.compile(&format!("filters:\n  - {entry}\n"))
    }

    fn trigger(&mut self, entry: &str) -> String {
        self.compile(&format!("triggers:\n  - {entry}\n"))
    }
}

/// A text, compiled.
struct Read {
    filter: Filter,
    triggers: Vec<CompiledTrigger>,
    faults: Vec<String>,
}

/// Compares every entry with what is expected of it; all that differ are reported.
fn agree(rows: &[(&str, &str)], compile: fn(&mut Setting, &str) -> String) {
    let differ: Vec<String> = rows
        .iter()
        .map(|(entry, expected)| (entry, expected, compile(&mut Setting::new(), entry)))
        .filter(|(_, expected, diagnostics)| diagnostics != **expected)
        .map(|(entry, expected, diagnostics)| {
            format!("{entry}\n  expected {expected}\n  got      {diagnostics}")
        })
        .collect();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// Shows a filter as text: leaves as they read aloud, groups in brackets.
fn show(filter: &Filter) -> String {
    let join = |parts: &[Filter], word: &str| {
        let parts: Vec<String> = parts.iter().map(show).collect();
        format!("({})", parts.join(word))
    };
    match filter {
        Filter::All(parts) if parts.len() == 1 => show(&parts[0]),
        Filter::All(parts) => join(parts, " and "),
        Filter::Any(parts) => join(parts, " or "),
        Filter::Leaf(leaf) => leaf.words(),
    }
}

#[test]
fn logic_joins_the_top_level_entries() {
    let entries = "filters:\n  - state: a\n  - state: b\n  - any: [ { city: c }, { city: d } ]\n";
    let rows = [
        (
            "",
            "(state is a and state is b and (city is c or city is d))",
        ),
        (
            "logic: all",
            "(state is a and state is b and (city is c or city is d))",
        ),
        (
            "logic: Any",
            "(state is a or state is b or (city is c or city is d))",
        ),
        (
            "logic: 1 and (2 or 3)",
            "(state is a and (state is b or (city is c or city is d)))",
        ),
        (
            "logic: '1 and 2 or 3'",
            "bad-logic 5:17 [or] `and` and `or` meet without parentheses | say which goes first: `1 and (2 or 3)`",
        ),
        (
            "logic: 1 and (2 or 4)",
            "bad-logic 5:20 [4] there is no filter 4 | filters are numbered from 1 to 3",
        ),
    ];
    for (logic, expected) in rows {
        let diagnostics = Setting::new().compile(&format!("{entries}{logic}\n"));
        assert_eq!(diagnostics, expected, "{logic}");
    }
    let none = Setting::new().compile("filters: []\nlogic: any\n");
    assert_eq!(none, "()", "without filters everyone is meant");
}

#[test]
fn an_open_vocabulary_takes_new_names_in() {
    let mut setting = Setting::new();
    setting.closed = false;
    assert_eq!(
        setting.filter("member_of_list: Fresh"),
        "member of list is Fresh"
    );
    assert_eq!(setting.lists.find("fresh"), Some(2));
}

#[test]
fn program_status_is_that_of_the_own_program() {
    let mut setting = Setting::new();
    setting.own_program = Some(ProgramId(0));
    assert_eq!(
        setting.filter("program_status: Invited"),
        "program status is Invited"
    );
    assert_eq!(
        setting.filter("program_status: Gone"),
        "unknown-status 2:21 [Gone] the program has no status `Gone` | its statuses are `Invited`, `Attended`"
    );
    assert_eq!(
        setting.filter("member_of_smart_campaign: Invite"),
        "member of smart campaign is Invite",
        "a bare name means the one in the same program"
    );
}

#[test]
fn samples_draw_differently_in_each_place() {
    let text = "filters:\n  - random_sample: 10%\n  - random_sample: 10%\n  - any: [ { random_sample: 10% }, { random_sample: 10% } ]\n";
    let mut keys = Vec::new();
    let read = Setting::new().read(text);
    read.filter.each_leaf(&mut |leaf| {
        if let LeafKind::RandomSample { key, .. } = &leaf.kind {
            keys.push(*key);
        }
    });
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!((count, keys.len()), (4, 4));
}
