//! The stable code of every fault, its severity and its one-line meaning.

use super::Severity;

macro_rules! codes {
    ($( $variant:ident, $name:literal, $severity:ident, $meaning:literal; )*) => {
        /// What kind of fault; the name is stable and shown in brackets.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Code {
            $( #[doc = $meaning] $variant, )*
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub(crate) const ALL: &'static [Self] = &[ $( Self::$variant, )* ];

            /// Returns the stable name, as in `error[unknown-field]`.
            pub(crate) fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )* }
            }

            /// Returns whether the fault stops the work.
            pub(crate) fn severity(self) -> Severity {
                match self { $( Self::$variant => Severity::$severity, )* }
            }

            /// Returns the meaning in one sentence.
            pub(crate) fn meaning(self) -> &'static str {
                match self { $( Self::$variant => $meaning, )* }
            }
        }
    };
}

codes! {
    // The file as YAML.
    YamlSyntax, "yaml-syntax", Error, "The file is not well-formed YAML.";
    YamlLimit, "yaml-limit", Error, "The file is too large, too deep, or expands too far through aliases.";
    DuplicateKey, "duplicate-key", Error, "One mapping has the same key twice.";
    EmptyFile, "empty-file", Error, "The file holds no campaign.";
    // Shape.
    UnknownKey, "unknown-key", Error, "A key that this place does not have.";
    MissingKey, "missing-key", Error, "A key that this place needs is not there.";
    MissingValue, "missing-value", Error, "A key has nothing after it.";
    WrongShape, "wrong-shape", Error, "A list, a mapping or a single value is given where another is expected.";
    WrongType, "wrong-type", Error, "A value cannot be read as the type of its place.";
    // Names.
    UnknownField, "unknown-field", Error, "A person field that no catalogue has.";
    UnknownFilter, "unknown-filter", Error, "Neither a person field nor an activity, membership or group filter.";
    UnknownTrigger, "unknown-trigger", Error, "No activity type has this trigger name.";
    UnknownStep, "unknown-step", Error, "No flow step has this name.";
    UnknownConstraint, "unknown-constraint", Error, "The activity type has no attribute of this name.";
    UnknownOperator, "unknown-operator", Error, "No operator has this name.";
    UnknownCampaign, "unknown-campaign", Error, "No campaign has this name.";
    UnknownList, "unknown-list", Error, "The workspace declares its lists, and this is none of them.";
    UnknownSmartList, "unknown-smart-list", Error, "No named or system smart list has this name.";
    UnknownProgram, "unknown-program", Error, "No program has this name.";
    UnknownStatus, "unknown-status", Error, "The program's channel has no status of this name.";
    UnknownEmail, "unknown-email", Error, "The workspace defines its emails, and a step sends another.";
    UnknownChannel, "unknown-channel", Error, "The workspace has no channel of this name.";
    UnknownWebhook, "unknown-webhook", Error, "The workspace has no webhook of this name.";
    UnknownToken, "unknown-token", Error, "A token that cannot resolve here.";
    UnknownZone, "unknown-zone", Error, "No time zone has this name.";
    AmbiguousName, "ambiguous-name", Error, "Several campaigns have this bare name.";
    DuplicateName, "duplicate-name", Error, "Two campaigns of one program, or two things of one kind, have the same name.";
    UnsupportedHere, "unsupported", Error, "Marketo has this, but it needs a CRM or a service that bugle does not support.";
    // Mode and its consequences.
    NoSmartList, "no-smart-list", Error, "Neither a trigger nor a filter says who is meant.";
    BatchOnly, "batch-only", Error, "This belongs to batch campaigns alone.";
    TriggerOnly, "trigger-only", Error, "This belongs to trigger campaigns alone.";
    NotInExecutable, "not-in-executable", Error, "An executable campaign cannot have this.";
    NotRequestable, "not-requestable", Error, "The campaign asked for has no `campaign_is_requested` trigger.";
    NotExecutable, "not-executable", Error, "The campaign to execute is not executable.";
    // Meaning.
    OperatorType, "operator-type", Error, "The operator does not go with the field's type.";
    BadLogic, "bad-logic", Error, "The logic expression is not one.";
    BadToken, "bad-token", Error, "The token is not written as one.";
    BadDuration, "bad-duration", Error, "A duration that cannot be read.";
    BadSchedule, "bad-schedule", Error, "A schedule that cannot be read or never runs.";
    ChoicesWithoutDefault, "choices-without-default", Error, "Choices have no default.";
    RequestCycle, "request-cycle", Error, "Campaigns request or execute each other in a circle with no wait on it.";
    ExecuteDepth, "execute-depth", Error, "Campaigns execute each other more than three levels deep.";
    SmartListCycle, "smart-list-cycle", Error, "Named smart lists are made of each other in a circle.";
    // Warnings.
    EmptyFlow, "empty-flow", Warning, "The flow has no step.";
    NeverHolds, "never-holds", Warning, "Filters or a choice that no one can ever meet.";
    ImpliedFilter, "implied-filter", Warning, "A filter that changes nothing, since another one says as much.";
    ListInText, "list-in-text", Warning, "A text holds several values between semicolons, where a list was probably meant.";
    ValueNobodyHas, "value-nobody-has", Warning, "A filter asks for a value that nobody in the database has.";
    DeadChoice, "dead-choice", Warning, "A choice that an earlier one always takes.";
    UnreachableStep, "unreachable-step", Warning, "No one can reach this step.";
    NeverHappens, "never-happens", Warning, "A trigger or filter waits for what nothing can bring.";
    AskedTooSoon, "asked-too-soon", Warning, "A choice asks about an email in the instant in which it is sent.";
    NeverExecuted, "never-executed", Warning, "No campaign executes this executable one.";
    EmptyListForever, "list-never-filled", Warning, "Nothing in the workspace puts anyone on this list.";
    ParentTokenAbsent, "parent-token-absent", Warning, "A campaign that is executed needs a token that is not there, or that holds something else.";
    TriggerTokenAbsent, "trigger-token-absent", Warning, "None of the campaign's triggers brings this token.";
    WaitingCycle, "waiting-cycle", Warning, "Campaigns start each other in a circle through a wait or through data.";
    OnceOnRecurring, "once-on-recurring", Warning, "A batch recurs, but no qualification rule is written, so that it takes each person once.";
    WindowShorterThanWait, "window-shorter-than-wait", Warning, "People may enter again while a wait of the same flow still holds them.";
    RacingTriggers, "racing-triggers", Warning, "Two trigger campaigns react to one activity, and what comes of it depends on which of them goes first.";
}
