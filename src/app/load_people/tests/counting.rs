//! What a load counts: people added, updated, left alone, repeated and rejected.

use super::*;

#[test]
fn people_are_added_updated_left_alone_and_repeated() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.counts("email,city\nann@x.test,Rome\nbob@x.test,Oslo\n"),
        [2, 0, 0, 0, 0]
    );
    assert_eq!(
        bench.counts(
            "email,city\nANN@x.test,Rome\nbob@x.test,Bergen\ncy@x.test,Kyiv\nBob@x.test,Oslo\n"
        ),
        [1, 1, 1, 1, 0]
    );
    assert_eq!(
        bench.query("SELECT person_id, email, city FROM v_person"),
        "1|ann@x.test|Rome\n2|bob@x.test|Oslo\n3|cy@x.test|Kyiv\n"
    );
}

#[test]
fn the_same_list_twice_changes_nothing() {
    let mut bench = Bench::new();
    let csv = "email,lead_score,unsubscribed,date_of_birth,annual_revenue\nann@x.test,5,true,1990-02-28,12.50\n";
    bench.load(csv).unwrap();
    let before = bench.dump();
    assert_eq!(bench.counts(csv), [0, 0, 1, 0, 0]);
    assert_eq!(bench.dump(), before);
}

#[test]
fn rows_with_one_key_apply_in_file_order() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.counts("email,city,state\nann@x.test,Rome,\nAnn@X.test,,Lazio\nann@x.test,Milan,\n"),
        [1, 0, 0, 2, 0]
    );
    assert_eq!(
        bench.query("SELECT email, city, state FROM v_person"),
        "ann@x.test|Milan|Lazio\n"
    );
}

#[test]
fn a_header_alone_is_a_list_of_nobody() {
    assert_eq!(Bench::new().counts("email,city\n"), [0, 0, 0, 0, 0]);
}

#[test]
fn several_lists_are_one_load() {
    let mut bench = Bench::new();
    let loaded = bench
        .files(&[
            ("a.csv", b"email,id\nann@x.test,a1\n"),
            ("b.csv", b"id,city\na1,Rome\nb2,Oslo\n"),
            ("c.csv", b"email,city\nANN@x.test,Milan\nann@x.test,Rome\n"),
        ])
        .unwrap();
    let counts: Vec<_> = loaded
        .files
        .iter()
        .map(|f| (f.added, f.updated, f.repeated))
        .collect();
    assert_eq!(counts, [(1, 0, 0), (1, 1, 0), (0, 1, 1)]);
    assert_eq!(
        bench.query("SELECT person_id, email, id, city FROM v_person"),
        "1|ann@x.test|a1|Rome\n2|-|b2|Oslo\n"
    );
    let error = bench.files(&[
        ("a.csv", b"email,city\nnew@x.test,Rome\n"),
        ("b.csv", b"email,city\nzoe@x.test\n"),
    ]);
    assert!(error.is_err());
    assert_eq!(bench.query("SELECT count(*) FROM person"), "2\n");
}

#[test]
fn an_email_of_several_people_means_the_first_of_them() {
    let mut bench = Bench::new();
    let mut people = "id,email\na,ann@x.test\nb,ANN@x.test\n".to_owned();
    for n in 0..1000 {
        writeln!(people, "{n},p{n}@x.test").unwrap();
    }
    bench.options.reading.key = KeyChoice::Columns(vec!["id".to_owned()]);
    bench.load(&people).unwrap();
    bench.options.reading.key = KeyChoice::Usual;
    // Few rows are found through the index, many in memory; both must agree.
    for (city, others) in [("Rome", 0), ("Oslo", 1000)] {
        let mut csv = format!("email,city\nann@x.test,{city}\n");
        for n in 0..others {
            writeln!(csv, "p{n}@x.test,Oslo").unwrap();
        }
        assert_eq!(bench.load(csv).unwrap().shared, 1);
        assert_eq!(
            bench.query("SELECT id, city FROM v_person WHERE id < 'c' AND id >= 'a'"),
            format!("a|{city}\nb|-\n")
        );
    }
}

#[test]
fn a_small_list_into_many_people_finds_them_through_the_index() {
    let mut bench = Bench::new();
    let mut csv = "email,city\n".to_owned();
    for n in 0..2000 {
        writeln!(csv, "p{n}@x.test,Oslo").unwrap();
    }
    assert_eq!(bench.counts(&csv), [2000, 0, 0, 0, 0]);
    assert_eq!(
        bench.counts(
            "email,city\nP7@x.test,Rome\nnew@x.test,Rome\nNEW@x.test,Bari\np8@x.test,Oslo\n"
        ),
        [1, 1, 1, 1, 0]
    );
    assert_eq!(
        bench.query("SELECT person_id, email, city FROM v_person WHERE city <> 'Oslo'"),
        "8|p7@x.test|Rome\n2001|new@x.test|Bari\n"
    );
    assert_eq!(
        bench.query(
            "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'person' ORDER BY 1"
        ),
        "person_email\nperson_key\n"
    );
}

#[test]
fn a_dry_run_counts_and_changes_nothing() {
    let mut bench = Bench::new();
    bench.load("email,city\nann@x.test,Rome\n").unwrap();
    let before = bench.dump();
    bench.options.dry_run = true;
    bench.options.list = Some("Readers".to_owned());
    assert_eq!(
        bench.counts("email,city,shoe size\nann@x.test,Oslo,44\nbob@x.test,Oslo,40\n"),
        [1, 1, 0, 0, 0]
    );
    assert_eq!(bench.dump(), before);
}
