//! What one row of a past changed of a person: read from the row's type and attributes, by which it can be undone.

use crate::domain::activity_type::BuiltinActivity;
use crate::domain::field::{ACQUISITION_DATE, ACQUISITION_PROGRAM, ACQUISITION_PROGRAM_NAME};
use crate::domain::text::snake_case;
use crate::domain::{
    CampaignId, FieldId, FieldType, Instant, Key, ListId, ProgramId, Text, Value, Zone,
};
use crate::world::activity::Activity;
use crate::world::journal::ListChange;
use crate::world::person::Membership;

use super::{PastLoad, PastNames};

/// One change, with what was and what is since.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Change {
    /// A field.
    Field {
        field: FieldId,
        old: Option<Value>,
        new: Option<Value>,
    },
    /// A static list joined or left.
    List { list: ListId, change: ListChange },
    /// A whole membership, by a load.
    Membership {
        program: ProgramId,
        old: Option<Membership>,
        new: Option<Membership>,
    },
    /// The status in a program; `success` says whether a success status has been reached with it, `acquirer` which field
    /// would name the program if it has acquired the person, and how.
    Status {
        program: ProgramId,
        acquirer: Option<(FieldId, Text)>,
        old: Text,
        new: Text,
        success: bool,
    },
    /// The success of a membership, and since when; none where it was taken away.
    Success {
        program: ProgramId,
        reached: Option<Instant>,
    },
    /// The program that acquired the person, if none had: the fields that name it, and the one that has the date.
    Acquired {
        program: ProgramId,
        name: Text,
        named: [Option<FieldId>; 2],
        date: Option<FieldId>,
    },
    /// A field of a membership.
    MemberField {
        program: ProgramId,
        key: Key,
        old: Option<Value>,
        new: Option<Value>,
    },
    /// A wait that began.
    WaitBegun {
        campaign: CampaignId,
        step: u32,
        until: Instant,
    },
    /// A wait that ended, for any reason.
    WaitEnded { campaign: CampaignId, step: u32 },
    /// All flows of a campaign were left, with their waits.
    FlowLeft { campaign: CampaignId },
}

impl Change {
    /// Returns what a load changed.
    pub(super) fn of_load(load: &PastLoad) -> impl Iterator<Item = Self> {
        let fields = load.fields.iter().map(|(field, old, new)| Self::Field {
            field: *field,
            old: old.clone(),
            new: new.clone(),
        });
        let lists = load.lists.iter().map(|(list, change)| Self::List {
            list: *list,
            change: *change,
        });
        let programs = load.programs.iter();
        let programs = programs.map(|(program, old, new)| Self::Membership {
            program: *program,
            old: old.clone(),
            new: new.clone(),
        });
        fields.chain(lists).chain(programs)
    }

