//! Which command lines change something, so that with `--quiet` a success of theirs prints nothing.

use std::path::PathBuf;

use clap::ArgMatches;

/// Returns whether a command line writes: into the database or into files.
pub(crate) fn writes(matches: &ArgMatches) -> bool {
    let (mut path, mut leaf) = (Vec::new(), matches);
    while let Some((name, inner)) = leaf.subcommand() {
        path.push(name);
        leaf = inner;
    }
    match path.as_slice() {
        ["campaign", "load" | "run" | "replay-events" | "advance"] | ["person", "load"] => {
            !is_set(leaf, "dry_run")
        }
        ["campaign", "activate" | "deactivate" | "abort"]
        | ["person", "delete"]
        | ["outbox", "export"]
        | ["db", "backup" | "scratch" | "restore"]
        | ["shard", "split" | "merge"]
        | ["init" | "demo"] => true,
        ["campaign", "fmt"] => {
            let mut paths = leaf.get_many::<PathBuf>("paths").into_iter().flatten();
            let reads = is_set(leaf, "check") || is_set(leaf, "diff");
            !reads && !paths.any(|path| path.as_os_str() == "-")
        }
        ["man"] => leaf.contains_id("all"),
        _ => false,
    }
}

fn is_set(matches: &ArgMatches, switch: &str) -> bool {
    matches!(matches.try_get_one::<bool>(switch), Ok(Some(true)))
}
