//! How a step of a flow ended, and why it did not do what it says: the columns `outcome` and `reason` of a log.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::FieldType;

/// How a step of a flow ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// It did what it says.
    Succeeded,
    /// It had nothing to do, or was not allowed to.
    Skipped,
    /// It could not.
    Failed,
}

impl Outcome {
    /// Every outcome, in the order of their codes.
    pub(crate) const ALL: [Self; 3] = [Self::Succeeded, Self::Skipped, Self::Failed];

    /// Returns the word in the log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        }
    }

    /// Returns the number in the database: 1, 2, 3.
    pub(crate) fn code(self) -> i64 {
        match self {
            Self::Succeeded => 1,
            Self::Skipped => 2,
            Self::Failed => 3,
        }
    }

    /// Returns the outcome of a number in the database.
    pub(crate) fn of_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

macro_rules! reasons {
    ($( $(#[$doc:meta])* $name:ident = $text:literal; )*) => {
        /// Why a row of a log was skipped or failed, or what limited it.
        ///
        /// This is the one list of their texts. Variants stand in the order of the texts, so reasons sort as their texts do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Reason { $( $(#[$doc])* $name, )*
            /// `does not fit integer`: a value cannot be read as its field's type. In the order of the texts it stands among
            /// the others; only the reasons of mail are ever sorted.
            Unfit(FieldType),
        }

        impl Reason {
            /// Every reason that has one text.
            const FIXED: &'static [Self] = &[ $( Self::$name, )* ];

            /// Returns the text in the log.
            pub(crate) fn text(self) -> Cow<'static, str> {
                match self {
                    $( Self::$name => Cow::Borrowed($text), )*
                    Self::Unfit(field_type) => Cow::Owned(format!("{UNFIT}{}", field_type.name())),
                }
            }
        }
    };
}

/// How the reason of a value that does not fit its field begins; the name of the field's type follows.
const UNFIT: &str = "does not fit ";

reasons! {
    /// The batch run that the person waited in was aborted.
    Aborted = "aborted";
    /// This step of the batch run has sent to the same address, by way of another person.
    AddressServed = "address already served";
    /// The person is black listed.
    BlackListed = "black listed";
    /// More entries followed from one happening than the cascade limit allows.
    CascadeLimit = "cascade limit";
    /// The person has had as many emails as the communication limits allow.
    CommunicationLimit = "communication limit";
    /// The wait would end before it begins.
    DateIsPast = "date is past";
    /// The step, or the choice taken, says to do nothing.
    DoNothing = "do nothing";
    /// A new version of the campaign was loaded, which dropped the people who waited here.
    Dropped = "dropped by a new version";
    /// The person's address is marked as invalid.
    EmailInvalid = "email invalid";
    /// An email to the person bounced less than 24 hours ago.
    EmailSuspended = "email suspended";
    /// The value of the step is empty, for example after its tokens were resolved.
    EmptyValue = "empty value";
    /// The person's program status is already a later one.
    LowerStatus = "lower status";
    /// The person's marketing is suspended.
    MarketingSuspended = "marketing suspended";
    /// There is no address to send to.
    NoAddress = "no address";
    /// Everything was already as the row says.
    NoChange = "no change";
    /// The token of the wait gives no date.
    NoDate = "no date";
    /// An event changes a field that the workspace does not have.
    NoSuchField = "no such field";
    /// The person is not a member of the program.
    NotAMember = "not a member";
    /// The campaign that is requested is not active, or cannot be requested.
    NotActive = "not active";
    /// The score has reached the limits of a 32-bit number. The step succeeded all the same.
    Saturated = "saturated at 32 bits";
    /// The person has unsubscribed.
    Unsubscribed = "unsubscribed";
    /// The newest version of the campaign does not have the wait that ended.
    WaitGone = "wait is gone";
    /// Webhooks are not called.
    WebhooksOff = "webhooks are off";
}

impl Reason {
    /// Returns the reason of a text in the log.
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        if let Some(name) = text.strip_prefix(UNFIT) {
            let mut types = FieldType::ALL.into_iter();
            return types.find(|one| one.name() == name).map(Self::Unfit);
        }
        let mut fixed = Self::FIXED.iter().copied();
        fixed.find(|reason| reason.text() == text)
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::of_text(&text).ok_or_else(|| serde::de::Error::custom("an unknown reason"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_stand_in_the_order_of_their_texts() {
        assert!(Reason::FIXED.is_sorted());
        assert!(Reason::FIXED.iter().map(|reason| reason.text()).is_sorted());
    }

    #[test]
    fn every_reason_is_found_by_its_text() {
        let unfit = FieldType::ALL.map(Reason::Unfit);
        for reason in Reason::FIXED.iter().copied().chain(unfit) {
            assert_eq!(Reason::of_text(&reason.text()), Some(reason));
        }
        assert_eq!(Reason::of_text("does not fit anything"), None);
        assert_eq!(Reason::of_text("No Change"), None);
    }

    #[test]
    fn every_outcome_is_found_by_its_code() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::of_code(outcome.code()), Some(outcome));
        }
        assert_eq!(Outcome::of_code(0), None);
    }
}
