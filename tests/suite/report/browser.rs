//! The pages in a real browser, where there is one: at the widths of a phone and of a screen, in light and dark.
//!
//! A page stands in a frame of the width in question, with `checker.js` at its end, which says what is wrong with it. The page
//! itself has no script: it forbids them, and so the copy that is checked is made without that policy.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value as Json;

use crate::tool::Tool;

/// Debian's name of the browser, and those of others.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// Finds a browser: `BUGLE_BROWSER`, or a known one on the path.
fn browser() -> Option<PathBuf> {
    if let Some(named) = env::var_os("BUGLE_BROWSER") {
        return Some(PathBuf::from(named));
    }
    let folders = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&folders).collect();
    let names = BROWSERS.iter();
    let mut paths = names.flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    paths.find(|path| path.is_file())
}

/// The checked sample workspace, after its first session, with forty steps and texts that are hard to wrap beside it.
fn pages() -> Tool {
    let mut steps = String::new();
    for number in 1..=40 {
        steps.push_str(match number % 5 {
            0 => "  - wait: 1 day\n",
            1 => "  - change_data_value: { field: company, value: A_long_word_without_a_blank_that_has_to_be_wrapped_and_東京都千代田区 }\n",
            2 => "  - send_email:\n      choices: [ { if: { state: CA }, do_nothing: true }, { if: { any: [ { city: 'São Paulo' }, { title: Président-directeur général } ] }, email: letter } ]\n      default: { email: letter }\n",
            3 => "  - remove_from_flow:\n      choices: [ { if: { state: ZZ }, campaign: this } ]\n      default: do_nothing\n",
            _ => "  - change_score: +1\n",
        });
    }
    let forty = format!(
        "name: Forty\nsmart_list: {{ filters: [ member_of_smart_list: All People ] }}\nflow:\n{steps}"
    );
    let mut tool = Tool::new()
        .copy("campaigns")
        .copy("fixtures")
        .now("2025-12-01T09:00:00-08:00");
    tool.write_bytes(
        "campaigns/forty.yaml",
        forty.replace("letter", "california-newsletter"),
    );
    tool.load();
    tool.done("person load fixtures/people.csv");
    tool.done(["campaign", "run", "California newsletter"]);
    tool.done("campaign run forty");
    tool.run("campaign replay-events fixtures/events.jsonl")
        .any_stdout()
        .any_stderr()
        .code(6);
    tool
}

#[test]
#[ignore = "slow"]
fn pages_are_sound_in_a_browser() {
    let Some(browser) = browser() else {
        eprintln!("skipped: there is no browser; Debian's package is `chromium`");
        return;
    };
    let mut tool = pages();
    tool.done("campaign report -o all.html");
    tool.done([
        "campaign",
        "report",
        "California newsletter",
        "-o",
        "one.html",
    ]);
    let schedule = tool.text("campaign schedule --format html");
    tool.write_bytes("schedule.html", schedule);
    for page in ["all", "one", "schedule"] {
        let text = fs::read_to_string(tool.path(&format!("{page}.html"))).unwrap();
        assert!(!text.contains("<script"), "{page} has a script");
        tool.write_bytes(&format!("{page}-checked.html"), checked(&text));
        for width in [360, 1400] {
            for dark in [false, true] {
                let found = look(&browser, &tool.path(""), page, width, dark);
                let what = format!("{page} at {width} pixels, dark: {dark}");
                assert_eq!(found["width"], width, "{what}: {found}");
                assert_eq!(found["dark"], dark, "{what}: {found}");
                let wrong = found["wrong"].as_array().unwrap();
                assert!(wrong.is_empty(), "{what}: {wrong:#?}");
            }
        }
    }
}

