//! The table of flow steps: a row each, from which everything else about them derives.
//!
//! The parser and its suggestions, the JSON Schema, the default priority and the reference tables of the
//! documentation read it. What a step does is an [`Action`](super::Action).

mod parameter;
#[cfg(test)]
mod table_tests;

use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{ActivityTypeId, Mode};

use super::Priority;

pub(crate) use parameter::{ModeRefusal, Need, Parameter, ParameterKind};

/// What the table says of one kind of step.
struct StepRow {
    name: &'static str,
    older_name: Option<&'static str>,
    activity: BuiltinActivity,
    priority: Priority,
    main: Option<&'static str>,
    parameters: &'static [Parameter],
    refusals: &'static [ModeRefusal],
}

/// A row without parameters that may stand in every campaign.
const fn row(name: &'static str, activity: BuiltinActivity, priority: Priority) -> StepRow {
    StepRow {
        name,
        older_name: None,
        activity,
        priority,
        main: None,
        parameters: &[],
        refusals: &[],
    }
}

macro_rules! step_kinds {
    ($( $(#[doc = $about:literal])+ $kind:ident: $row:expr; )*) => {
        /// A kind of flow step, by its key in campaign files.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum StepKind { $( $(#[doc = $about])+ $kind, )* }

        const COUNT: usize = [$( StepKind::$kind ),*].len();

        impl StepKind {
            /// Every kind, in the order of the language reference.
            pub(crate) const ALL: [Self; COUNT] = [$( Self::$kind ),*];

            /// Returns what the step does, in a sentence.
            pub(crate) fn about(self) -> &'static str {
                match self { $( Self::$kind => concat!($($about),+).trim(), )* }
            }
        }

        static ROWS: [StepRow; COUNT] = [$( $row ),*];
    };
}

step_kinds! {
    /// Sends an email to the person.
    SendEmail: StepRow {
        main: Some("email"),
        parameters: &[Parameter::required("email", ParameterKind::Email, "the email that is sent")],
        ..row("send_email", BuiltinActivity::SendEmail, Priority::High)
    };
    /// Sends an email about the person to people of the company.
    SendAlert: StepRow {
        main: Some("email"),
        parameters: &[
            Parameter::required("email", ParameterKind::Email, "the email that is sent"),
            Parameter::required(
                "to", ParameterKind::Addresses,
                "who gets it; `sales_owner` is the person's Lead Owner Email Address",
            ),
        ],
        ..row("send_alert", BuiltinActivity::SendAlert, Priority::High)
    };
    /// Sets or clears a field of the person.
    ChangeDataValue: StepRow {
        parameters: &[
            Parameter::required("field", ParameterKind::Field, "the field that changes"),
            Parameter::required("value", ParameterKind::NewValue, "its new value"),
        ],
        ..row("change_data_value", BuiltinActivity::ChangeDataValue, Priority::Low)
    };
    /// Adds to a score, takes from it, or sets it.
    ChangeScore: StepRow {
        main: Some("change"),
        parameters: &[
            Parameter::required(
                "change", ParameterKind::ScoreChange,
                "by how much, or to what, the score changes",
            ),
            Parameter::optional(
                "field", ParameterKind::Field,
                "the score, by default `lead_score`",
            ),
        ],
        ..row("change_score", BuiltinActivity::ChangeScore, Priority::Low)
    };
    /// Puts the person on a static list.
    AddToList: StepRow {
        main: Some("list"),
        parameters: &[Parameter::required("list", ParameterKind::List, "the list")],
        ..row("add_to_list", BuiltinActivity::AddToList, Priority::Medium)
    };
    /// Takes the person off a static list.
    RemoveFromList: StepRow {
        main: Some("list"),
        parameters: &[Parameter::required("list", ParameterKind::List, "the list")],
        ..row("remove_from_list", BuiltinActivity::RemoveFromList, Priority::Medium)
    };
    /// Moves the person to a status of a program.
    ChangeProgramStatus: StepRow {
        older_name: Some("change_status_in_progression"),
        main: Some("status"),
        parameters: &[
            Parameter::required(
                "status", ParameterKind::Status,
                "the new status; `Not in Program` ends the membership",
            ),
            Parameter::optional(
                "program", ParameterKind::Program,
                "the program, by default the campaign's",
            ),
        ],
        ..row("change_program_status", BuiltinActivity::ChangeProgramStatus, Priority::Medium)
    };
    /// Sets or takes away the success of the person's membership in a program.
    ChangeProgramSuccess: StepRow {
        main: Some("success"),
        parameters: &[
            Parameter::required(
                "success", ParameterKind::Boolean,
                "whether the membership has reached success; its date is now",
            ),
            Parameter::optional(
                "program", ParameterKind::Program,
                "the program, by default the campaign's",
            ),
        ],
        ..row("change_program_success", BuiltinActivity::ChangeProgramSuccess, Priority::Medium)
    };
    /// Sets or clears a field of the person's membership in a program.
    ChangeProgramMemberData: StepRow {
        parameters: &[
            Parameter::required("field", ParameterKind::MemberField, "the field that changes"),
            Parameter::required("value", ParameterKind::NewValue, "its new value"),
            Parameter::optional(
                "program", ParameterKind::Program,
                "the program, by default the campaign's",
            ),
        ],
        ..row("change_program_member_data", BuiltinActivity::ChangeProgramMemberData, Priority::Medium)
    };
    /// Notes a moment for the people of sales.
    InterestingMoment: StepRow {
        parameters: &[
            Parameter::required(
                "type", ParameterKind::Word,
                "`Web`, `Email`, `Milestone` or another word",
            ),
            Parameter::optional("description", ParameterKind::Text, "what happened"),
        ],
        ..row("interesting_moment", BuiltinActivity::InterestingMoment, Priority::Medium)
    };
    /// Holds the person for a time, until a day, or until the date of a token.
    Wait: StepRow {
        main: Some("for"),
        parameters: &[
            Parameter::new("for", ParameterKind::Duration, Need::Form, "how long at least"),
            Parameter::new(
                "until", ParameterKind::WeekdaysAndTime, Need::With(&["for"]),
                "on which weekdays and at what time it ends",
            ),
            Parameter::new("date", ParameterKind::Date, Need::Form, "the day on which it ends"),
            Parameter {
                refusals: &[ModeRefusal {
                    mode: Mode::Batch,
                    message: "a wait until a token's date belongs to trigger campaigns, and this is a batch campaign",
                    help: "request a trigger campaign that waits",
                }],
                ..Parameter::new(
                    "date_token", ParameterKind::DateToken, Need::Form,
                    "the date on which it ends",
                )
            },
            Parameter::new(
                "offset", ParameterKind::DayOffset, Need::With(&["date_token"]),
                "how long before or after that date it ends",
            ),
            Parameter::new(
                "next_anniversary", ParameterKind::Boolean, Need::With(&["date_token"]),
                "whether the month and day of the date count alone",
            ),
            Parameter::new(
                "time", ParameterKind::Time, Need::With(&["date", "date_token"]),
                "at what time it ends, by default 00:00 or the time of the token",
            ),
        ],
        refusals: &[ModeRefusal {
            mode: Mode::Executable,
            message: "an executable campaign cannot wait",
            help: "put the wait into the campaign that executes it",
        }],
        ..row("wait", BuiltinActivity::WaitStarted, Priority::Low)
    };
    /// Starts a trigger campaign for the person, beside this one.
    RequestCampaign: StepRow {
        main: Some("campaign"),
        parameters: &[
            Parameter::required(
                "campaign", ParameterKind::Campaign,
                "a campaign with the trigger `campaign_is_requested`",
            ),
        ],
        ..row("request_campaign", BuiltinActivity::RequestCampaign, Priority::Medium)
    };
    /// Walks the person through an executable campaign before the next step.
    ExecuteCampaign: StepRow {
        main: Some("campaign"),
        parameters: &[
            Parameter::required("campaign", ParameterKind::Campaign, "an executable campaign"),
            Parameter::optional(
                "use_parent_tokens", ParameterKind::Boolean,
                "whether its tokens are those of this campaign",
            ),
        ],
        ..row("execute_campaign", BuiltinActivity::ExecuteCampaign, Priority::Medium)
    };
    /// Ends the person's flows of a campaign.
    RemoveFromFlow: StepRow {
        main: Some("campaign"),
        parameters: &[
            Parameter::required(
                "campaign", ParameterKind::CampaignOrThis,
                "the campaign; `this` is the step's own",
            ),
        ],
        ..row("remove_from_flow", BuiltinActivity::RemoveFromFlow, Priority::Medium)
    };
    /// Calls a webhook.
    CallWebhook: StepRow {
        main: Some("webhook"),
        parameters: &[
            Parameter::required(
                "webhook", ParameterKind::Webhook,
                "a webhook of the workspace",
            ),
        ],
        refusals: &[
            ModeRefusal {
                mode: Mode::Batch,
                message: "`call_webhook` belongs to trigger campaigns, and this is a batch campaign",
                help: "request a trigger campaign that calls it",
            },
            ModeRefusal {
                mode: Mode::Executable,
                message: "an executable campaign cannot call a webhook",
                help: "request a trigger campaign that calls it",
            },
        ],
        ..row("call_webhook", BuiltinActivity::CallWebhook, Priority::Low)
    };
    /// Erases the person.
    DeletePerson: StepRow {
        older_name: Some("delete_lead"),
        ..row("delete_person", BuiltinActivity::DeletePerson, Priority::Medium)
    };
}

impl StepKind {
    fn row(self) -> &'static StepRow {
        &ROWS[self as usize]
    }

    /// Returns the key in campaign files.
    pub(crate) fn name(self) -> &'static str {
        self.row().name
    }

    /// Returns the older name of Marketo's interface, which is understood as well.
    pub(crate) fn older_name(self) -> Option<&'static str> {
        self.row().older_name
    }

    /// Finds a kind by its name or its older name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == name || kind.older_name() == Some(name))
    }

    /// Returns the activity type of the step's rows in the log, also of those that did nothing.
    pub(crate) fn activity(self) -> ActivityTypeId {
        self.row().activity.id()
    }

    /// Returns the priority that the step alone gives to a campaign that writes none.
    pub(crate) fn priority(self) -> Priority {
        self.row().priority
    }

    /// Returns all parameters, in the order in which messages list them.
    pub(crate) fn parameters(self) -> &'static [Parameter] {
        self.row().parameters
    }

    /// Returns a parameter by its key.
    pub(crate) fn parameter(self, key: &str) -> Option<&'static Parameter> {
        self.parameters()
            .iter()
            .find(|parameter| parameter.key == key)
    }

    /// Returns the parameter that a bare value is.
    pub(crate) fn main(self) -> Option<&'static Parameter> {
        self.row().main.and_then(|key| self.parameter(key))
    }

    /// Returns the sets of parameters of which one must be written, each in full; none where nothing must be.
    pub(crate) fn required_sets(self) -> Vec<Vec<&'static str>> {
        let keys = |need: Need| {
            let mut keys = Vec::new();
            keys.extend(
                self.parameters()
                    .iter()
                    .filter(|of| of.need == need)
                    .map(|of| of.key),
            );
            keys
        };
        let (required, forms) = (keys(Need::Required), keys(Need::Form));
        if forms.is_empty() {
            return if required.is_empty() {
                Vec::new()
            } else {
                vec![required]
            };
        }
        let with = |form| required.iter().copied().chain([form]).collect();
        forms.into_iter().map(with).collect()
    }

    /// Returns the parameters that may be written in the form that one of them chooses.
    pub(crate) fn of_form(self, form: &str) -> impl Iterator<Item = &'static Parameter> {
        self.parameters()
            .iter()
            .filter(move |parameter| match parameter.need {
                Need::Required | Need::Optional => true,
                Need::Form => parameter.key == form,
                Need::With(forms) => forms.contains(&form),
            })
    }

    /// Returns the modes in which the step may not stand, each with the reason.
    pub(crate) fn refusals(self) -> &'static [ModeRefusal] {
        self.row().refusals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_named_like_its_variant_and_once() {
        let mut names = std::collections::BTreeSet::new();
        for kind in StepKind::ALL {
            assert_eq!(
                kind.name(),
                crate::domain::text::snake_case(&format!("{kind:?}"))
            );
            for name in [kind.name()].into_iter().chain(kind.older_name()) {
                assert!(names.insert(name), "{name} names two steps");
            }
        }
    }

    #[test]
    fn the_parameters_of_a_step_fit_each_other() {
        for kind in StepKind::ALL {
            let row = kind.row();
            assert_eq!(row.main.is_some(), kind.main().is_some(), "{kind:?}");
            for parameter in kind.parameters() {
                let same = kind
                    .parameters()
                    .iter()
                    .filter(|of| of.key == parameter.key);
                assert_eq!(same.count(), 1, "{kind:?}: {}", parameter.key);
                if let Need::With(forms) = parameter.need {
                    for form in forms {
                        let form = kind.parameter(form).map(|of| of.need);
                        assert_eq!(form, Some(Need::Form), "{kind:?}: {}", parameter.key);
                    }
                }
            }
        }
    }
}
