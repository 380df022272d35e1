//! How wide a text is in a diagram, and where it is wrapped: no text may leave its box.
//!
//! The font of the reader is not known. The widths are those of `DejaVu Sans`, which is wider than the fonts that systems
//! and browsers show instead; what fits in it fits in them.

use unicode_width::UnicodeWidthChar as _;

use crate::diagnostic::visible::visible;

/// How heavy a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// As running text.
    Regular,
    /// As a heading.
    Bold,
}

/// Thousandths of the font's size, from the blank to the tilde.
const REGULAR: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

/// The same in bold.
const BOLD: [u16; 95] = [
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696,
    696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683,
    683, 821, 837, 372, 372, 775, 637, 995, 837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771,
    724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665,
    343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838,
];

/// Returns the greatest width of a text in pixels.
pub(super) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let thousandths: u32 = text.chars().map(|c| thousandths(c, weight)).sum();
    f64::from(thousandths) * size / 1000.0
}

fn thousandths(c: char, weight: Weight) -> u32 {
    let table = match weight {
        Weight::Regular => &REGULAR,
        Weight::Bold => &BOLD,
    };
    let place = (c as usize).checked_sub(' ' as usize);
    if let Some(known) = place.and_then(|place| table.get(place)) {
        return u32::from(*known);
    }
    match c.width() {
        None | Some(0) => 0,
        // Ideographs take a square; pictures somewhat more.
        Some(2..) => 1400,
        Some(1) if c.is_lowercase() && c < '\u{250}' => 800,
        Some(1) => 1150,
    }
}

/// Returns the lines of a text that is wrapped between words to a width in pixels; a word that is longer is cut into
/// pieces. There is at least one line.
pub(super) fn wrap(text: &str, room: f64, size: f64, weight: Weight) -> Vec<String> {
    let text = visible(text);
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        for piece in pieces(word, room, size, weight) {
            let line = lines.last_mut().expect("there is a line");
            let longer = if line.is_empty() {
                piece.clone()
            } else {
                format!("{line} {piece}")
            };
            if line.is_empty() || width(&longer, size, weight) <= room {
                *line = longer;
            } else {
                lines.push(piece);
            }
        }
    }
    lines
}

/// Cuts a word into pieces that fit.
fn pieces(word: &str, room: f64, size: f64, weight: Weight) -> Vec<String> {
    if width(word, size, weight) <= room {
        return vec![word.to_owned()];
    }
    let mut pieces = vec![String::new()];
    for c in word.chars() {
        let piece = pieces.last_mut().expect("there is a piece");
        let mut longer = piece.clone();
        longer.push(c);
        if piece.is_empty() || width(&longer, size, weight) <= room {
            *piece = longer;
        } else {
            pieces.push(c.to_string());
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_fits_and_no_character_is_lost() {
        let text =
            "change Lead Score by +5 and an_exceedingly_long_name_without_a_blank, 東京都千代田区";
        for room in [40.0, 90.0, 200.0, 2000.0] {
            let lines = wrap(text, room, 13.0, Weight::Bold);
            for line in &lines {
                assert!(width(line, 13.0, Weight::Bold) <= room, "{line} in {room}");
            }
            let without_blanks = |text: &str| text.replace(' ', "");
            assert_eq!(without_blanks(&lines.concat()), without_blanks(text));
        }
    }

    #[test]
    fn an_empty_text_is_one_empty_line() {
        assert_eq!(wrap("", 100.0, 13.0, Weight::Regular), [""]);
    }
}
