//! The rules of the layout one by one, and what holds for any text: nothing is lost, and twice is once.

use super::super::tests::VALID;
use super::laid_out;

/// Lays a text out, and makes sure that the result is its own layout.
#[track_caller]
fn layout(text: &str) -> String {
    let once = laid_out(text).unwrap_or_else(|_| panic!("not laid out:\n{text}"));
    let twice = laid_out(&once).unwrap_or_else(|_| panic!("not laid out again:\n{once}"));
    assert_eq!(once, twice, "laid out twice, from\n{text}");
    once
}

#[track_caller]
fn becomes(text: &str, expected: &str) {
    assert_eq!(layout(text), expected, "from\n{text}");
}

#[test]
fn lists_and_mappings_stand_two_columns_deeper() {
    becomes(
        "name:   Trial\nsmart_list:\n    filters:\n    -   state: CA\n    -   any:\n        - a: 1\n        -\n          b: 2\n",
        "name: Trial\nsmart_list:\n  filters:\n    - state: CA\n    - any:\n        - a: 1\n        - b: 2\n",
    );
    becomes("- - a\n  - b\n-   - c\n", "- - a\n  - b\n- - c\n");
    becomes("a:\n  - x\nb:\n- y\n", "a:\n  - x\nb:\n  - y\n");
}

#[test]
fn one_empty_line_stays_and_more_become_one() {
    becomes(
        "\n\na: 1\n\n\n\nb:\n\n  - c\n\n\n  - d\n\n\n",
        "a: 1\n\nb:\n  - c\n\n  - d\n",
    );
}

#[test]
fn values_between_brackets_on_one_line_stay_there() {
    becomes(
        "a: {b: 1,c: [ 2 ,3 ], d: { } , e: [ ]}\nf: [ x: { y: 1 }, z: 2, ]\n",
        "a: { b: 1, c: [2, 3], d: {}, e: [] }\nf: [x: { y: 1 }, z: 2]\n",
    );
    becomes("a: {b, c: , d: e}\n", "a: { b, c:, d: e }\n");
    becomes("a:\n  [x, y]\nb:\n  {c: d}\n", "a: [x, y]\nb: { c: d }\n");
}

#[test]
fn values_between_brackets_on_several_lines_become_one_line_where_they_fit() {
    becomes(
        "state: [ CA,\n         California,\n       ]\n",
        "state: [CA, California]\n",
    );
    let name = "a long name for a list of people that is far too long for one line";
    becomes(
        &format!("lists: [ {name} 1,\n  {name} 2 ]\nlast: x\n"),
        &format!("lists:\n  - {name} 1\n  - {name} 2\nlast: x\n"),
    );
    becomes(
        "- { a: 1, # why\n    b: [2,\n        3] }\n",
        "- a: 1 # why\n  b: [2, 3]\n",
    );
    becomes(
        "a: [ # head\n  x, # about x\n  # before y\n  y\n  # end\n  ] # behind\nb: 1\n",
        "a: # head\n  - x # about x\n  # before y\n  - y\n  # end\n  # behind\nb: 1\n",
    );
}

#[test]
fn quotes_stand_only_where_they_are_needed() {
    becomes(
        "a: 'plain'\nb: \"it's\"\nc: 'say \"hi\"'\nd: ' x'\ne: 'a: b'\nf: ''\n'g': \"{{my.x}} and\"\nh: \"Hello {{my.x}}\"\n",
        "a: plain\nb: it's\nc: say \"hi\"\nd: \" x\"\ne: \"a: b\"\nf: \"\"\ng: \"{{my.x}} and\"\nh: Hello {{my.x}}\n",
    );
    becomes(
        "a: [\"x\", 'a, b', \"{{my.x}}\", 'y z']\n",
        "a: [x, \"a, b\", \"{{my.x}}\", y z]\n",
    );
    becomes(
        "a: '- \"x\\y'\nb: \"tab\\there\"\nc: \"\\u00e9\"\n",
        "a: '- \"x\\y'\nb: \"tab\\there\"\nc: é\n",
    );
}

#[test]
fn quotes_stay_around_what_other_programs_read_as_a_number_a_date_or_a_truth_value() {
    let text = "a: \"17\"\nb: \"09:00\"\nc: \"2026-11-02\"\nd: \"true\"\ne: \"NO\"\nf: \"null\"\ng: \"+5\"\nh: \".5\"\n\"<<\": x\n";
    becomes(text, text);
}

