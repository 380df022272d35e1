//! Files that are changed at random, through the real program.
//!
//! A seed chooses a file that is right, and changes it in a few places. Whatever it then is,
//!
//! 1. no command ends with a fault of the program,
//! 2. what is refused has changed nothing,
//! 3. a campaign file is validated as it is loaded,
//! 4. the ends of lines, a byte order mark and packing change nothing,
//! 5. twice is once.
//!
//! `BUGLE_MUTATIONS=1000..5000 cargo test --locked other_mutations` tries other seeds, as many as one likes; a seed that
//! fails is printed with the file.

pub(crate) mod change;
mod seeds;

use std::io::Write as _;
use std::ops::Range;
use std::path::Path;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::tool::{Line as _, Tool};
use seeds::{KINDS, Kind};

/// How many failures are reported.
const REPORTED: usize = 3;

/// How a file may be written without becoming another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Lines end as on Windows.
    Crlf,
    /// With a byte order mark.
    Bom,
    /// Packed.
    Gzip,
}

impl Form {
    const OTHERS: [Self; 3] = [Self::Crlf, Self::Bom, Self::Gzip];

    /// Returns the file in this form; nothing where it would be another one.
    fn of(self, bytes: &[u8], kind: &Kind) -> Option<Vec<u8>> {
        match self {
            Self::Crlf => {
                // A line end within quotes is a part of the cell.
                let quoted = kind.has_cells && bytes.contains(&b'"');
                if quoted || bytes.contains(&b'\r') {
                    return None;
                }
                let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
                Some(lines.join(&b"\r\n"[..]))
            }
            Self::Bom => {
                let marked = bytes.starts_with(b"\xef\xbb\xbf");
                (!marked).then(|| [&b"\xef\xbb\xbf"[..], bytes].concat())
            }
            Self::Gzip => kind.may_be_packed.then(|| {
                let fast = flate2::Compression::fast();
                let mut packer = flate2::write::GzEncoder::new(Vec::new(), fast);
                packer.write_all(bytes).unwrap();
                packer.finish().unwrap()
            }),
        }
    }
}

/// What came of a file.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    code: Option<i32>,
    dump: String,
}

/// Runs a command; returns how it ends and what it says.
fn run(tool: &Tool, line: &str) -> (Option<i32>, String) {
    let output = tool
        .command()
        .args(line.words())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), said)
}

fn dump(tool: &Tool) -> String {
    let output = tool.command().args(["db", "dump"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The folder in which each file is tried, its dump, and how many files were taken and refused.
struct Before {
    tool: Tool,
    dump: String,
    taken: AtomicU64,
    refused: AtomicU64,
}

impl Before {
    fn new() -> Self {
        let tool = seeds::folder();
        let dump = dump(&tool);
        Self {
            tool,
            dump,
            taken: AtomicU64::default(),
            refused: AtomicU64::default(),
        }
    }

    /// Tries the file of a seed; returns what is wrong.
    fn failure(&self, seed: u64) -> Option<String> {
        let mut random = fastrand::Rng::with_seed(seed);
        let kind = random.choice(KINDS).unwrap();
        let right = *random.choice(kind.right).unwrap();
        let bytes = change::changed(right.as_bytes(), kind.words, &mut random);
        let wrong = self.wrong(kind, &bytes)?;
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mutated-{seed}"));
        std::fs::write(&path, &bytes).unwrap();
        Some(format!(
            "seed {seed}, {}: {wrong}\n{} has\n{}",
            kind.command,
            path.display(),
            bytes.escape_ascii().to_string().replace("\\n", "\n")
        ))
    }

    fn wrong(&self, kind: &Kind, bytes: &[u8]) -> Option<String> {
        let (tool, outcome, said) = self.tried(kind, bytes);
        if !matches!(outcome.code, Some(0..=7)) || said.contains("fault of the program") {
            return Some(format!("exit code {:?}\n{said}", outcome.code));
        }
        let is_done = matches!(outcome.code, Some(0 | 6));
        if !is_done && outcome.dump != self.dump {
            return Some(format!("refused, and the dump has changed\n{said}"));
        }
        let counted = if is_done { &self.taken } else { &self.refused };
        counted.fetch_add(1, Ordering::Relaxed);
        if let Some(check) = kind.check {
            let (valid, _) = run(&tool, check);
            if (valid == Some(0)) != is_done {
                return Some(format!(
                    "validated with {valid:?}, loaded with {:?}\n{said}",
                    outcome.code
                ));
            }
        }
        if is_done {
            let (again, said) = run(&tool, kind.command);
            if again != outcome.code || dump(&tool) != outcome.dump {
                return Some(format!("given again, it ends with {again:?}\n{said}"));
            }
        }
        Form::OTHERS.into_iter().find_map(|form| {
            let (_, other, said) = self.tried(kind, &form.of(bytes, kind)?);
            (other != outcome).then(|| format!("as {form:?} it ends with {:?}\n{said}", other.code))
        })
    }

    /// Gives the command with a file in a folder of its own.
    fn tried(&self, kind: &Kind, bytes: &[u8]) -> (Tool, Outcome, String) {
        let tool = self.tool.twin();
        tool.write_bytes(kind.file, bytes);
        let (code, said) = run(&tool, kind.command);
        let dump = dump(&tool);
        (tool, Outcome { code, dump }, said)
    }
}

/// Tries every seed of a range on all cores; files of both sorts must be among them.
fn all(seeds: Range<u64>) {
    let before = Before::new();
    let next = AtomicU64::new(seeds.start);
    let failures: Mutex<Vec<(u64, String)>> = Mutex::default();
    std::thread::scope(|threads| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            threads.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        break;
                    }
                    if let Some(failure) = before.failure(seed) {
                        failures.lock().unwrap().push((seed, failure));
                    }
                }
            });
        }
    });
    let counts = [&before.taken, &before.refused].map(|count| count.load(Ordering::Relaxed));
    assert!(
        counts.iter().all(|count| *count > 5),
        "taken and refused: {counts:?}"
    );
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    let numbers: Vec<u64> = failures.iter().map(|(seed, _)| *seed).collect();
    let reported = failures.iter().take(REPORTED);
    let reported: Vec<&str> = reported.map(|(_, failure)| failure.as_str()).collect();
    assert!(
        failures.is_empty(),
        "seeds {numbers:?} of {seeds:?}\n{}",
        reported.join("\n\n")
    );
}

#[test]
#[ignore = "slow"]
fn whatever_a_file_becomes_the_rules_hold() {
    all(0..40);
}

/// Other seeds, such as `BUGLE_MUTATIONS=1000..5000`. Without that variable none.
#[test]
fn other_mutations() {
    let wanted = wanted();
    if !wanted.is_empty() {
        all(wanted);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one knob of this test; the program itself reads no variable"
)]
fn wanted() -> Range<u64> {
    let Ok(wanted) = std::env::var("BUGLE_MUTATIONS") else {
        return 0..0;
    };
    let (first, end) = wanted.split_once("..").expect("a range: 1000..5000");
    first.parse().unwrap()..end.parse().unwrap()
}