#[test]
#[ignore = "slow"]
fn the_checker_finds_what_is_wrong() {
    let Some(browser) = browser() else {
        return;
    };
    let tool = Tool::new();
    let page =
        "<!doctype html><meta http-equiv=\"Content-Security-Policy\" content=\"\"><body><main>
        <h1>Fine</h1><p style=\"width:40px;white-space:nowrap\">This does not fit</p>
        <p style=\"color:#aaa;background:#fff\">Pale</p><img src=\"http://127.0.0.1:9/missing.png\" alt=\"\"></main>";
    tool.write_bytes("bad-checked.html", checked(page));
    let found = look(&browser, &tool.path(""), "bad", 360, false);
    let wrong = found["wrong"].to_string();
    for part in [
        "outside its box: This does not fit",
        "contrast",
        "request: http://127.0.0.1:9/missing.png",
    ] {
        assert!(wrong.contains(part), "no `{part}` in {wrong}");
    }
    assert!(!wrong.contains("Fine"), "{wrong}");
}

/// Returns a page with the checker, and without the policy that forbids it.
fn checked(page: &str) -> String {
    let start = page
        .find("<meta http-equiv=\"Content-Security-Policy\"")
        .unwrap();
    let length = page[start..].find('>').unwrap() + 1;
    let (before, after) = (&page[..start], &page[start + length..]);
    let script = include_str!("checker.js");
    format!("{before}{after}<script>{script}</script>\n")
}

/// Opens a page in a frame, and returns what the checker says.
fn look(browser: &Path, folder: &Path, page: &str, width: u32, dark: bool) -> Json {
    let frame = format!(
        "<!doctype html><title>waiting</title><body style=\"margin:0\">
        <iframe src=\"{page}-checked.html\" style=\"border:0;width:{width}px;height:900px\"></iframe>
        <pre></pre><script>addEventListener('message', (event) => {{
            document.querySelector('pre').textContent = event.data;
        }});</script>"
    );
    let name = format!("{page}-{width}-{dark}.html");
    fs::write(folder.join(&name), frame).unwrap();
    let scheme = i32::from(!dark);
    let net = folder.join(format!("{name}.net.json"));
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--window-size=1600,1000",
        ])
        .args([
            "--disable-background-networking",
            "--virtual-time-budget=10000",
        ])
        .arg(format!("--blink-settings=preferredColorScheme={scheme}"))
        .arg(format!(
            "--user-data-dir={}",
            folder.join("profile").display()
        ))
        .arg(format!("--log-net-log={}", net.display()))
        // The browser itself finds nobody to talk to.
        .arg("--host-resolver-rules=MAP * ~NOTFOUND")
        .arg("--dump-dom")
        .arg(format!("file://{}", folder.join(&name).display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = dom
        .split("<pre>found ")
        .nth(1)
        .and_then(|rest| rest.split("</pre>").next());
    let found = found.unwrap_or_else(|| {
        panic!(
            "the page said nothing: {dom}\n{}",
            String::from_utf8_lossy(&output.stderr)
        )
    });
    let found = found
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    let mut found: Json = serde_json::from_str(&found).unwrap();
    let wrong = found["wrong"].as_array_mut().unwrap();
    wrong.extend(requests(&fs::read_to_string(net).unwrap()));
    found
}

/// Returns what a page asked the network for, from the browser's log: what it asked for itself has no origin.
fn requests(log: &str) -> Vec<Json> {
    let events = log.lines().filter(|line| line.contains("\"initiator\":"));
    let events = events.filter_map(|line| {
        let line = line.trim_end_matches([',', ']', '}']);
        let closed =
            ["", "}", "}}"].map(|end| serde_json::from_str::<Json>(&format!("{line}{end}")));
        closed.into_iter().find_map(Result::ok)
    });
    let events = events.filter(|event| event["params"]["initiator"] != "not an origin");
    let urls = events.filter_map(|event| Some(event["params"]["url"].as_str()?.to_owned()));
    let urls = urls.filter(|url| !url.starts_with("file:") && !url.starts_with("data:"));
    urls.map(|url| format!("request: {url}").into()).collect()
}
