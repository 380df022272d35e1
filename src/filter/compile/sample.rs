//! `random_sample: 10%`.

use crate::diagnostic::Code;
use crate::domain::hash::stable_hash;
use crate::filter::{Filter, Leaf, LeafKind};
use crate::yaml::NodeKind;

use super::Context;
use super::entry::WrittenFilter;

/// Compiles a sample. Its draws are distinguished from those of others by the place where it stands.
pub(super) fn filter(written: &WrittenFilter<'_>, cx: &mut Context<'_>) -> Option<Filter> {
    let text = match &written.value.kind {
        NodeKind::Scalar { text, .. } => text.trim(),
        NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => "",
    };
    let Some(share) = share(text) else {
        cx.fault_with(
            Code::WrongType,
            written.value.span,
            "`random_sample` takes a percentage from 0% to 100%",
            "write `random_sample: 10%`",
        );
        return None;
    };
    Some(Filter::Leaf(Leaf {
        written: format!("random sample {text}"),
        kind: LeafKind::RandomSample {
            share,
            key: stable_hash(&[cx.sample_scope.as_bytes()]),
        },
    }))
}

/// Reads `12.5%` as hundredths of a per cent.
fn share(text: &str) -> Option<u32> {
    let number = text.strip_suffix('%')?.trim_end();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    if !digits(whole, 3) || !digits(fraction, 2) {
        return None;
    }
    let hundredths: u32 = format!("{fraction:0<2}").parse().ok()?;
    let share = whole.parse::<u32>().ok()? * 100 + hundredths;
    (share <= 10_000).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_share_is_a_percentage_of_at_most_two_decimals() {
        assert_eq!(share("10%"), Some(1_000));
        assert_eq!(share("12.5 %"), Some(1_250));
        assert_eq!(share("0.01%"), Some(1));
        assert_eq!(share("100%"), Some(10_000));
        for wrong in [
            "10", "101%", "100.01%", "-1%", "1.234%", "%", ".5%", "ten%", "",
        ] {
            assert_eq!(share(wrong), None, "{wrong}");
        }
    }
}
