//! Event files as the replay gets them: what is read, in which order, under which identity, and what is refused.

mod bad;
mod extract;
mod laws;
mod reading;

use std::path::{Path, PathBuf};

use crate::domain::{
    ActivityCatalogue, ActivityType, Attribute, FieldCatalogue, FieldType, Text, Zone,
};
use crate::files::{Guard, Place};
use crate::intake::data_error::Error;
use crate::intake::events::{self, Events, Options};
use crate::intake::input::Input;
use crate::intake::renames::Renames;
use crate::world::Event;

/// A folder with event files, and how to read them.
struct Files {
    folder: tempfile::TempDir,
    names: Vec<String>,
    options: Options,
    zone: Zone,
}

impl Files {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            names: Vec::new(),
            options: Options::default(),
            zone: Zone::utc(),
        }
    }

    fn one(name: &str, content: impl AsRef<[u8]>) -> Self {
        Self::new().file(name, content)
    }

    fn jsonl(content: impl AsRef<[u8]>) -> Self {
        Self::one("e.jsonl", content)
    }

    fn csv(content: impl AsRef<[u8]>) -> Self {
        Self::one("e.csv", content)
    }

    fn file(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.path(name), content).unwrap();
        self.names.push(name.to_owned());
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    fn map(self, renames: &str) -> Self {
        self.with(|options| options.renames = Renames::parse([renames]).unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns a path of the folder as an output.
    fn place(&self, name: &str) -> Place {
        Guard::new().admit(&self.path(name), "--rejects").unwrap()
    }

    fn open(&self) -> Result<Events, Error> {
        let inputs: Vec<Input> = self
            .names
            .iter()
            .map(|name| Input::from_argument(self.path(name)))
            .collect();
        events::open(
            &inputs,
            &self.options,
            &catalogue(),
            &FieldCatalogue::standard(),
            &self.zone,
            &events::Watch::new(&|_| {}),
        )
    }

    fn events(&self) -> Vec<Event> {
        let events = self.open().unwrap_or_else(|error| panic!("{error}"));
        events.map(Result::unwrap).collect()
    }

    fn only(&self) -> Event {
        let mut events = self.events();
        assert_eq!(events.len(), 1);
        events.remove(0)
    }

    /// Returns the faults, one a line, without the folder.
    fn faults(&self) -> String {
        let error = self.open().expect_err("a fault was expected");
        error
            .to_string()
            .replace(&format!("{}/", self.folder.path().display()), "")
            .trim_end()
            .to_owned()
    }
}

fn catalogue() -> ActivityCatalogue {
    let attribute = |key: &str, attribute_type| Attribute {
        key: Text::from(key),
        attribute_type,
        aliases: Vec::new(),
        of_field: false,
        beside_primary: None,
    };
    let mut catalogue = ActivityCatalogue::standard();
    catalogue.add(ActivityType {
        code: 100_001,
        name: Text::from("attends_webinar"),
        label: "attends_webinar".to_owned(),
        trigger: Some("attends_webinar".to_owned()),
        filter: Some("attended_webinar".to_owned()),
        aliases: Vec::new(),
        primary: Some(attribute("webinar", FieldType::String)),
        attributes: vec![
            attribute("minutes", FieldType::Integer),
            attribute("rating", FieldType::Float),
            attribute("joined", FieldType::Datetime),
            attribute("day", FieldType::Date),
            attribute("live", FieldType::Boolean),
        ],
    });
    catalogue.add(ActivityType {
        code: 100_002,
        name: Text::from("won_deal"),
        label: "won_deal".to_owned(),
        trigger: Some("won_deal".to_owned()),
        filter: Some("had_won_deal".to_owned()),
        aliases: Vec::new(),
        primary: None,
        attributes: Vec::new(),
    });
    catalogue
}

/// Returns the attributes of an event as `name=value`, with the kind of those that are not text.
fn shown(event: &Event) -> String {
    use crate::domain::Value;
    let shown: Vec<String> = event
        .attributes
        .iter()
        .map(|(key, value)| match value {
            Value::Text(text) => format!("{key}={text}"),
            Value::Integer(number) => format!("{key}=integer {number}"),
            Value::Float(number) => format!("{key}=float {number}"),
            Value::Boolean(truth) => format!("{key}=boolean {truth}"),
            Value::Date(date) => format!("{key}=date {date}"),
            Value::Datetime(at) => format!("{key}=instant {at}"),
            Value::Json(json) => format!("{key}=json {json}"),
        })
        .collect();
    shown.join(", ")
}

fn lines(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(str::to_owned).collect()
}
