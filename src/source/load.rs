//! From paths, or from stored texts, to [`LoadedFiles`].

use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, FileId, Sources, Span};
use crate::domain::text::fold;
use crate::yaml::{self, Node};

use super::files::{self, Content, FileRole, FoundFiles, ReadFault};
use super::{Campaign, LoadedFiles, Overlay, Program, Retired, Spanned, Workspace, workspace};

/// Reads every campaign file that the paths stand for, with the workspace and programs they belong to.
///
/// A folder is read with all below it, in path order. Workspace and program files also count where they lie
/// above a path, as far as the current directory. One load has one workspace: that of the paths' root.
///
/// Nothing is loaded where a single file cannot be read; the error has all of them.
pub(crate) fn load(paths: &[PathBuf]) -> Result<LoadedFiles, Vec<ReadFault>> {
    let (loaded, faults) = read_all(files::find(paths), &Overlay::default());
    if faults.is_empty() {
        Ok(loaded)
    } else {
        Err(faults)
    }
}

/// Reads every campaign file of a folder and those below it, where texts of an editor stand in the place of files; and
/// returns also what cannot be read. What lies above the folder does not count.
pub(crate) fn load_over(folder: &Path, overlay: &Overlay) -> (LoadedFiles, Vec<ReadFault>) {
    read_all(files::below_over(folder, overlay), overlay)
}

