use crate::Interval;

pub fn parse(text: &str) -> Result<Interval, String> {
    let (start, end) = text.split_once("..").ok_or_else(|| format!("no .. in {text}"))?;
    let number = |part: &str| part.trim().parse::<i64>().map_err(|error| error.to_string());
    Interval::new(number(start)?, number(end)?)
}

pub fn render(interval: &Interval) -> String {
    format!("{}..{} ({})\n", interval.start, interval.end, interval.len())
}
