//! The ways in which a tree of a definition can be made smaller by one step.

use serde_json::Value as Json;

/// A way into a tree.
type Path = Vec<Part>;

/// One part of a way.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// A key of a mapping.
    Key(String),
    /// An item of a list, from 0.
    Place(usize),
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cut {
    /// Something is taken out, together with what speaks of it.
    Out(Vec<Path>),
    /// The default of a step takes the place of its choices.
    Default(Path),
    /// Something is put in the place of what holds it.
    Up(Path, Path),
}

impl Cut {
    /// Makes the step.
    pub(super) fn make(&self, tree: &mut Json) {
        match self {
            Self::Out(paths) => {
                for path in paths {
                    take(tree, path);
                }
            }
            Self::Default(path) => {
                if let Some(Json::Object(step)) = at(tree, path) {
                    step.shift_remove("choices");
                    if let Some(Json::Object(default)) = step.shift_remove("default") {
                        step.extend(default);
                    }
                }
            }
            Self::Up(path, within) => {
                if let Some(holder) = at(tree, path)
                    && let Some(inner) = at(holder, within).map(Json::take)
                {
                    *holder = inner;
                }
            }
        }
    }
}

/// What stays whatever is taken out: the names of campaigns, and what is expected.
const STAYS: [&str; 3] = ["name", "expect", "program"];

/// Returns every step, those that take the most first.
pub(super) fn cuts(tree: &Json) -> Vec<Cut> {
    let mut all = Vec::new();
    below(tree, &mut Vec::new(), &mut all);
    all
}

fn below(tree: &Json, path: &mut Path, all: &mut Vec<Cut>) {
    match tree {
        Json::Object(entries) => {
            if let Some(Json::Object(_)) = entries.get("default") {
                all.push(Cut::Default(path.clone()));
            }
            let numbered = entries.contains_key("logic");
            for (key, value) in entries {
                if STAYS.contains(&key.as_str()) {
                    continue;
                }
                path.push(Part::Key(key.clone()));
                all.push(Cut::Out(vec![path.clone()]));
                match value {
                    // The numbers of `logic` are those of all filters.
                    Json::Array(filters) if numbered && key == "filters" => {
                        let logic = sibling(path, "logic");
                        for place in 0..filters.len() {
                            let mut filter = path.clone();
                            filter.push(Part::Place(place));
                            all.push(Cut::Out(vec![filter, logic.clone()]));
                        }
                    }
                    Json::Array(parts) if entries.len() == 1 && (key == "any" || key == "all") => {
                        let group = path[..path.len() - 1].to_vec();
                        for place in 0..parts.len() {
                            let within = vec![Part::Key(key.clone()), Part::Place(place)];
                            all.push(Cut::Up(group.clone(), within));
                        }
                    }
                    Json::Array(_)
                    | Json::Object(_)
                    | Json::Null
                    | Json::Bool(_)
                    | Json::Number(_)
                    | Json::String(_) => {}
                }
                below(value, path, all);
                path.pop();
            }
        }
        Json::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                path.push(Part::Place(place));
                all.push(Cut::Out(vec![path.clone()]));
                below(item, path, all);
                path.pop();
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// Returns the way to another key beside one.
fn sibling(path: &[Part], key: &str) -> Path {
    let mut beside = path[..path.len() - 1].to_vec();
    beside.push(Part::Key(key.to_owned()));
    beside
}

fn at<'t>(tree: &'t mut Json, path: &[Part]) -> Option<&'t mut Json> {
    path.iter().try_fold(tree, |tree, part| match part {
        Part::Key(key) => tree.get_mut(key),
        Part::Place(place) => tree.get_mut(*place),
    })
}

fn take(tree: &mut Json, path: &[Part]) {
    let Some((last, above)) = path.split_last() else {
        return;
    };
    match (at(tree, above), last) {
        (Some(Json::Object(entries)), Part::Key(key)) => {
            entries.shift_remove(key);
        }
        (Some(Json::Array(items)), Part::Place(place)) if *place < items.len() => {
            items.remove(*place);
        }
        (Some(_) | None, _) => {}
    }
}
