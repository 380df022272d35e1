//! Help: every command has it, with examples, and it refers to every option.

use super::tool::Tool;

/// Every command, by asking each family for its own.
pub(crate) fn commands(path: &[String]) -> Vec<Vec<String>> {
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
pub(crate) fn help(path: &[String]) -> String {
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
fn every_command_has_a_manual_page() {
    let mut tool = Tool::new();
    let written = tool.text(["man", "--all", "share/man1"]);
    let pages = commands(&[]).into_iter().map(|path| {
        let name: Vec<_> = std::iter::once("bugle".to_owned()).chain(path).collect();
        format!("share/man1/{}.1\n", name.join("-"))
    });
    assert_eq!(written, pages.collect::<String>());
    for page in written.lines() {
        let text = std::fs::read_to_string(tool.path(page)).unwrap();
        let name = page.strip_prefix("share/man1/").unwrap();
        let name = name.strip_suffix(".1").unwrap();
        assert!(text.contains(&format!(".TH {name} 1 ")), "{page}:\n{text}");
        let command: Vec<_> = name.split('-').collect();
        let refers_up = text.contains(".SH \"SEE ALSO\"\n\\fBbugle");
        assert_eq!(refers_up, command.len() > 1, "{page}:\n{text}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let metadata = std::fs::metadata(tool.path(page)).unwrap();
            assert_eq!(metadata.permissions().mode() & 0o777, 0o644, "{page}");
        }
    }
}

#[test]
fn a_manual_page_that_cannot_be_written_is_named() {
    Tool::new()
        .file("share", "")
        .run(["man", "--all", "share/man1"])
        .stderr("error: cannot make `share/man1`: a part of the path is a file, not a folder\n")
        .code(3);
    Tool::new()
        .file("man1/bugle.1/notes.txt", "")
        .run(["man", "--all", "man1"])
        .stderr(
            "
            error: a manual page cannot go to `man1/bugle.1`: it is a folder
            help: name a file with `--all`
            ",
        )
        .code(2);
    Tool::new()
        .run(["man", "campaign", "rnu"])
        .stderr(
            "
            error: there is no command `bugle campaign rnu`
            help: `bugle --help` lists the commands
            ",
        )
        .code(2);
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
