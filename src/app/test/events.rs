//! The events of a test, read by the rules of event files.

use crate::campaign::Workspace;
use crate::campaign::case::Case;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::intake::data_error::{self, DataError};
use crate::intake::events::{Options, Watch, open};
use crate::intake::input::Input;
use crate::world::Event;

/// Reports what is wrong with the events of all tests.
pub(crate) fn check(workspace: &Workspace, diagnostics: &mut Diagnostics) {
    let cases = workspace.campaigns.iter().flat_map(|c| &c.tests);
    for fault in cases
        .filter_map(|case| read(case, workspace).err())
        .flatten()
    {
        diagnostics.push(fault);
    }
}

/// Reads the events of a test, in order of time.
pub(super) fn read(case: &Case, workspace: &Workspace) -> Result<Vec<Event>, Vec<Diagnostic>> {
    if case.events.is_empty() {
        return Ok(Vec::new());
    }
    let lines: Vec<&str> = case
        .events
        .iter()
        .map(|event| event.line.as_str())
        .collect();
    let input = Input::Text {
        name: "events".to_owned(),
        text: lines.join("\n"),
    };
    let events = open(
        &[input],
        &Options::default(),
        &workspace.activities,
        &workspace.fields,
        &workspace.zone,
        &Watch::new(&|_| {}),
    );
    let unreadable = |cause: &dyn ToString| {
        vec![Diagnostic::new(
            Code::WrongShape,
            case.span,
            format!("the events cannot be read: {}", cause.to_string()),
        )]
    };
    match events {
        Ok(events) => events
            .collect::<Result<_, _>>()
            .map_err(|cause| unreadable(&cause)),
        Err(data_error::Error::Faulty(faults)) => Err(faults
            .reported()
            .iter()
            .map(|fault| diagnostic(fault, case))
            .collect()),
        Err(
            error @ (data_error::Error::Unreadable { .. } | data_error::Error::Unwritable { .. }),
        ) => Err(unreadable(&error)),
    }
}

/// Reports a fault at the event that stands on its line.
fn diagnostic(fault: &DataError, case: &Case) -> Diagnostic {
    let place = usize::try_from(fault.line).unwrap_or_default();
    let event = place
        .checked_sub(1)
        .and_then(|place| case.events.get(place));
    let span = event.map_or(case.span, |event| event.span);
    let diagnostic = Diagnostic::new(Code::WrongType, span, fault.message.clone());
    match &fault.help {
        Some(help) => diagnostic.help(help.clone()),
        None => diagnostic,
    }
}
