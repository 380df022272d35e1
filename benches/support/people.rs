//! People made up from a seed, the same on every machine: what the benches load and run.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use fastrand::Rng;

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

/// Takes one of a few.
pub(crate) fn pick<T: Copy>(random: &mut Rng, of: &[T]) -> T {
    of[random.usize(..of.len())]
}

/// Returns the email of a made-up person.
pub(crate) fn email(person: u64) -> String {
    // Spread over the alphabet, so that the order of emails is not that of people.
    format!(
        "{:08x}.person{person}@example{}.com",
        person.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32,
        person % 50
    )
}

/// Writes `people.csv` into a folder: so many people of 12 standard fields, about 128 bytes each.
pub(crate) fn people(folder: &Path, count: u64, seed: u64) -> io::Result<PathBuf> {
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
