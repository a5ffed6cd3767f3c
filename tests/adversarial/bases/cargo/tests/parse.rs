use interval::parse::{parse, render};
use interval::Interval;

#[test]
fn parses() {
    assert_eq!(parse("2..7"), Interval::new(2, 7));
}

#[test]
fn spaces_are_allowed() {
    assert_eq!(parse(" 2 .. 7 "), Interval::new(2, 7));
}

#[test]
fn nonsense_is_refused() {
    assert!(parse("2-7").unwrap_err().contains("no .."));
}

#[test]
fn renders() {
    assert_eq!(render(&Interval::new(2, 7).unwrap()), include_str!("golden/render.txt"));
}
