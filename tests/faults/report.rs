//! The table of what was tried and what was wrong.

use std::collections::BTreeMap;
use std::fmt;

use comfy_table::Table;

/// A point at which something was wrong.
#[derive(Debug, Clone)]
pub(crate) struct Wrong {
    pub(crate) command: &'static str,
    pub(crate) method: &'static str,
    /// The call, or the seed.
    pub(crate) place: String,
    pub(crate) what: String,
}

/// A fault that was planted, and whether the sweep has found it.
#[derive(Debug, Clone)]
pub(crate) struct Bite {
    pub(crate) name: &'static str,
    /// How many points were tried until then.
    pub(crate) tried: u64,
    /// What was wrong.
    pub(crate) found: Option<String>,
}

/// What was tried, and what was wrong.
#[derive(Debug, Default)]
pub(crate) struct Report {
    seed: u64,
    skipped: Option<&'static str>,
    /// Tries and faults by method.
    methods: BTreeMap<&'static str, [u64; 2]>,
    wrong: Vec<Wrong>,
    planted: Vec<Bite>,
    /// The calls of each command.
    calls: BTreeMap<&'static str, u64>,
}

/// How many faults are printed.
const SHOWN: usize = 40;

impl Report {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// Reports that nothing could be tried.
    pub(crate) fn skipped(why: &'static str) -> Self {
        Self {
            skipped: Some(why),
            ..Self::default()
        }
    }

    /// Notes a point that was tried.
    pub(crate) fn add(&mut self, method: &'static str, wrong: Option<Wrong>) {
        let [tried, wrongs] = self.methods.entry(method).or_default();
        *tried += 1;
        *wrongs += u64::from(wrong.is_some());
        self.wrong.extend(wrong);
    }

    /// Adds what another part has tried.
    pub(crate) fn append(&mut self, other: Self) {
        for (method, [tried, wrong]) in other.methods {
            let counts = self.methods.entry(method).or_default();
            counts[0] += tried;
            counts[1] += wrong;
        }
        self.wrong.extend(other.wrong);
    }

    /// Notes whether a planted fault was found.
    pub(crate) fn bite(&mut self, bite: Bite) {
        self.planted.push(bite);
    }

    /// Notes how many calls there were.
    pub(crate) fn finish(&mut self, calls: BTreeMap<&'static str, u64>) {
        self.calls = calls;
        self.wrong.sort_by(|one, other| {
            let key = |wrong: &Wrong| (wrong.command, wrong.method, wrong.place.len());
            key(one)
                .cmp(&key(other))
                .then_with(|| one.place.cmp(&other.place))
        });
    }

    pub(crate) fn has_wrong(&self) -> bool {
        !self.wrong.is_empty() || self.planted.iter().any(|planted| planted.found.is_none())
    }
}

/// Returns which of the promises of `docs/reliability.md` a method tries.
fn promise(method: &str) -> &'static str {
    if method.starts_with("several") {
        "several processes: as one after the other"
    } else if method.contains("killed") {
        "killed anywhere and given again: as if undisturbed"
    } else if method.contains("power") {
        "what was reported as done outlives a power cut"
    } else {
        "a call that fails is an error, or does not matter"
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(why) = self.skipped {
            return write!(f, "the sweep of faults is skipped: {why}");
        }
        let calls: u64 = self.calls.values().sum();
        writeln!(
            f,
            "{} commands with {calls} calls, seed {}",
            self.calls.len(),
            self.seed
        )?;
        let mut table = Table::new();
        table.set_header(["promise", "method", "tried", "survived", "wrong"]);
        for (method, [tried, wrong]) in &self.methods {
            let counts = [*tried, tried - wrong, *wrong];
            let [tried, survived, wrong] = counts.map(|count| count.to_string());
            table.add_row([promise(method), method, &tried, &survived, &wrong]);
        }
        writeln!(f, "{table}")?;
        if !self.planted.is_empty() {
            let mut table = Table::new();
            table.set_header(["planted fault", "tried", "found"]);
            for Bite { name, tried, found } in &self.planted {
                let found = found.as_ref().map_or("NOT FOUND", |_| "yes");
                table.add_row([*name, &tried.to_string(), found]);
            }
            writeln!(f, "{table}")?;
        }
        for wrong in self.wrong.iter().take(SHOWN) {
            let Wrong {
                command,
                method,
                place,
                what,
            } = wrong;
            writeln!(f, "wrong: {command}, {method}, {place}: {what}")?;
        }
        match self.wrong.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => writeln!(f, "and {more} more"),
        }
    }
}
