//! Inspects the first bytes of a CSV file: detects its delimiter, and formats that are not CSV.

use super::RowError;

/// Refuses, by name, what is often given in place of CSV.
pub(super) fn recognise(head: &[u8]) -> Result<(), RowError> {
    let pairs = head.chunks_exact(2).take(64);
    let wide = pairs.len() >= 2 && pairs.clone().all(|pair| (pair[0] == 0) != (pair[1] == 0));
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") || wide {
        return Err(RowError::at_start(
            "the file is UTF-16",
            "save it as UTF-8, in a spreadsheet as `CSV UTF-8`",
        ));
    }
    if head.starts_with(b"PK\x03\x04") {
        return Err(RowError::at_start(
            "the file is a zip archive or a spreadsheet",
            "export the sheet as `CSV UTF-8`",
        ));
    }
    if head.len() >= 4 && head[..4].eq_ignore_ascii_case(b"sep=") {
        return Err(RowError::at_start(
            "the first line is a spreadsheet's `sep=`, not a header",
            "delete that line; the delimiter is seen from the header, or given by `--delimiter`",
        ));
    }
    Ok(())
}

/// Returns the delimiter that the first line uses most, outside quotes; a comma if it uses none.
pub(super) fn sniff(head: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                if let Some((_, count)) = counts.iter_mut().find(|(d, _)| d == byte) {
                    *count += 1;
                }
            }
        }
    }
    counts
        .iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(b',', |(delimiter, _)| *delimiter)
}
