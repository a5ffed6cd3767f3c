#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    pub start: i64,
    pub end: i64,
}

impl Interval {
    pub fn new(start: i64, end: i64) -> Result<Interval, String> {
        if start > end {
            return Err(format!("{start} is after {end}"));
        }
        Ok(Interval { start, end })
    }

    pub fn len(&self) -> i64 {
        self.end - self.start
    }

    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    pub fn overlaps(&self, other: &Interval) -> bool {
        self.start < other.end && other.start < self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length() {
        assert_eq!(Interval::new(2, 7).unwrap().len(), 5);
    }

    #[test]
    fn backwards_is_refused() {
        assert!(Interval::new(7, 2).is_err());
    }

    #[test]
    fn touching_intervals_do_not_overlap() {
        let first = Interval::new(0, 5).unwrap();
        assert!(!first.overlaps(&Interval::new(5, 9).unwrap()));
    }
}
