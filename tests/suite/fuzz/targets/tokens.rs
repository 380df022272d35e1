//! Tokens: a text is its literals and its tokens, and what is found to be wrong is what a plain search finds.

use bugle::testing::readers::template;

use super::Target;

pub(crate) const TARGET: Target = Target {
    name: "tokens",
    holds,
    right: &[
        "Hello {{lead.First Name:default=friend}}, {{my.Offer}} until {{system.date}}.",
        "{{campaign.name}}{{lead.Email Address}}{{ lead.first_name }} {{system.dateTime}} {{system.unsubscribeLink}}",
    ],
    words: &[
        "{{",
        "}}",
        "{",
        "}",
        "lead.",
        "Email",
        "my.Offer",
        "my.",
        ":default=",
        "system.date",
        ".",
        " ",
        "\u{e9}",
        "{{lead.email}}",
        "{{lead.nothing}}",
        "\n",
        "{{{",
        "}}}",
        "campaign.id",
        "{{my.offer}}",
        "program.name",
    ],
    times: 3_000,
};

fn holds(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (parts, faults) = template(text);
    let (literals, tokens, unclosed) = searched(text);
    let found: String = parts.iter().flatten().map(String::as_str).collect();
    assert_eq!(found, literals, "the literals");
    let known = parts.iter().filter(|part| part.is_none()).count();
    assert!(known <= tokens, "{known} tokens of {tokens}");
    // What is neither a fault nor a literal is a token.
    assert_eq!(
        known + faults,
        tokens + unclosed,
        "every token is known or a fault"
    );
    let apart = parts
        .windows(2)
        .all(|two| two[0].is_none() || two[1].is_none() || unclosed > 0 || faults > 0);
    assert!(apart, "one literal after the other: {parts:?}");
}

/// Returns what stands outside of `{{…}}`, how many of these there are, and how many are never closed.
fn searched(text: &str) -> (String, usize, usize) {
    let (mut literals, mut tokens, mut unclosed) = (String::new(), 0, 0);
    let mut rest = text;
    while let Some(open) = rest.find("{{") {
        literals.push_str(&rest[..open]);
        let inner = &rest[open + 2..];
        let close = inner.find("}}");
        let again = inner.find("{{");
        if let Some(close) = close.filter(|close| again.is_none_or(|again| again > *close)) {
            tokens += 1;
            rest = &inner[close + 2..];
        } else {
            unclosed += 1;
            let end = again.unwrap_or(inner.len());
            literals.push_str(&rest[open..open + 2 + end]);
            rest = &inner[end..];
        }
    }
    literals.push_str(rest);
    (literals, tokens, unclosed)
}
