//! Logic: an expression that another reader, which goes through it once without a tree, answers alike for everyone.

use bugle::testing::readers::truth_table;

use super::Target;

pub(crate) const TARGET: Target = Target {
    name: "logic",
    holds,
    right: &[
        "1 and (2 or 3)",
        "(1 or 2) AND (3 or (2 and 1))",
        "any",
        "all",
        "1 or 2 or 3",
        "((1)) and 2 and 3",
    ],
    words: &[
        "1", "2", "3", "4", " and ", " or ", "(", ")", "not ", "&&", "any", "all", " ", "AND", "0",
        "01", "\t", "\u{a0}",
    ],
    times: 120,
};

const FILTERS: usize = 3;

fn holds(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    // Control characters are a matter of YAML.
    if text.chars().any(char::is_control) || text.trim().is_empty() {
        return;
    }
    let ours = truth_table(text, FILTERS);
    let theirs: Option<Vec<bool>> = (0..1_u32 << FILTERS)
        .map(|holding| answer(text, holding))
        .collect();
    let used = (1..=FILTERS).all(|filter| numbers(text).contains(&filter));
    let word = matches!(text.trim().to_ascii_lowercase().as_str(), "any" | "all");
    assert_eq!(ours, theirs.filter(|_| used || word), "{text}");
}

fn numbers(text: &str) -> Vec<usize> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect()
}

/// Answers for some filters that hold; nothing where the expression is none.
fn answer(text: &str, holding: u32) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "any" => return Some(holding != 0),
        "all" => return Some(holding == (1 << FILTERS) - 1),
        _ => {}
    }
    let spaced = text
        .replace('(', " ( ")
        .replace(')', " ) ")
        .to_ascii_lowercase();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    // An open bracket, with what was joined in it so far and by which word.
    let mut open: Vec<(Option<bool>, Option<&str>)> = vec![(None, None)];
    let mut wants_value = true;
    for word in words {
        match word {
            "(" if wants_value => open.push((None, None)),
            ")" if !wants_value && open.len() > 1 => {
                let (value, _) = open.pop()?;
                take(&mut open, value?)?;
            }
            "and" | "or" if !wants_value => {
                let (_, joined) = open.last_mut()?;
                if joined.is_some_and(|joined| joined != word) {
                    return None;
                }
                *joined = Some(if word == "and" { "and" } else { "or" });
                wants_value = true;
            }
            number if wants_value && number.bytes().all(|byte| byte.is_ascii_digit()) => {
                let number: u32 = number.parse().ok()?;
                if !(1..=FILTERS).contains(&(number as usize)) {
                    return None;
                }
                take(&mut open, holding >> (number - 1) & 1 == 1)?;
                wants_value = false;
            }
            _ => return None,
        }
    }
    match open.as_slice() {
        [(value, _)] if !wants_value => *value,
        _ => None,
    }
}

fn take(open: &mut [(Option<bool>, Option<&str>)], value: bool) -> Option<()> {
    let (known, joined) = open.last_mut()?;
    *known = Some(match (*known, *joined) {
        (None, _) => value,
        (Some(known), Some("and")) => known && value,
        (Some(known), _) => known || value,
    });
    Some(())
}
