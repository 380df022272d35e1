//! Letters of anything at all, through the library: refused, or read back exactly.

use crate::domain::{Instant, Text};
use crate::mail::mime::{self, Refusal};
use crate::mail::{Message, Recipients};
use mailparse::MailHeaderMap as _;

/// A letter with any content is refused, or it reads back unchanged, with the headers it should have and no others.
#[test]
fn a_letter_reads_back_exactly_or_is_refused() {
    let mut dice = fastrand::Rng::with_seed(7);
    let long = "a".repeat(1_200);
    let pieces = [
        long.as_str(),
        "a",
        "Zoë",
        " ",
        "  ",
        "\t",
        "\r",
        "\n",
        "\r\n",
        "\0",
        "\u{1b}",
        "=?",
        "?=",
        "=?utf-8?q?a?=",
        "\"",
        "\\",
        "<",
        ">",
        "@",
        ",",
        ";",
        ":",
        "(",
        ")",
        "From ",
        ">From ",
        ".",
        "=",
        "=3D",
        "東京",
        "👍",
        "\u{202e}",
        "\u{200b}",
        "Bcc: x@example.com",
        "a rather long piece of text that makes lines be folded",
        "\u{85}",
    ];
    let text = |dice: &mut fastrand::Rng| {
        (0..dice.usize(..8))
            .map(|_| *dice.choice(&pieces).unwrap())
            .collect::<String>()
    };
    let (mut written, mut refused) = (0, 0);
    for activity_id in 0..20_000 {
        let (name, subject, body_text) = (text(&mut dice), text(&mut dice), text(&mut dice));
        let name = name.trim().to_owned();
        let letter = Message {
            activity_id,
            at: Instant::from_micros(1_796_144_400_000_000),
            from: Some(Text::from("News <news@example.com>")),
            to: Recipients::Person {
                name: name.clone(),
                address: Text::from("ann@example.com"),
            },
            subject: Text::from(subject.as_str()),
            body: Text::from(body_text.as_str()),
            email: Text::from("letter"),
            campaign: None,
        };
        let message = match mime::message(&letter) {
            Ok(message) => message,
            Err(Refusal::Control(_) | Refusal::EncodedWord(_)) => {
                refused += 1;
                continue;
            }
            Err(other) => panic!("{other} of {letter:?}"),
        };
        written += 1;
        let mail = mailparse::parse_mail(&message).unwrap();
        let names: Vec<String> = mail
            .headers
            .iter()
            .map(mailparse::MailHeader::get_key)
            .collect();
        assert_eq!(
            names,
            [
                "Date",
                "From",
                "To",
                "Subject",
                "Message-ID",
                "X-Bugle-Activity",
                "X-Bugle-Email",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding",
            ],
            "{letter:?}"
        );
        assert_eq!(
            header(&mail, "Subject").trim(),
            subject.trim(),
            "{letter:?}"
        );
        let to = mailparse::addrparse_header(mail.headers.get_first_header("To").unwrap()).unwrap();
        let to = to.extract_single_info().unwrap();
        assert_eq!(to.addr, "ann@example.com", "{letter:?}");
        assert_eq!(to.display_name.unwrap_or_default(), name, "{letter:?}");
        let lines = |text: &str| text.replace("\r\n", "\n").trim_end_matches('\n').to_owned();
        assert_eq!(
            lines(&mail.get_body().unwrap()),
            lines(&body_text),
            "{letter:?}"
        );
        let longest = message.split(|byte| *byte == b'\n').map(<[u8]>::len).max();
        assert!(longest.is_some_and(|longest| longest <= 998), "{letter:?}");
    }
    assert!(
        written > 2_000 && refused > 2_000,
        "{written} written, {refused} refused"
    );
}

fn header(mail: &mailparse::ParsedMail<'_>, name: &str) -> String {
    mail.headers.get_first_value(name).unwrap_or_default()
}
