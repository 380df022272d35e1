//! The walls between the rooms: who may import whom, and which crate lives where.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A room of the program and the rooms it may use; `diagnostic` is open to all.
const WALLS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("diagnostic", &[]),
    ("yaml", &["domain"]),
    ("world", &["domain"]),
    ("results", &["domain"]),
    ("files", &[]),
    ("intake", &["files", "domain", "world"]),
    ("source", &["files", "yaml", "domain"]),
    ("token", &["world", "domain"]),
    ("filter", &["source", "yaml", "world", "domain"]),
    (
        "campaign",
        &["filter", "token", "source", "yaml", "world", "domain"],
    ),
    (
        "engine",
        &["campaign", "filter", "token", "world", "domain"],
    ),
    ("store", &["files", "world", "domain"]),
    ("render", &["results", "domain"]),
    ("mail", &["files", "domain"]),
    (
        "app",
        &[
            "store", "intake", "mail", "engine", "campaign", "filter", "token", "source", "yaml",
            "world", "results", "files", "domain",
        ],
    ),
    ("cli", &["app", "render", "results", "domain"]),
];

/// A crate, and the only places that may name it.
const HOMES: &[(&str, &[&str])] = &[
    ("rusqlite", &["store/"]),
    ("saphyr_parser", &["yaml/"]),
    ("serde_yaml", &["yaml/"]),
    ("comfy_table", &["render/table.rs"]),
    ("csv", &["intake/", "render/csv.rs"]),
    ("parquet", &["render/parquet.rs", "render/export.rs"]),
    ("jiff", &["domain/zone.rs"]),
    ("mail_builder", &["mail/mime.rs"]),
    ("encodify", &["mail/mime.rs"]),
    ("maud", &["render/diagram/", "render/page/"]),
    ("clap", &["cli/"]),
    (
        "clap_complete",
        &["cli/candidates.rs", "cli/completions.rs"],
    ),
    ("clap_mangen", &["cli/man.rs"]),
    (
        "similar",
        &["app/fmt.rs", "app/plan/align.rs", "app/report/versions.rs"],
    ),
    ("signal_hook", &["cli/signals.rs"]),
    ("lsp_server", &["cli/lsp/"]),
    ("ctor", &["files/streams.rs"]),
    ("indicatif", &["cli/progress.rs"]),
    ("annotate_snippets", &["diagnostic/"]),
    ("flate2", &["intake/"]),
    ("zstd", &["intake/"]),
];

/// What nothing may call but its home.
const WORDS: &[(&str, &[&str])] = &[
    ("println!", &[]),
    ("eprintln!", &[]),
    ("print!(", &[]),
    ("SystemTime::now", &["cli/clock.rs"]),
    ("Utc::now", &[]),
    ("Local::now", &[]),
    ("io::stdout", &["cli/", "files/streams.rs"]),
    ("io::stderr", &["cli/", "files/streams.rs"]),
    ("io::stdin", &["files/streams.rs"]),
    // Outputs are opened in one place; a Maildir and the store rename files of their own, one unit test makes its input.
    ("OpenOptions", &["files/", "store/"]),
    ("File::create", &["files/"]),
    ("fs::write", &["files/", "intake/input.rs"]),
    ("fs::rename", &["files/", "mail/maildir.rs", "store/"]),
    ("sync_all", &["files/", "store/"]),
];

/// Words that names, comments and documents do without: files and commands list, show or report, and a rule names the
/// person or the command that it is about.
const AVOIDED: [&str; 5] = ["tell", "tells", "telling", "told", "whoever"];

/// Documentation of an item that says no more than its name.
const SAYS_NOTHING: [&str; 12] = [
    "Who.",
    "Whose.",
    "What.",
    "Which.",
    "Where.",
    "When.",
    "Why.",
    "How.",
    "How many.",
    "Of what.",
    "It is.",
    "They are.",
];

