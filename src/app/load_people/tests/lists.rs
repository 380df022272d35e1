//! People put on a static list.

use super::*;

#[test]
fn everyone_in_a_list_can_be_put_on_a_static_one() {
    let mut bench = Bench::new();
    bench.load("email\nann@x.test\n").unwrap();
    bench.options.list = Some("Readers".to_owned());
    assert_eq!(
        bench.counts("email\nann@x.test\nbob@x.test\nANN@x.test\n"),
        [1, 1, 0, 1, 0]
    );
    bench.options.list = Some("READERS".to_owned());
    assert_eq!(bench.counts("email\nann@x.test\n"), [0, 0, 1, 0, 0]);
    assert_eq!(
        bench.query("SELECT list, email, added_at FROM v_list_member ORDER BY person_id"),
        "Readers|ann@x.test|2026-11-02T10:00:00Z\nReaders|bob@x.test|2026-11-02T10:00:00Z\n"
    );
}

#[test]
fn a_list_can_be_replaced_by_a_file() {
    let mut bench = Bench::new();
    bench.options.list = Some("Readers".to_owned());
    bench.load("email\nann@x.test\nbob@x.test\n").unwrap();
    bench.options.replace = true;
    bench.load("email\nbob@x.test\ncy@x.test\n").unwrap();
    assert_eq!(
        bench.query("SELECT email FROM v_list_member ORDER BY person_id"),
        "bob@x.test\ncy@x.test\n"
    );
    assert_eq!(
        bench.query("SELECT person_id, old, new, lists FROM past"),
        "1|{}|{}|{\"left\":[\"Readers\"]}\n"
    );
}
