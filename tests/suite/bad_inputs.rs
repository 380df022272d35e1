//! Bad inputs, and some that only look bad, through the real program: `tests/bad-inputs.txt` is the table.
//!
//! Of each case the exit code, the place and the words are compared, and the dump before and after: what is refused has
//! changed nothing. What a campaign file is validated as, it is loaded as.

use std::path::Path;
use std::process::Command;

use super::tool::{Line as _, Tool};

/// One case of the table.
#[derive(Debug, Default)]
struct Case {
    /// Where it stands in the table.
    line: usize,
    name: String,
    files: Vec<(String, Vec<u8>)>,
    /// Lines of a shell and of SQL, which change the folder.
    steps: Vec<Step>,
    run: Option<String>,
    exit: i32,
    /// Whether it ends well and changes nothing.
    same: bool,
    at: Option<String>,
    says: Vec<String>,
}

#[derive(Debug)]
enum Step {
    Shell(String),
    Sql(String),
}

/// Reads the table.
fn cases() -> Vec<Case> {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad-inputs.txt");
    let text = std::fs::read_to_string(table).unwrap();
    let mut cases: Vec<Case> = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        if let Some(name) = line.strip_prefix("## ") {
            cases.push(Case {
                line: number,
                name: name.to_owned(),
                ..Case::default()
            });
            continue;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let case = cases.last_mut().unwrap();
        let (key, value) = line.split_once(' ').unwrap_or((line, ""));
        match key {
            "file" => case.files.push((value.to_owned(), Vec::new())),
            "|" => {
                let (_, bytes) = case.files.last_mut().unwrap();
                bytes.extend(bytes_of(value));
            }
            "sh" => case.steps.push(Step::Shell(value.to_owned())),
            "sql" => case.steps.push(Step::Sql(value.to_owned())),
            "run" => case.run = Some(value.to_owned()),
            "exit" => case.exit = value.parse().unwrap(),
            "same" => case.same = true,
            "at" => case.at = Some(value.to_owned()),
            "says" => case.says.push(value.to_owned()),
            _ => panic!("tests/bad-inputs.txt:{number}: `{key}`"),
        }
    }
    cases
}

/// Returns the bytes that a line of the table stands for, with its line end.
fn bytes_of(line: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let ends = unescape(line, &mut bytes);
    if ends {
        bytes.push(b'\n');
    }
    bytes
}

/// Adds what a text stands for; returns whether a line end follows.
fn unescape(text: &str, bytes: &mut Vec<u8>) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend(&rest.as_bytes()[..at]);
        let (sign, after) = rest[at + 1..].split_at(1);
        rest = after;
        match sign {
            "\\" => bytes.push(b'\\'),
            "n" => bytes.push(b'\n'),
            "t" => bytes.push(b'\t'),
            "r" => bytes.push(b'\r'),
            "0" => bytes.push(0),
            "c" => {
                assert!(rest.is_empty(), "`\\c` ends a line: {text}");
                return false;
            }
            "x" => {
                bytes.push(u8::from_str_radix(&rest[..2], 16).unwrap());
                rest = &rest[2..];
            }
            "u" => {
                let (code, after) = braced(rest);
                let character = char::from_u32(u32::from_str_radix(code, 16).unwrap());
                bytes.extend(character.unwrap().to_string().as_bytes());
                rest = after;
            }
            "*" => {
                let (times, after) = braced(rest);
                let (repeated, after) = braced(after);
                let mut one = Vec::new();
                unescape(repeated, &mut one);
                bytes.extend(one.repeat(times.parse().unwrap()));
                rest = after;
            }
            other => panic!("`\\{other}` in {text}"),
        }
    }
    bytes.extend(rest.as_bytes());
    true
}

/// Returns what stands between braces, and what follows. What stands there may be a brace.
fn braced(text: &str) -> (&str, &str) {
    let inner = text.strip_prefix('{').unwrap();
    let end = inner[1..].find('}').unwrap() + 1;
    (&inner[..end], &inner[end + 1..])
}

