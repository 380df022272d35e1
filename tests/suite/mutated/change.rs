//! Changes of bytes that a random number gives: what slips, cut downloads and bad disks do to files.

use fastrand::Rng;

/// Returns a file with one to four changes; `words` are what stands in such files, and what does not.
pub(crate) fn changed(right: &[u8], words: &[&str], random: &mut Rng) -> Vec<u8> {
    let mut bytes = right.to_vec();
    for _ in 0..random.usize(1..=4) {
        change(&mut bytes, words, random);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, words: &[&str], random: &mut Rng) {
    if bytes.is_empty() {
        bytes.extend(random.choice(words).unwrap().as_bytes());
        return;
    }
    let at = random.usize(0..bytes.len());
    let end = (at + random.usize(1..=12)).min(bytes.len());
    match random.u32(0..12) {
        0 => bytes[at] ^= 1 << random.u8(0..8),
        1 => bytes[at] = random.u8(..),
        2 => {
            bytes.drain(at..end);
        }
        3 => {
            let part = bytes[at..end].to_vec();
            bytes.splice(end..end, part);
        }
        4 => bytes.truncate(at),
        5 => lines(bytes, random),
        6 => number(bytes, random),
        7 => {
            let part = bytes[at..end].to_vec();
            let to = random.usize(0..=bytes.len());
            bytes.splice(to..to, part);
        }
        8 => {
            let word = random.choice(words).unwrap();
            bytes.splice(at..end, word.bytes());
        }
        _ => {
            let word = random.choice(words).unwrap();
            bytes.splice(at..at, word.bytes());
        }
    }
}

/// Changes places, doubles or removes lines.
fn lines(bytes: &mut Vec<u8>, random: &mut Rng) {
    let mut lines: Vec<Vec<u8>> = bytes
        .split_inclusive(|b| *b == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    let (one, other) = (random.usize(0..lines.len()), random.usize(0..lines.len()));
    match random.u32(0..3) {
        0 => lines.swap(one, other),
        1 => {
            let line = lines[one].clone();
            lines.insert(other, line);
        }
        _ => {
            lines.remove(one);
        }
    }
    *bytes = lines.concat();
}

/// Writes another number in the place of one.
fn number(bytes: &mut Vec<u8>, random: &mut Rng) {
    const NUMBERS: [&str; 12] = [
        "0",
        "-1",
        "1.5",
        "007",
        "1e9",
        "2147483648",
        "9223372036854775808",
        "-0",
        "99999",
        ".5",
        "1_0",
        "0x1f",
    ];
    let starts: Vec<usize> = (0..bytes.len())
        .filter(|at| bytes[*at].is_ascii_digit() && (*at == 0 || !bytes[at - 1].is_ascii_digit()))
        .collect();
    let Some(at) = random.choice(starts) else {
        return;
    };
    let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit());
    let end = at + digits.count();
    let number = random.choice(NUMBERS).unwrap();
    bytes.splice(at..end, number.bytes());
}
