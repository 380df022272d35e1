//! The address by which a person is known, in lists and in events alike: mail would go there.

use crate::diagnostic::visible::hidden_in;

/// The longest address that mail can be sent to.
const LONGEST: usize = 254;

/// Checks that a trimmed text is one address, no more: something, `@`, something, nothing that separates addresses, nothing
/// that is not seen.
///
/// The error says what is wrong, to follow the name of the column or key.
pub(crate) fn check(text: &str) -> Result<(), String> {
    no_hidden(text)?;
    let separates = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>' | '"' | '\\')
    };
    if text.len() > LONGEST {
        return Err("is longer than an email address can be (254 bytes)".to_owned());
    }
    if text.contains(separates) {
        return Err("is not one email address".to_owned());
    }
    match text.rsplit_once('@') {
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() => Ok(()),
        Some(_) | None => Err("is not an email address".to_owned()),
    }
}

/// Checks a name of a person, in which nothing may be hidden. Line breaks and tabs are seen where a name is shown; they
/// stay as written.
pub(crate) fn check_name(text: &str) -> Result<(), String> {
    if text.is_ascii() {
        return Ok(());
    }
    no_hidden(&text.replace(char::is_control, ""))
}

fn no_hidden(text: &str) -> Result<(), String> {
    match hidden_in(text) {
        Some(hidden) => {
            let code = u32::from(hidden);
            Err(format!("holds the invisible character U+{code:04X}"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_an_email_and_nothing_else_is() {
        for good in [
            "ann@example.com",
            "a.b+c@x",
            "jörg@exämple.de",
            "o'neil@x.test",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "ann",
            "@x",
            "ann@",
            "a@x,b@x",
            "a@x b@x",
            "Ann <ann@x>",
            "a@x\nBcc: b@x",
            "a\u{200b}@x",
            "a\u{202e}@x",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
        assert!(check(&format!("{}@x.test", "a".repeat(10_000))).is_err());
    }

    #[test]
    fn a_name_hides_nothing_but_what_a_script_or_an_emoji_needs() {
        for good in ["Ann", "Zoë\tM.", "👩\u{200d}💻"] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        for bad in ["A\u{200b}nn", "\u{202e}nnA"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }
}
