//! What a line says.

use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{PersonId, PersonKey, Zone};

use super::{Files, shown};

const CLICK: &str = r#"{"id":"e-1001","at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"clicks_link_in_email","email":"spring","link":"https://x.example/pricing"}"#;

#[test]
fn a_line_of_json_is_an_event() {
    let event = Files::jsonl(CLICK).only();
    assert_eq!(event.at.rfc3339(), "2026-11-02T10:00:00Z");
    assert_eq!(event.person, PersonKey::Email("ann@example.com".to_owned()));
    assert_eq!(event.activity, BuiltinActivity::ClickEmail.id());
    assert_eq!(event.primary.as_deref(), Some("spring"));
    assert_eq!(shown(&event), "link=https://x.example/pricing");
    assert_eq!(event.id.as_deref(), Some("e-1001"));
    assert_eq!(event.identity.ordinal, 0);
    assert_eq!(event.place, (0, 1));
    assert_eq!(event.marketo_campaign, None);
    assert_eq!(event.line, None);
}

#[test]
fn a_row_of_csv_is_the_same_event() {
    let json = Files::jsonl(CLICK).only();
    let csv = Files::csv(
        "id,at,person,type,email,link\n\
         e-1001,2026-11-02T10:00:00Z,ann@example.com,clicks_link_in_email,spring,https://x.example/pricing\n",
    );
    let mut event = csv.only();
    assert_eq!(event.place, (0, 2));
    event.place = json.place;
    assert_eq!(event, json);
}

#[test]
fn the_format_is_recognised_by_the_content() {
    assert_eq!(Files::one("e.csv", CLICK).events().len(), 1);
    let csv = "at;person;type\n2026-11-02T10:00:00Z;17;11\n";
    assert_eq!(Files::one("e.jsonl", csv).events().len(), 1);
    let tabs = "\u{feff}at\tperson\ttype\r\n2026-11-02T10:00:00Z\t17\t11\r\n";
    assert_eq!(Files::one("e.json", tabs).events().len(), 1);
    let packed = zstd::encode_all(CLICK.as_bytes(), 1).unwrap();
    assert_eq!(Files::one("e.jsonl", packed).events().len(), 1);
}

#[test]
fn byte_order_marks_and_blank_lines_do_no_harm() {
    let event = Files::jsonl(format!("\u{feff}\n \r\n{CLICK}\r\n\n")).only();
    assert_eq!(event.place, (0, 3));
    assert!(Files::jsonl("").events().is_empty());
    assert!(Files::jsonl("\u{feff}\n\n").events().is_empty());
}

#[test]
fn a_type_may_have_any_of_its_names_or_its_id() {
    for name in [
        "clicks_link_in_email",
        "clicked_link_in_email",
        "click_email",
        "Click Email",
        "Clicks_Link_In_Email",
        "11",
    ] {
        let line = CLICK.replace("clicks_link_in_email", name);
        assert_eq!(
            Files::jsonl(line).only().activity,
            BuiltinActivity::ClickEmail.id()
        );
    }
    let number = CLICK.replace("\"clicks_link_in_email\"", "11");
    assert_eq!(
        Files::jsonl(number).only().activity,
        BuiltinActivity::ClickEmail.id()
    );
}

