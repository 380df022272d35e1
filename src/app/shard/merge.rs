//! `shard merge`: the shards of one split, all of them, become one database.
//!
//! The manifests say which shards there are and what their files held; the store compares what must be alike and copies
//! people.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::manifest::{FORMAT, Manifest, NAME, PartFile, folder_name, hex};
use crate::app::unreadable_path::unreadable;
use crate::app::{Control, Error, ErrorKind, UserError};
use crate::intake::shards::parts::digest;
use crate::results::MergeSummary;
use crate::store::{self, MergedShard};

/// The name of a shard's database.
pub(crate) const DATABASE: &str = "bugle.db";

/// Makes one database of those in the folders of all shards; the folder of a split stands for all of its shards.
pub(crate) fn merge(
    folders: &[PathBuf],
    to: &Path,
    control: &mut Control<'_>,
) -> Result<MergeSummary, Error> {
    let folders = shard_folders(folders)?;
    let shards = check(&folders)?;
    let mut reached = |people| -> Result<(), Error> {
        control.check()?;
        control.reached(people);
        Ok(())
    };
    let merged = store::merge_shards(&shards, to, &mut reached)?;
    Ok(MergeSummary {
        shards: shards.len() as u64,
        people: merged.people,
        activities: merged.activities,
        events: merged.events,
    })
}

/// Returns the folder of each shard, with its manifest.
fn shard_folders(folders: &[PathBuf]) -> Result<Vec<(PathBuf, Manifest)>, Error> {
    let mut found = Vec::new();
    for folder in folders {
        let manifest = read(folder)?;
        let is_whole =
            manifest.parts.len() == manifest.shards && folder.join(folder_name(1)).is_dir();
        if is_whole {
            for shard in 1..=manifest.shards {
                let folder = folder.join(folder_name(shard));
                let own = read(&folder)?;
                found.push((folder, own));
            }
        } else {
            found.push((folder.clone(), manifest));
        }
    }
    Ok(found)
}

fn read(folder: &Path) -> Result<Manifest, Error> {
    let path = folder.join(NAME);
    let text = std::fs::read_to_string(&path).map_err(|cause| unreadable(&path, &cause))?;
    let manifest: Result<Manifest, _> = serde_json::from_str(&text);
    match manifest {
        Ok(manifest) if manifest.format == FORMAT && !manifest.parts.is_empty() => Ok(manifest),
        Ok(_) | Err(_) => {
            let message = format!("`{}` is not the manifest of a shard", path.display());
            let help = "`bugle shard split` writes it; leave it as it is";
            Err(UserError::new(ErrorKind::Files, message).help(help).into())
        }
    }
}

/// Checks that the folders are all shards of one split, with their files as they were cut.
fn check(folders: &[(PathBuf, Manifest)]) -> Result<Vec<MergedShard>, Error> {
    let Some((first_folder, first)) = folders.first() else {
        return Ok(Vec::new());
    };
    let mut by_number: BTreeMap<usize, &PathBuf> = BTreeMap::new();
    let mut shards = Vec::with_capacity(folders.len());
    let mut changed = Vec::new();
    for (folder, manifest) in folders {
        let shown = folder.display();
        if (&manifest.split, manifest.shards) != (&first.split, first.shards) {
            return Err(refused(
                format!(
                    "`{}` and `{shown}` are of two splits",
                    first_folder.display()
                ),
                "name the folders that one `bugle shard split` has made",
            ));
        }
        for part in &manifest.parts {
            if let Some(other) = by_number.insert(part.shard, folder) {
                return Err(refused(
                    format!(
                        "`{}` and `{shown}` are both shard {}",
                        other.display(),
                        part.shard
                    ),
                    "name each shard once",
                ));
            }
            for file in &part.files {
                changed.extend(change(folder, file)?);
            }
            shards.push(MergedShard {
                name: folder.display().to_string(),
                database: folder.join(DATABASE),
                shard: manifest.name_of(part.shard),
            });
        }
    }
    if !changed.is_empty() {
        return Err(Error::Problems(changed));
    }
    let missing = (1..=first.shards).filter(|shard| !by_number.contains_key(shard));
    let missing: Vec<String> = missing
        .map(|shard| format!("`{}`", folder_name(shard)))
        .collect();
    if !missing.is_empty() {
        return Err(refused(
            format!(
                "{} of {} is missing: its people would be",
                missing.join(", "),
                first.shards
            ),
            "name the folders of all shards, or the folder of the split",
        ));
    }
    Ok(shards)
}

fn refused(message: String, help: &str) -> Error {
    UserError::new(ErrorKind::State, message).help(help).into()
}

/// Says how a file of a shard differs from what was cut; one that is not there, since the work is done, does not.
fn change(folder: &Path, file: &PartFile) -> Result<Option<UserError>, Error> {
    let path = folder.join(&file.file);
    let opened = match File::open(&path) {
        Ok(opened) => opened,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(unreadable(&path, &cause).into()),
    };
    let length = opened
        .metadata()
        .map_err(|cause| unreadable(&path, &cause))?
        .len();
    if length == file.bytes {
        let found = digest(opened).map_err(|cause| unreadable(&path, &cause))?;
        if hex(found) == file.digest {
            return Ok(None);
        }
    }
    let message = format!(
        "`{}` is not as it was cut: its digest is another one",
        path.display()
    );
    let help = "the database of this shard may hold something else than the others expect: cut the files again";
    Ok(Some(UserError::new(ErrorKind::Files, message).help(help)))
}
