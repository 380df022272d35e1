//! The database file under bad conditions, through the real program: other names, full disks, kills, files that are
//! moved under a command, backups and restores.

mod checked;
mod copies;
mod creation;
mod damaged;
mod displaced;
mod hostile;
mod links;
mod odd_content;
mod privacy;
mod restore;

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use super::tool::Tool;

/// A database with a trigger campaign, a scheduled batch with waits, and two people.
fn tool() -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-01T00:00:00Z")
        .daily_letter()
        .file(
            "campaigns/visit.yaml",
            "
            name: Visit
            smart_list: { triggers: [ visits_web_page: any ] }
            flow: [ change_score: +5 ]
            qualification: every_time
            active: true
            ",
        )
        .file(
            "people.csv",
            "
            email,first_name
            ann@example.com,Ann
            ben@example.com,Ben
            ",
        )
        .file("more.csv", "email\ncem@example.com\n")
        .file(
            "events.jsonl",
            r#"
            {"at":"2026-10-30T10:00:00Z","person":"ann@example.com","type":"visits_web_page","web_page":"/a"}
            {"at":"2026-10-30T11:00:00Z","person":"ben@example.com","type":"visits_web_page","web_page":"/b"}
            "#,
        );
    for command in [
        ["campaign", "load", "campaigns"],
        ["person", "load", "people.csv"],
    ] {
        tool.run(command).any_stdout().any_stderr().code(0);
    }
    tool
}

fn dump(tool: &Tool) -> String {
    dump_of(tool, "bugle.db")
}

fn dump_of(tool: &Tool, database: &str) -> String {
    let output = output(tool, &["--db", database, "db", "dump"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn output(tool: &Tool, arguments: &[&str]) -> Output {
    tool.command()
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn start(tool: &Tool, arguments: &[&str]) -> Child {
    tool.command()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Runs the program in a shell, which sets limits first.
#[cfg(unix)]
fn in_shell(tool: &Tool, before: &str, arguments: &[&str]) -> Output {
    let program = tool.command();
    let mut shell = Command::new("sh");
    shell
        .current_dir(program.get_current_dir().unwrap())
        .env_clear()
        .envs(
            program
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .args(["-c", &format!("{before}; exec \"$0\" \"$@\"")])
        .arg(program.get_program())
        .args(arguments)
        .stdin(Stdio::null());
    shell.output().unwrap()
}

/// Leaves the database as a killed command does: what was committed last stands in the journal alone.
fn leave_journal(tool: &Tool, sql: &str) {
    let database = tool.path("bugle.db");
    let files = [database.clone(), beside(&database, "-wal")];
    let connection = rusqlite::Connection::open(&database).unwrap();
    connection
        .pragma_update(None, "wal_autocheckpoint", 0)
        .unwrap();
    connection.execute_batch(sql).unwrap();
    let kept = files.clone().map(|file| std::fs::read(file).unwrap());
    drop(connection);
    for (file, bytes) in files.iter().zip(kept) {
        std::fs::write(file, bytes).unwrap();
    }
}

fn beside(path: &Path, suffix: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Returns the names of the files in the folder.
fn files(tool: &Tool) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(tool.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Returns the names of the files that begin with a database's name.
fn files_of(tool: &Tool, database: &str) -> Vec<String> {
    let mut names = files(tool);
    // A reading command leaves the empty journal that it opened.
    names.retain(|name| {
        name.starts_with(database) && !name.ends_with("-wal") && !name.ends_with("-shm")
    });
    names
}
