//! A story: a workspace, and the commands that are given one after another.

use super::calendar::Micros;
use super::catalogue::Act;
use super::definition::Workspace;
use super::happening::Model;
use super::value::Val;

#[derive(Debug, Clone)]
pub(crate) struct Scenario {
    pub(crate) workspace: Workspace,
    /// What is loaded later: other flows of the same campaigns.
    pub(crate) later: Vec<Workspace>,
    pub(crate) commands: Vec<Command>,
}

/// A command and its `--now`.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    pub(crate) now: Micros,
    pub(crate) what: What,
}

#[derive(Debug, Clone)]
pub(crate) enum What {
    LoadCampaigns,
    /// Loads one of the later workspaces; those whose wait is gone finish the version they are in, or are dropped.
    LoadAgain {
        later: usize,
        lost: Lost,
    },
    LoadPeople(PersonList),
    /// Files of events, and whether batch campaigns run between them.
    Replay {
        files: Vec<Vec<Event>>,
        scheduled: bool,
    },
    /// Erases a person, if there is one of that number.
    Delete(usize),
    Run(usize),
    Advance,
    Activate(usize),
    Deactivate(usize),
}

/// What happens to people whose wait a new version has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lost {
    Keep,
    Drop,
}

/// A person list: the columns after the key, and a row a person.
#[derive(Debug, Clone)]
pub(crate) struct PersonList {
    /// The key is the column `id`; there is an email column all the same, and it may repeat.
    pub(crate) by_id: bool,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<PersonRow>,
    /// The static list that everyone joins.
    pub(crate) list: Option<String>,
    /// The list is a part of the story: its rows are logged and campaigns react.
    pub(crate) as_activities: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct PersonRow {
    pub(crate) id: Option<String>,
    pub(crate) email: Option<String>,
    /// Blank cells are none.
    pub(crate) cells: Vec<Option<Val>>,
}

/// One event as it stands in a file.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) at: Micros,
    pub(crate) id: Option<String>,
    pub(crate) person: String,
    pub(crate) act: Act,
    /// The value `None` is JSON's null.
    pub(crate) attributes: Vec<(&'static str, Option<Val>)>,
    /// What a form brings along.
    pub(crate) form: Vec<(String, String)>,
    /// The form stands apart as `form_fields`.
    pub(crate) nested: bool,
}

impl Event {
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let given = self.attributes.iter().find(|(key, _)| *key == name);
        given.and_then(|(_, value)| value.as_ref().map(Val::text))
    }
}

impl Scenario {
    /// What the world looks like after all commands.
    pub(crate) fn play(&self) -> Model<'_> {
        let mut model = Model::new(&self.workspace);
        let mut loaded = 0;
        for command in &self.commands {
            match &command.what {
                What::LoadCampaigns => {
                    loaded = command.now;
                    model.activate_as_written(command.now);
                }
                What::LoadAgain { later, lost } => {
                    model.load_again(&self.later[*later], *lost, command.now);
                }
                What::LoadPeople(list) => model.load_people(list, command.now),
                What::Replay { files, scheduled } => {
                    model.replay(files, scheduled.then_some(loaded));
                }
                What::Delete(number) => {
                    if let Some(person) = model.world.find(&format!("#{number}")) {
                        model.world.erase(person);
                    }
                }
                What::Run(campaign) => model.run(*campaign, command.now),
                What::Advance => model.advance(loaded, command.now),
                What::Activate(campaign) => {
                    model
                        .world
                        .set_active(*campaign, true, command.now, "activate");
                }
                What::Deactivate(campaign) => {
                    model
                        .world
                        .set_active(*campaign, false, command.now, "deactivate");
                }
            }
        }
        model
    }
}
