//! By which column people are known.

use super::*;

#[test]
fn without_an_email_column_the_id_says_who_is_meant() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.counts("id,city\n a1 ,Rome\nA1,Oslo\n"),
        [2, 0, 0, 0, 0]
    );
    assert_eq!(bench.counts("id,city\na1,Bari\n"), [0, 1, 0, 0, 0]);
    assert_eq!(
        bench.query("SELECT id, email, city FROM v_person"),
        "a1|-|Bari\nA1|-|Oslo\n"
    );
}

#[test]
fn with_both_columns_the_id_is_kept_or_is_the_key() {
    let mut bench = Bench::new();
    bench.load("email,id\nann@x.test,a1\n").unwrap();
    bench.options.reading.key = KeyChoice::Columns(vec!["id".to_owned()]);
    assert_eq!(
        bench.counts("email,id\nann@y.test,a1\n,b2\n"),
        [1, 1, 0, 0, 0]
    );
    assert_eq!(
        bench.query("SELECT id, email FROM v_person"),
        "a1|ann@y.test\nb2|-\n"
    );
    assert_eq!(
        bench.faults("email,city\nann@x.test,Rome\n"),
        "p.csv:1:1: no column `id`"
    );
}

#[test]
fn emails_are_trimmed_and_the_same_in_any_case_of_any_script() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.counts(
            "email\n Ann@X.test\u{a0}\nann@x.test\nJÖRG@x.test\njörg@X.test\nｘ@y.test\nx@y.test\n"
        ),
        [4, 0, 0, 2, 0]
    );
    assert_eq!(
        bench.query("SELECT email FROM v_person ORDER BY person_id"),
        "Ann@X.test\nJöRG@x.test\nｘ@y.test\nx@y.test\n"
    );
}

#[test]
fn a_row_without_key_or_with_no_single_address_is_a_fault() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.faults("email,city\n,Rome\nNULL,Rome\nann,Rome\n\"a@y.test,b@y.test\",Rome\n"),
        "p.csv:2:1: `email` is blank, so the row has no key\n\
         p.csv:3:1: `email` is blank, so the row has no key\n\
         p.csv:4:1: `email` is not an email address\n\
         p.csv:5:1: `email` is not one email address"
    );
    let long = format!("email\n{}@y.test\n", "a".repeat(10_000));
    assert_eq!(
        bench.faults(long),
        "p.csv:2:1: `email` is longer than an email address can be (254 bytes)"
    );
}

#[test]
fn numbers_of_people_are_never_given_again() {
    let mut bench = Bench::new();
    bench.load("email\nann@x.test\nbob@x.test\n").unwrap();
    let database = rusqlite::Connection::open(bench.path("bugle.db")).unwrap();
    database
        .execute_batch(
            "DELETE FROM person WHERE person_id = 2;
             INSERT INTO tombstone (person_id, at) VALUES (2, 0);",
        )
        .unwrap();
    bench.load("email\ncy@x.test\n").unwrap();
    assert_eq!(
        bench.query("SELECT person_id, email FROM v_person"),
        "1|ann@x.test\n3|cy@x.test\n"
    );
}
