//! Lists as files: form, faults, rejects, packing.

use super::*;
use std::io::Write as _;

#[test]
fn what_is_no_well_formed_csv_is_refused_with_its_place() {
    let mut bench = Bench::new();
    for (csv, fault) in [
        (
            "email,city\r\n\r\nx@y.test,A\r\nbad\r\n",
            "p.csv:4:4: 1 cell, and the header has 2",
        ),
        (
            "email,city\nx@y.test,A,B\n",
            "p.csv:2:12: 3 cells, and the header has 2",
        ),
        (
            "email,city\nx@y.test,\"oops\nz@y.test,B\nw@y.test,C\n",
            "p.csv:2:10: quote is never closed",
        ),
        (
            "email,city\nx@y.test,ab\"c\n",
            "p.csv:2:12: quote inside an unquoted cell",
        ),
        (
            "email,city\nx@y.test,\"ab\"c\n",
            "p.csv:2:14: text after a closing quote",
        ),
        ("email,city\nx@y.test,A\0B\n", "p.csv:2:11: NUL byte"),
        (
            "email,city\rx@y.test,A\r",
            "p.csv:1:11: carriage return without a line feed",
        ),
        (
            "sep=;\nemail;city\nx@y.test;A\n",
            "p.csv:1:1: the first line is a spreadsheet's `sep=`, not a header",
        ),
        ("", "p.csv:1:1: the file is empty"),
        ("\n\n", "p.csv:1:1: the file is empty"),
    ] {
        assert_eq!(bench.faults(csv), fault, "{csv:?}");
    }
    assert_eq!(
        bench.faults(b"\xff\xfee\0m\0a\0i\0l\0\n\0"),
        "p.csv:1:1: the file is UTF-16"
    );
    assert_eq!(
        bench.faults(b"PK\x03\x04\0\0\0\0"),
        "p.csv:1:1: the file is a zip archive or a spreadsheet"
    );
}

#[test]
fn a_fault_far_down_undoes_everything_before_it() {
    let mut bench = Bench::new();
    let mut csv = b"email,city\n".to_vec();
    for n in 0..20_000 {
        writeln!(csv, "p{n}@y.test,A").unwrap();
    }
    csv.extend(b"z@y.test,caf\xe9\n");
    assert_eq!(bench.faults(csv), "p.csv:20002:13: not UTF-8");
}

#[test]
fn faults_that_say_the_same_are_counted_to_the_end() {
    let mut bench = Bench::new();
    let csv = format!("email\n{}", "bad\n".repeat(5000));
    let Err(app::Error::Faults(faults)) = bench.load(&csv) else {
        panic!("the list is bad");
    };
    let groups = faults.groups();
    assert_eq!((groups.len(), faults.unreported()), (1, 0));
    assert_eq!((groups[0].count, groups[0].last_line), (5000, 5001));
}

#[test]
fn good_rows_load_and_bad_ones_go_to_the_rejects_as_they_are() {
    let mut bench = Bench::new();
    let rejects = bench.path("rejects.csv");
    bench.options.rejects = Some(Guard::new().admit(&rejects, "--rejects").unwrap());
    let csv = "email,lead_score\r\nann@x.test,5\r\nbob@x.test,\"1,0\"\r\n,3\r\ncy@x.test,\"7\r\n";
    assert_eq!(bench.counts(csv), [1, 0, 0, 0, 3]);
    let folder = format!("{}/", bench.folder.path().display());
    assert_eq!(
        std::fs::read_to_string(&rejects)
            .unwrap()
            .replace(&folder, ""),
        "email,lead_score\r\n\
         # p.csv:3:12: `lead_score` wants a whole number of at most 32 bits, such as 42\n\
         bob@x.test,\"1,0\"\r\n\
         # p.csv:4:1: `email` is blank, so the row has no key\n\
         ,3\r\n\
         # p.csv:5:11: quote is never closed\n\
         cy@x.test,\"7\r\n"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&rejects).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn packed_lists_are_unpacked() {
    let mut bench = Bench::new();
    let csv = b"email,shoe\nann@x.test,44\n";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(csv).unwrap();
    assert_eq!(bench.counts(gzip.finish().unwrap()), [1, 0, 0, 0, 0]);
    assert_eq!(
        bench.counts(zstd::encode_all(&csv[..], 1).unwrap()),
        [0, 0, 1, 0, 0]
    );
}

#[test]
fn a_missing_file_is_no_fault_of_its_rows() {
    let mut bench = Bench::new();
    let inputs = [Input::from_argument(bench.path("none.csv"))];
    let catalogue = bench.catalogue();
    let options = Options::default();
    let error = load_people(
        &mut bench.store,
        &inputs,
        &options,
        now(),
        &catalogue,
        Control::new(&Stop::default(), &mut |_| {}),
    );
    let Err(app::Error::User(problem)) = error else {
        panic!("there is no such file");
    };
    assert_eq!(problem.kind, app::ErrorKind::Storage);
}
