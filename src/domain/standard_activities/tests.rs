//! The rows against the reference: every name resolves, and no two types share one.

use std::collections::BTreeMap;

use crate::domain::activity_type::{ActivityCatalogue, ActivityType, Known};
use crate::domain::field::FieldCatalogue;
use crate::domain::text::name_key;

/// Marketo's trigger names, as its API writes them.
const TRIGGERS: [&str; 78] = [
    "Activity is Logged",
    "Activity is Updated",
    "Added to List",
    "Added to Microsoft Campaign",
    "Added to Nurture",
    "Added to Opportunity",
    "Added to Opportunity (Account)",
    "Added to Opportunity (Contact)",
    "Added to SFDC Campaign",
    "Asks questions during event",
    "Attends event",
    "Campaign is Requested",
    "Clicks Link",
    "Clicks Link in Email",
    "Clicks Link in Sales Email",
    "Clicks Link in SMS Message",
    "Clicks on a Link",
    "Data Value Changes",
    "Downloads an asset",
    "Email Bounces",
    "Email Bounces Soft",
    "Email is Delivered",
    "Engages with a Conversational Flow",
    "Engages with a Dialogue",
    "Engages with an Agent in Conversational Flow",
    "Engages with an Agent in Dialogue",
    "Fills Out Form",
    "Has Interesting Moment",
    "Interacts with Document in Conversational Flow",
    "Interacts with Document in Dialogue",
    "Is Sent Sales Email",
    "Lead is Converted",
    "Lead is Created",
    "Lead is Deleted from Microsoft",
    "Lead is Deleted from SFDC",
    "Lead is Pushed to Marketo",
    "Lead is Synced to Microsoft",
    "Lead is Synced to SFDC",
    "Lead Partition Changes",
    "Manual Stage Change",
    "Nurture Cadence Changes",
    "Nurture Track Changes",
    "Opens Email",
    "Opens Sales Email",
    "Opportunity (Account) is Updated",
    "Opportunity (Contact) is Updated",
    "Opportunity is Updated",
    "Owner Changes",
    "Owner Changes in Microsoft",
    "Program Member Data is Changed",
    "Progression Status is Changed",
    "Reaches Dialogue Goal",
    "Reaches Goal in Conversational Flow",
    "Received Forward to Friend Email",
    "Removed from List",
    "Removed from Microsoft Campaign",
    "Removed from Opportunity",
    "Removed from Opportunity (Account)",
    "Removed from Opportunity (Contact)",
    "Removed from SFDC Campaign",
    "Replies to Sales Email",
    "Responds to a Poll",
    "Responds to a Survey",
    "Revenue Stage is Changed",
    "Sales Email Bounces",
    "Sales Email is Received",
    "Schedules Meeting in Conversational Flow",
    "Schedules Meeting in Dialogue",
    "Score is Changed",
    "Segment Changes",
    "Sent Alert",
    "Sent Forward to Friend Email",
    "SMS Message Bounces",
    "SMS Message is Delivered",
    "Status is Changed in SFDC Campaign",
    "Unsubscribes from Email",
    "Visits Web Page",
    "Webhook is Called",
];

/// Triggers that its documents name elsewhere.
const OTHER_TRIGGERS: [&str; 19] = [
    "Person is Pushed to Marketo",
    "Added to Named Account",
    "Removed from Named Account",
    "Is Added to Sales Campaign",
    "Is Removed from Sales Campaign",
    "Received Sales Call",
    "Mobile App is Installed",
    "Mobile App is Opened",
    "Has Mobile App Activity",
    "Has Mobile App Session",
    "Taps Push Notification",
    "Disqualified Sweepstakes",
    "Wins Sweepstakes",
    "Votes in Poll",
    "Shares Content",
    "Clicks Shared Link",
    "Refers to Social App",
    "Person is Created",
    "Program Status is Changed",
];

