//! The program of `--as-members`, found in the stored workspace.

use super::AsMembers;
use crate::app::stored_workspace::StoredWorkspace;
use crate::app::{Error, ErrorKind, UserError};
use crate::campaign::{Program, Workspace};
use crate::diagnostic::suggest::did_you_mean;
use crate::domain::Text;
use crate::intake::people::members::known_status;
use crate::store::Store;
use crate::world::members::{MemberProgram, MemberStatus, UsualStatus};

/// Finds the program and the status of rows that name none. Where the workspace declares its programs there are no others.
pub(super) fn program(store: &Store, wanted: &AsMembers) -> Result<MemberProgram, Error> {
    let workspace = StoredWorkspace::of(store)?.workspace;
    let found = workspace.program_names.find(&wanted.program);
    let known = found.and_then(|number| workspace.programs.get(number as usize));
    if known.is_none() && workspace.programs_declared {
        return Err(no_program(&wanted.program, &workspace).into());
    }
    let name = found.map_or_else(
        || Text::from(wanted.program.as_str()),
        |number| Text::clone(workspace.program_names.name(number)),
    );
    let mut program = MemberProgram {
        name,
        statuses: known.map(statuses).unwrap_or_default(),
        fields: known.map_or_else(Vec::new, |program| program.member_fields.clone()),
        usual: UsualStatus::Missing,
        by_status: workspace.has_acquiring_status(),
    };
    if let Some(status) = &wanted.status {
        let known = known_status(&program, status).map_err(|(message, help)| {
            UserError::new(ErrorKind::State, format!("`{status}` {message}")).help(help)
        })?;
        program.usual = UsualStatus::OfAll(Text::from(known));
    } else if let Some(first) = program.statuses.first() {
        program.usual = UsualStatus::OfNew(Text::clone(&first.name));
    }
    Ok(program)
}

fn statuses(program: &Program) -> Vec<MemberStatus> {
    let statuses = program.statuses.iter().map(|status| MemberStatus {
        name: Text::clone(&status.name),
        step: status.step,
        success: status.success,
        acquires: status.acquires,
    });
    statuses.collect()
}

fn no_program(name: &str, workspace: &Workspace) -> UserError {
    let names = || workspace.program_names.iter().map(AsRef::as_ref);
    let all: Vec<String> = names().map(|name: &str| format!("`{name}`")).collect();
    let help = did_you_mean(name, names())
        .unwrap_or_else(|| format!("the workspace has {}", all.join(", ")));
    UserError::new(ErrorKind::State, format!("no program `{name}`")).help(help)
}