#[test]
fn rooms_use_only_the_rooms_they_may() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some((room, allowed)) = WALLS.iter().find(|(room, _)| in_room(&path, room)) else {
            assert!(
                ["lib.rs", "main.rs", "testing.rs"].contains(&path.as_str())
                    || in_room(&path, "testing"),
                "`{path}` is in no room"
            );
            continue;
        };
        for (line, used) in rooms_used(&text) {
            let open = used == *room || used == "diagnostic" || allowed.contains(&used.as_str());
            if !open {
                wrong.push(format!("src/{path}:{line}: `{room}` may not use `{used}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn crates_and_calls_stay_in_their_homes() {
    let mut wrong = Vec::new();
    // Tests write files, and look at databases as another program would.
    for (path, text) in sources().into_iter().filter(|(path, _)| !is_a_test(path)) {
        for (number, line) in code_lines(&text) {
            for (name, homes) in HOMES {
                let path_of_it = format!("{name}::");
                let names_it = line.contains(&path_of_it)
                    && !is_part_of_a_name(line, &path_of_it)
                    && !is_our_own(&text, name);
                if names_it && !at_home(&path, homes) {
                    wrong.push(format!("src/{path}:{number}: `{name}` lives in {homes:?}"));
                }
            }
            for (word, homes) in WORDS {
                if line.contains(word) && !is_part_of_a_name(line, word) && !at_home(&path, homes) {
                    wrong.push(format!("src/{path}:{number}: `{word}` lives in {homes:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_document_of_the_architecture_has_the_walls_of_this_test() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md");
    let document = std::fs::read_to_string(path).unwrap();
    for (room, allowed) in WALLS {
        let names: Vec<String> = allowed.iter().map(|name| format!("`{name}`")).collect();
        let row = format!("| `{room}` | {}", names.join(", "));
        let row = format!("\n{} |\n", row.trim_end());
        assert!(
            document.contains(&row),
            "`docs/architecture.md` lacks {row}"
        );
    }
}

#[test]
fn every_room_has_its_wall() {
    let mut rooms: Vec<String> = std::fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    // What tests ask of the library sees all rooms.
    rooms.retain(|room| room != "testing" && !WALLS.iter().any(|(known, _)| known == room));
    assert_eq!(rooms, Vec::<String>::new());
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn code_and_documents_avoid_words_that_hide_who_does_what() {
    let mut wrong = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "tests", "benches", "docs"] {
        collect(&root.join(folder), &["rs", "md"], &mut files);
    }
    files.push(root.join("README.md"));
    for file in files {
        // This file has the words themselves.
        if file.ends_with(file!()) {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for (line, number) in text.lines().zip(1..) {
            // Parts of names are words too.
            let mut words = line.split(|c: char| !c.is_alphabetic());
            if let Some(word) = words.find(|word| AVOIDED.contains(&word.to_lowercase().as_str())) {
                wrong.push(format!("{}:{number}: `{word}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_item_is_documented_by_a_question_word() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        for (line, number) in text.lines().zip(1..) {
            let doc = line.trim_start().strip_prefix("/// ").unwrap_or_default();
            if SAYS_NOTHING.contains(&doc) {
                wrong.push(format!("src/{path}:{number}: {doc}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn files_of_the_store_import_each_other_in_one_direction_only() {
    let in_circles = circles(|path| in_room(path, "store"), |_, _| true);
    assert!(
        in_circles.is_empty(),
        "these files import each other, or files that do: {in_circles:#?}"
    );
}

#[test]
fn files_import_each_other_in_one_direction_only() {
    // What the `mod.rs` of a folder has is for all files below it.
    let in_circles = circles(|_| true, |module, target| !module.starts_with(target));
    assert!(
        in_circles.is_empty(),
        "these files import each other, or files that do: {in_circles:#?}"
    );
}

/// Returns the files that import each other in a circle, or files of one, each with what it imports; only files and
/// imports that count are looked at.
fn circles(
    counts: impl Fn(&str) -> bool,
    import_counts: impl Fn(&[String], &[String]) -> bool,
) -> BTreeMap<String, BTreeSet<String>> {
    let files: BTreeMap<Vec<String>, (String, String)> = sources()
        .into_iter()
        .filter(|(path, _)| counts(path) && !is_a_test(path))
        .map(|(path, text)| (module_of(&path), (path, text)))
        .collect();
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, (path, text)) in &files {
        let imported = imports(text, module);
        let targets = imported.iter().filter_map(|name| file_of(&files, name));
        let targets = targets.filter(|target| target != path);
        let targets = targets.filter(|target| import_counts(module, &module_of(target)));
        arrows.insert(path.clone(), targets.map(str::to_owned).collect());
    }
    // Files that import nothing of the others come first; what is left at the end imports in a circle.
    while let Some(path) = arrows
        .iter()
        .find(|(_, targets)| targets.is_empty())
        .map(|(path, _)| path.clone())
    {
        arrows.remove(&path);
        for targets in arrows.values_mut() {
            targets.remove(&path);
        }
    }
    arrows
}

/// Returns the file that defines a name, given as a path from the crate: the deepest module on that path.
fn file_of<'f>(
    files: &'f BTreeMap<Vec<String>, (String, String)>,
    name: &[String],
) -> Option<&'f str> {
    let prefixes = (1..=name.len()).rev().map(|length| &name[..length]);
    let mut found = prefixes.filter_map(|prefix| files.get(prefix));
    found.next().map(|(path, _)| path.as_str())
}

/// Returns the path of a file's module from the crate: `store/people/mod.rs` is `store`, `people`.
fn module_of(path: &str) -> Vec<String> {
    let path = path.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    path.split('/').map(str::to_owned).collect()
}

/// Returns every name that a file takes from this crate, as a path from the crate.
fn imports(text: &str, module: &[String]) -> Vec<Vec<String>> {
    // Unit tests stand at the end of a file or in files of their own, and may use what they like.
    let shipped = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or(text);
    let code: Vec<&str> = code_lines(shipped).map(|(_, line)| line).collect();
    let code = code.join("\n");
    let children: BTreeSet<&str> = code
        .lines()
        .filter_map(|line| line.split_once("mod ")?.1.strip_suffix(';'))
        .collect();
    let is_of_a_path = |c: char| c.is_alphanumeric() || "_:{}, \n".contains(c);
    let mut names = Vec::new();
    for (at, _) in code.match_indices("::") {
        let start = code[..at]
            .rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
            .map_or(0, |before| before + 1);
        let first = code[start..].split("::").next().unwrap_or_default();
        // Each path is taken once, where its first `::` stands; `pub(in crate::store)` takes nothing.
        if start + first.len() != at || code[..start].ends_with("(in ") {
            continue;
        }
        let mut path = match first {
            "crate" => Vec::new(),
            "super" => module[..module.len() - 1].to_vec(),
            child if children.contains(child) => [module, &[child.to_owned()]].concat(),
            _ => continue,
        };
        let rest = &code[at + 2..];
        let end = rest.find(|c| !is_of_a_path(c)).unwrap_or(rest.len());
        let mut rest = &rest[..end];
        while let Some(further) = rest.strip_prefix("super::") {
            path.pop();
            rest = further;
        }
        match rest.strip_prefix('{') {
            Some(group) => names.extend(paths_in(group).map(|name| [path.clone(), name].concat())),
            None => names.push([path, segments(rest)].concat()),
        }
    }
    names
}

/// Returns the paths in an import's braces, as far as the first nested brace of each.
fn paths_in(group: &str) -> impl Iterator<Item = Vec<String>> {
    top_level_texts(group)
        .into_iter()
        .map(|member| segments(member.trim()))
}

/// Splits `waits::read(` into its names.
fn segments(path: &str) -> Vec<String> {
    path.split("::")
        .map(first_word)
        .take_while(|word| !word.is_empty())
        .collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn in_room(path: &str, room: &str) -> bool {
    path.starts_with(&format!("{room}/")) || path == format!("{room}.rs")
}

/// Returns whether a file has unit tests alone.
fn is_a_test(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.any(|part| part == "tests" || part.ends_with("tests.rs") || part.ends_with("_tests"))
}

fn at_home(path: &str, homes: &[&str]) -> bool {
    homes.iter().any(|home| path.starts_with(home))
}

/// Every source file by its path below `src`, in order.
fn sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    collect(&root(), &["rs"], &mut files);
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let path = file.strip_prefix(root()).unwrap();
            let path = path.to_string_lossy().replace('\\', "/");
            (path, std::fs::read_to_string(file).unwrap())
        })
        .collect()
}

fn collect(folder: &Path, extensions: &[&str], files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let extension = path
            .extension()
            .map(|extension| extension.to_string_lossy());
        if path.is_dir() {
            collect(&path, extensions, files);
        } else if extension.is_some_and(|extension| extensions.contains(&extension.as_ref())) {
            files.push(path);
        }
    }
}

/// The lines of code of a whole file, its unit tests included; comments are left out.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(index, line)| (index + 1, line))
}

/// Every `crate::room`, also in `use crate::{room::…, other::…}`, with its line.
fn rooms_used(text: &str) -> Vec<(usize, String)> {
    let mut used = Vec::new();
    let mut group: Option<String> = None;
    for (number, line) in code_lines(text) {
        if let Some(open) = &mut group {
            open.push_str(line);
        } else if let Some((_, rest)) = line.split_once("use crate::{") {
            group = Some(rest.to_owned());
        } else {
            for rest in line.split("crate::").skip(1) {
                used.push((number, first_word(rest)));
            }
        }
        if line.contains("};")
            && let Some(whole) = group.take()
        {
            used.extend(top_level(&whole).into_iter().map(|room| (number, room)));
        }
    }
    used.retain(|(_, room)| room.starts_with(|c: char| c.is_ascii_lowercase()));
    used
}

fn first_word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

/// The first words of a brace group's members, nested groups aside.
fn top_level(group: &str) -> Vec<String> {
    top_level_texts(group)
        .iter()
        .map(|member| first_word(member.trim()))
        .collect()
}

/// The members of a brace group up to its closing brace, nested groups cut out.
fn top_level_texts(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut members = vec![String::new()];
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => members.push(String::new()),
            c if depth == 0 => {
                if let Some(member) = members.last_mut() {
                    member.push(c);
                }
            }
            _ => {}
        }
    }
    members
}

/// Returns whether a file means a module of ours by a crate's name, as `render` has its own `csv`.
fn is_our_own(text: &str, name: &str) -> bool {
    text.contains(&format!("mod {name};"))
        || text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("use super::"))
            .any(|members| {
                members
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|word| word == name)
            })
}

/// Returns whether a word stands in a line only as the end of a longer name: `my_csv::`, `super::csv::`.
fn is_part_of_a_name(line: &str, word: &str) -> bool {
    line.match_indices(word).all(|(at, _)| {
        let before = &line[..at];
        before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
            || ["super::", "self::", "render::", "intake::"]
                .iter()
                .any(|path| before.ends_with(path))
    })
}
