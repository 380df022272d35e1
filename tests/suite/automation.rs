//! The page on cron and continuous integration: its commands do what it says.

use std::path::Path;
use std::process::Command;

use super::tool::Tool;

/// Returns the blocks of the page in a language.
fn blocks(language: &str) -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/automation.md");
    let page = std::fs::read_to_string(page).unwrap();
    let begin = format!("```{language}\n");
    let blocks = page.split(&begin).skip(1);
    blocks
        .map(|rest| rest.split_once("```").unwrap().0.to_owned())
        .collect()
}

/// Returns a folder as the page has it: a loaded database, a file of events, a folder for backups.
fn campaigns() -> Tool {
    let tool = Tool::new()
        .file(
            "campaigns/daily.yaml",
            "
            name: Daily
            smart_list: { filters: [ state: CA ] }
            flow: [ change_score: 1 ]
            qualification: every_time
            schedule: { first_run: 2025-12-01 09:00, repeat: daily, ends: 2025-12-05 }
            ",
        )
        .file("people.csv", "email,state\nann@example.com,CA\n")
        .file(
            "incoming/monday.jsonl",
            "{\"at\":\"2025-12-01T10:00:00Z\",\"person\":\"ann@example.com\",\"type\":\"visits_web_page\",\"web_page\":\"/\"}\n",
        )
        .file("backups/README", "")
        .now("2025-12-01T00:00:00Z");
    let tool = tool.loaded();
    tool.variable("BUGLE_NOW", "2025-12-06T00:00:00Z")
}

/// Runs a line of shell as cron does, and returns whether it succeeded and all that it printed.
fn shell(tool: &Tool, line: &str) -> (bool, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_bugle")).parent().unwrap();
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("exec 2>&1\n{line}"))
        .current_dir(tool.path(""))
        .env_clear()
        .env("BUGLE_NOW", "2025-12-06T00:00:00Z")
        .env("PATH", format!("{}:/usr/bin:/bin", program.display()))
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    (output.status.success(), printed)
}

#[test]
fn the_lines_of_the_crontab_work_and_are_silent() {
    let mut tool = campaigns();
    let crontab = blocks("crontab").concat();
    let mut seen = 0;
    for line in crontab.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.splitn(6, ' ').collect();
        let times = &fields[..5];
        assert!(
            times
                .iter()
                .all(|time| *time == "*" || time.parse::<u8>().is_ok()),
            "{line}"
        );
        // Cron ends a command at `%` where it is not escaped.
        assert_eq!(
            line.matches('%').count(),
            line.matches("\\%").count(),
            "{line}"
        );
        let command = fields[5].replace("\\%", "%");
        let command = command
            .trim()
            .strip_prefix("cd /srv/campaigns && ")
            .unwrap();
        assert_eq!(shell(&tool, command), (true, String::new()), "{line}");
        seen += 1;
    }
    assert_eq!(seen, 3);
    let runs = tool.rows("campaign runs");
    assert_eq!(runs.len(), 5, "the runs that were due");
    let backups = std::fs::read_dir(tool.path("backups")).unwrap().count();
    assert_eq!(backups, 2, "a file and the backup");
}

#[test]
fn the_units_of_the_timer_are_whole_and_start_the_scheduler() {
    let mut tool = campaigns();
    let units = blocks("systemd");
    assert_eq!(units.len(), 2);
    let value = |unit: &str, key: &str| {
        let mut lines = unit.lines();
        lines
            .find_map(|line| line.strip_prefix(&format!("{key}=")).map(str::to_owned))
            .unwrap_or_else(|| panic!("no {key} in\n{unit}"))
    };
    assert_eq!(value(&units[0], "Type"), "oneshot");
    assert_eq!(value(&units[0], "WorkingDirectory"), "/srv/campaigns");
    let start = value(&units[0], "ExecStart");
    let command = start.strip_prefix("/usr/local/bin/").unwrap();
    assert_eq!(shell(&tool, command), (true, String::new()));
    assert_eq!(tool.rows("campaign runs").len(), 5);
    assert_eq!(value(&units[1], "OnCalendar"), "*:*");
    assert_eq!(value(&units[1], "WantedBy"), "timers.target");
}