/// Marketo's activity-filter names, as its API writes them.
const FILTERS: [&str; 74] = [
    "Activity was Logged",
    "Activity was Updated",
    "Alert Was Sent",
    "Campaign was Executed",
    "Campaign was Requested",
    "Click Link",
    "Clicked Link in Email",
    "Clicked Link in Sales Email",
    "Clicked Link in SMS Message",
    "Clicked on a Link",
    "Data Value Changed",
    "Downloaded an asset",
    "Email Bounced",
    "Email Bounced Soft",
    "Engaged with a Conversational Flow",
    "Engaged with a Dialogue",
    "Engaged with an Agent in Conversational Flow",
    "Engaged with an Agent in Dialogue",
    "Filled Out Form",
    "Had Interesting Moment",
    "Has asked questions during event",
    "Has attended event",
    "Interacted with Document in Conversational Flow",
    "Interacted with Document in Dialogue",
    "Lead Partition Changed",
    "Lead was Converted",
    "Lead was Created",
    "Lead was Deleted from Microsoft",
    "Lead was Deleted from SFDC",
    "Lead was Pushed to Marketo",
    "Lead was Synced to Microsoft",
    "Lead was Synced to SFDC",
    "Nurture Cadence Changed",
    "Nurture Track Changed",
    "Opened Email",
    "Opened Sales Email",
    "Opportunity (Account) was Updated",
    "Opportunity (Contact) was Updated",
    "Opportunity was Updated",
    "Owner was Changed",
    "Owner was Changed in Microsoft",
    "Program Member Data was Changed",
    "Progression Status was Changed",
    "Reached Dialogue Goal",
    "Reached Goal in Conversational Flow",
    "Received Forward to Friend Email",
    "Replied to Sales Email",
    "Responded to a Poll",
    "Responded to a Survey",
    "Revenue Stage was Changed",
    "Sales Email Bounced",
    "Sales Email was Received",
    "Scheduled Meeting in Conversational Flow",
    "Scheduled Meeting in Dialogue",
    "Score was Changed",
    "Segment Changed",
    "Sent Forward to Friend Email",
    "SMS Message Bounced",
    "Unsubscribed from Email",
    "Visited Web Page",
    "Was Added to List",
    "Was Added to Nurture",
    "Was Added to Opportunity",
    "Was Added to Opportunity (Account)",
    "Was Added to Opportunity (Contact)",
    "Was Delivered Email",
    "Was Delivered SMS Message",
    "Was Removed from List",
    "Was Removed from Opportunity",
    "Was Removed from Opportunity (Account)",
    "Was Removed from Opportunity (Contact)",
    "Was Sent Email",
    "Was Sent Sales Email",
    "Webhook is Called",
];

/// Activity filters that its documents name elsewhere.
const OTHER_FILTERS: [&str; 2] = ["Was Sent Push Notification", "Has Mobile App"];

fn trigger_name(row: &ActivityType) -> Option<&str> {
    row.trigger.as_deref()
}

fn filter_name(row: &ActivityType) -> Option<&str> {
    row.filter.as_deref()
}

/// Returns the names that no type has, neither as its name of this kind nor, having one, as an alias.
fn unresolved<'a>(names: &[&'a str], kind: impl Fn(&ActivityType) -> Option<&str>) -> Vec<&'a str> {
    let catalogue = ActivityCatalogue::standard();
    let has = |row: &ActivityType, key: &str| {
        let aliases = row.aliases.iter().map(String::as_str);
        kind(row).is_some_and(|own| aliases.chain([own]).any(|name| name_key(name) == key))
    };
    let found = |name: &str| {
        let key = name_key(name);
        let holder = catalogue.iter().find(|(_, row)| has(row, &key));
        holder.is_some_and(|(id, _)| catalogue.find(name) == Some(id))
    };
    names.iter().copied().filter(|name| !found(name)).collect()
}

#[test]
fn every_trigger_of_the_reference_is_a_trigger() {
    assert_eq!(unresolved(&TRIGGERS, trigger_name), Vec::<&str>::new());
    assert_eq!(
        unresolved(&OTHER_TRIGGERS, trigger_name),
        Vec::<&str>::new()
    );
}

