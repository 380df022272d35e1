//! Progress on standard error, to a terminal alone.

use std::fmt::Write;
use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::app::Passed;
use crate::domain::{Instant, Zone};

/// A count that grows before one's eyes, or nothing.
pub(crate) struct ProgressDisplay {
    bar: ProgressBar,
    measure: Measure,
}

/// How often a bar is drawn where nothing is done.
const TICK: Duration = Duration::from_millis(200);

/// What a bar measures, and what stands beside it.
enum Measure {
    /// The count of things itself.
    Count,
    /// Bytes of files that are read; the count stands beside.
    Bytes {
        /// What is counted.
        what: String,
        /// How many bytes have been read.
        read: Arc<AtomicU64>,
    },
    /// The count of events, by which time passes; the date that is reached stands beside.
    Events(Passing),
    /// Time that passes from an instant on; the date that is reached and the count stand beside.
    Time {
        /// Where the bar begins.
        from: Instant,
        /// What stands beside.
        passing: Passing,
    },
}

/// What stands beside a bar while time passes.
struct Passing {
    /// What is counted.
    what: String,
    /// The zone of dates.
    zone: Zone,
    /// The count.
    count: AtomicU64,
    /// The date that is reached.
    date: Mutex<String>,
}

impl Passing {
    fn new(what: &str, zone: &Zone) -> Self {
        Self {
            what: what.to_owned(),
            zone: zone.clone(),
            count: AtomicU64::new(0),
            date: Mutex::default(),
        }
    }

    /// Takes the date that is reached.
    fn reach(&self, at: Instant) {
        if let Ok(mut date) = self.date.lock() {
            *date = self.zone.civil(at).format("%Y-%m-%d").to_string();
        }
    }

    /// Writes date and count, as far as there are some, each before a comma.
    fn line(&self) -> String {
        let date = self.date.lock().map(|date| date.clone());
        let date = date.ok().filter(|date| !date.is_empty());
        let count = Some(self.count.load(Ordering::Relaxed)).filter(|count| *count > 0);
        let count = count.map(|count| format!("{} {}", HumanCount(count), self.what));
        let parts = date.into_iter().chain(count);
        parts.fold(String::new(), |line, part| line + &part + ", ")
    }
}

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
        Self::of(show, Measure::Count, |target| bar(what, total, target))
    }

    /// Begins counting things that are read from files of so many bytes.
    pub(crate) fn of_bytes(show: Show, what: &str, total: u64, read: Arc<AtomicU64>) -> Self {
        let what = what.to_owned();
        let measure = Measure::Bytes { what, read };
        Self::of(show, measure, |target| measured(total, target))
    }

    /// Begins counting things that are done while time passes from one instant to another.
    pub(crate) fn of_time(show: Show, what: &str, zone: &Zone, span: [Instant; 2]) -> Self {
        let [from, until] = span;
        let passing = Passing::new(what, zone);
        let measure = Measure::Time { from, passing };
        let total = seconds_between(from, until);
        Self::of(show, measure, |target| measured(total, target))
    }

    /// Begins counting events of a known number, by which time passes.
    pub(crate) fn of_events(show: Show, zone: &Zone, total: u64) -> Self {
        let measure = Measure::Events(Passing::new("events", zone));
        Self::of(show, measure, |target| measured(total, target))
    }

    fn of(
        show: Show,
        measure: Measure,
        make: impl FnOnce(ProgressDrawTarget) -> ProgressBar,
    ) -> Self {
        if show == Show::Never || !std::io::stderr().is_terminal() {
            let bar = ProgressBar::hidden();
            return Self { bar, measure };
        }
        let bar = make(ProgressDrawTarget::stderr_with_hz(10));
        keep_drawing(&bar);
        Self { bar, measure }
    }

    /// Describes how many are done in all.
    pub(crate) fn reached(&self, done: u64) {
        match &self.measure {
            Measure::Count => self.bar.set_position(done),
            Measure::Bytes { what, read } => {
                self.bar.set_position(read.load(Ordering::Relaxed));
                self.bar
                    .set_message(format!("{} {what}, ", HumanCount(done)));
            }
            Measure::Events(passing) => {
                passing.count.store(done, Ordering::Relaxed);
                self.bar.set_position(done);
                self.bar.set_message(passing.line());
            }
            Measure::Time { passing, .. } => {
                passing.count.store(done, Ordering::Relaxed);
                self.bar.set_message(passing.line());
            }
        }
    }

    /// Describes how far time has passed.
    pub(crate) fn passed(&self, passed: Passed) {
        match &self.measure {
            Measure::Count | Measure::Bytes { .. } => {}
            Measure::Events(passing) => {
                passing.reach(passed.at);
                self.bar.set_message(passing.line());
            }
            Measure::Time { from, passing } => {
                passing.reach(passed.at);
                self.bar.set_position(seconds_between(*from, passed.bar));
                self.bar.set_message(passing.line());
            }
        }
    }
}

