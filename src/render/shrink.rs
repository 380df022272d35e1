//! The smallest test that shows something, as the files that it needs.

use std::io::{self, Write};

use crate::results::ShrunkTest;

use super::{Look, Sheet};

impl Sheet for ShrunkTest {
    const KEYS: &'static [&'static str] = &["campaign", "workspace", "campaigns"];

    fn write(&self, out: &mut impl Write, _look: &Look) -> io::Result<()> {
        if let Some(workspace) = &self.workspace {
            writeln!(out, "# workspace.yaml\n{workspace}\n# shrunk.yaml")?;
        }
        write!(out, "{}", self.campaigns)
    }
}
