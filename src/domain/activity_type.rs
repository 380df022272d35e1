//! Activity types: ids, names, primary attribute, attributes and their types.

use super::text::name_key;
use super::{FieldType, Text};

/// An activity type's place in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ActivityTypeId(pub(crate) u16);

/// The name of an attribute, in snake case, shared.
///
/// Constraints, event keys and the keys of logged attributes are this one set of names.
pub(crate) type Key = Text;

/// One attribute of an activity type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attribute {
    /// Snake case: `previous_value`.
    pub(crate) key: Key,
    /// What it holds. The values of a field change are read by the type of the field instead, see [`Attribute::of_field`].
    pub(crate) attribute_type: FieldType,
    /// Other names in constraints and events: `Old Value` for `previous_value`.
    pub(crate) aliases: Vec<String>,
    /// The value has the type of the person field that the primary attribute names.
    pub(crate) of_field: bool,
    /// The name that extracts have for it although the primary attribute has it too: there the primary one stands apart.
    pub(crate) beside_primary: Option<String>,
}

/// One activity type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ActivityType {
    /// The number in the database: Marketo's id where there is one, else ours (from 90,000).
    pub(crate) code: i32,
    /// The name in logs: `click_email`.
    pub(crate) name: Text,
    /// The display name: `Click Email`.
    pub(crate) label: String,
    /// The trigger's name, present tense; none where Marketo has no such trigger.
    pub(crate) trigger: Option<String>,
    /// The filter's name, past tense; none where Marketo has no such filter.
    pub(crate) filter: Option<String>,
    /// Other names of trigger, filter and activity.
    pub(crate) aliases: Vec<String>,
    /// The primary attribute.
    pub(crate) primary: Option<Attribute>,
    /// The others.
    pub(crate) attributes: Vec<Attribute>,
}

impl ActivityType {
    /// Finds an attribute, the primary one included, by any of its names.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        let key = name_key(name);
        self.primary.iter().chain(&self.attributes).find(|a| {
            name_key(&a.key) == key || a.aliases.iter().any(|alias| name_key(alias) == key)
        })
    }

    /// Finds an attribute by a name that the primary one has as well, where that stands apart, as in extracts.
    pub(crate) fn attribute_beside_primary(&self, name: &str) -> Option<&Attribute> {
        let key = name_key(name);
        let mut attributes = self.attributes.iter();
        attributes.find(|a| {
            a.beside_primary
                .as_deref()
                .is_some_and(|own| name_key(own) == key)
        })
    }

    /// Returns the trigger's name as Marketo displays it: `Clicks Link in Email`.
    pub(crate) fn trigger_label(&self) -> Option<String> {
        const SMALL: [&str; 12] = [
            "a", "an", "by", "during", "from", "in", "is", "of", "on", "to", "was", "with",
        ];
        const SHORT: [&str; 3] = ["sms", "sfdc", "rtp"];
        let words = self.trigger.as_ref()?.split('_').enumerate();
        let words = words.map(|(place, word)| {
            if SHORT.contains(&word) {
                return word.to_uppercase();
            }
            if place > 0 && SMALL.contains(&word) {
                return word.to_owned();
            }
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect()
        });
        Some(words.collect::<Vec<String>>().join(" "))
    }

    /// Returns whether an attribute is the primary one.
    pub(crate) fn is_primary(&self, attribute: &Attribute) -> bool {
        self.primary
            .as_ref()
            .is_some_and(|p| p.key == attribute.key)
    }
}

macro_rules! known {
    ($( $(#[$doc:meta])* $name:ident = $code:literal; )*) => {
        /// Types that the engine itself writes or reads, by their number.
        ///
        /// A [`BuiltinActivity`] is the row's index in the standard table, so that the engine compares small numbers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum BuiltinActivity { $( $(#[$doc])* $name, )* }

        impl BuiltinActivity {
            /// Every one.
            pub(crate) const ALL: &'static [Self] = &[ $( Self::$name, )* ];

            /// Returns the number in the database.
            pub(crate) fn code(self) -> i32 {
                match self { $( Self::$name => $code, )* }
            }

            /// Returns the place in every catalogue: the standard rows begin with these, in this order.
            pub(crate) fn id(self) -> ActivityTypeId {
                ActivityTypeId(self as u16)
            }

            /// Returns the one that has a place in the catalogue; none for a type that the engine does not know.
            pub(crate) fn of(id: ActivityTypeId) -> Option<Self> {
                Self::ALL.get(usize::from(id.0)).copied()
            }
        }
    };
}

known! {
    /// `new_person`
    NewPerson = 12;
    /// `change_data_value`
    ChangeDataValue = 13;
    /// `change_score`
    ChangeScore = 22;
    /// `add_to_list`
    AddToList = 24;
    /// `remove_from_list`
    RemoveFromList = 25;
    /// `send_email`
    SendEmail = 6;
    /// `email_delivered`
    EmailDelivered = 7;
    /// `email_bounced`
    EmailBounced = 8;
    /// `unsubscribe_email`
    UnsubscribeEmail = 9;
    /// `open_email`
    OpenEmail = 10;
    /// `click_email`
    ClickEmail = 11;
    /// `fill_out_form`
    FillOutForm = 2;
    /// `send_alert`
    SendAlert = 38;
    /// `delete_person`
    DeletePerson = 37;
    /// `interesting_moment`
    InterestingMoment = 46;
    /// `request_campaign`
    RequestCampaign = 47;
    /// `change_program_status`
    ChangeProgramStatus = 104;
    /// `change_program_success`, which has no id in Marketo
    ChangeProgramSuccess = 90_500;
    /// `call_webhook`
    CallWebhook = 110;
    /// `change_program_member_data`
    ChangeProgramMemberData = 123;
    /// `execute_campaign`, which has no id in Marketo
    ExecuteCampaign = 90_001;
    /// `remove_from_flow`, which has no id in Marketo
    RemoveFromFlow = 90_002;
    /// `wait_started`, ours
    WaitStarted = 90_003;
    /// `wait_ended`, ours
    WaitEnded = 90_004;
}