    /// Returns what a row of the log says to have changed, if anything.
    pub(super) fn of_row(row: &Activity, names: &PastNames<'_>) -> Option<Self> {
        if row.activity == BuiltinActivity::WaitEnded.id() {
            let origin = row.origin?;
            return Some(Self::WaitEnded {
                campaign: origin.campaign,
                step: origin.step,
            });
        }
        if !row.counts() {
            return None;
        }
        match BuiltinActivity::of(row.activity)? {
            BuiltinActivity::ChangeDataValue | BuiltinActivity::ChangeScore => {
                let field = names.fields.find(row.primary.as_deref()?)?;
                let field_type = names.fields.type_of(field);
                let value = |key| attribute(row, key).and_then(|value| fitting(value, field_type));
                Some(Self::Field {
                    field,
                    old: value("previous_value"),
                    new: value("new_value"),
                })
            }
            BuiltinActivity::AddToList => Self::of_list(row, names, ListChange::Joined),
            BuiltinActivity::RemoveFromList => Self::of_list(row, names, ListChange::Left),
            BuiltinActivity::ChangeProgramStatus => Some(Self::Status {
                program: ProgramId(
                    names
                        .numbering
                        .programs
                        .intern_asset(row.primary.as_deref()?),
                ),
                acquirer: names
                    .fields
                    .find(ACQUISITION_PROGRAM)
                    .zip(row.primary.clone()),
                old: attribute(row, "previous_status")?.to_text(),
                new: attribute(row, "new_status")?.to_text(),
                success: attribute(row, "success") == Some(&Value::Boolean(true)),
            }),
            BuiltinActivity::ChangeProgramSuccess => {
                let success = attribute(row, "success") == Some(&Value::Boolean(true));
                Some(Self::Success {
                    program: ProgramId(
                        names
                            .numbering
                            .programs
                            .intern_asset(row.primary.as_deref()?),
                    ),
                    reached: success.then_some(row.at),
                })
            }
            BuiltinActivity::ChangeProgramMemberData => Some(Self::MemberField {
                program: ProgramId(
                    names
                        .numbering
                        .programs
                        .intern_asset(row.primary.as_deref()?),
                ),
                key: Text::from(snake_case(&attribute(row, "field")?.to_text())),
                old: attribute(row, "previous_value").cloned(),
                new: attribute(row, "new_value").cloned(),
            }),
            BuiltinActivity::WaitStarted => {
                let (origin, until) = (row.origin?, attribute(row, "until")?);
                let Value::Datetime(until) = until else {
                    return None;
                };
                Some(Self::WaitBegun {
                    campaign: origin.campaign,
                    step: origin.step,
                    until: *until,
                })
            }
            // An event that says so, such as a row of Marketo's log, ends no flow of ours.
            BuiltinActivity::RemoveFromFlow => row.origin.and(Some(Self::FlowLeft {
                campaign: (names.campaign)(row.primary.as_deref()?)?,
            })),
            BuiltinActivity::NewPerson
            | BuiltinActivity::SendEmail
            | BuiltinActivity::EmailDelivered
            | BuiltinActivity::EmailBounced
            | BuiltinActivity::UnsubscribeEmail
            | BuiltinActivity::OpenEmail
            | BuiltinActivity::ClickEmail
            | BuiltinActivity::FillOutForm
            | BuiltinActivity::SendAlert
            | BuiltinActivity::DeletePerson
            | BuiltinActivity::InterestingMoment
            | BuiltinActivity::RequestCampaign
            | BuiltinActivity::CallWebhook
            | BuiltinActivity::ExecuteCampaign
            | BuiltinActivity::WaitEnded => None,
        }
    }

    /// Returns what a row says of the acquisition of the person.
    pub(super) fn acquisition(row: &Activity, names: &PastNames<'_>) -> Option<Self> {
        let is_status = row.activity == BuiltinActivity::ChangeProgramStatus.id();
        let acquired = attribute(row, "acquired_by") == Some(&Value::Boolean(true));
        let name = row.primary.as_ref();
        let name = name.filter(|_| is_status && acquired && row.counts())?;
        let field = |field| names.fields.find(field);
        Some(Self::Acquired {
            program: ProgramId(names.numbering.programs.intern_asset(name)),
            name: Text::clone(name),
            named: [ACQUISITION_PROGRAM, ACQUISITION_PROGRAM_NAME].map(field),
            date: field(ACQUISITION_DATE),
        })
    }

    fn of_list(row: &Activity, names: &PastNames<'_>, change: ListChange) -> Option<Self> {
        let list = ListId(names.numbering.lists.intern_asset(row.primary.as_deref()?));
        Some(Self::List { list, change })
    }
}

fn attribute<'a>(row: &'a Activity, key: &str) -> Option<&'a Value> {
    let mut attributes = row.attributes.iter();
    attributes
        .find(|(k, _)| k.as_ref() == key)
        .map(|(_, value)| value)
}

/// Reads a value as the type that its field has today; it may have had another one when the row was written.
fn fitting(value: &Value, field_type: FieldType) -> Option<Value> {
    let fits = match value {
        Value::Text(_) => field_type.is_text(),
        Value::Integer(_) => field_type.is_integer(),
        Value::Float(_) => matches!(field_type, FieldType::Currency | FieldType::Float),
        Value::Boolean(_) => field_type == FieldType::Boolean,
        Value::Date(_) => field_type == FieldType::Date,
        Value::Datetime(_) => field_type == FieldType::Datetime,
        Value::Json(_) => false,
    };
    if fits {
        Some(value.clone())
    } else {
        Value::parse(&value.to_text(), field_type, &Zone::utc()).ok()
    }
}
