//! Progress on standard error, to a terminal alone.

use std::fmt::Write;
use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// A count that grows before one's eyes, or nothing.
pub(crate) struct ProgressDisplay(ProgressBar);

/// Whether progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// On standard error, where that is a terminal.
    OnTerminal,
    /// Never.
    Never,
}

impl ProgressDisplay {
    /// Begins counting things of a kind, `rows`, `events` or `people`: with a bar, a percentage and the time left where their
    /// number is known.
    pub(crate) fn new(show: Show, what: &str, total: Option<u64>) -> Self {
        if show == Show::Never || !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = bar(what, total, ProgressDrawTarget::stderr_with_hz(10));
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

fn bar(what: &str, total: Option<u64>, target: ProgressDrawTarget) -> ProgressBar {
    let template = if total.is_some() {
        format!("[{{bar:24}}] {{percent}}%  {{human_pos}} of {{human_len}} {what}, {{eta}} left")
    } else {
        format!("{{spinner}} {{human_pos}} {what} ({{speed}}, {{elapsed}})")
    };
    let bar = ProgressBar::with_draw_target(total, target);
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style.with_key("speed", speed).progress_chars("=> "));
    }
    bar
}

/// Writes how many are done in a second, a whole number.
fn speed(state: &ProgressState, out: &mut dyn Write) {
    // Trouble with a line that is drawn again soon changes nothing.
    let _ = write!(out, "{:.0}/s", state.per_sec());
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use indicatif::TermLike;

    use super::*;

    /// A terminal that keeps all that is written.
    #[derive(Debug, Default, Clone)]
    struct Kept(Arc<Mutex<String>>);

    impl TermLike for Kept {
        fn width(&self) -> u16 {
            80
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write_str(text)
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            self.0.lock().unwrap().push_str(text);
            Ok(())
        }
        fn clear_line(&self) -> io::Result<()> {
            self.0.lock().unwrap().clear();
            Ok(())
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Returns what a terminal shows when 50,000 people are done.
    fn drawn(total: Option<u64>) -> String {
        let terminal = Kept::default();
        let target = ProgressDrawTarget::term_like(Box::new(terminal.clone()));
        let bar = bar("people", total, target);
        bar.set_position(50_000);
        bar.tick();
        terminal.0.lock().unwrap().trim().to_owned()
    }

    #[test]
    fn a_known_size_has_a_bar_a_percentage_and_the_time_left() {
        let line = drawn(Some(100_000));
        let (bar, rest) = line.rsplit_once("] ").unwrap();
        assert!(bar.contains("[============"), "{line}");
        assert!(
            rest.starts_with("50%  50,000 of 100,000 people, ") && rest.ends_with(" left"),
            "{line}"
        );
    }

    #[test]
    fn speed_is_a_whole_number() {
        let line = drawn(None);
        let (_, speed) = line.rsplit_once("50,000 people (").unwrap();
        let (speed, _) = speed.split_once("/s").unwrap();
        assert!(speed.chars().all(|c| c.is_ascii_digit()), "{line}");
    }
}
