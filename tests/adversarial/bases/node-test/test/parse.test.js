import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRange } from "../src/parse.js";
import { assertRange } from "./helpers.js";

test("parses a range", () => {
  assertRange(parseRange("3-7"), 3, 7);
});

test("refuses nonsense", () => {
  assert.throws(() => parseRange("a-b"), /not a range/);
});

test("refuses a range that runs backwards", () => {
  assert.throws(() => parseRange("7-3"), /after/);
});
