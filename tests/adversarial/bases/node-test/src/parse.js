export function parseRange(text) {
  const match = /^(\d+)-(\d+)$/.exec(text);
  if (!match) throw new Error(`not a range: ${text}`);
  const [from, to] = [Number(match[1]), Number(match[2])];
  if (from > to) throw new Error(`from is after to: ${text}`);
  return { from, to };
}
