//! The state between messages: which texts are open, which workspaces they belong to, what was published of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::thread;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::app::editor::home::{home, home_in};
use crate::app::editor::people::people_matching;
use crate::app::editor::{DatabaseView, Snapshot};
use crate::app::reexports::{FileRole, Overlay, Stamps, Store};
use crate::cli::clock;
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::exit::Exit;
use crate::domain::{Instant, Zone};

use super::answers::{self, Asked, HoverAnswer};
use super::inbox::Incoming;
use super::positions::Lines;
use super::protocol::{AtPlace, Change, DidChange, DidOpen, Fault, OfRange, OfText};
use super::refusal::Refusal;
use super::{frames, publish, uris};

/// How far the talk with the editor has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing was agreed on.
    Begun,
    /// Questions are answered.
    Running,
    /// The editor is about to leave.
    ShutDown,
}

/// A text that the editor has open.
#[derive(Debug)]
struct OpenText {
    /// Its name, as the editor writes it.
    uri: String,
    version: Option<i64>,
}

/// A workspace that open texts belong to.
#[derive(Debug, Default)]
struct Home {
    /// What it was when it was read last.
    snapshot: Option<Snapshot>,
    /// Whether something has changed since.
    is_stale: bool,
    /// What it was before a file was half written: the names of that file are still wanted.
    whole: Option<Snapshot>,
    /// What its files looked like when they were read.
    stamps: Stamps,
}

/// What is answered to a request that is not refused.
enum Answer {
    Now(Value),
    /// It comes in when it is worked out.
    Later,
}

/// The state between messages.
pub(super) struct Server {
    phase: Phase,
    /// The database that was named, be it there or not.
    database: Option<PathBuf>,
    /// The instant taken as now, unless it is that of the clock.
    now: Option<Instant>,
    seed: u64,
    /// Where answers come in that are worked out meanwhile.
    later: Sender<Incoming>,
    known: DatabaseView,
    /// The folders that the editor has open.
    folders: Vec<PathBuf>,
    open: BTreeMap<PathBuf, OpenText>,
    overlay: Overlay,
    homes: BTreeMap<PathBuf, Home>,
    /// What the editor shows of each file.
    published: BTreeMap<PathBuf, Vec<Fault>>,
    /// Texts of which the editor waits to hear, also if nothing has changed.
    awaited: BTreeSet<PathBuf>,
}

impl Server {
    /// Begins with no text open.
    pub(super) fn new(context: &Context, later: Sender<Incoming>) -> Result<Self, Error> {
        let named = context.globals.db_named;
        let mut server = Self {
            phase: Phase::Begun,
            now: context
                .globals
                .now
                .is_some()
                .then(|| context.now(&Zone::utc()))
                .transpose()?,
            seed: context.globals.seed,
            later,
            database: named.then(|| context.globals.db.clone()),
            known: DatabaseView::default(),
            folders: Vec::new(),
            open: BTreeMap::new(),
            overlay: Overlay::default(),
            homes: BTreeMap::new(),
            published: BTreeMap::new(),
            awaited: BTreeSet::new(),
        };
        server.look_at_database()?;
        Ok(server)
    }

    /// Takes a message; returns how the program ends where it is the last one.
    pub(super) fn take(
        &mut self,
        message: Message,
        out: &mut impl Write,
    ) -> io::Result<Option<Exit>> {
        match message {
            Message::Request(request) => {
                let id = json!(request.id);
                match self.answered(&request) {
                    Ok(Answer::Now(result)) => frames::write(out, &answer(&id, &result))?,
                    Ok(Answer::Later) => {}
                    Err(refusal) => frames::write(out, &refusal.answer(&id))?,
                }
            }
            Message::Notification(notification) => {
                if notification.method == "exit" {
                    let polite = self.phase == Phase::ShutDown;
                    return Ok(Some(if polite { Exit::Done } else { Exit::Files }));
                }
                if self.phase == Phase::Running {
                    self.notified(notification);
                }
            }
            // Nothing is asked of the editor.
            Message::Response(_) => {}
        }
        Ok(None)
    }

