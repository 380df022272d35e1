//! `SipHash-2-4`: a keyed hash that is the same in every version of the program, unlike those of the standard library.
//!
//! Tombstones keep hashes of emails under the database's own key, so that the addresses stand in no file of ours.
//! Source: Aumasson and Bernstein, "`SipHash`: a fast short-input PRF" (2012).

/// A keyed hash function.
pub(super) struct SipHasher {
    key: [u64; 2],
}

impl SipHasher {
    /// Makes one of 16 key bytes; missing ones count as zero.
    pub(super) fn keyed(key: &[u8]) -> Self {
        let half = |from: usize| {
            let mut bytes = [0; 8];
            for (to, byte) in bytes.iter_mut().zip(key.iter().skip(from)) {
                *to = *byte;
            }
            u64::from_le_bytes(bytes)
        };
        Self {
            key: [half(0), half(8)],
        }
    }

    /// Hashes bytes.
    pub(super) fn hash(&self, bytes: &[u8]) -> i64 {
        self.digest(bytes).cast_signed()
    }

    fn digest(&self, bytes: &[u8]) -> u64 {
        let [low, high] = self.key;
        let mut state = State([
            low ^ 0x736f_6d65_7073_6575,
            high ^ 0x646f_7261_6e64_6f6d,
            low ^ 0x6c79_6765_6e65_7261,
            high ^ 0x7465_6462_7974_6573,
        ]);
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            state.take(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        // The length modulo 256 is a part of the last word.
        last[7] = bytes.len().to_le_bytes()[0];
        state.take(u64::from_le_bytes(last));
        state.0[2] ^= 0xff;
        for _ in 0..4 {
            state.round();
        }
        state.0[0] ^ state.0[1] ^ state.0[2] ^ state.0[3]
    }
}

struct State([u64; 4]);

impl State {
    fn take(&mut self, word: u64) {
        self.0[3] ^= word;
        self.round();
        self.round();
        self.0[0] ^= word;
    }

    fn round(&mut self) {
        let [mut a, mut b, mut c, mut d] = self.0;
        a = a.wrapping_add(b);
        b = b.rotate_left(13) ^ a;
        a = a.rotate_left(32);
        c = c.wrapping_add(d);
        d = d.rotate_left(16) ^ c;
        a = a.wrapping_add(d);
        d = d.rotate_left(21) ^ a;
        c = c.wrapping_add(b);
        b = b.rotate_left(17) ^ c;
        c = c.rotate_left(32);
        self.0 = [a, b, c, d];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_published_function() {
        let key: Vec<u8> = (0..16).collect();
        let input: Vec<u8> = (0..15).collect();
        assert_eq!(SipHasher::keyed(&key).digest(&input), 0xa129_ca61_49be_45e5);
    }
}