/// The folder in which each case begins.
fn before() -> Tool {
    Tool::new()
        .now("2026-11-20T09:00:00Z")
        .file(
            "campaigns/workspace.yaml",
            "
            time_zone: UTC
            emails: { letter: { subject: Hello, body: Hello } }
            ",
        )
        .file(
            "campaigns/known.yaml",
            "
            name: Known
            smart_list: { triggers: [ visits_web_page: any ] }
            flow: [ change_score: +1 ]
            qualification: every_time
            active: true
            ",
        )
        .file(
            "campaigns/letter.yaml",
            "
            name: Letter
            smart_list: { filters: [ member_of_smart_list: All People ] }
            flow: [ send_email: letter ]
            ",
        )
        .file(
            "people.csv",
            "
            email,first_name,lead_score,date_of_birth
            x@y.example,Xenia,1,1990-01-02
            z@y.example,Zoe,2,1991-02-03
            ",
        )
        .loaded()
}

impl Case {
    /// Tries it in a folder, and returns what is not as the table says.
    fn wrong(&self, tool: &mut Tool) -> Option<String> {
        for (name, bytes) in &self.files {
            tool.write_bytes(name, bytes);
        }
        for step in &self.steps {
            match step {
                Step::Shell(line) => shell(tool, line),
                Step::Sql(sql) => tool.tamper(sql),
            }
        }
        let line = self.line();
        // A database that is damaged on purpose may not be read.
        let is_damaged = self.steps.iter().any(|step| match step {
            Step::Shell(line) => line.contains("bugle.db"),
            Step::Sql(_) => true,
        });
        let is_checked = !line.contains("--db") && !is_damaged;
        let before = is_checked.then(|| tool.dump());
        let campaigns = line.starts_with("campaign load") && self.steps.is_empty();
        let valid = campaigns.then(|| code(tool, "campaign validate --db bugle.db").0);
        let (ended, said) = code(tool, &line);
        let after = is_checked.then(|| tool.dump());
        let mut wrong = Vec::new();
        if ended != Some(self.exit) {
            wrong.push(format!("exit code {ended:?} instead of {}", self.exit));
        }
        let expected = self.at.iter().chain(&self.says);
        for text in expected.filter(|text| !said.contains(*text)) {
            wrong.push(format!("it does not say `{text}`"));
        }
        if valid.is_some_and(|valid| valid != ended) {
            wrong.push(format!("validated with {valid:?}, loaded with {ended:?}"));
        }
        let stays = self.same || !matches!(self.exit, 0 | 6);
        if (before == after) != stays && is_checked && self.exit != 6 {
            let has = if stays { "has" } else { "has not" };
            wrong.push(format!("the dump {has} changed"));
        }
        if wrong.is_empty() {
            return None;
        }
        let place = format!("tests/bad-inputs.txt:{}: {}", self.line, self.name);
        let said: String = said.chars().take(600).collect();
        Some(format!("{place}: {}\n$ {line}\n{said}", wrong.join("; ")))
    }

    /// The command that is given.
    fn line(&self) -> String {
        if let Some(line) = &self.run {
            return line.clone();
        }
        let (name, _) = self.files.first().unwrap();
        let path = Path::new(name);
        if path.starts_with("campaigns") {
            return "campaign load".to_owned();
        }
        if path.extension().is_some_and(|ending| ending == "jsonl") || name == "events.csv" {
            return format!("campaign replay-events {name}");
        }
        format!("person load {name}")
    }
}

/// Runs a command, and returns its exit code and what it says on standard error.
fn code(tool: &Tool, line: &str) -> (Option<i32>, String) {
    let output = tool
        .command()
        .args(line.words())
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), said)
}

/// Runs a line of a shell in the folder.
fn shell(tool: &Tool, line: &str) {
    let program = tool.command();
    let line = line.replace("bugle ", &format!("{} ", program.get_program().display()));
    let mut command = Command::new("sh");
    for (name, value) in program.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let status = command
        .args(["-c", &line])
        .current_dir(tool.path(""))
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .status();
    assert!(status.unwrap().success(), "{line}");
}

/// Tries every case of the table of which the place is one of these, so that two tests share the work.
fn tried(of: usize, part: usize) {
    let prepared = before();
    let wrong: Vec<String> = cases()
        .iter()
        .skip(part)
        .step_by(of)
        .filter_map(|case| case.wrong(&mut prepared.twin()))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn what_is_bad_is_refused_by_its_place_and_changes_nothing_one() {
    tried(2, 0);
}

#[test]
fn what_is_bad_is_refused_by_its_place_and_changes_nothing_two() {
    tried(2, 1);
}
