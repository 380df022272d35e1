//! Exit codes: the one table of what each number means.

use std::process::ExitCode;

use crate::app::ErrorKind;

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// The user's files are at fault and nothing changed.
    Files,
    /// The command line is at fault.
    Usage,
    /// Input or database cannot be read or written.
    Storage,
    /// Not found, or not allowed in this state.
    State,
    /// Another command is writing.
    Busy,
    /// Done, with something set aside.
    SetAside,
    /// Refused by a guard.
    Guard,
    /// A fault of the program.
    Program,
    /// Stopped by the signal of this number.
    Interrupted(u8),
}

impl Exit {
    /// Returns the number that the shell sees.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Files => 1,
            Self::Usage => 2,
            Self::Storage => 3,
            Self::State => 4,
            Self::Busy => 5,
            Self::SetAside => 6,
            Self::Guard => 7,
            Self::Program => 70,
            Self::Interrupted(signal) => 128 + signal,
        }
    }

    /// Returns how a command ends that fails for such a reason.
    pub(crate) fn of(kind: ErrorKind, signal: Option<usize>) -> Self {
        match kind {
            ErrorKind::Files => Self::Files,
            ErrorKind::Usage => Self::Usage,
            ErrorKind::Storage => Self::Storage,
            ErrorKind::State => Self::State,
            ErrorKind::Busy => Self::Busy,
            ErrorKind::Guard => Self::Guard,
            ErrorKind::Program => Self::Program,
            ErrorKind::Interrupted => {
                let signal = signal.and_then(|number| u8::try_from(number).ok());
                Self::Interrupted(signal.unwrap_or(2).min(127))
            }
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}
