//! Random campaigns in random layouts: the canonical layout keeps the meaning and every comment, and is its own layout.

use std::fmt::Write as _;

use bugle::testing::{canonical_texts, laid_out};

use super::dice::Dice;
use super::random_values::Around;
use super::{random_workspace, yaml};

const SEEDS: u64 = 40;

/// Lays a text out at random: other indents, empty lines, comments, values between brackets over several lines.
fn disordered(dice: &mut Dice, text: &str) -> String {
    let step = dice.count(1, 3);
    let mut out = String::new();
    for (number, line) in text.lines().enumerate() {
        let blanks = line.len() - line.trim_start().len();
        let indent = " ".repeat(blanks * step);
        let written = line.trim_start();
        if dice.chance(10) {
            out.push_str(&"\n".repeat(dice.count(1, 3)));
        }
        if dice.chance(15) {
            let indent = if dice.chance(70) { &indent } else { "" };
            writeln!(out, "{indent}#   before line {number}").unwrap();
        }
        let (breaks, commented) = (dice.chance(20), dice.chance(30));
        let broken = match (breaks, commented) {
            (false, _) => written.to_owned(),
            (true, false) => written.replace(", ", &format!(",\n{indent}          ")),
            (true, true) => written.replace("], ", &format!("], # within\n{indent}          ")),
        };
        write!(out, "{indent}{broken}").unwrap();
        if dice.chance(15) {
            write!(out, "  # behind line {number}").unwrap();
        }
        out.push('\n');
    }
    if dice.chance(20) {
        out.push_str("\n\n# the end");
    }
    out
}

#[test]
#[ignore = "slow"]
fn the_canonical_layout_keeps_the_meaning_and_is_its_own_layout() {
    let mut laid = 0;
    for seed in 0..SEEDS {
        let mut dice = Dice::new(seed);
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        let workspace = random_workspace::workspace(&mut dice, Around(day));
        let mut texts = vec![yaml::workspace(&workspace)];
        let campaigns = workspace.campaigns.iter();
        texts.extend(campaigns.map(|campaign| yaml::campaign(&workspace, campaign)));
        texts.push(texts[1..].join("---\n"));
        for text in texts {
            let text = disordered(&mut dice, &text);
            let Some(before) = canonical_texts(&text) else {
                continue;
            };
            let once = laid_out(&text).unwrap_or_else(|| panic!("seed {seed}\n{text}"));
            assert_eq!(canonical_texts(&once), Some(before), "seed {seed}\n{text}");
            let twice = laid_out(&once).unwrap_or_else(|| panic!("seed {seed}\n{once}"));
            assert_eq!(once, twice, "seed {seed}, from\n{text}");
            let comments = |text: &str| text.matches("# ").count();
            assert_eq!(comments(&once), comments(&text), "seed {seed}\n{text}");
            laid += 1;
        }
    }
    assert!(laid > 80, "{laid}");
}
