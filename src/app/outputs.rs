//! Files that a command writes beside the database: none of them may be one that is in use, which it would destroy.

use std::path::{Path, PathBuf};

use super::{Error, ErrorKind, UserError};
use crate::files::{Guard, Place, Refusal, Use};
use crate::intake::input::Input;
use crate::source;
use crate::store::{self, Store};

/// Where campaigns lie unless a command says otherwise.
const CAMPAIGNS: &str = "campaigns";

/// A file that is to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output<'a> {
    /// What goes there.
    pub(crate) what: &'static str,
    /// The option that names it.
    pub(crate) option: &'static str,
    /// Where it is.
    pub(crate) path: &'a Path,
}

/// The outputs of one command, and what they must spare.
#[derive(Debug)]
pub(crate) struct Outputs {
    guard: Guard,
    admitted: Vec<(&'static str, &'static str, Place)>,
    /// Where campaign files lie that are not looked at yet.
    campaigns: Vec<PathBuf>,
}

impl Outputs {
    /// Spares the database, which need not be there, and what the command reads.
    pub(crate) fn new(database: &Path, inputs: &[Input]) -> Self {
        let mut guard = Guard::new();
        for (path, is_database) in store::files_of(database) {
            let by = if is_database {
                Use::Database
            } else {
                Use::BesideDatabase
            };
            guard.protect(&path, by);
        }
        let read = inputs.iter().filter_map(Input::path);
        read.for_each(|path| guard.protect(path, Use::Input));
        Self {
            guard,
            admitted: Vec::new(),
            campaigns: vec![PathBuf::from(CAMPAIGNS)],
        }
    }

    /// Spares campaign files that the command reads as well, with the workspace and programs they belong to.
    #[must_use]
    pub(crate) fn spare_paths<'a>(mut self, paths: impl IntoIterator<Item = &'a Path>) -> Self {
        self.campaigns.extend(paths.into_iter().map(Path::to_owned));
        self
    }

    /// Admits an output, or says why it cannot go there.
    pub(crate) fn admit(&mut self, output: Output<'_>) -> Result<Place, UserError> {
        let Output { what, option, path } = output;
        self.look_at_campaigns(path);
        let admitted = self.guard.admit(path, option);
        let place = admitted.map_err(|refusal| refused(output, refusal))?;
        // Also one that no stored campaign comes from.
        if source::is_yaml(path) && path.is_file() {
            return Err(refused(output, Refusal::Used(Use::CampaignFile)));
        }
        self.admitted.push((what, option, place.clone()));
        Ok(place)
    }

    /// Admits a folder that files are written into, or says why they cannot go there.
    pub(crate) fn admit_folder(&mut self, output: Output<'_>) -> Result<(), UserError> {
        let admitted = self.guard.admit_folder(output.path);
        admitted.map_err(|refusal| refused(output, refusal))
    }

    /// Refuses outputs that are files of the campaigns in the database, which are known once it is open.
    pub(crate) fn spare_stored(&mut self, store: &Store) -> Result<(), Error> {
        if self
            .admitted
            .iter()
            .all(|(.., place)| !place.path().is_file())
        {
            return Ok(());
        }
        let stored = store.definitions()?.into_iter();
        self.campaigns
            .extend(stored.map(|row| PathBuf::from(row.file)));
        for (what, option, place) in std::mem::take(&mut self.admitted) {
            let path = place.path();
            self.look_at_campaigns(path);
            let again = self.guard.check_again(&place);
            again.map_err(|refusal| refused(Output { what, option, path }, refusal))?;
        }
        Ok(())
    }

    /// Finds the campaign files that an output might be; one that is not there yet is none.
    fn look_at_campaigns(&mut self, output: &Path) {
        if !output.is_file() {
            return;
        }
        let paths = std::mem::take(&mut self.campaigns);
        for file in source::used_files(&paths) {
            self.guard.protect(&file, Use::CampaignFile);
        }
    }
}

/// Says why an output cannot go where it should.
fn refused(output: Output<'_>, refusal: Refusal) -> UserError {
    let refusal = match refusal.into_error() {
        Ok(error) => return error.into(),
        Err(refusal) => refusal,
    };
    let Output { what, option, path } = output;
    let message = format!("{what} cannot go to `{}`: {refusal}", path.display());
    let help = match &refusal {
        Refusal::Dash => {
            format!("`{option} /dev/stdout` writes to standard output, `{option} ./-` to a file")
        }
        Refusal::Link => format!("name the file itself with `{option}`"),
        Refusal::NotAFolder => format!("name a folder with `{option}`"),
        Refusal::Folder | Refusal::NoName => format!("name a file with `{option}`"),
        Refusal::Used(_) | Refusal::Special | Refusal::HoldsDatabase | Refusal::Unwritable(_) => {
            format!("name another file with `{option}`")
        }
    };
    UserError::new(ErrorKind::Usage, message).help(help)
}

impl From<crate::files::Error> for UserError {
    fn from(error: crate::files::Error) -> Self {
        let message = error.to_string();
        match error {
            crate::files::Error::Unwritable { .. } => Self::new(ErrorKind::Storage, message),
            crate::files::Error::Busy(_) => {
                Self::new(ErrorKind::Busy, message).help("wait for it, or name another one")
            }
        }
    }
}

impl From<crate::files::Error> for Error {
    fn from(error: crate::files::Error) -> Self {
        Self::User(error.into())
    }
}