#[test]
fn every_activity_filter_of_the_reference_is_a_filter() {
    assert_eq!(unresolved(&FILTERS, filter_name), Vec::<&str>::new());
    assert_eq!(unresolved(&OTHER_FILTERS, filter_name), Vec::<&str>::new());
}

#[test]
fn the_first_rows_are_those_that_the_engine_knows() {
    let catalogue = ActivityCatalogue::standard();
    for known in Known::ALL {
        let row = catalogue.get(known.id());
        assert_eq!(row.code, known.code(), "{known:?}");
        let spelt = name_key(&format!("{known:?}"));
        assert_eq!(name_key(&row.name), spelt, "{known:?}");
    }
}

#[test]
fn no_two_types_share_a_name_or_a_number() {
    let catalogue = ActivityCatalogue::standard();
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    let mut codes = BTreeMap::new();
    for (_, row) in catalogue.iter() {
        assert_eq!(codes.insert(row.code, &row.name), None, "{}", row.name);
        let names = [
            Some(row.name.as_ref()),
            row.trigger.as_deref(),
            row.filter.as_deref(),
        ];
        let aliases = row.aliases.iter().map(String::as_str);
        for name in names.into_iter().flatten().chain(aliases) {
            let owner = owners.entry(name_key(name)).or_insert(&row.name);
            assert_eq!(*owner, &*row.name, "{name}");
        }
    }
}

#[test]
fn no_two_attributes_of_a_type_share_a_name() {
    for (_, row) in ActivityCatalogue::standard().iter() {
        let mut keys: BTreeMap<String, &str> = BTreeMap::new();
        for attribute in row.primary.iter().chain(&row.attributes) {
            for name in
                std::iter::once(&*attribute.key).chain(attribute.aliases.iter().map(String::as_str))
            {
                let owner = keys.entry(name_key(name)).or_insert(&attribute.key);
                assert_eq!(*owner, &*attribute.key, "{}: {name}", row.name);
            }
        }
    }
}

#[test]
fn no_standard_field_has_the_name_of_a_filter() {
    let fields = FieldCatalogue::standard();
    for (_, row) in ActivityCatalogue::standard().iter() {
        if let Some(name) = &row.filter {
            assert_eq!(fields.find(name), None, "{name}");
        }
    }
}

#[test]
fn names_and_attributes_are_found_in_every_spelling() {
    let catalogue = ActivityCatalogue::standard();
    let named = |name: &str| {
        catalogue
            .find(name)
            .map(|id| catalogue.get(id).name.to_string())
    };
    assert_eq!(named("lead_is_created").as_deref(), Some("new_person"));
    assert_eq!(named("New Lead").as_deref(), Some("new_person"));
    assert_eq!(
        named("nurture_track_changes").as_deref(),
        Some("change_engagement_program_stream")
    );
    assert_eq!(named("10").as_deref(), Some("open_email"));
    assert_eq!(
        named("Change Status in Progression").as_deref(),
        Some("change_program_status")
    );
    let key = |known: Known, name: &str| {
        let row = catalogue.get(known.id());
        row.attribute(name).map(|a| a.key.to_string())
    };
    assert_eq!(
        key(Known::ChangeDataValue, "Old Value").as_deref(),
        Some("previous_value")
    );
    assert_eq!(
        key(Known::ChangeDataValue, "Attribute Name").as_deref(),
        Some("field")
    );
    assert_eq!(
        key(Known::ChangeScore, "new_score").as_deref(),
        Some("new_value")
    );
    assert_eq!(
        key(Known::OpenEmail, "Mailing ID").as_deref(),
        Some("email")
    );
    assert_eq!(
        key(Known::FillOutForm, "Webpage ID").as_deref(),
        Some("web_page")
    );
    assert_eq!(
        key(Known::ClickEmail, "Is Mobile Device").as_deref(),
        Some("is_mobile_device")
    );
}
