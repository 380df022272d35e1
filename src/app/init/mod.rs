//! `bugle init`: writes a small workspace that validates, passes its tests and loads as it is.
//!
//! The files are compiled in from `template/`; the schemas are made by `schema`. Nothing is ever overwritten: where one
//! of the files is there, nothing is written at all.

use std::path::{Path, PathBuf};

use crate::files::{self, NewFiles, Permission};
use crate::results::InitSummary;
use crate::source;

use super::demo::SCHEMAS;
use super::outputs::{Output, Outputs};
use super::{ErrorKind, UserError, schema};

/// One file of the workspace: its path, its text, and whether it may be started.
type Template = (&'static str, &'static str, Permission);

macro_rules! templates {
    ($( $path:literal from $template:literal, $permission:expr; )*) => {
        &[ $( ($path, include_str!(concat!("template/", $template)), $permission), )* ]
    };
}

/// Every file of the workspace but the schemas.
const TEMPLATES: &[Template] = templates! {
    ".githooks/pre-commit" from "pre-commit", Permission::Execute;
    ".github/workflows/campaigns.yml" from "workflow.yml", Permission::Read;
    ".gitignore" from "gitignore", Permission::Read;
    ".vscode/settings.json" from "vscode-settings.json", Permission::Read;
    "campaigns/demo-request.yaml" from "campaigns/demo-request.yaml", Permission::Read;
    "campaigns/emails/demo-reminder.md" from "campaigns/emails/demo-reminder.md", Permission::Read;
    "campaigns/emails/demo-thanks.md" from "campaigns/emails/demo-thanks.md", Permission::Read;
    "campaigns/emails/monthly-letter.md" from "campaigns/emails/monthly-letter.md", Permission::Read;
    "campaigns/monthly-letter.yaml" from "campaigns/monthly-letter.yaml", Permission::Read;
    "campaigns/workspace.yaml" from "campaigns/workspace.yaml", Permission::Read;
    "events.jsonl" from "events.jsonl", Permission::Read;
    "people.csv" from "people.csv", Permission::Read;
};

/// What to do next, in the folder of the workspace, each command as a shell takes it.
const NEXT: [&str; 4] = [
    "bugle campaign test",
    "bugle campaign load",
    "bugle person load people.csv --list \"Newsletter readers\"",
    "bugle campaign replay-events events.jsonl",
];

/// Writes a workspace into a folder, which is made if it is not there. A folder that has one of the files is refused.
pub(crate) fn init(folder: &Path) -> Result<InitSummary, UserError> {
    let taken = taken(folder);
    if !taken.is_empty() {
        return Err(refused(folder, &taken));
    }
    Outputs::new(&folder.join("bugle.db"), &[]).admit_folder(Output {
        what: "the workspace",
        option: "bugle init",
        path: folder,
    })?;
    write(folder)?;
    let mut files: Vec<String> = paths().map(str::to_owned).collect();
    files.sort();
    Ok(InitSummary {
        folder: folder.display().to_string(),
        files,
        next: next(folder),
    })
}

/// Returns the path of every file of the workspace.
fn paths() -> impl Iterator<Item = &'static str> {
    let templates = TEMPLATES.iter().map(|(path, ..)| *path);
    templates.chain(SCHEMAS.iter().map(|(path, _)| *path))
}

/// Returns what is in the way: files of the workspace, and campaign files that would belong to it.
fn taken(folder: &Path) -> Vec<PathBuf> {
    let own = paths().map(|path| folder.join(path));
    let mut taken: Vec<PathBuf> = own.filter(|path| path.symlink_metadata().is_ok()).collect();
    // A folder that cannot be read is a fault that writing into it reports.
    taken.extend(source::yaml_files(&[folder.join("campaigns")]).unwrap_or_default());
    taken.sort();
    taken.dedup();
    taken
}

fn refused(folder: &Path, taken: &[PathBuf]) -> UserError {
    let named: Vec<String> = taken
        .iter()
        .map(|path| path.strip_prefix(folder).unwrap_or(path))
        .map(|path| format!("`{}`", path.display()))
        .collect();
    let message = format!(
        "`{}` has files of a workspace, and nothing is overwritten: {}",
        folder.display(),
        named.join(", ")
    );
    UserError::new(ErrorKind::State, message)
        .help("name another folder, `bugle init my-campaigns`, or move these files away")
}

/// Writes every file, or none.
fn write(folder: &Path) -> Result<(), files::Error> {
    let mut files = NewFiles::default();
    files.folder(folder)?;
    for (path, text, permission) in TEMPLATES {
        files.file(&folder.join(path), text.as_bytes(), *permission)?;
    }
    let workspace = schema::SchemaWorkspace::read(folder.join("campaigns"));
    for (path, file) in SCHEMAS {
        let schema = workspace
            .as_ref()
            .map_or_else(|_| schema::schema(file), |workspace| workspace.schema(file));
        let text = schema::text(&schema);
        files.file(&folder.join(path), text.as_bytes(), Permission::Read)?;
    }
    files.finish()
}

/// Returns the next commands; the first of them enters the folder, unless it is the current one.
fn next(folder: &Path) -> Vec<String> {
    let mut next = NEXT.map(str::to_owned);
    if folder != Path::new(".") {
        next[0] = format!("cd {} && {}", shell_word(folder), next[0]);
    }
    next.to_vec()
}

/// Returns a path as one word of a shell.
fn shell_word(path: &Path) -> String {
    let path = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@%,:=".contains(c);
    if path.chars().all(plain) && !path.starts_with('-') {
        return path;
    }
    let before = if path.starts_with('-') { "./" } else { "" };
    format!("{before}'{}'", path.replace('\'', "'\\''"))
}
