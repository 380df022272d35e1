//! A random sample draws by the person, the place and, if asked, by the happening.

use super::*;

#[test]
fn a_sample_is_near_its_share_stable_and_its_own() {
    let layout = Layout::all(&FieldCatalogue::standard());
    let zone = Zone::utc();
    let drawn_as = |frequency, share, key, draw| -> Vec<bool> {
        let sample = leaf(LeafKind::RandomSample {
            share,
            key,
            frequency,
        });
        let email = layout.slot(EMAIL).unwrap();
        (1..=20_000)
            .map(|number| {
                let mut person = Person::new(PersonId(1), &layout);
                person.fields[email] = Some(Value::text(&format!("p{number}@Example.com")));
                sample.holds(&facts(&person, &layout, &zone, draw))
            })
            .collect()
    };
    let drawn = |share, key, draw| drawn_as(DrawFrequency::OncePerPerson, share, key, draw);
    let each_time = |draw| drawn_as(DrawFrequency::EachTime, 1_000, 7, draw);
    let draw = Draw::default();
    let later = Draw {
        occasion: Occasion::at(Instant::from_micros(1)),
        ..draw
    };
    let count = |drawn: &[bool]| drawn.iter().filter(|d| **d).count();
    let tenth = drawn(1_000, 7, draw);
    assert!((1_850..2_150).contains(&count(&tenth)), "{}", count(&tenth));
    assert_eq!(tenth, drawn(1_000, 7, draw), "asked again, the same people");
    assert_eq!(tenth, drawn(1_000, 7, later), "later, the same people");
    assert_eq!(each_time(draw), each_time(draw), "at once, the same people");
    assert_eq!(count(&drawn(0, 7, draw)), 0);
    assert_eq!(count(&drawn(10_000, 7, draw)), 20_000);
    for other in [
        drawn(1_000, 8, draw),
        drawn(1_000, 7, Draw { seed: 1, ..draw }),
        each_time(draw),
    ] {
        let both = tenth.iter().zip(&other).filter(|(a, b)| **a && **b).count();
        assert!(
            (120..280).contains(&both),
            "independent draws share a tenth: {both}"
        );
    }
    let (once, again) = (each_time(draw), each_time(later));
    let both = once.iter().zip(&again).filter(|(a, b)| **a && **b).count();
    assert!((120..280).contains(&both), "each time a tenth anew: {both}");
}

#[test]
fn a_sample_draws_by_the_key_by_which_a_person_was_first_given() {
    let layout = Layout::all(&FieldCatalogue::standard());
    let zone = Zone::utc();
    let person = |number, email: Option<&str>, id: Option<&str>, first: Option<&str>| {
        let mut person = Person::new(PersonId(number), &layout);
        for (field, value) in [(EMAIL, email), (ID, id)] {
            person.fields[layout.slot(field).unwrap()] = value.map(Value::text);
        }
        person.first_key = first.map(Text::from);
        person
    };
    let draws = |person: &Person| -> Vec<bool> {
        (0..64)
            .map(|key| {
                let frequency = DrawFrequency::OncePerPerson;
                let share = 5_000;
                let sample = leaf(LeafKind::RandomSample {
                    share,
                    key,
                    frequency,
                });
                sample.holds(&facts(person, &layout, &zone, Draw::default()))
            })
            .collect()
    };
    let ann = draws(&person(1, Some("ann@example.com"), None, None));
    for (same, why) in [
        (person(9, Some("ann@example.com"), None, None), "her number"),
        (person(1, Some("Ann@Example.COM"), None, None), "case"),
        (person(1, Some("ann@example.com"), Some("7"), None), "an id"),
        (
            person(
                1,
                Some("new@example.com"),
                Some("7"),
                Some("ann@example.com"),
            ),
            "another address",
        ),
    ] {
        assert_eq!(draws(&same), ann, "{why} makes no difference");
    }
    let seven = draws(&person(1, None, Some("7"), None));
    assert_ne!(seven, ann);
    assert_eq!(draws(&person(2, None, Some("7"), None)), seven);
    assert_ne!(
        draws(&person(1, None, None, None)),
        draws(&person(2, None, None, None))
    );
}
