//! Events made up from a seed, the same on every machine, over the made-up people: what the benches replay.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use fastrand::Rng;

use super::people::{email, pick};

/// The first instant of the made-up events: 2026-01-01T00:00:00Z.
const BEGINNING: i64 = 1_767_225_600;
const EMAIL: [&str; 4] = ["spring", "autumn", "california-newsletter", "trial-1"];
const PAGE: [&str; 5] = [
    "/pricing",
    "/",
    "/product/overview",
    "/blog/2026/launch",
    "/contact",
];
const FORM: [&str; 3] = ["Contact", "Demo", "Trial"];

/// Writes `events.jsonl` into a folder: so many events over so many of the people, in order of time, about 147 bytes each.
pub(crate) fn events(folder: &Path, count: u64, people: u64, seed: u64) -> io::Result<PathBuf> {
    let path = folder.join(format!("events-{count}.jsonl"));
    let mut random = Rng::with_seed(seed);
    let mut out = BufWriter::new(File::create(&path)?);
    let mut millis = BEGINNING * 1000;
    for number in 0..count {
        millis += random.i64(0..5_000);
        let at = instant(millis);
        let person = email(random.u64(0..people));
        write!(
            out,
            r#"{{"id":"e-{number}","at":"{at}","person":"{person}","#
        )?;
        match random.u32(0..10) {
            0..4 => {
                let page = pick(&mut random, &PAGE);
                writeln!(out, r#""type":"visits_web_page","web_page":"{page}"}}"#)?;
            }
            4..7 => {
                let email = pick(&mut random, &EMAIL);
                writeln!(out, r#""type":"opens_email","email":"{email}"}}"#)?;
            }
            7..9 => {
                let (email, page) = (pick(&mut random, &EMAIL), pick(&mut random, &PAGE));
                writeln!(
                    out,
                    r#""type":"clicks_link_in_email","email":"{email}","link":"https://www.example.com{page}"}}"#
                )?;
            }
            _ => {
                let form = pick(&mut random, &FORM);
                writeln!(out, r#""type":"fills_out_form","form":"{form}"}}"#)?;
            }
        }
    }
    out.flush()?;
    Ok(path)
}

fn instant(millis: i64) -> String {
    chrono::DateTime::from_timestamp_millis(millis)
        .unwrap_or_default()
        .to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}
