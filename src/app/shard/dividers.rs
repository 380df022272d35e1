//! What becomes of the lines of event files in the two readings of a split: their keys are joined, then each goes to its shard.

use super::parts::{FileParts, scratch_failed, shard_of};
use crate::files;
use crate::intake::data_error::{self, DataError, Faults};
use crate::intake::events::{Divider, FileForm, Preset};
use crate::intake::shards::key::KeyHash;
use crate::intake::shards::links::Links;

/// Joins the keys that events join.
pub(super) struct Joining<'l> {
    pub(super) links: &'l mut Links,
}

impl Divider for Joining<'_> {
    fn join(&mut self, one: KeyHash, other: KeyHash) -> Result<(), data_error::Error> {
        self.links.join(one, other).map_err(scratch_failed)
    }

    fn begin(&mut self, _: FileForm<'_>) -> Result<(), data_error::Error> {
        Ok(())
    }

    fn line(&mut self, _: KeyHash, _: &[u8]) -> Result<(), data_error::Error> {
        Ok(())
    }
}

/// Gives each shard its lines of one file.
pub(super) struct Giving<'l> {
    pub(super) file: String,
    pub(super) links: &'l Links,
    pub(super) shards: usize,
    /// How the lines stand, where they are JSON.
    pub(super) json: Option<FileForm<'static>>,
    pub(super) parts: FileParts,
}

impl Giving<'_> {
    /// Ends the parts.
    pub(super) fn finish(mut self) -> Result<FileParts, files::Error> {
        if self.is_list() {
            self.parts.everywhere(b"\n]\n")?;
        }
        Ok(self.parts)
    }

    fn is_list(&self) -> bool {
        matches!(self.json, Some(FileForm::Json { is_list: true, .. }))
    }

    /// Refuses to begin a part with a line by which it would be taken for something else than the whole file is.
    fn check_first(&self, shard: usize, line: &[u8]) -> Result<(), data_error::Error> {
        let Some(form) = self.json.filter(|form| !form.is_alike(line)) else {
            return Ok(());
        };
        let preset = match form {
            FileForm::Json { preset, .. } => preset.map(Preset::name),
            FileForm::Csv(_) => None,
        };
        let help = preset.map(|preset| {
            format!("say what the files are, here and in each shard: `--from {preset}`")
        });
        let fault = DataError {
            file: self.file.clone(),
            line: 1,
            column: 1,
            message: format!(
                "by its first event the part of shard {} would not be read as the whole file is",
                shard + 1
            ),
            help,
        };
        Err(Faults::from(fault).into())
    }
}

impl Divider for Giving<'_> {
    fn join(&mut self, _: KeyHash, _: KeyHash) -> Result<(), data_error::Error> {
        Ok(())
    }

    fn begin(&mut self, form: FileForm<'_>) -> Result<(), data_error::Error> {
        match form {
            FileForm::Csv(header) => self.parts.everywhere(header)?,
            FileForm::Json {
                is_list,
                preset,
                is_given,
            } => {
                if is_list {
                    self.parts.everywhere(b"[\n")?;
                }
                self.json = Some(FileForm::Json {
                    is_list,
                    preset,
                    is_given,
                });
            }
        }
        Ok(())
    }

    fn line(&mut self, person: KeyHash, line: &[u8]) -> Result<(), data_error::Error> {
        let shard = shard_of(self.links, person, self.shards)?;
        let is_first = self.parts.is_empty(shard);
        if is_first {
            self.check_first(shard, line)?;
        }
        let (before, after): (&[u8], &[u8]) = match (self.is_list(), is_first) {
            (true, true) => (b"", b""),
            (true, false) => (b",\n", b""),
            (false, _) => (b"", b"\n"),
        };
        Ok(self.parts.row(shard, before, line, after)?)
    }
}
