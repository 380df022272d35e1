//! What the strict reader of rows promises.

use super::*;

/// Every row as its line and cells, or as `line:column: message`.
fn read(text: &[u8]) -> Vec<String> {
    let mut rows = Rows::open(text, None).ok().unwrap();
    let mut out = Vec::new();
    loop {
        match rows.advance().unwrap() {
            Next::Row => {
                let cells: Vec<_> = (0..rows.width()).map(|i| rows.cell(i)).collect();
                out.push(format!("{} {cells:?}", rows.line()));
            }
            Next::Flawed(error) => {
                out.push(format!(
                    "{}:{}: {}",
                    error.line, error.column, error.message
                ));
            }
            Next::Cut(error) => panic!("{error:?}"),
            Next::End => return out,
        }
    }
}

fn refusal(text: &[u8]) -> String {
    match Rows::open(text, None).err().unwrap() {
        Unsplittable::Io(error) => panic!("{error}"),
        Unsplittable::Flawed(error) => error.message,
    }
}

#[test]
fn lines_are_counted_through_crlf_blank_lines_and_quoted_newlines() {
    let text = b"a,b\r\n\r\n\n1,\"x\r\ny\"\r\n\r\n2,z\r\n\n\n3,\"w\"";
    assert_eq!(
        read(text),
        [
            r#"1 ["a", "b"]"#,
            r#"4 ["1", "x\r\ny"]"#,
            r#"7 ["2", "z"]"#,
            r#"10 ["3", "w"]"#
        ]
    );
}

#[test]
fn a_quoted_carriage_return_before_the_line_end_is_text() {
    assert_eq!(
        read(b"\"a\r\"\r\n\"b\r\"\n"),
        [r#"1 ["a\r"]"#, r#"2 ["b\r"]"#]
    );
}

#[test]
fn an_unclosed_quote_is_reported_where_it_opens() {
    assert_eq!(
        read(b"a,b\n1,\"x\n2,y\n3,z\n"),
        [r#"1 ["a", "b"]"#, "2:3: quote is never closed"]
    );
}

#[test]
fn stray_quotes_and_text_after_a_quote_are_flaws() {
    assert_eq!(read(b"a\"b\n"), ["1:2: quote inside an unquoted cell"]);
    assert_eq!(
        read(b"\"ab\"cd,e\nx\n"),
        ["1:5: text after a closing quote", r#"2 ["x"]"#]
    );
    assert_eq!(
        read(b"\"\n\n\"x\n1\n"),
        ["3:2: text after a closing quote", r#"4 ["1"]"#]
    );
    assert_eq!(read(b"\"a\"\"b\",\"\"\n"), [r#"1 ["a\"b", ""]"#]);
}

#[test]
fn lone_carriage_returns_nul_and_other_encodings_are_flaws() {
    assert_eq!(
        read(b"email,name\rx,y\r"),
        ["1:11: carriage return without a line feed"]
    );
    assert_eq!(read(b"a,b\0c\n"), ["1:4: NUL byte"]);
    assert_eq!(
        read("a\né,ü\nx,caf\u{e9}\n".as_bytes()).len(),
        3,
        "UTF-8 is fine"
    );
    assert_eq!(
        read(b"a\n\xc3\xa9,caf\xe9\nb\n"),
        [r#"1 ["a"]"#, "2:6: not UTF-8", r#"3 ["b"]"#]
    );
}

#[test]
fn the_delimiter_is_seen_from_the_first_line() {
    assert_eq!(read(b"a;b\n1;2,5\n")[1], r#"2 ["1", "2,5"]"#);
    assert_eq!(read(b"a\tb\n1\t2\n")[1], r#"2 ["1", "2"]"#);
    assert_eq!(read(b"\"a;b;c\",d\n")[0], r#"1 ["a;b;c", "d"]"#);
    assert_eq!(read(b"a\n1,2\n")[1], r#"2 ["1", "2"]"#);
}

#[test]
fn what_is_no_csv_is_refused_by_name() {
    assert_eq!(read(b"\xef\xbb\xbfa\n"), [r#"1 ["a"]"#], "a BOM is skipped");
    assert_eq!(refusal(b"\xff\xfee\0m\0"), "the file is UTF-16");
    assert_eq!(refusal(b"\0e\0m\0a\0i"), "the file is UTF-16");
    assert_eq!(
        refusal(b"PK\x03\x04\0\0"),
        "the file is a zip archive or a spreadsheet"
    );
    assert_eq!(
        refusal(b"sep=;\na;b\n"),
        "the first line is a spreadsheet's `sep=`, not a header"
    );
}

#[test]
fn a_cell_knows_its_place() {
    let mut rows = Rows::open(&b"\n\"x\ny\",\xc3\xa9,z\r\n"[..], None)
        .ok()
        .unwrap();
    assert_eq!(rows.advance().unwrap(), Next::Row);
    assert_eq!(rows.place(0), (2, 1));
    assert_eq!(rows.place(1), (3, 4));
    assert_eq!(rows.place(2), (3, 6));
    assert_eq!(rows.place(3), (3, 7), "the end of the row");
}

#[test]
fn a_row_past_the_limit_ends_the_reading() {
    let endless = b"a\n1,\"".chain(io::repeat(b'x'));
    let mut rows = Rows::open(endless, None).ok().unwrap();
    assert_eq!(rows.advance().unwrap(), Next::Row);
    let Next::Cut(error) = rows.advance().unwrap() else {
        panic!("the row has no end");
    };
    assert_eq!((error.line, error.column), (2, 3));
    assert_eq!(error.message, "row is longer than 16 MiB");
}

#[test]
fn the_rest_can_be_read_again_from_the_present_row() {
    let text = b"\n\na,b\n1,2\n3,4\n";
    let mut rows = Rows::open(&text[..], None).ok().unwrap();
    rows.advance().unwrap();
    let mut again = Vec::new();
    rows.into_stream().read_to_end(&mut again).unwrap();
    assert_eq!(again, text);
}

#[test]
fn well_formed_files_are_split_as_the_csv_crate_does() {
    let pieces = ["a", "\"x,y\"", "\"\"", "", "\"q\"\"q\"", "\"l\nl\"", "é"];
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..200 {
        let mut text = String::new();
        for _ in 0..random.usize(1..6) {
            let width = random.usize(2..5);
            let cells: Vec<_> = (0..width)
                .map(|_| *random.choice(&pieces).unwrap())
                .collect();
            text.push_str(&cells.join(","));
            text.push_str(if random.bool() { "\n" } else { "\r\n" });
        }
        let theirs: Vec<Vec<String>> = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes())
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect();
        let mut rows = Rows::open(text.as_bytes(), Some(b',')).ok().unwrap();
        let mut ours: Vec<Vec<String>> = Vec::new();
        while rows.advance().unwrap() == Next::Row {
            ours.push((0..rows.width()).map(|i| rows.cell(i).to_owned()).collect());
        }
        assert_eq!(ours, theirs, "{text:?}");
    }
}
