//! A pager for results that are longer than the screen, as git has one.
//!
//! Output is kept until it is longer than the terminal is high. Then the pager is started, and gets what was kept and all
//! that follows; shorter output is written as if there were none. Without a terminal, or where the pager cannot be started,
//! everything is written as it comes.

use std::io::{self, Write};
use std::process::{Child, Command, Stdio};

use unicode_width::UnicodeWidthChar as _;

use super::signals;

/// The pager where no variable names one: it ends at once where all fits, takes colours, and leaves the text on the screen.
const USUAL: &str = "less -FRX";

/// Which pager is asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct PagerChoice {
    /// The command, from `BUGLE_PAGER` or `PAGER`; empty or `cat` is none.
    pub(crate) command: Option<String>,
    /// Whether the user has options for `less` in the environment.
    pub(crate) has_less_options: bool,
}

/// Output on its way to a terminal.
pub(crate) struct Pager {
    choice: PagerChoice,
    size: ScreenSize,
    /// What was written while it may all fit on the screen.
    kept: Vec<u8>,
    rows: RowCount,
    child: Option<Child>,
    /// Whether the pager could not be started.
    failed: bool,
}

/// Columns and rows of a terminal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ScreenSize {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
}

impl Pager {
    /// Makes a pager for a terminal of a size; nothing where the choice is to have none.
    pub(crate) fn of(choice: PagerChoice, size: ScreenSize) -> Option<Self> {
        let command = choice.command.as_deref().unwrap_or(USUAL).trim();
        if command.is_empty() || command == "cat" {
            return None;
        }
        Some(Self {
            choice,
            size,
            kept: Vec::new(),
            rows: RowCount::default(),
            child: None,
            failed: false,
        })
    }

    /// Takes output; `direct` is the terminal itself.
    pub(crate) fn write(&mut self, bytes: &[u8], direct: &mut impl Write) -> io::Result<()> {
        if self.failed {
            return direct.write_all(bytes);
        }
        if let Some(child) = &mut self.child {
            return write_to(child, bytes);
        }
        self.kept.extend_from_slice(bytes);
        self.rows.take(bytes, self.size.columns);
        // The last row is for what the shell prints next.
        if self.rows.count >= self.size.rows {
            self.start(direct)?;
        }
        Ok(())
    }

    /// Ends the output, and waits until the user has left the pager.
    pub(crate) fn finish(&mut self, direct: &mut impl Write) -> io::Result<()> {
        let Some(mut child) = self.child.take() else {
            return direct.write_all(&std::mem::take(&mut self.kept));
        };
        drop(child.stdin.take());
        child.wait()?;
        Ok(())
    }

    fn start(&mut self, direct: &mut impl Write) -> io::Result<()> {
        let kept = std::mem::take(&mut self.kept);
        signals::leave_interrupts_to_others();
        let started = self.command().stdin(Stdio::piped()).spawn();
        let Ok(mut child) = started else {
            self.failed = true;
            return direct.write_all(&kept);
        };
        let written = write_to(&mut child, &kept);
        self.child = Some(child);
        written
    }

    fn command(&self) -> Command {
        let wanted = self.choice.command.as_deref().unwrap_or(USUAL);
        let mut command =
            if cfg!(unix) && wanted.contains(|c: char| "|&;<>()$`\\\"'*?[#~=%".contains(c)) {
                let mut shell = Command::new("sh");
                shell.args(["-c", wanted]);
                shell
            } else {
                let mut words = wanted.split_whitespace();
                let mut plain = Command::new(words.next().unwrap_or_default());
                plain.args(words);
                plain
            };
        if !self.choice.has_less_options {
            command.env("LESS", "FRX");
        }
        command.env("LESSCHARSET", "utf-8");
        command
    }
}

fn write_to(child: &mut Child, bytes: &[u8]) -> io::Result<()> {
    match &mut child.stdin {
        // A user who leaves the pager has seen enough: the broken pipe ends the command quietly.
        Some(stdin) => stdin.write_all(bytes),
        None => Ok(()),
    }
}

/// Counts the rows that a text takes on a terminal.
#[derive(Debug, Default)]
struct RowCount {
    /// Rows that are full or ended.
    count: usize,
    /// Cells used in the present one.
    used: usize,
    /// Whether the text is inside a sequence that sets a colour.
    in_escape: bool,
}

impl RowCount {
    fn take(&mut self, bytes: &[u8], columns: usize) {
        for c in String::from_utf8_lossy(bytes).chars() {
            match c {
                '\n' => {
                    self.count += 1;
                    self.used = 0;
                }
                '\x1b' => self.in_escape = true,
                _ if self.in_escape => self.in_escape = !c.is_ascii_alphabetic(),
                _ => {
                    let width = c.width().unwrap_or(0);
                    if self.used + width > columns {
                        self.count += 1;
                        self.used = 0;
                    }
                    self.used += width;
                }
            }
        }
    }
}

/// Returns the size of the terminal that standard output is, if the system says it.
pub(crate) fn screen_size() -> Option<ScreenSize> {
    #[cfg(unix)]
    {
        let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
        let (columns, rows) = (usize::from(size.ws_col), usize::from(size.ws_row));
        (columns > 0 && rows > 0).then_some(ScreenSize { columns, rows })
    }
    #[cfg(not(unix))]
    {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(command: &str) -> PagerChoice {
        PagerChoice {
            command: Some(command.to_owned()),
            has_less_options: false,
        }
    }

    const SMALL: ScreenSize = ScreenSize {
        columns: 10,
        rows: 3,
    };

    #[test]
    fn an_empty_command_and_cat_are_no_pager() {
        for none in ["", " ", "cat"] {
            assert!(Pager::of(choice(none), SMALL).is_none(), "`{none}`");
        }
        assert!(Pager::of(PagerChoice::default(), SMALL).is_some());
    }

    #[test]
    fn rows_are_counted_as_the_terminal_wraps_them() {
        let rows = |text: &str| {
            let mut rows = RowCount::default();
            rows.take(text.as_bytes(), 10);
            rows.count
        };
        assert_eq!(rows("one\ntwo\n"), 2);
        assert_eq!(rows("0123456789\n"), 1);
        assert_eq!(rows("0123456789a\n"), 2);
        assert_eq!(rows("東京東京東京\n"), 2);
        assert_eq!(rows("\x1b[1mbold\x1b[0m text\n"), 1);
    }

    #[test]
    fn what_fits_on_the_screen_is_written_without_a_pager() {
        let mut pager = Pager::of(choice("no-such-pager"), SMALL).unwrap();
        let mut out = Vec::new();
        pager.write(b"one\n", &mut out).unwrap();
        pager.write(b"two\n", &mut out).unwrap();
        assert_eq!(out, b"");
        pager.finish(&mut out).unwrap();
        assert_eq!(out, b"one\ntwo\n");
        assert!(!pager.failed);
    }

    #[test]
    fn where_the_pager_cannot_be_started_everything_is_written() {
        let mut pager = Pager::of(choice("no-such-pager"), SMALL).unwrap();
        let mut out = Vec::new();
        for line in ["one\n", "two\n", "three\n", "four\n"] {
            pager.write(line.as_bytes(), &mut out).unwrap();
        }
        pager.finish(&mut out).unwrap();
        assert_eq!(out, b"one\ntwo\nthree\nfour\n");
    }
}
