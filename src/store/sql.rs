//! Pieces of SQL that are written in one place: quoted names, and instants as text.

/// Quotes a name for SQL; every name that does not stand in our own text goes through here.
pub(super) fn quote(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push('"');
    for c in name.chars() {
        if c == '"' {
            quoted.push('"');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// Returns the SQL that shows microseconds as RFC 3339 in UTC, without fraction or with 3 or 6 digits of it.
///
/// Division rounds towards zero in SQL, so the fraction is made positive first.
pub(super) fn instant(column: &str) -> String {
    let fraction = format!("(({column} % 1000000 + 1000000) % 1000000)");
    format!(
        "strftime('%Y-%m-%dT%H:%M:%S', ({column} - {fraction}) / 1000000, 'unixepoch') || \
         CASE WHEN {fraction} = 0 THEN 'Z' \
         WHEN {fraction} % 1000 = 0 THEN printf('.%03dZ', {fraction} / 1000) \
         ELSE printf('.%06dZ', {fraction}) END"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_so_that_none_can_leave_its_quotes() {
        assert_eq!(quote("first_name"), "\"first_name\"");
        assert_eq!(quote("a\"; drop"), "\"a\"\"; drop\"");
    }
}
