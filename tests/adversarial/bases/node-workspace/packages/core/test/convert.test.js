import assert from "node:assert/strict";
import { test } from "node:test";
import { convert } from "../src/convert.js";

test("kilometres to metres", () => {
  assert.equal(convert(2, "km", "m"), 2000);
});

test("miles to kilometres", () => {
  assert.equal(convert(1, "mi", "km"), 1.609344);
});

test("unknown units are refused", () => {
  assert.throws(() => convert(1, "m", "parsec"), RangeError);
});
