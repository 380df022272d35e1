//! People and events made up from a seed, the same on every machine: what the benches load, run and replay.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use fastrand::Rng;

/// The first instant of the made-up events: 2026-01-01T00:00:00Z.
const BEGINNING: i64 = 1_767_225_600;

const FIRST: [&str; 12] = [
    "Ann", "Bob", "Chloé", "Dmitri", "Eve", "Femi", "Grace", "Hiro", "Ines", "Jörg", "Kim", "Lucia",
];
const LAST: [&str; 12] = [
    "Anderson", "Baker", "Carter", "Dvořák", "Evans", "Fischer", "Garcia", "Hughes", "Ivanov",
    "Johnson", "Kowalski", "Lee",
];
const COMPANY: [&str; 8] = [
    "Example Ltd",
    "Acme Corporation",
    "Globex",
    "Initech Systems",
    "Umbrella Health",
    "Hooli",
    "Stark Industries",
    "Wayne Enterprises",
];
const TITLE: [&str; 6] = [
    "Chief Executive Officer",
    "Head of Marketing",
    "Sales Manager",
    "Software Engineer",
    "Analyst",
    "Buyer",
];
const PLACE: [(&str, &str, &str); 8] = [
    ("San Francisco", "CA", "United States"),
    ("Los Angeles", "California", "United States"),
    ("New York", "NY", "United States"),
    ("Austin", "TX", "United States"),
    ("Berlin", "", "Germany"),
    ("Paris", "", "France"),
    ("Toronto", "ON", "Canada"),
    ("São Paulo", "SP", "Brazil"),
];
const SOURCE: [&str; 5] = ["Web", "Partner", "Trade Show", "Referral", "Paid Search"];
const STATUS: [&str; 4] = ["New", "MQL", "Engaged", "Customer"];
const EMAIL: [&str; 4] = ["spring", "autumn", "california-newsletter", "trial-1"];
const PAGE: [&str; 5] = [
    "/pricing",
    "/",
    "/product/overview",
    "/blog/2026/launch",
    "/contact",
];
const FORM: [&str; 3] = ["Contact", "Demo", "Trial"];

fn pick<T: Copy>(random: &mut Rng, of: &[T]) -> T {
    of[random.usize(..of.len())]
}

fn email(person: u64) -> String {
    // Spread over the alphabet, so that the order of emails is not that of people.
    format!(
        "{:08x}.person{person}@example{}.com",
        person.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32,
        person % 50
    )
}

/// Writes `people.csv` into a folder: so many people of 12 standard fields, about 128 bytes each.
pub fn people(folder: &Path, count: u64, seed: u64) -> io::Result<PathBuf> {
    let path = folder.join(format!("people-{count}.csv"));
    let mut random = Rng::with_seed(seed);
    let mut out = BufWriter::new(File::create(&path)?);
    writeln!(
        out,
        "email,first_name,last_name,company,title,city,state,country,lead_source,lead_status,lead_score,unsubscribed"
    )?;
    for person in 0..count {
        let (city, state, country) = pick(&mut random, &PLACE);
        writeln!(
            out,
            "{},{},{},{},{},{city},{state},{country},{},{},{},{}",
            email(person),
            pick(&mut random, &FIRST),
            pick(&mut random, &LAST),
            pick(&mut random, &COMPANY),
            pick(&mut random, &TITLE),
            pick(&mut random, &SOURCE),
            pick(&mut random, &STATUS),
            random.u32(0..120),
            random.u32(0..20) == 0,
        )?;
    }
    out.flush()?;
    Ok(path)
}

/// Writes `events.jsonl` into a folder: so many events over so many of the people, in order of time, about 147 bytes each.
pub fn events(folder: &Path, count: u64, people: u64, seed: u64) -> io::Result<PathBuf> {
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
