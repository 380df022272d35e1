//! What a cell means, by the type of its field.

use super::*;

#[test]
fn blank_leaves_a_value_and_null_clears_it() {
    let mut bench = Bench::new();
    bench
        .load("email,city,lead_score,title\nann@x.test,Rome,5,CEO\n")
        .unwrap();
    bench
        .load("email,city,lead_score,title\nann@x.test,,null,NULL\n")
        .unwrap();
    assert_eq!(
        bench.query("SELECT city, lead_score, title FROM v_person"),
        "Rome|-|-\n"
    );
}

#[test]
fn text_is_kept_as_written() {
    let mut bench = Bench::new();
    bench
        .load("email,city,title,state,country\nann@x.test,\"  \",\"\t=1+1\",N/A,\"a\"\"b\r\nc\"\n")
        .unwrap();
    assert_eq!(
        bench.query("SELECT city, title, state, country FROM v_person"),
        "  |\t=1+1|N/A|a\"b\r\nc\n"
    );
}

#[test]
fn a_value_of_the_wrong_type_is_a_fault_without_the_value() {
    let mut bench = Bench::new();
    let csv = "email,lead_score,date_of_birth,unsubscribed,annual_revenue\n\
               a@x.test,9223372036854775808,03/04/2026,maybe,nan\n\
               b@x.test,\"1,000\",2026-02-30,,1e400\n";
    assert_eq!(
        bench.faults(csv),
        "p.csv:2:10: `lead_score` wants a whole number of at most 32 bits, such as 42\n\
         p.csv:2:30: `date_of_birth` wants a date as YYYY-MM-DD\n\
         p.csv:2:41: `unsubscribed` wants true or false\n\
         p.csv:2:47: `annual_revenue` wants a number such as 12.50\n\
         p.csv:3:10: `lead_score` wants a whole number of at most 32 bits, such as 42\n\
         p.csv:3:18: `date_of_birth` wants a date as YYYY-MM-DD\n\
         p.csv:3:30: `annual_revenue` wants a number such as 12.50"
    );
    bench.options.reading.show_values = true;
    assert_eq!(
        bench.faults("email,date_of_birth\na@x.test,03/04/2026\n"),
        "p.csv:2:10: `date_of_birth` wants a date as YYYY-MM-DD, not `03/04/2026`"
    );
}

#[test]
fn local_times_are_of_the_workspace_zone() {
    let mut bench = Bench::new();
    bench.options.reading.zone = Zone::named("America/New_York").unwrap();
    bench
        .load("email,email_suspended_at\nann@x.test,2026-11-02 10:00\nbob@x.test,2026-11-02T10:00:00+02:00\n")
        .unwrap();
    assert_eq!(
        bench.query("SELECT email_suspended_at FROM v_person"),
        "2026-11-02T15:00:00Z\n2026-11-02T08:00:00Z\n"
    );
}