#[test]
fn values_over_several_lines_keep_their_lines() {
    becomes(
        "a: plain\n      over two\n\n   and more # why\nb: \"one\n      two\"\n",
        "a: plain\n  over two\n\n  and more # why\nb: \"one\n  two\"\n",
    );
}

#[test]
fn blocks_keep_their_text_and_their_deeper_lines() {
    becomes(
        "a: |   # why\n     one\n       two\n\n     three\n\n\nb: >-\n folded\n  deeper\n text\n",
        "a: | # why\n  one\n    two\n\n  three\n\nb: >-\n  folded\n   deeper\n  text\n",
    );
    becomes("a: |+\n   one\n\n\nb: 1\n", "a: |+\n  one\n\n\nb: 1\n");
    becomes(
        "- |4-\n       deeper\n    less\n- x\n",
        "- |2-\n     deeper\n  less\n- x\n",
    );
}

#[test]
fn comments_keep_their_places() {
    becomes(
        "#first\n\n# second\na:    1    # behind a\n    # before b\nb:     # behind the key\n      # before c\n    - c\n      # after c\n  # between\n    - d\n    # end of the list\n# before e\ne: 2\n# end\n",
        "#first\n\n# second\na: 1 # behind a\n# before b\nb: # behind the key\n  # before c\n  - c\n  # after c\n  # between\n  - d\n  # end of the list\n# before e\ne: 2\n# end\n",
    );
    becomes(
        "- # behind a dash\n  a: 1\n-\n  # before b\n  b: 2\n",
        "- # behind a dash\n  a: 1\n-\n  # before b\n  b: 2\n",
    );
    becomes(
        "a:\n  # between key and value\n  value\n",
        "a:\n  # between key and value\n  value\n",
    );
    becomes(
        "a: [x]   # behind brackets\nb: { c: d } # and these\n",
        "a: [x] # behind brackets\nb: { c: d } # and these\n",
    );
    becomes(
        "a:\n- x\n# before b\nb: 1\n",
        "a:\n  - x\n# before b\nb: 1\n",
    );
    becomes("# alone\n", "# alone\n");
}

#[test]
fn documents_stay_apart() {
    becomes(
        "---\na: 1\n...\n# between\n---   # second\nb: 2\n---\n- c\n",
        "a: 1\n# between\n--- # second\nb: 2\n---\n- c\n",
    );
    becomes("%YAML 1.2\n---\na: 1\n", "%YAML 1.2\n---\na: 1\n");
}

#[test]
fn anchors_aliases_and_tags_stay() {
    becomes(
        "a: &x   # why\n    k: v\nb:   *x\nc: !!str   5\nd: &y one\n*y : z\ne:\n    <<: *x\nf: &z\n",
        "a: &x # why\n  k: v\nb: *x\nc: !!str 5\nd: &y one\n*y : z\ne:\n  <<: *x\nf: &z\n",
    );
    becomes("- &m\n  &k a: b\n- &n   c\n", "- &m\n  &k a: b\n- &n c\n");
}

#[test]
fn line_ends_stay_and_a_byte_order_mark_goes() {
    becomes("a:   1\r\nb:\r\n- c\r\n", "a: 1\r\nb:\r\n  - c\r\n");
    becomes("\u{feff}a:   1", "a: 1\n");
}

#[test]
fn every_valid_text_is_laid_out() {
    for text in VALID {
        layout(text);
    }
}

#[test]
fn what_is_not_laid_out_is_refused() {
    assert!(laid_out("? |\n  block\n: 1\n").is_err());
}

#[test]
fn what_is_laid_out_stays_as_it_is() {
    for text in [
        "---\n---\n---\n---\n",
        "---\n# of nothing\n---\n...\n---\n",
        "a: |\n  one\r  two\r\n  three\rfour\n",
        "a: >\n  one\rtwo\n\n  three\n",
        "- |+\n  x\r\n\n",
    ] {
        if let Ok(laid) = laid_out(text) {
            assert_eq!(laid_out(&laid).as_ref(), Ok(&laid), "{text:?}");
        }
    }
}
