import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../src/main.js";

test("prints the converted value", () => {
  assert.equal(main(["5", "km", "mi"]), "5 km = 3.11 mi");
});

test("prints its usage", () => {
  assert.match(main([]), /^usage/);
});
