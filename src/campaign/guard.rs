//! Guards: what the people whom a batch run would take in must be like, or it does not happen.

use crate::domain::PersonKey;
use crate::filter::Filter;

/// The guards of a campaign or a workspace, or of both together.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Guards {
    /// So many people at most.
    pub(crate) max_people: Option<u64>,
    /// So many people at least.
    pub(crate) min_people: Option<u64>,
    /// So much more or fewer people than in the last run.
    pub(crate) max_change: Option<Share>,
    /// Nobody for whom one of these holds.
    pub(crate) never: Vec<Filter>,
    /// All of these people.
    pub(crate) must_include: Vec<PersonKey>,
}

/// A share, in hundredths of a per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share(pub(crate) u64);

impl Share {
    /// Returns whether a number may become another one.
    pub(crate) fn allows(self, last: u64, now: u64) -> bool {
        // In hundredths of a per cent, without a division that rounds.
        u128::from(now.abs_diff(last)) * 10_000 <= u128::from(self.0) * u128::from(last)
    }

    /// Reads one as it is shown: `12.5%`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (whole, part) = match text.strip_suffix('%')?.split_once('.') {
            Some((whole, part)) => (whole, format!("{part:0<2}")),
            None => (text.strip_suffix('%')?, "00".to_owned()),
        };
        let whole: u64 = whole.parse().ok()?;
        let part: u64 = part.parse().ok().filter(|part| *part < 100)?;
        Some(Self(whole.checked_mul(100)? + part))
    }
}

impl Guards {
    /// Returns whether there is any.
    pub(crate) fn are_set(&self) -> bool {
        *self != Self::default()
    }

    /// Adds those of the workspace, whose numbers count where these have none.
    #[must_use]
    pub(crate) fn within(mut self, shared: &Self) -> Self {
        self.max_people = self.max_people.or(shared.max_people);
        self.min_people = self.min_people.or(shared.min_people);
        self.max_change = self.max_change.or(shared.max_change);
        self.never.extend(shared.never.iter().cloned());
        self.must_include
            .extend(shared.must_include.iter().cloned());
        self
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}%"),
            (whole, part) if part % 10 == 0 => write!(f, "{whole}.{}%", part / 10),
            (whole, part) => write!(f, "{whole}.{part:02}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_as_it_is_shown() {
        for share in [0, 7, 10, 250, 1250, 10_000, 12_345] {
            assert_eq!(Share::parse(&Share(share).to_string()), Some(Share(share)));
        }
        assert_eq!(Share::parse("12"), None);
        assert_eq!(Share::parse("1.234%"), None);
    }
}
