import assert from "node:assert/strict";

export function assertRange(range, from, to) {
  assert.deepEqual(range, { from, to });
}