#[test]
fn a_person_is_an_email_an_id_or_a_number() {
    let person = |text: &str| {
        let line = CLICK.replace("\"ann@example.com\"", text);
        Files::jsonl(line).only().person
    };
    let email = PersonKey::Email("Ann@Example.com".to_owned());
    assert_eq!(person(r#"" Ann@Example.com ""#), email);
    assert_eq!(person("17"), PersonKey::Id("17".to_owned()));
    assert_eq!(person(r##""#17""##), PersonKey::Number(PersonId(17)));
}

#[test]
fn local_times_are_of_the_workspace_zone() {
    let mut files = Files::jsonl(CLICK.replace("10:00:00Z", "10:00"));
    files.zone = Zone::named("America/New_York").unwrap();
    assert_eq!(files.only().at.rfc3339(), "2026-11-02T15:00:00Z");
}

#[test]
fn counts_since_1970_are_distinguished_by_their_size() {
    for at in [
        "1777629600",
        "1777629600000",
        "1777629600000000",
        r#""1777629600""#,
    ] {
        let line = CLICK.replace(r#""2026-11-02T10:00:00Z""#, at);
        let event = Files::jsonl(line).only();
        assert_eq!(event.at.rfc3339(), "2026-05-01T10:00:00Z");
    }
}

#[test]
fn attributes_come_in_the_order_of_the_catalogue_then_by_name() {
    let event = Files::jsonl(
        r#"{"at":"2026-11-02T10:00:00Z","person":"17","type":"attends_webinar",
            "zeal":"high","Live":"true","minutes":45,"webinar":"Intro","rating":"4.50","Accent":null,
            "day":"2026-11-01","joined":"2026-11-02T09:59:00+01:00","city":"Graz"}"#
            .replace('\n', " "),
    )
    .only();
    assert_eq!(event.primary.as_deref(), Some("Intro"));
    assert_eq!(
        shown(&event),
        "minutes=integer 45, rating=float 4.5, joined=instant 2026-11-02T08:59:00Z, \
         day=date 2026-11-01, live=boolean true, city=Graz, zeal=high"
    );
}

#[test]
fn what_no_catalogue_has_is_kept_as_it_is() {
    let event = Files::jsonl(
        r#"{"at":"2026-11-02T10:00:00Z","person":"17","type":"won_deal","n":42,"f":2.50,"t":"007",
            "yes":true,"none":null,"empty":"","blank":" ","deep":{"a": [1, {"b": 2}]},"a.b":1,"%":2,"averageStock":3}"#
            .replace('\n', " "),
    )
    .only();
    assert_eq!(
        shown(&event),
        "%=integer 2, a_b=integer 1, average_stock=integer 3, blank= , deep=json {\"a\":[1,{\"b\":2}]}, \
         f=float 2.5, n=integer 42, t=007, yes=boolean true"
    );
}

#[test]
fn attributes_of_their_own_may_be_called_like_anything() {
    for attributes in [
        r#"{"id":"x","at":"y","person":"z","type":"t","webinar":"Intro"}"#,
        r#"[{"name":"id","value":"x"},{"name":"at","value":"y"},{"name":"person","value":"z"},
            {"value":"t","name":"type"},{"name":"Webinar","value":"Intro"},{"name":"none","value":null}]"#,
        r#""{\"id\":\"x\",\"at\":\"y\",\"person\":\"z\",\"type\":\"t\",\"webinar\":\"Intro\"}""#,
    ] {
        let line = format!(
            r#"{{"at":"2026-11-02T10:00:00Z","person":"17","type":"attends_webinar","attributes":{attributes}}}"#
        );
        let event = Files::jsonl(line.replace('\n', " ")).only();
        assert_eq!(event.primary.as_deref(), Some("Intro"));
        assert_eq!(shown(&event), "at=y, id=x, person=z, type=t");
        assert_eq!(event.id, None);
    }
}

#[test]
fn a_changed_field_has_its_name_and_its_values_their_type() {
    let change = |field: &str, rest: &str| {
        let event = Files::jsonl(format!(
            r#"{{"at":"2026-11-02T10:00:00Z","person":"17","type":"change_data_value","field":"{field}",{rest}}}"#
        ))
        .only();
        format!("{}: {}", event.primary.as_deref().unwrap(), shown(&event))
    };
    assert_eq!(
        change("Lead Score", r#""new_value":"7","Old Value":"none""#),
        "lead_score: new_value=integer 7, previous_value=none"
    );
    assert_eq!(
        change("leadStatus", r#""new_value":"MQL","previous_value":null"#),
        "lead_status: new_value=MQL"
    );
    assert_eq!(
        change("Shoe Size", r#""new_value":"43""#),
        "Shoe Size: new_value=43"
    );
}

#[test]
fn a_new_value_of_nothing_clears() {
    for clears in ["null", r#""NULL""#, r#""""#] {
        let event = Files::jsonl(format!(
            r#"{{"at":"2026-11-02T10:00:00Z","person":"17","type":"score_is_changed","field":"lead_score","new_value":{clears}}}"#
        ))
        .only();
        assert_eq!(shown(&event), "new_value=NULL");
    }
    let csv = "at,person,type,field,new_value\n2026-11-02T10:00:00Z,17,13,lead_score,NULL\n";
    assert_eq!(shown(&Files::csv(csv).only()), "new_value=NULL");
}

#[test]
fn columns_and_keys_are_renamed_and_one_type_may_be_given_for_all() {
    let deals = super::catalogue().find("won_deal");
    let files = Files::csv(
        "mql_id,won_date,type,declared_monthly_revenue,lead_type\n\
         5420aad7,2018-02-26 19:58:54,inbound,0.0,\n",
    )
    .file(
        "more.jsonl",
        r#"{"mql_id":"a555fb36","won_date":"2018-05-08 20:17:59","lead_type":"industry"}"#,
    )
    .map("mql_id=person, won_date=at")
    .with(|options| options.activity = deals);
    let events = files.events();
    assert_eq!(events[0].person, PersonKey::Id("5420aad7".to_owned()));
    assert_eq!(events[0].at.rfc3339(), "2018-02-26T19:58:54Z");
    assert_eq!(
        shown(&events[0]),
        "declared_monthly_revenue=0.0, type=inbound"
    );
    assert_eq!(shown(&events[1]), "lead_type=industry");
    assert_eq!(Some(events[1].activity), deals);
}

#[test]
fn events_of_unknown_types_are_counted_and_kept() {
    let unknown = CLICK.replace("clicks_link_in_email", "flies_a_kite");
    let files = Files::jsonl(format!("{CLICK}\n{unknown}\n")).file(
        "e.csv",
        "at,person,type,say\n2026-11-02T10:00:00Z,17,flies_a_kite,\"so \"\"high\"\"\"\n2026-11-02T10:00:01Z,17,click_email,x\n",
    );
    let path = files.path("unknown.jsonl");
    let place = files.place("unknown.jsonl");
    let files = files.with(|options| options.unknown = Some(place));
    let mut events = files.open().unwrap();
    assert_eq!(events.counts().read, 4);
    assert_eq!(events.counts().unknown_type, 2);
    let row =
        r#"{"at":"2026-11-02T10:00:00Z","person":"17","type":"flies_a_kite","say":"so \"high\""}"#;

    let mut set_aside = events.take_set_aside();
    let taken: Vec<_> = events.map(Result::unwrap).collect();
    assert_eq!(taken[0].line.as_deref(), Some(CLICK));
    let line = taken[1].line.as_deref().unwrap();
    set_aside.add_unknown(line).unwrap();
    set_aside.publish().unwrap();
    assert_eq!(super::lines(&path), [unknown.as_str(), row, line]);
    let again = Files::jsonl(line).only();
    assert_eq!(again.identity, taken[1].identity);
}
