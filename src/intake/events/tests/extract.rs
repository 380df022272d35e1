//! Marketo's bulk activity extract.

use crate::domain::PersonKey;
use crate::domain::activity_type::BuiltinActivity;

use super::{Files, shown};

const HEADER: &str = "marketoGUID,leadId,activityDate,activityTypeId,campaignId,primaryAttributeValueId,primaryAttributeValue,attributes";

#[test]
fn it_is_recognised_by_its_header() {
    let files = Files::csv(format!(
        "{HEADER}\n\
         122323,6,2022-02-13T14:06:20Z,11,1042,33,Autumn newsletter.spring,\
         \"{{\"\"Link\"\":\"\"https://x.example/\"\",\"\"Is Mobile Device\"\":true,\"\"Platform\"\":null}}\"\n\
         122324,7,2022-02-13T14:06:21+0000,22,null,null,Lead Score,\
         \"[{{\"\"name\"\":\"\"Change Value\"\",\"\"value\"\":\"\"+5\"\"}},{{\"\"name\"\":\"\"New Value\"\",\"\"value\"\":20}}]\"\n\
         122325,8,2022-02-13T14:06:22Z,12,,,,\n"
    ));
    let events = files.events();
    let click = &events[0];
    assert_eq!(click.person, PersonKey::Id("6".to_owned()));
    assert_eq!(click.activity, BuiltinActivity::ClickEmail.id());
    assert_eq!(click.marketo_campaign, Some(1042));
    assert_eq!(click.primary.as_deref(), Some("Autumn newsletter.spring"));
    assert_eq!(click.id.as_deref(), Some("122323"));
    assert_eq!(
        shown(click),
        "link=https://x.example/, is_mobile_device=boolean true, primary_attribute_value_id=33"
    );
    let score = &events[1];
    assert_eq!(score.activity, BuiltinActivity::ChangeScore.id());
    assert_eq!(score.marketo_campaign, None);
    assert_eq!(score.primary.as_deref(), Some("lead_score"));
    assert_eq!(shown(score), "change=integer 5, new_value=integer 20");
    assert_eq!(events[2].activity, BuiltinActivity::NewPerson.id());
    assert_eq!(shown(&events[2]), "");
}

#[test]
fn its_rows_as_json_are_the_same_events() {
    let row = "122323,6,2022-02-13T14:06:20Z,11,1042,33,spring,\"{\"\"Link\"\":\"\"https://x.example/\"\"}\"";
    let files = Files::csv(format!("{HEADER}\n{row}\n"));
    let place = files.place("unknown.jsonl");
    let files = files.with(|options| options.unknown = Some(place));
    let mut event = files.only();
    let line = event.line.take().unwrap();
    let mut again = Files::jsonl(line.as_bytes()).only();
    again.place = event.place;
    assert_eq!(again, event);
}

#[test]
fn an_attribute_may_not_be_given_beside_its_own_column() {
    let row = "1,6,2022-02-13T14:06:20Z,11,,,spring,\"{\"\"Mailing ID\"\":\"\"autumn\"\"}\"";
    assert_eq!(
        Files::csv(format!("{HEADER}\n{row}\n")).faults(),
        "e.csv:2:38: `email` is given twice"
    );
}