    fn answered(&mut self, request: &Request) -> Result<Answer, Refusal> {
        match (self.phase, request.method.as_str()) {
            (Phase::Begun, "initialize") => {
                self.initialize(&request.params);
                Ok(Answer::Now(capabilities()))
            }
            (Phase::Begun, _) => Err(Refusal::new(
                ErrorCode::ServerNotInitialized,
                "`initialize` comes first",
            )),
            (Phase::ShutDown, _) => Err(Refusal::new(
                ErrorCode::InvalidRequest,
                "the server is shut down",
            )),
            (Phase::Running, "initialize") => Err(Refusal::new(
                ErrorCode::InvalidRequest,
                "`initialize` comes once",
            )),
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                Ok(Answer::Now(Value::Null))
            }
            (Phase::Running, method) if method.starts_with("textDocument/") => {
                self.answered_about(request)
            }
            (Phase::Running, method) => Err(no_method(method)),
        }
    }

    /// Answers a question about a text.
    fn answered_about(&mut self, request: &Request) -> Result<Answer, Refusal> {
        let (method, params) = (request.method.as_str(), &request.params);
        if !answers::METHODS.contains(&method) {
            return Err(no_method(method));
        }
        self.refresh();
        let of: OfText = answers::read(params)?;
        let Some(asked) = self.asked(&of.text_document.uri) else {
            // Such as a text that was not saved yet.
            return Ok(Answer::Now(Value::Null));
        };
        let at = || answers::read::<AtPlace>(params);
        let answer = match method {
            "textDocument/hover" => {
                let hover = asked.hover(at()?.position);
                return Ok(self.with_people(request.id.clone(), hover));
            }
            "textDocument/completion" => asked.completions(at()?.position),
            "textDocument/codeAction" => {
                asked.code_actions(answers::read::<OfRange>(params)?.range)
            }
            "textDocument/definition" => asked.definition(at()?.position),
            "textDocument/references" => {
                let at = at()?;
                asked.references(at.position, at.context.include_declaration)
            }
            "textDocument/prepareRename" => asked.prepare_rename(at()?.position)?,
            "textDocument/rename" => {
                let at = at()?;
                asked.rename(at.position, &at.new_name)?
            }
            method => return Err(no_method(method)),
        };
        Ok(Answer::Now(answer))
    }

    /// Finds a text in the workspace that it belongs to.
    fn asked(&self, uri: &str) -> Option<Asked<'_>> {
        let path = uris::path(uri)?;
        let home = self.homes.get(&home(&path, &self.folders))?;
        let snapshot = home.snapshot.as_ref()?;
        Some(Asked {
            snapshot,
            names: home.whole.as_ref().unwrap_or(snapshot),
            file: snapshot.file(&path)?,
            role: FileRole::of(&path),
            uri: Box::new(|path| self.uri(path)),
        })
    }

    /// Returns what is shown of a place; of a filter also how many people it holds for, which is counted meanwhile.
    fn with_people(&self, id: RequestId, hover: Option<HoverAnswer>) -> Answer {
        let Some(mut hover) = hover else {
            return Answer::Now(Value::Null);
        };
        let database = self.database.clone().filter(|path| path.exists());
        let (Some(path), Some(filter)) = (database, hover.filter.take()) else {
            return Answer::Now(hover.value());
        };
        let (later, now, seed) = (self.later.clone(), self.now, self.seed);
        thread::spawn(move || {
            let counted = match Store::open_read(&path) {
                Ok(store) => people_matching(&store, &filter, now.unwrap_or_else(clock::now), seed),
                Err(error) => format!("people are not counted: {error}"),
            };
            hover.add(&counted);
            // Nobody waits for it where the server has ended.
            let _ = later.send(Incoming::Answer(answer(&json!(id), &hover.value())));
        });
        Answer::Later
    }

    /// Takes note of the folders that are open. Whatever else an editor can do is of no concern.
    fn initialize(&mut self, params: &Value) {
        let named = params.get("workspaceFolders").and_then(Value::as_array);
        let named = named.into_iter().flatten().map(|folder| &folder["uri"]);
        let folders = named.chain([&params["rootUri"]]);
        let paths = folders.filter_map(|uri| uris::path(uri.as_str()?));
        self.folders = paths.collect();
        for folder in &self.folders {
            if let Some(home) = home_in(folder) {
                self.homes.entry(home).or_default();
            }
        }
        self.phase = Phase::Running;
    }

    fn notified(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            "textDocument/didOpen" => {
                if let Some(DidOpen { text_document }) = read(params) {
                    self.opened(text_document.uri, text_document.version, text_document.text);
                }
            }
            "textDocument/didChange" => {
                if let Some(change) = read(params) {
                    self.changed(&change);
                }
            }
            "textDocument/didClose" => {
                if let Some(OfText { text_document }) = read(params)
                    && let Some(path) = uris::path(&text_document.uri)
                {
                    self.open.remove(&path);
                    self.overlay.take_away(&path);
                    self.stale(&path);
                }
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                // An error of the database is no reason to stop: the names from before count on.
                let _ = self.look_at_database();
                self.look_at_files();
            }
            _ => {}
        }
    }

    fn opened(&mut self, uri: String, version: i64, text: String) {
        let Some(path) = uris::path(&uri) else {
            return;
        };
        self.overlay.put(path.clone(), text);
        self.homes.entry(home(&path, &self.folders)).or_default();
        self.stale(&path);
        let version = Some(version);
        self.open.insert(path, OpenText { uri, version });
    }

    fn changed(&mut self, change: &DidChange) {
        let Some(path) = uris::path(&change.text_document.uri) else {
            return;
        };
        let Some(open) = self.open.get_mut(&path) else {
            return;
        };
        open.version = change.text_document.version;
        let mut text = self.overlay.text(&path).unwrap_or_default().to_owned();
        for Change { range, text: new } in &change.content_changes {
            let Some(range) = range else {
                text.clone_from(new);
                continue;
            };
            let lines = Lines::of(&text);
            let (start, end) = (lines.byte(range.start), lines.byte(range.end));
            text.replace_range(start..end.max(start), new);
        }
        self.overlay.put(path.clone(), text);
        self.stale(&path);
    }

    /// Lets the workspaces be read anew that a file belongs to.
    fn stale(&mut self, path: &Path) {
        for (folder, home) in &mut self.homes {
            if path.starts_with(folder) {
                home.is_stale = true;
            }
        }
        self.awaited.insert(path.to_owned());
    }

    /// Lets workspaces be read anew whose files were saved, came or went.
    pub(super) fn look_at_files(&mut self) {
        for (folder, home) in &mut self.homes {
            let Some(snapshot) = &home.snapshot else {
                continue;
            };
            if stamps(folder, snapshot) != home.stamps {
                home.is_stale = true;
            }
        }
    }

    /// Reads the names that the database has, where one is named and there.
    fn look_at_database(&mut self) -> Result<(), Error> {
        if let Some(path) = self.database.as_deref().filter(|path| path.exists()) {
            let known = DatabaseView::of(&Store::open_read(path)?)?;
            if known != self.known {
                self.known = known;
                for home in self.homes.values_mut() {
                    home.is_stale = true;
                }
            }
        }
        Ok(())
    }

    /// Reads what has changed.
    fn refresh(&mut self) {
        for (folder, home) in &mut self.homes {
            if !home.is_stale && home.snapshot.is_some() {
                continue;
            }
            // Before they are read: what is saved meanwhile is noticed.
            home.stamps = Stamps::of(std::slice::from_ref(folder), []);
            let snapshot = Snapshot::read(folder, &self.overlay, &self.known);
            home.stamps.add_missing(stamps(folder, &snapshot));
            home.is_stale = false;
            if snapshot.is_whole() {
                home.whole = None;
            } else if let Some(before) = home.snapshot.take().filter(Snapshot::is_whole) {
                home.whole = Some(before);
            }
            home.snapshot = Some(snapshot);
        }
    }

    /// Sends the faults of every file whose faults have changed.
    pub(super) fn publish(&mut self, out: &mut impl Write) -> io::Result<()> {
        if self.phase != Phase::Running {
            return Ok(());
        }
        self.refresh();
        let mut faults: BTreeMap<PathBuf, Vec<Fault>> = BTreeMap::new();
        for snapshot in self
            .homes
            .values()
            .filter_map(|home| home.snapshot.as_ref())
        {
            faults.extend(publish::faults(snapshot, |path| self.uri(path)));
        }
        let known = self
            .published
            .keys()
            .chain(faults.keys())
            .chain(&self.awaited);
        let paths: BTreeSet<PathBuf> = known.cloned().collect();
        for path in paths {
            let now = faults.remove(&path).unwrap_or_default();
            let awaited = self.awaited.contains(&path) && self.open.contains_key(&path);
            if !awaited && self.published.get(&path).map_or(&[][..], Vec::as_slice) == now {
                continue;
            }
            let version = self.open.get(&path).and_then(|open| open.version);
            let mut params = json!({ "uri": self.uri(&path), "diagnostics": now });
            if let Some(version) = version {
                params["version"] = json!(version);
            }
            let method = "textDocument/publishDiagnostics";
            let message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
            frames::write(out, &message)?;
            self.published.insert(path, now);
        }
        self.published.retain(|_, faults| !faults.is_empty());
        self.awaited.clear();
        Ok(())
    }

    /// Returns the name of a file, as the editor writes it where it has the file open.
    fn uri(&self, path: &Path) -> String {
        let open = self.open.get(path);
        open.map_or_else(|| uris::uri(path), |open| open.uri.clone())
    }
}

fn stamps(folder: &Path, snapshot: &Snapshot) -> Stamps {
    let read = snapshot
        .sources()
        .all()
        .map(|(_, file)| file.path.as_path());
    Stamps::of(&[folder.to_owned()], read)
}

/// Reads the parameters of a message; nothing where they are not what they should be.
fn read<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}

fn answer(id: &Value, result: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "result": result })
}

fn no_method(method: &str) -> Refusal {
    Refusal::new(ErrorCode::MethodNotFound, format!("no method `{method}`"))
}

/// Returns what is answered to `initialize`: what the server can do.
fn capabilities() -> Value {
    json!({
        "capabilities": {
            "positionEncoding": "utf-16",
            "textDocumentSync": {
                "openClose": true,
                "change": 2,
                "save": { "includeText": false },
            },
            "hoverProvider": true,
            "completionProvider": { "triggerCharacters": [" ", "{", "[", ","] },
            "codeActionProvider": { "codeActionKinds": ["quickfix"] },
            "definitionProvider": true,
            "referencesProvider": true,
            "renameProvider": { "prepareProvider": true },
        },
        "serverInfo": { "name": "bugle", "version": env!("CARGO_PKG_VERSION") },
    })
}
