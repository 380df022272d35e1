//! MIME: a letter of anything at all is refused, or another reader finds in it what was put in, and no header more.

use bugle::testing::readers::{Letter, message};
use mailparse::MailHeaderMap as _;

use super::Target;
use crate::fuzz::bytes::Bytes;

pub(crate) const TARGET: Target = Target {
    name: "mime",
    holds,
    right: &[
        "Ann Zo\u{eb}\nann@example.com\nA subject\nletter\nSpring.Campaign\nDear Ann,\n\nFrom here on.\n.\n",
        "\nx@y.example\n\u{6771}\u{4eac} \u{1f44d} and a subject that is long enough to be folded into several lines\nl\nC\n\tbody",
    ],
    words: &[
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
        "\n",
        "\r",
        "\0",
        "\u{1b}",
        "Bcc: x@example.com",
        "=3D",
        "=",
        "\u{202e}",
        "\u{85}",
        "\t",
        "  ",
        "\u{e9}",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ],
    times: 3_000,
};

const HEADERS: [&str; 11] = [
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "X-Bugle-Activity",
    "X-Bugle-Email",
    "X-Bugle-Campaign",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
];

fn holds(bytes: &[u8]) {
    let mut bytes = Bytes::new(bytes);
    let letter = Letter {
        from: "News <news@example.com>".to_owned(),
        name: bytes.line().trim().to_owned(),
        address: bytes.line(),
        subject: bytes.line(),
        email: bytes.line(),
        campaign: bytes.line(),
        body: bytes.rest(),
    };
    let Some(message) = message(&letter) else {
        return;
    };
    let mail = mailparse::parse_mail(&message).unwrap();
    let names: Vec<String> = mail
        .headers
        .iter()
        .map(mailparse::MailHeader::get_key)
        .collect();
    assert_eq!(names, HEADERS, "{letter:?}");
    for (name, value) in [
        ("Subject", &letter.subject),
        ("X-Bugle-Campaign", &letter.campaign),
    ] {
        let header = mail.headers.get_first_header(name).unwrap();
        let raw = String::from_utf8_lossy(header.get_value_raw()).into_owned();
        // The other reader takes blanks off folded lines, which belong to the text.
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (read, value) = if raw.contains("=?") {
            (words(&header.get_value()), words(value))
        } else {
            (
                raw.replace('\n', "").trim().to_owned(),
                value.trim().to_owned(),
            )
        };
        assert_eq!(read, value, "{letter:?}");
    }
    let to = mail.headers.get_first_header("To").unwrap();
    let to = mailparse::addrparse_header(to)
        .unwrap()
        .extract_single_info()
        .unwrap();
    assert_eq!(to.addr, letter.address.trim(), "{letter:?}");
    assert_eq!(
        to.display_name.unwrap_or_default(),
        letter.name,
        "{letter:?}"
    );
    // The other reader takes a byte order mark off.
    let lines = |text: &str| {
        let text = text.replace("\r\n", "\n");
        let text = text.trim_end_matches('\n');
        text.trim_start_matches('\u{feff}').to_owned()
    };
    assert_eq!(
        lines(&mail.get_body().unwrap()),
        lines(&letter.body),
        "{letter:?}"
    );
    let mut lines = message.split(|byte| *byte == b'\n');
    assert!(
        lines.all(|line| line.len() <= 998 && !line.contains(&b'\r')),
        "{letter:?}"
    );
}
