//! The panic hook: reports a bug of the program without personal values and exits with 70.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::render::Colour;

use super::exit::Exit;
use super::out::{Notices, Verbosity};

/// Runs the program; a panic anywhere becomes exit code 70.
pub(crate) fn guard(run: impl FnOnce() -> Exit) -> Exit {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        let notices = Notices {
            colour: Colour::Never,
            verbosity: Verbosity::Normal,
        };
        // What the panic itself says may quote a person's data, so it is left out.
        notices.error(
            &format!("a fault of the program, at {place}"),
            Some("nothing half done was kept; please report it with this line and the command"),
        );
    }));
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(Exit::Program)
}
