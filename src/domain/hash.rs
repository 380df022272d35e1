//! The one hash whose values are stored: event identity, definitions, samples.
//!
//! FNV-1a of 64 bits over the parts, each preceded by its length, then the finishing mix of `MurmurHash3`, so that all
//! bits of the result depend on all bytes. Databases hold its values, therefore it never changes.

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// A hash in the making; parts are fed in order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StableHasher(u64);

impl Default for StableHasher {
    fn default() -> Self {
        Self(OFFSET)
    }
}

impl StableHasher {
    /// Feeds one part. Its length counts, so that `ab`, `c` and `a`, `bc` differ.
    pub(crate) fn part(&mut self, bytes: &[u8]) {
        self.step(bytes.len() as u64);
        for byte in bytes {
            self.step(u64::from(*byte));
        }
    }

    /// Feeds bytes that come in pieces, whose bounds do not count.
    pub(crate) fn piece(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.step(u64::from(*byte));
        }
    }

    /// Feeds one part of ASCII text as if it were in lower case.
    pub(crate) fn part_ascii_lowercase(&mut self, bytes: &[u8]) {
        self.step(bytes.len() as u64);
        for byte in bytes {
            self.step(u64::from(byte.to_ascii_lowercase()));
        }
    }

    fn step(&mut self, value: u64) {
        self.0 = (self.0 ^ value).wrapping_mul(PRIME);
    }

    /// Returns the hash of the parts so far.
    pub(crate) fn finish(self) -> u64 {
        let mut hash = self.0;
        hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        hash ^ (hash >> 33)
    }
}

/// Returns the hash of some parts. It is the same on every machine and in every version.
pub(crate) fn stable_hash(parts: &[&[u8]]) -> u64 {
    let mut hasher = StableHasher::default();
    for part in parts {
        hasher.part(part);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_never_change() {
        assert_eq!(stable_hash(&[]), 0xefd0_1f60_ba99_2926);
        assert_eq!(stable_hash(&[b"e-1001"]), 0x1a8d_9be7_f134_4738);
        let campaign: &[&[u8]] = &[b"campaign", b"17", b""];
        assert_eq!(stable_hash(campaign), 0x9b98_5248_0162_5722);
    }

    #[test]
    fn the_bounds_of_parts_count() {
        assert_ne!(stable_hash(&[b"ab", b"c"]), stable_hash(&[b"a", b"bc"]));
        assert_ne!(stable_hash(&[b"", b"a"]), stable_hash(&[b"a", b""]));
    }

    #[test]
    fn lower_case_is_fed_without_a_copy() {
        let mut hasher = StableHasher::default();
        hasher.part_ascii_lowercase(b"ANN@example.com");
        assert_eq!(hasher.finish(), stable_hash(&[b"ann@example.com"]));
    }

    #[test]
    fn numbers_in_a_row_fall_evenly_into_hundredths() {
        let mut counts = [0_u32; 100];
        for person in 1..=100_000_u64 {
            let hash = stable_hash(&[b"sample", &person.to_le_bytes()]);
            counts[usize::try_from(hash % 100).unwrap()] += 1;
        }
        assert!(counts.iter().all(|n| (850..1150).contains(n)), "{counts:?}");
    }
}
