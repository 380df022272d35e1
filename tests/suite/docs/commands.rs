//! Runs the commands of a document and compares, or writes, what stands below them.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use super::{Tool, blocks, path, read, updating};

/// How newcomers start the program by the README; everywhere else it is `bugle`.
pub(super) const FROM_SOURCE: &str = "cargo run --release --locked -- ";

/// A folder with the samples, and what was exported in it.
struct Shell {
    tool: Tool,
    exported: Vec<(String, String)>,
}

impl Shell {
    fn new() -> Self {
        Self {
            tool: Tool::new().copy("campaigns").copy("fixtures"),
            exported: Vec::new(),
        }
    }

    /// Runs a command line; its output without blanks at the ends of lines, both streams in one.
    fn run(&mut self, line: &str) -> String {
        if let Some(setting) = line.strip_prefix("export ") {
            let (name, value) = setting.split_once('=').unwrap();
            self.exported.push((name.to_owned(), value.to_owned()));
            return String::new();
        }
        let program = Path::new(env!("CARGO_BIN_EXE_bugle")).parent().unwrap();
        let line = line.replace(FROM_SOURCE, "bugle ");
        let output = Command::new("sh")
            .arg("-c")
            .arg(format!("exec 2>&1\n{line}"))
            .current_dir(self.tool.path(""))
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", program.display()))
            .env("TZ", "Pacific/Chatham")
            .env("HOME", self.tool.path(""))
            .envs(self.exported.iter().map(|(name, value)| (name, value)))
            .output()
            .unwrap();
        let mut reported = String::new();
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            reported.push_str(line.trim_end());
            reported.push('\n');
        }
        if !output.status.success() {
            writeln!(reported, "({}, and nothing shows it)", output.status).unwrap();
        }
        reported
    }
}

/// Runs all commands of a document and compares each output whole; or writes the document anew.
pub(super) fn check(document: &str) {
    let text = read(document);
    let files = blocks(&text);
    let mut shell = Shell::new();
    let mut written = String::new();
    let mut wrong = String::new();
    let mut lines = text.lines().enumerate().peekable();
    let mut in_console = false;
    while let Some((number, line)) = lines.next() {
        written.push_str(line);
        written.push('\n');
        if line.starts_with("```") {
            in_console = line == "```console";
            let opened = files.iter().find(|block| block.line == number + 1);
            if let Some(block) = opened
                && let Some(name) = block.value("file")
            {
                let target = shell.tool.path(name);
                std::fs::create_dir_all(target.parent().unwrap()).unwrap();
                std::fs::write(target, &block.text).unwrap();
            }
        } else if line == "<!-- fresh folder -->" {
            shell = Shell::new();
        } else if let Some(first) = line.strip_prefix("$ ").filter(|_| in_console) {
            let mut command = first.to_owned();
            while command.ends_with('\\') {
                let (_, more) = lines.next().unwrap();
                written.push_str(more);
                written.push('\n');
                command.push('\n');
                command.push_str(more);
            }
            let mut shown = String::new();
            while let Some((_, next)) =
                lines.next_if(|(_, next)| !next.starts_with("$ ") && !next.starts_with("```"))
            {
                shown.push_str(next);
                shown.push('\n');
            }
            let reported = shell.run(&command);
            if reported != shown {
                let line = number + 1;
                writeln!(
                    wrong,
                    "{document}:{line}\n$ {command}\n{reported}---- but shown is\n{shown}----"
                )
                .unwrap();
            }
            written.push_str(&reported);
        }
    }
    if updating() {
        if written != text {
            std::fs::write(path(document), written).unwrap();
        }
    } else {
        assert!(wrong.is_empty(), "\n{wrong}");
    }
}
