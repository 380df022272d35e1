//! Help: every command has it, with examples, and it speaks of every option.

use super::tool::Tool;

/// Every command, by asking each family for its own.
pub fn commands(path: &[String]) -> Vec<Vec<String>> {
    let help = help(path);
    let mut all = vec![path.to_vec()];
    let Some((_, listed)) = help.split_once("Commands:\n") else {
        return all;
    };
    for line in listed.lines().take_while(|line| !line.is_empty()) {
        let name = line.trim().split(' ').next().unwrap().to_owned();
        // Lines further in go on with the text of the one above.
        if line.starts_with("   ") {
            continue;
        }
        let mut deeper = path.to_vec();
        deeper.push(name);
        all.extend(commands(&deeper));
    }
    all
}

/// What a command says of itself.
pub fn help(path: &[String]) -> String {
    let mut arguments = path.to_vec();
    arguments.push("--help".to_owned());
    Tool::new().text(&arguments)
}

#[test]
fn every_command_has_help_with_examples() {
    let all = commands(&[]);
    assert!(all.len() > 5, "{all:?}");
    let without: Vec<_> = all
        .iter()
        .filter(|path| !help(path).contains("\nExamples:\n  bugle"))
        .collect();
    assert_eq!(without, Vec::<&Vec<String>>::new());
}

#[test]
fn every_command_takes_the_common_options() {
    for path in commands(&[]) {
        let help = help(&path);
        for option in [
            "--db",
            "--now",
            "--seed",
            "--format",
            "--color",
            "--wait",
            "--quiet",
            "--verbose",
            "--no-progress",
            "--show-values",
        ] {
            assert!(help.contains(option), "{path:?} has no {option}");
        }
    }
}

#[test]
fn help_fits_eighty_columns() {
    for path in commands(&[]) {
        for line in help(&path).lines() {
            assert!(line.chars().count() <= 80, "{path:?}: {line}");
        }
    }
}

#[test]
fn a_missing_command_is_a_fault_of_usage() {
    Tool::new().run([""; 0]).any_stderr().code(2);
    Tool::new().run("campain").any_stderr().code(2);
    Tool::new()
        .run("explain --wait 5s")
        .stderr(
            "
            error: invalid value '5s' for '--wait <DURATION>': write a whole number and a unit: `5 seconds`, `2 minutes`

            For more information, try '--help'.
            ",
        )
        .code(2);
}
