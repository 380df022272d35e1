//! Which column is which field, and which fields a list brings.

use super::*;

#[test]
fn headers_match_by_api_name_display_name_and_snake_case() {
    let mut bench = Bench::new();
    bench
        .load("Email Address,firstName,Last Name,lead_score,Job Title\nann@x.test,Ann,Lee,7,CEO\n")
        .unwrap();
    assert_eq!(
        bench.query("SELECT email, first_name, last_name, lead_score, title FROM v_person"),
        "ann@x.test|Ann|Lee|7|CEO\n"
    );
}

#[test]
fn renamed_columns_are_taken_for_other_fields() {
    let mut bench = Bench::new();
    bench.options.reading.renames = Renames::parse(["Work Email=email", "Town=city"]).unwrap();
    bench.load("Work Email,Town\nann@x.test,Rome\n").unwrap();
    assert_eq!(
        bench.query("SELECT email, city FROM v_person"),
        "ann@x.test|Rome\n"
    );
    assert_eq!(
        bench.faults("Work Mail,Town\nann@x.test,Rome\n"),
        "p.csv:1:1: no column `Work Email`, which is mapped\n\
         p.csv:1:1: no column says who is meant: `email` or `id`"
    );
}

#[test]
fn other_columns_become_fields_of_an_inferred_type() {
    let mut bench = Bench::new();
    let loaded = bench
        .load(
            "email,Shoe Size,Zip,Joined,Seen at,VIP,Nothing\n\
             ann@x.test,44,01234,2026-01-31,2026-01-31T10:00:00Z,true,\n\
             bob@x.test,NULL,99999,,2026-02-01 10:00,false,\n",
        )
        .unwrap();
    let fields: Vec<_> = loaded
        .new_fields
        .iter()
        .map(|(name, field_type)| format!("{name}: {}", field_type.name()))
        .collect();
    assert_eq!(
        fields,
        [
            "shoe_size: integer",
            "zip: string",
            "joined: date",
            "seen_at: datetime",
            "vip: boolean",
            "nothing: string"
        ]
    );
    assert_eq!(
        bench.query("SELECT shoe_size, zip, joined, seen_at, vip FROM v_person"),
        "44|01234|2026-01-31|2026-01-31T10:00:00Z|1\n-|99999|-|2026-02-01T10:00:00Z|0\n"
    );
    assert_eq!(
        bench.faults("email,shoe size\nann@x.test,large\n"),
        "p.csv:2:12: `shoe size` wants a whole number of at most 64 bits, such as 42"
    );
}

#[test]
fn a_field_inferred_from_one_list_is_known_to_the_next_of_the_same_load() {
    let mut bench = Bench::new();
    let loaded = bench
        .files(&[
            ("a.csv", b"email,size\nann@x.test,44\n"),
            ("b.csv", b"email,Size\nbob@x.test,40\n"),
        ])
        .unwrap();
    assert_eq!(loaded.new_fields, [("size".to_owned(), FieldType::Integer)]);
}

#[test]
fn faults_of_the_header_are_all_reported() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.faults("email,First Name,firstName,,city,city,person_id,%\n"),
        "p.csv:1:18: `First Name` and `firstName` are the same field\n\
         p.csv:1:28: column 4 has no name\n\
         p.csv:1:34: column `city` is given twice\n\
         p.csv:1:39: `person_id` is bugle's own number of a person\n\
         p.csv:1:49: `%` holds neither letter nor digit"
    );
    let wide: Vec<String> = (0..3000).map(|n| format!("c{n}")).collect();
    assert_eq!(
        bench.faults(format!("email,{}\n", wide.join(","))),
        "p.csv:1:10291: 3001 columns, and 1900 is the most"
    );
    bench
        .options
        .reading
        .reserved
        .insert("opened_email".to_owned());
    assert_eq!(
        bench.faults("email,Opened Email\n"),
        "p.csv:1:7: `opened_email` is the name of a built-in filter, so no field can have it"
    );
}

#[test]
fn words_of_sql_are_names_like_others() {
    let mut bench = Bench::new();
    bench
        .load("email,id,select,\"a\"\"; drop\"\nann@x.test,1,3,4\n")
        .unwrap();
    assert_eq!(
        bench.query("SELECT person_id, id, \"select\", a_drop FROM v_person"),
        "1|1|3|4\n"
    );
    assert_eq!(
        bench.faults("email,OID,_rowid_\n"),
        "p.csv:1:7: `oid` is a name the database has for itself\n\
         p.csv:1:11: `rowid` is a name the database has for itself"
    );
}

#[test]
fn the_delimiter_is_seen_or_given() {
    let mut bench = Bench::new();
    bench.load("email;city\nann@x.test;Rome, Lazio\n").unwrap();
    bench.load("email\tcity\nbob@x.test\tOslo\n").unwrap();
    bench.options.reading.delimiter = Some(b'|');
    bench.load("email|city\ncy@x.test|Kyiv\n").unwrap();
    assert_eq!(
        bench.query("SELECT email, city FROM v_person"),
        "ann@x.test|Rome, Lazio\nbob@x.test|Oslo\ncy@x.test|Kyiv\n"
    );
}
