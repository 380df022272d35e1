//! Addresses of email as headers of messages hold them.

use crate::diagnostic::visible::is_hidden;

/// The longest address that mail servers take, in bytes.
///
/// Source: RFC 5321, section 4.5.3.1: 64 for the part before the `@`, 255 for the domain.
const LONGEST: usize = 64 + 1 + 255;

/// Characters that mean something else in a header that lists addresses.
const SPECIAL: &[char] = &['<', '>', '(', ')', '[', ']', ',', ';', ':', '\\', '"'];

/// An address and the name that is shown for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mailbox<'a> {
    /// The name before the address.
    pub(crate) name: Option<&'a str>,
    /// The address itself.
    pub(crate) address: &'a str,
}

impl<'a> Mailbox<'a> {
    /// Reads `news@example.com`, `Example News <news@example.com>` or `"Example News" <news@example.com>`.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let Some((name, rest)) = text.rsplit_once('<') else {
            return is_address(text).then_some(Self {
                name: None,
                address: text,
            });
        };
        let address = rest.strip_suffix('>')?.trim();
        let name = name.trim();
        let name = name
            .strip_prefix('"')
            .and_then(|name| name.strip_suffix('"'))
            .unwrap_or(name);
        let plain = !name.contains(['<', '>', '"']) && !name.chars().any(char::is_control);
        (plain && is_address(address)).then_some(Self {
            name: Some(name).filter(|name| !name.is_empty()),
            address,
        })
    }
}

/// Returns whether a text is one address: two parts around one `@`, and nothing that a header reads as anything else.
///
/// Letters beyond ASCII are taken, as mail servers do that follow RFC 6531. Quoted parts and addresses by number, which
/// nobody writes to customers at, are not.
pub(crate) fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let dotted = |part: &str| part.split('.').all(|word| !word.is_empty());
    let plain = |c: char| !c.is_whitespace() && !is_hidden(c) && !SPECIAL.contains(&c) && c != '@';
    text.len() <= LONGEST
        && dotted(local)
        && dotted(domain)
        && local.chars().all(plain)
        && domain.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_two_parts_and_nothing_else() {
        for good in [
            "ann@example.com",
            "o'brien+x@sub.example.com",
            "jörg@exämple.de",
        ] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "ann",
            "@example.com",
            "ann@",
            "ann@@example.com",
            "a@b@c",
            "ann@example..com",
            ".ann@example.com",
            "ann @example.com",
            "ann@example.com>",
            "ann@example.com, bob@example.com",
            "ann@example.com\r\nBcc: bob@example.com",
            "\"a b\"@example.com",
            "ann@exam\u{200b}ple.com",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn a_mailbox_may_have_a_name() {
        let read = |text| Mailbox::parse(text).map(|m| (m.name, m.address));
        assert_eq!(read(" a@b.c "), Some((None, "a@b.c")));
        assert_eq!(
            read("Zoë, Sales <a@b.c>"),
            Some((Some("Zoë, Sales"), "a@b.c"))
        );
        assert_eq!(read("\"News\" <a@b.c>"), Some((Some("News"), "a@b.c")));
        assert_eq!(read("<a@b.c>"), Some((None, "a@b.c")));
        for bad in [
            "News",
            "News <a>",
            "x <y> <a@b.c>",
            "a\nb <a@b.c>",
            "a@b.c>",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
