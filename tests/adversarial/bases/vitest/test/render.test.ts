import { expect, it } from "vitest";
import { add, complete } from "../src/list";
import { render } from "../src/render";

it("renders nothing for an empty list", () => {
  expect(render([])).toBe("");
});

it("renders open and done items", () => {
  const items = complete(add(add([], "milk"), "bread"), "bread");
  expect(render(items)).toMatchInlineSnapshot(`
    "[ ] milk
    [x] bread"
  `);
});
