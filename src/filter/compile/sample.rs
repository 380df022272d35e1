//! `random_sample: 10%`, and `random_sample: { percent: 10%, draw: each_time }`.

use crate::diagnostic::Code;
use crate::diagnostic::suggest::did_you_mean;
use crate::domain::hash::stable_hash;
use crate::filter::{DrawFrequency, Filter, Leaf, LeafKind};
use crate::source::{MapReader, reader};
use crate::yaml::{Node, NodeKind};

use super::Context;
use super::written_filter::WrittenFilter;

/// The key of the share.
pub(crate) const PERCENT: &str = "percent";
/// The key that says how often is drawn.
pub(crate) const DRAW: &str = "draw";

/// Compiles a sample. Its draws are distinguished from those of others by the place where it stands.
pub(super) fn filter(written: &WrittenFilter<'_>, cx: &mut Context<'_>) -> Option<Filter> {
    let (percent, draw) = match &written.value.kind {
        NodeKind::Map(_) => {
            let mut keys = MapReader::open(&written.value, "`random_sample`", cx.diagnostics)?;
            let percent = keys.required(PERCENT, cx.diagnostics);
            let draw = keys.value(DRAW, cx.diagnostics);
            keys.close(cx.diagnostics);
            (percent?, draw)
        }
        NodeKind::Scalar { .. } | NodeKind::Null | NodeKind::List(_) => (&*written.value, None),
    };
    let frequency = draw.map_or(Some(DrawFrequency::OncePerPerson), |node| {
        frequency(node, cx)
    });
    let text = percent.as_scalar().unwrap_or_default().trim();
    let Some(share) = share(text) else {
        cx.diagnostics.fault_with(
            Code::WrongType,
            percent.span,
            "`random_sample` takes a percentage from 0% to 100%",
            "write `random_sample: 10%`",
        );
        return None;
    };
    let frequency = frequency?;
    let each_time = match frequency {
        DrawFrequency::OncePerPerson => "",
        DrawFrequency::EachTime => ", drawn each time",
    };
    Some(Filter::Leaf(Leaf {
        subject: "random sample".to_owned(),
        wanted: format!("{text}{each_time}"),
        kind: LeafKind::RandomSample {
            share,
            key: stable_hash(&[cx.sample_scope.as_bytes()]),
            frequency,
        },
    }))
}

/// Reads how often is drawn.
fn frequency(node: &Node, cx: &mut Context<'_>) -> Option<DrawFrequency> {
    let text = reader::text(node, DRAW, cx.diagnostics)?;
    let mut known = DrawFrequency::ALL.into_iter();
    let found = known.find(|frequency| frequency.name() == text.value);
    if found.is_none() {
        let names = DrawFrequency::ALL.map(DrawFrequency::name);
        let help = did_you_mean(text.value, names)
            .unwrap_or_else(|| format!("write `{}`, or leave the key out", names[1]));
        let message = format!("`draw` is `{}` or `{}`", names[0], names[1]);
        cx.diagnostics
            .fault_with(Code::WrongType, text.span, message, help);
    }
    found
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
