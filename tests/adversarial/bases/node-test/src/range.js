export function size(range) {
  return range.to - range.from + 1;
}

export function overlaps(a, b) {
  return a.from <= b.to && b.from <= a.to;
}

export function describe(range) {
  return `${range.from} to ${range.to} (${size(range)})\n`;
}
