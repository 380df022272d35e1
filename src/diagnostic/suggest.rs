//! "Did you mean …": the nearest of the names that would have been right.

/// The longest text, in bytes, of which a near one is looked for.
const LONGEST: usize = 1_000;

/// Returns up to three candidates close to what was written, nearest first.
///
/// Case is ignored. Close means a normalised Damerau-Levenshtein similarity of 0.7, or one text
/// beginning with the other when at least three characters were written.
pub(crate) fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Vec<&'a str> {
    // No name is that long: what was written is a text that stands in the wrong place.
    if written.len() > LONGEST {
        return Vec::new();
    }
    let wanted = written.to_lowercase();
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let lower = candidate.to_lowercase();
            if lower.len() > LONGEST {
                return None;
            }
            let score = strsim::normalized_damerau_levenshtein(&wanted, &lower);
            let prefix =
                wanted.len() >= 3 && (lower.starts_with(&wanted) || wanted.starts_with(&lower));
            (score >= 0.7 || prefix).then_some((score, candidate))
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Returns "did you mean `x`?", "did you mean `x` or `y`?", or nothing.
pub(crate) fn did_you_mean<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let near = nearest(written, candidates);
    if near.is_empty() {
        return None;
    }
    let quoted: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    Some(format!("did you mean {}?", quoted.join(" or ")))
}

/// Returns the names that [`did_you_mean`] has put into a help.
pub(crate) fn suggested(help: &str) -> Vec<&str> {
    let Some((_, asked)) = help.split_once("did you mean ") else {
        return Vec::new();
    };
    let asked = asked.split('?').next().unwrap_or_default();
    asked.split('`').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, suggested};

    #[test]
    fn what_was_suggested_is_found_in_the_help() {
        let help = did_you_mean("stat", ["state", "status", "city"]).unwrap();
        assert_eq!(suggested(&help), ["state", "status"]);
        assert_eq!(suggested("write `true`"), Vec::<&str>::new());
    }
}
