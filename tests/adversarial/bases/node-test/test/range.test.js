import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { describe, overlaps, size } from "../src/range.js";

test("size counts both ends", () => {
  assert.equal(size({ from: 3, to: 7 }), 5);
});

test("ranges that touch overlap", () => {
  assert.equal(overlaps({ from: 1, to: 3 }, { from: 3, to: 5 }), true);
});

test("ranges apart do not overlap", () => {
  assert.equal(overlaps({ from: 1, to: 2 }, { from: 3, to: 5 }), false);
});

test("describe", () => {
  const golden = readFileSync(new URL("./golden/describe.txt", import.meta.url), "utf8");
  assert.equal(describe({ from: 3, to: 7 }), golden);
});
