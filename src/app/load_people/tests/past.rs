//! What a load keeps of the past of people it changes.

use super::*;

#[test]
fn a_load_keeps_what_it_changes_of_known_people_in_one_row_each() {
    let mut bench = Bench::new();
    bench
        .load("email,city,lead_score,date_of_birth\nann@x.test,Rome,5,\nbob@x.test,Oslo,,\n")
        .unwrap();
    bench.options.list = Some("Readers".to_owned());
    bench
        .load(
            "email,city,lead_score,date_of_birth\n\
             ann@x.test,Milan,5,1990-02-28\n\
             ann@x.test,Bari,NULL,\n\
             bob@x.test,Oslo,,\n\
             cy@x.test,Kyiv,,\n\
             cy@x.test,Lviv,,\n",
        )
        .unwrap();
    assert_eq!(
        bench.query("SELECT person_id, old, new, lists FROM past"),
        "1|{\"city\":\"Rome\",\"date_of_birth\":null,\"lead_score\":5}\
         |{\"city\":\"Bari\",\"date_of_birth\":\"1990-02-28\",\"lead_score\":null}\
         |{\"joined\":[\"Readers\"]}\n\
         2|{}|{}|{\"joined\":[\"Readers\"]}\n"
    );
}
