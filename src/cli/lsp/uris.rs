//! From URIs of editors to paths, and back.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Returns the path of a `file:` URI; nothing for a text that is no file, such as one without a name yet.
pub(super) fn path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    let slash = rest.find('/')?;
    let decoded = decoded(&rest[slash..])?;
    // `/c:/campaigns` is a path of Windows.
    let bytes = decoded.as_bytes();
    let has_drive =
        bytes.get(2) == Some(&b':') && bytes.get(1).is_some_and(u8::is_ascii_alphabetic);
    let path = if has_drive { &decoded[1..] } else { &decoded };
    Some(PathBuf::from(path))
}

/// Returns the URI of a path.
pub(super) fn uri(path: &Path) -> String {
    let shown = path.to_string_lossy();
    let shown = if cfg!(windows) {
        shown.replace('\\', "/")
    } else {
        shown.into_owned()
    };
    let mut uri = "file://".to_owned();
    if !shown.starts_with('/') {
        uri.push('/');
    }
    for byte in shown.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// Puts the characters in the place of `%41` and its like; nothing where that is no text.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let code = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(code).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{path, uri};

    #[test]
    fn a_uri_of_a_file_is_a_path() {
        let expected = |text: &str| Some(PathBuf::from(text));
        assert_eq!(path("file:///a%20b/%C3%A9.yaml"), expected("/a b/é.yaml"));
        assert_eq!(path("file://localhost/a.yaml"), expected("/a.yaml"));
        assert_eq!(path("file:///c%3A/a.yaml"), expected("c:/a.yaml"));
        for other in [
            "untitled:Untitled-1",
            "file:///%",
            "file:///%FF",
            "file://a",
        ] {
            assert_eq!(path(other), None, "{other}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_path_is_the_uri_that_leads_back_to_it() {
        for text in ["/a b/é.yaml", "/a#b?c%d/e:f.yaml"] {
            let uri = uri(Path::new(text));
            assert!(uri.is_ascii() && !uri.contains(['#', '?', ' ']), "{uri}");
            assert_eq!(path(&uri), Some(PathBuf::from(text)));
        }
    }
}
