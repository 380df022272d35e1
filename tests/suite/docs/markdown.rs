//! As much of Markdown as the documents need: fenced blocks, links and headings.

use std::collections::BTreeSet;

/// A fenced block.
pub(super) struct Block {
    /// The line of the opening fence, from 1.
    pub(super) line: usize,
    /// The first word behind the fence.
    pub(super) language: String,
    /// The words after it.
    pub(super) words: Vec<String>,
    /// What stands in it, line ends included.
    pub(super) text: String,
}

impl Block {
    /// Returns what a word `key=value` behind the fence says.
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        self.words
            .iter()
            .find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    }
}

/// Returns the fenced blocks of a text, in order.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        if let Some(info) = line.strip_prefix("```") {
            if !open {
                let mut words = info.split_whitespace().map(str::to_owned);
                blocks.push(Block {
                    line: number + 1,
                    language: words.next().unwrap_or_default(),
                    words: words.collect(),
                    text: String::new(),
                });
            }
            open = !open;
        } else if open {
            let block = blocks.last_mut().unwrap();
            block.text.push_str(line);
            block.text.push('\n');
        }
    }
    assert!(!open, "a fenced block is not closed");
    blocks
}

/// Returns the lines outside fenced blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut open = false;
    text.lines().filter(move |line| {
        let fence = line.starts_with("```");
        open ^= fence;
        !open && !fence
    })
}

/// Returns the targets of links.
pub(super) fn links(text: &str) -> Vec<String> {
    prose(text)
        .flat_map(|line| line.split("](").skip(1))
        .filter_map(|rest| Some(rest.split_once(')')?.0.to_owned()))
        .collect()
}

/// Returns the anchors of headings, as the usual renderers name them.
pub(super) fn slugs(text: &str) -> BTreeSet<String> {
    prose(text)
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
                .map(|c| {
                    if c == ' ' {
                        '-'
                    } else {
                        c.to_ascii_lowercase()
                    }
                })
                .collect()
        })
        .collect()
}
