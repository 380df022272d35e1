//! The one place that writes: results to standard output, everything else to standard error.
//!
//! `println!` panics on a closed pipe and on a full device. Here a closed pipe ends a command quietly and a full
//! device is an error of its own; a failure of standard error changes nothing, since nobody could read of it.

use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write};

use super::pager::Pager;
use crate::app::reexports::streams;
use crate::diagnostic::Severity;
use crate::diagnostic::bounded::bounded;
use crate::diagnostic::visible::visible;
use crate::render::{Colour, Screen};

/// Standard output, buffered.
pub(crate) struct Out {
    stdout: BufWriter<Stdout>,
    /// What waits for the end of the command, which decides whether it is written.
    held: Option<Vec<u8>>,
    /// What shows long results page by page.
    pager: Option<Pager>,
}

impl Out {
    /// Takes standard output.
    pub(crate) fn new() -> Self {
        Self {
            stdout: BufWriter::with_capacity(64 * 1024, io::stdout()),
            held: None,
            pager: None,
        }
    }

    /// Keeps back what is written from here on.
    pub(crate) fn hold(&mut self) {
        self.held = Some(Vec::new());
    }

    /// Lets a pager show what is written from here on, if it is longer than the screen.
    pub(crate) fn page(&mut self, pager: Option<Pager>) {
        self.pager = pager;
    }

    /// Writes what was kept back, or forgets it; and lets everything go out.
    pub(crate) fn release(&mut self, write: bool) -> io::Result<()> {
        if let Some(held) = self.held.take()
            && write
        {
            self.write_all(&held)?;
        }
        if let Some(mut pager) = self.pager.take() {
            pager.finish(&mut self.stdout)?;
        }
        self.flush()
    }

    /// Returns whether it is a terminal.
    pub(crate) fn screen(&self) -> Screen {
        if self.stdout.get_ref().is_terminal() {
            Screen::Terminal
        } else {
            Screen::File
        }
    }
}

impl Default for Out {
    fn default() -> Self {
        Self::new()
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(held) = &mut self.held {
            return held.write(bytes);
        }
        check_open()?;
        if let Some(pager) = &mut self.pager {
            pager.write(bytes, &mut self.stdout)?;
            return Ok(bytes.len());
        }
        self.stdout.write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(held) = &mut self.held {
            return held.write_all(bytes);
        }
        check_open()?;
        if let Some(pager) = &mut self.pager {
            return pager.write(bytes, &mut self.stdout);
        }
        self.stdout.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stdout.flush()
    }
}

/// Fails where standard output was closed: what is written would be lost without an error.
pub(crate) fn check_open() -> io::Result<()> {
    if streams::standard_output_is_closed() {
        return Err(streams::closed());
    }
    Ok(())
}

/// How much is said on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// Errors alone.
    Quiet,
    /// Errors, warnings and notices.
    Normal,
    /// Also what was taken for granted.
    Verbose,
}

/// Standard error: errors, warnings, notices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Notices {
    /// Whether colours may be used.
    pub(crate) colour: Colour,
    /// How much is said.
    pub(crate) verbosity: Verbosity,
}

impl Notices {
    /// Reports an error and how to put it right.
    pub(crate) fn error(self, message: &str, help: Option<&str>) {
        self.headed(Severity::Error.name(), RED, message);
        if let Some(help) = help {
            self.headed("help", CYAN, help);
        }
    }

    /// Reports what probably is not as meant.
    pub(crate) fn warning(self, message: &str) {
        if self.verbosity > Verbosity::Quiet {
            self.headed(Severity::Warning.name(), YELLOW, message);
        }
    }

    /// Reports what is good to know.
    pub(crate) fn notice(self, message: &str) {
        if self.verbosity > Verbosity::Quiet {
            self.headed("note", CYAN, message);
        }
    }

    /// Reports what was taken for granted, to those who want to know more.
    pub(crate) fn detail(self, message: &str) {
        if self.verbosity == Verbosity::Verbose {
            self.headed("note", CYAN, message);
        }
    }

    /// Writes finished text as it is, such as rendered faults.
    pub(crate) fn text(text: &str) {
        let mut stderr = io::stderr().lock();
        let _ = stderr.write_all(text.as_bytes());
    }

    fn headed(self, head: &str, style: anstyle::Style, message: &str) {
        let message = bounded(message.to_owned());
        let message = visible(&message);
        let mut stderr = io::stderr().lock();
        let _ = match self.colour {
            Colour::Always => writeln!(stderr, "{style}{head}{style:#}: {message}"),
            Colour::Never => writeln!(stderr, "{head}: {message}"),
        };
    }
}

const RED: anstyle::Style = anstyle::AnsiColor::Red.on_default().bold();
const YELLOW: anstyle::Style = anstyle::AnsiColor::Yellow.on_default().bold();
const CYAN: anstyle::Style = anstyle::AnsiColor::Cyan.on_default().bold();
