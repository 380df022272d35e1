//! Messages of a length that people read, whatever they quote.

/// The longest message, in bytes.
const LONGEST: usize = 2_000;

/// How much of the end of a longer one is kept.
const TAIL: usize = 300;

/// Returns a message whose middle is left out where it is too long: it then quotes a text of any length.
pub(crate) fn bounded(mut message: String) -> String {
    if message.len() <= LONGEST {
        return message;
    }
    let head = message.floor_char_boundary(LONGEST - TAIL);
    let tail = message.ceil_char_boundary(message.len() - TAIL);
    message.replace_range(head..tail, "…");
    message
}

#[cfg(test)]
mod tests {
    use super::bounded;

    #[test]
    fn a_long_message_keeps_its_beginning_and_its_end() {
        let short = "no field `x`".to_owned();
        assert_eq!(bounded(short.clone()), short);
        for letter in ["y", "é", "🙂"] {
            let long = format!("no field `{}` here", letter.repeat(1_000_000));
            let bounded = bounded(long);
            assert!(bounded.len() < 2_010, "{}", bounded.len());
            assert!(bounded.starts_with("no field `") && bounded.ends_with("` here"));
            assert!(bounded.contains('…'));
        }
    }
}
