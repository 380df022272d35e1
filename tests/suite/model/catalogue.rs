//! The activity types that random workspaces and events use, copied by hand from the reference.

use super::value::Kind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    NewPerson,
    ChangeDataValue,
    ChangeScore,
    AddToList,
    RemoveFromList,
    ChangeProgramStatus,
    FillOutForm,
    VisitWebPage,
    ClickEmail,
    OpenEmail,
    EmailDelivered,
    EmailBounced,
    UnsubscribeEmail,
    SendEmail,
    InterestingMoment,
    RequestCampaign,
    DeletePerson,
    /// A type that the workspace declares.
    AttendDemo,
}

/// How the workspace declares [`Act::AttendDemo`].
pub(crate) const CUSTOM: &str = "  attends_demo: { id: 100001, filter: attended_demo, primary: demo, attributes: { minutes: integer } }\n";

impl Act {
    /// The type as logs name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NewPerson => "new_person",
            Self::ChangeDataValue => "change_data_value",
            Self::ChangeScore => "change_score",
            Self::AddToList => "add_to_list",
            Self::RemoveFromList => "remove_from_list",
            Self::ChangeProgramStatus => "change_program_status",
            Self::FillOutForm => "fill_out_form",
            Self::VisitWebPage => "visit_webpage",
            Self::ClickEmail => "click_email",
            Self::OpenEmail => "open_email",
            Self::EmailDelivered => "email_delivered",
            Self::EmailBounced => "email_bounced",
            Self::UnsubscribeEmail => "unsubscribe_email",
            Self::SendEmail => "send_email",
            Self::InterestingMoment => "interesting_moment",
            Self::RequestCampaign => "request_campaign",
            Self::DeletePerson => "delete_person",
            Self::AttendDemo => "attends_demo",
        }
    }

    /// The present-tense name; the reference has none for `send_email` and `delete_person`.
    pub(crate) fn trigger(self) -> &'static str {
        match self {
            Self::NewPerson => "person_is_created",
            Self::ChangeDataValue => "data_value_changes",
            Self::ChangeScore => "score_is_changed",
            Self::AddToList => "added_to_list",
            Self::RemoveFromList => "removed_from_list",
            Self::ChangeProgramStatus => "program_status_is_changed",
            Self::FillOutForm => "fills_out_form",
            Self::VisitWebPage => "visits_web_page",
            Self::ClickEmail => "clicks_link_in_email",
            Self::OpenEmail => "opens_email",
            Self::EmailDelivered => "email_is_delivered",
            Self::EmailBounced => "email_bounces",
            Self::UnsubscribeEmail => "unsubscribes_from_email",
            Self::InterestingMoment => "has_interesting_moment",
            Self::RequestCampaign => "campaign_is_requested",
            Self::AttendDemo => "attends_demo",
            Self::SendEmail | Self::DeletePerson => self.name(),
        }
    }

    /// The past-tense name.
    pub(crate) fn filter(self) -> &'static str {
        match self {
            Self::NewPerson => "person_was_created",
            Self::ChangeDataValue => "data_value_changed",
            Self::ChangeScore => "score_was_changed",
            Self::AddToList => "was_added_to_list",
            Self::RemoveFromList => "was_removed_from_list",
            Self::ChangeProgramStatus => "program_status_was_changed",
            Self::FillOutForm => "filled_out_form",
            Self::VisitWebPage => "visited_web_page",
            Self::ClickEmail => "clicked_link_in_email",
            Self::OpenEmail => "opened_email",
            Self::EmailDelivered => "was_delivered_email",
            Self::EmailBounced => "email_bounced",
            Self::UnsubscribeEmail => "unsubscribed_from_email",
            Self::SendEmail => "was_sent_email",
            Self::InterestingMoment => "had_interesting_moment",
            Self::RequestCampaign => "campaign_was_requested",
            Self::AttendDemo => "attended_demo",
            Self::DeletePerson => self.name(),
        }
    }

    /// The primary attribute's name.
    pub(crate) fn primary(self) -> Option<&'static str> {
        match self {
            Self::NewPerson | Self::DeletePerson => None,
            Self::ChangeDataValue | Self::ChangeScore => Some("field"),
            Self::AddToList | Self::RemoveFromList => Some("list"),
            Self::ChangeProgramStatus => Some("program"),
            Self::FillOutForm => Some("form"),
            Self::VisitWebPage => Some("web_page"),
            Self::ClickEmail
            | Self::OpenEmail
            | Self::EmailDelivered
            | Self::EmailBounced
            | Self::UnsubscribeEmail
            | Self::SendEmail => Some("email"),
            Self::InterestingMoment => Some("type"),
            Self::RequestCampaign => Some("campaign"),
            Self::AttendDemo => Some("demo"),
        }
    }

    /// Attributes that constraints may name, with their types; the values of a data value change have the field's.
    pub(crate) fn attributes(self) -> &'static [(&'static str, Kind)] {
        match self {
            Self::ChangeDataValue => &[("source", Kind::String), ("reason", Kind::String)],
            Self::ChangeScore => &[
                ("new_value", Kind::Integer),
                ("previous_value", Kind::Integer),
            ],
            Self::AddToList | Self::RemoveFromList | Self::RequestCampaign => {
                &[("source", Kind::String)]
            }
            Self::ChangeProgramStatus => &[
                ("new_status", Kind::String),
                ("previous_status", Kind::String),
            ],
            Self::FillOutForm => &[("web_page", Kind::String)],
            Self::VisitWebPage => &[("referrer", Kind::String)],
            Self::ClickEmail => &[("link", Kind::String)],
            Self::OpenEmail => &[("device", Kind::String)],
            Self::EmailBounced => &[("category", Kind::String)],
            Self::InterestingMoment => &[("description", Kind::String)],
            Self::AttendDemo => &[("minutes", Kind::Integer)],
            Self::NewPerson
            | Self::EmailDelivered
            | Self::UnsubscribeEmail
            | Self::SendEmail
            | Self::DeletePerson => &[],
        }
    }
}
