//! Progress on standard error, to a terminal alone.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A count that grows before one's eyes, or nothing.
pub(crate) struct ProgressDisplay(ProgressBar);

/// Whether progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// On standard error, where that is a terminal.
    OnTerminal,
    /// Not.
    Never,
}

impl ProgressDisplay {
    /// Begins counting things of a kind: `rows`, `events`, `people`.
    pub(crate) fn new(show: Show, what: &str) -> Self {
        if show == Show::Never || !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        let template = format!("{{spinner}} {{human_pos}} {what} ({{per_sec}}, {{elapsed}})");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// Describes how many are done in all.
    pub(crate) fn reached(&self, count: u64) {
        self.0.set_position(count);
    }
}

impl Drop for ProgressDisplay {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
