//! A small workspace for these tests: two campaigns, four activity types, and one sitting of reading and writing.

use crate::domain::field::FieldOrigin;
use crate::domain::{
    ActivityCatalogue, ActivityType, ActivityTypeId, Attribute, Field, FieldCatalogue, FieldId,
    FieldType, Instant, Key, Mode, PersonId, Text, Value, Zone,
};
use crate::store::{
    Bindings, CommitProgress, Definition, Load, LoadRequest, MissingPolicy, ScheduleState, Store,
};
use crate::world::{Journal, Layout, Names, Needs, Numbering, Person};

/// An instant of a plain date and time.
pub(crate) fn at(text: &str) -> Instant {
    crate::domain::value::parse_datetime(text, &crate::domain::Zone::utc()).unwrap()
}

pub(crate) struct Workspace {
    pub(crate) fields: FieldCatalogue,
    pub(crate) activities: ActivityCatalogue,
    pub(crate) campaigns: Vec<Text>,
    pub(crate) lists: Names,
    pub(crate) programs: Names,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        let mut activities = ActivityCatalogue::standard();
        for (code, name, primary) in [
            (100_001, "reads", "page"),
            (100_002, "moves", "field"),
            (100_003, "mails", "email"),
        ] {
            activities.add(activity_type(code, name, primary));
        }
        let mut fields = FieldCatalogue::standard();
        for (name, field_type) in [
            ("points", FieldType::Integer),
            ("rate", FieldType::Float),
            ("seen_at", FieldType::Datetime),
            ("born", FieldType::Date),
            ("member", FieldType::Boolean),
        ] {
            fields.add(Field {
                name: name.to_owned(),
                api_name: name.to_owned(),
                label: name.to_owned(),
                field_type,
                origin: FieldOrigin::Custom,
            });
        }
        Self {
            fields,
            activities,
            campaigns: vec![Text::from("Autumn.Newsletter"), Text::from("Welcome")],
            lists: Names::default(),
            programs: Names::default(),
        }
    }

    pub(crate) fn field(&self, name: &str) -> FieldId {
        self.fields.find(name).unwrap()
    }

    pub(crate) fn activity(&self, name: &str) -> ActivityTypeId {
        self.activities.find(name).unwrap()
    }

    pub(crate) fn load(store: &mut Store) {
        let campaigns = [
            definition("Autumn.Newsletter", Mode::Batch),
            definition("Welcome", Mode::Triggered),
        ];
        let load = Load {
            workspace: "time_zone: UTC\n",
            fields: &FieldCatalogue::standard(),
            zone: &Zone::utc(),
            lists: &Names::default(),
            campaigns: &campaigns,
            missing: &[],
            gone: MissingPolicy::Keep,
            now: at("2026-11-01"),
        };
        store.begin_load(load).unwrap().commit().unwrap();
    }

    pub(crate) fn bind(&self, store: &Store) -> Bindings {
        let numbering = Numbering::of(&self.lists, &self.programs);
        store
            .bind(&self.campaigns, &self.fields, &self.activities, numbering)
            .unwrap()
    }

    /// Writes a journal with fresh bindings, as a new command would.
    pub(crate) fn write(&self, store: &mut Store, journal: &Journal) {
        store
            .write(journal, &self.bind(store), CommitProgress::default())
            .unwrap();
    }

    /// Reads people with everything there is about them, by a workspace that knows no names yet.
    pub(crate) fn everything<T>(
        &self,
        store: &Store,
        read: impl FnOnce(LoadRequest<'_>) -> T,
    ) -> (T, Numbering) {
        let layout = Layout::all(&self.fields);
        let needs = Needs {
            history: self.activities.iter().map(|(id, _)| id).collect(),
            lists: true,
            programs: true,
            waits: true,
            ..Needs::default()
        };
        let numbering = Numbering::default();
        let bindings = store
            .bind(
                &self.campaigns,
                &self.fields,
                &self.activities,
                numbering.clone(),
            )
            .unwrap();
        let result = read(LoadRequest {
            layout: &layout,
            needs: &needs,
            bindings: &bindings,
        });
        (result, numbering)
    }

    pub(crate) fn all(&self, store: &Store) -> Vec<Person> {
        self.everything(store, |wanted| {
            store.people_after(None, 1000, wanted).unwrap()
        })
        .0
    }

    pub(crate) fn value(&self, person: &Person, field: &str) -> Option<Value> {
        person
            .field(&Layout::all(&self.fields), self.field(field))
            .cloned()
    }
}

pub(crate) fn definition(full_name: &str, mode: Mode) -> Definition {
    let (program, name) = match full_name.split_once('.') {
        Some((program, name)) => (Some(program.to_owned()), name),
        None => (None, full_name),
    };
    Definition {
        full_name: Text::from(full_name),
        name: name.to_owned(),
        program,
        mode,
        file: format!("campaigns/{name}.yaml"),
        definition: format!("name: {name}\n"),
        description: None,
        active: None,
        marketo_id: None,
        schedule: ScheduleState::No,
    }
}

fn activity_type(code: i32, name: &str, primary: &str) -> ActivityType {
    let attribute = |key: &str, attribute_type, of_field| Attribute {
        key: Key::from(key),
        attribute_type,
        aliases: Vec::new(),
        of_field,
        beside_primary: None,
    };
    ActivityType {
        code,
        name: Text::from(name),
        label: name.to_owned(),
        trigger: None,
        filter: None,
        aliases: Vec::new(),
        primary: Some(attribute(primary, FieldType::String, false)),
        attributes: vec![
            attribute("new_value", FieldType::String, true),
            attribute("minutes", FieldType::Integer, false),
        ],
    }
}

pub(crate) fn person(number: i64) -> PersonId {
    PersonId(number)
}