impl Drop for ProgressDisplay {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Draws a bar now and then, so that a long step does not look like a standstill.
///
/// Where the system starts no thread, it is drawn as things are done. The steady tick of `indicatif` would end the program.
fn keep_drawing(bar: &ProgressBar) {
    let bar = bar.downgrade();
    let draw = move || {
        while let Some(bar) = bar.upgrade().filter(|bar| !bar.is_finished()) {
            bar.tick();
            drop(bar);
            std::thread::sleep(TICK);
        }
    };
    let _ = std::thread::Builder::new().spawn(draw);
}

/// Returns the whole seconds from one instant to another; none where the second is not later.
fn seconds_between(from: Instant, until: Instant) -> u64 {
    let micros = until.micros().saturating_sub(from.micros());
    u64::try_from(micros / 1_000_000).unwrap_or(0)
}

fn bar(what: &str, total: Option<u64>, target: ProgressDrawTarget) -> ProgressBar {
    let template = if total.is_some() {
        format!("[{{bar:24}}] {{percent}}%  {{human_pos}} of {{human_len}} {what}, {{eta}} left")
    } else {
        format!("{{spinner}} {{human_pos}} {what} ({{speed}}, {{elapsed}})")
    };
    styled(ProgressBar::with_draw_target(total, target), &template)
}

/// Makes a bar of bytes or of time, beside which a text stands.
fn measured(total: u64, target: ProgressDrawTarget) -> ProgressBar {
    let template = "[{bar:24}] {percent}%  {msg}{eta} left";
    styled(ProgressBar::with_draw_target(Some(total), target), template)
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    if let Ok(style) = ProgressStyle::with_template(template) {
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

    fn display(measure: Measure, total: u64) -> (ProgressDisplay, Kept) {
        let terminal = Kept::default();
        let target = ProgressDrawTarget::term_like(Box::new(terminal.clone()));
        let bar = measured(total, target);
        (ProgressDisplay { bar, measure }, terminal)
    }

    fn line(display: &ProgressDisplay, terminal: &Kept) -> String {
        display.bar.tick();
        terminal.0.lock().unwrap().trim().to_owned()
    }

    const DAY: i64 = 86_400_000_000;

    /// Returns the instant some days after 2 November 2026.
    fn after(days: i64) -> Instant {
        Instant::from_micros(1_793_577_600_000_000 + days * DAY)
    }

    #[test]
    fn where_time_passes_the_date_is_shown() {
        let measure = Measure::Time {
            from: after(0),
            passing: Passing::new("people", &Zone::utc()),
        };
        let (display, terminal) = display(measure, seconds_between(after(0), after(4)));
        let at = after(1);
        display.passed(Passed { at, bar: at });
        let shown = line(&display, &terminal);
        assert!(shown.contains("] 25%  2026-11-03, "), "{shown}");
        display.reached(1200);
        let shown = line(&display, &terminal);
        assert!(
            shown.contains("] 25%  2026-11-03, 1,200 people, "),
            "{shown}"
        );
        // Half of the people have been taken to the end of a stretch of two days.
        let (at, bar) = (after(3), after(2));
        display.passed(Passed { at, bar });
        let shown = line(&display, &terminal);
        assert!(shown.contains("] 50%  2026-11-05, "), "{shown}");
    }

    #[test]
    fn events_are_counted_beside_the_date_that_they_reach() {
        let measure = Measure::Events(Passing::new("events", &Zone::utc()));
        let (display, terminal) = display(measure, 4000);
        display.reached(1000);
        let shown = line(&display, &terminal);
        assert!(shown.contains("] 25%  1,000 events, "), "{shown}");
        let at = after(1);
        display.passed(Passed { at, bar: at });
        let shown = line(&display, &terminal);
        assert!(
            shown.contains("] 25%  2026-11-03, 1,000 events, "),
            "{shown}"
        );
    }

    #[test]
    fn rows_of_a_file_are_measured_by_its_bytes() {
        let read = Arc::new(AtomicU64::new(0));
        let measure = Measure::Bytes {
            what: "rows".to_owned(),
            read: Arc::clone(&read),
        };
        let (display, terminal) = display(measure, 4000);
        read.store(3000, Ordering::Relaxed);
        display.reached(1024);
        let shown = line(&display, &terminal);
        assert!(shown.contains("] 75%  1,024 rows, "), "{shown}");
    }
}