fn read_all(found: FoundFiles, overlay: &Overlay) -> (LoadedFiles, Vec<ReadFault>) {
    let mut faults = found.faults;
    let mut loaded = LoadedFiles::default();
    let mut documents = Vec::new();
    for path in found.files {
        let role = FileRole::of(&path);
        match loaded.open(&path, overlay) {
            Ok(Some((file, nodes))) => documents.push((path, role, file, nodes)),
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }
    // The nearest to the root comes first, so that it is the workspace.
    documents.sort_by_key(|(path, role, ..)| match role {
        FileRole::Workspace => (0, path.components().count()),
        FileRole::Program => (1, 0),
        FileRole::Campaigns => (2, 0),
    });
    let mut folders = Vec::new();
    for (path, role, file, nodes) in documents {
        match role {
            FileRole::Workspace => loaded.take_workspace(path, file, nodes, overlay, &mut faults),
            FileRole::Program => loaded.take_program(&path, file, nodes, &mut folders),
            FileRole::Campaigns => loaded.take_campaigns(&path, file, nodes, &folders),
        }
    }
    (loaded, faults)
}

/// Returns every YAML file that the paths stand for, in path order, each once: the files themselves, and those of folders
/// with all below them. The error has all that cannot be read.
pub(crate) fn yaml_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Vec<ReadFault>> {
    let found = files::below(paths);
    if found.faults.is_empty() {
        Ok(found.files)
    } else {
        Err(found.faults)
    }
}

/// The text of a file.
#[derive(Debug)]
pub(crate) struct ReadText {
    /// The file among the sources.
    pub(crate) file: FileId,
    /// Its text, without a byte-order mark.
    pub(crate) text: String,
    /// Whether it has a byte-order mark.
    pub(crate) byte_order_mark: bool,
}

/// Reads the text of a file and keeps it among the sources; nothing where the text is at fault, which is noted.
pub(crate) fn read_text(
    path: &Path,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Result<Option<ReadText>, ReadFault> {
    match files::read(path) {
        Ok(Content::Bytes(bytes)) => Ok(read_bytes(path, bytes, sources, diagnostics)),
        Err(fault) => Err(ReadFault::of(path, fault)),
        Ok(Content::TooLarge) => {
            let file = sources.add(path, "");
            let message = "the file is larger than 4 MiB";
            diagnostics.push(
                Diagnostic::new(Code::YamlLimit, start_of(file), message)
                    .help("split it into several files"),
            );
            Ok(None)
        }
    }
}

/// As [`read_text`], of bytes that have been read already.
pub(crate) fn read_bytes(
    path: &Path,
    bytes: Vec<u8>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<ReadText> {
    let byte_order_mark = bytes.starts_with("\u{feff}".as_bytes());
    match yaml::decode(bytes) {
        Ok(text) => Some(ReadText {
            file: sources.add(path, text.as_str()),
            text,
            byte_order_mark,
        }),
        Err(fault) => {
            let file = sources.add(path, "");
            diagnostics.push(
                Diagnostic::new(Code::YamlSyntax, start_of(file), fault.to_string())
                    .help("save it with the encoding UTF-8"),
            );
            None
        }
    }
}

/// Definitions as they come back out of the database.
#[derive(Debug, Clone, Default)]
pub(crate) struct StoredTexts {
    /// The workspace's canonical text.
    pub(crate) workspace: Option<String>,
    /// The campaigns.
    pub(crate) campaigns: Vec<StoredCampaign>,
    /// Older versions that people still finish.
    pub(crate) retired: Vec<StoredVersion>,
}

/// One stored campaign.
#[derive(Debug, Clone)]
pub(crate) struct StoredCampaign {
    /// The file it was once read from.
    pub(crate) file: String,
    /// Its canonical text.
    pub(crate) definition: String,
    /// Its description, which the canonical text leaves out.
    pub(crate) description: Option<String>,
}

/// An older version of a stored campaign.
#[derive(Debug, Clone)]
pub(crate) struct StoredVersion {
    /// The number of the version, from 1.
    pub(crate) version: u32,
    /// What it was.
    pub(crate) campaign: StoredCampaign,
}

/// Reads stored definitions.
pub(crate) fn from_stored(stored: &StoredTexts) -> LoadedFiles {
    let mut loaded = LoadedFiles::default();
    loaded.add_stored(stored);
    loaded
}

impl LoadedFiles {
    /// Adds what is stored and was not read from files: campaigns of other names with their programs, and the
    /// workspace where none was read.
    ///
    /// So a campaign file may name campaigns that were loaded before, from elsewhere.
    pub(crate) fn add_stored(&mut self, stored: &StoredTexts) {
        let read: Vec<String> = self
            .campaigns
            .iter()
            .map(|c| fold(&c.full_name()))
            .collect();
        for campaign in &stored.campaigns {
            let mut added = self.read_stored(campaign);
            added.retain(|campaign| !read.contains(&fold(&campaign.full_name())));
            self.campaigns.append(&mut added);
        }
        self.add_retired(&stored.retired);
        if let Some(text) = &stored.workspace {
            self.add_stored_workspace(text);
        }
    }

    /// Adds older versions of campaigns.
    pub(crate) fn add_retired(&mut self, versions: &[StoredVersion]) {
        for StoredVersion { version, campaign } in versions {
            let read = self.read_stored(campaign).into_iter();
            self.retired.extend(read.map(|campaign| Retired {
                version: *version,
                campaign,
            }));
        }
    }

    /// Reads one stored definition: a campaign, unless it cannot be read any more.
    fn read_stored(&mut self, stored: &StoredCampaign) -> Vec<Campaign> {
        let path = PathBuf::from(&stored.file);
        let (file, nodes) = self.parse(&path, &stored.definition);
        let before = self.campaigns.len();
        self.take_campaigns(&path, file, nodes, &[]);
        let mut read = self.campaigns.split_off(before);
        for campaign in &mut read {
            campaign.description.clone_from(&stored.description);
        }
        read
    }

    /// Takes the stored workspace where none was read; else only programs that its campaigns still belong to.
    fn add_stored_workspace(&mut self, text: &str) {
        let path = PathBuf::from("workspace.yaml");
        let (_, nodes) = self.parse(&path, text);
        let Some(mut node) = nodes.into_iter().next() else {
            return;
        };
        let mut known: Vec<String> = self.programs.iter().map(|p| fold(&p.name.value)).collect();
        let Some(workspace) = &self.workspace else {
            workspace::without_programs(&mut node, |name| known.contains(&fold(name)));
            // Its emails have their texts: they were put in when it was stored.
            self.workspace = Some(Workspace { path, node });
            return;
        };
        known.extend(workspace.programs().iter().map(|entry| fold(&entry.key)));
        let used: Vec<String> = self
            .campaigns
            .iter()
            .filter_map(|campaign| campaign.in_program())
            .map(|program| fold(&program.value))
            .collect();
        let stored = Workspace { path, node };
        for entry in stored.programs() {
            let name = fold(&entry.key);
            if used.contains(&name) && !known.contains(&name) {
                let name = Spanned {
                    value: entry.key.clone(),
                    span: entry.key_span,
                };
                let program = Program::entry(name, &entry.value, &mut self.diagnostics);
                self.programs.extend(program);
            }
        }
    }

    /// Reads a file into documents; nothing where the fault has been reported.
    pub(super) fn open(
        &mut self,
        path: &Path,
        overlay: &Overlay,
    ) -> Result<Option<(FileId, Vec<Node>)>, ReadFault> {
        let (sources, diagnostics) = (&mut self.sources, &mut self.diagnostics);
        let read = match overlay.text(path) {
            Some(text) => read_bytes(path, text.into(), sources, diagnostics),
            None => read_text(path, sources, diagnostics)?,
        };
        Ok(read.map(|read| {
            let nodes = yaml::parse(read.file, &read.text, &mut self.diagnostics);
            (read.file, nodes)
        }))
    }

    fn parse(&mut self, path: &Path, text: &str) -> (FileId, Vec<Node>) {
        let file = self.sources.add(path, text);
        let nodes = yaml::parse(file, text, &mut self.diagnostics);
        (file, nodes)
    }

    fn take_workspace(
        &mut self,
        path: PathBuf,
        file: FileId,
        nodes: Vec<Node>,
        overlay: &Overlay,
        faults: &mut Vec<ReadFault>,
    ) {
        let mut nodes = nodes.into_iter();
        if let Some(first) = &self.workspace {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::DuplicateName,
                    start_of(file),
                    "a second workspace file in one load",
                )
                .help("give the folder of one workspace at a time")
                .related(first.node.span, "the workspace of this load"),
            );
            return;
        }
        let Some(node) = nodes.next() else {
            return;
        };
        self.one_document(nodes.next(), "workspace");
        let mut bodies = workspace::Bodies {
            overlay,
            sources: &mut self.sources,
            diagnostics: &mut self.diagnostics,
            faults,
        };
        self.workspace = Some(Workspace::read(path, node, &mut bodies));
    }

    fn take_program(
        &mut self,
        path: &Path,
        file: FileId,
        nodes: Vec<Node>,
        folders: &mut Vec<(PathBuf, usize)>,
    ) {
        let mut nodes = nodes.into_iter();
        let Some(node) = nodes.next() else {
            self.empty_file(file, "the file holds no program");
            return;
        };
        self.one_document(nodes.next(), "program");
        if let Some(program) = Program::read(&node, &mut self.diagnostics) {
            let folder = path.parent().map(Path::to_owned).unwrap_or_default();
            folders.push((folder, self.programs.len()));
            self.programs.push(program);
        }
    }

    fn take_campaigns(
        &mut self,
        path: &Path,
        file: FileId,
        nodes: Vec<Node>,
        folders: &[(PathBuf, usize)],
    ) {
        let shown = path.display().to_string();
        let nearest = folders
            .iter()
            .filter(|(folder, _)| path.starts_with(folder))
            .max_by_key(|(folder, _)| folder.components().count());
        let program = nearest.and_then(|(_, place)| self.programs.get(*place));
        if nodes.is_empty() {
            self.empty_file(file, "the file holds no campaign");
            return;
        }
        self.campaigns.extend(
            nodes
                .into_iter()
                .filter_map(|node| Campaign::read(node, &shown, program, &mut self.diagnostics)),
        );
    }

    /// Reports a file without content, unless its syntax is at fault, which has been reported.
    fn empty_file(&mut self, file: FileId, message: &str) {
        let whole = Span {
            file,
            start: 0,
            end: u32::MAX,
        };
        if self.diagnostics.within(whole).next().is_none() {
            self.diagnostics
                .push(Diagnostic::new(Code::EmptyFile, start_of(file), message));
        }
    }

    fn one_document(&mut self, second: Option<Node>, what: &str) {
        if let Some(second) = second {
            self.diagnostics.push(Diagnostic::new(
                Code::WrongShape,
                second.span,
                format!("a {what} file holds one document"),
            ));
        }
    }
}

fn start_of(file: FileId) -> Span {
    Span {
        file,
        start: 0,
        end: 0,
    }
}
