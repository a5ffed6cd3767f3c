import { describe, expect, it } from "vitest";
import { add, complete } from "../src/list";

describe("list", () => {
  it("adds an item", () => {
    expect(add([], "milk")).toEqual([{ title: "milk", done: false }]);
  });

  it("trims the title", () => {
    expect(add([], " milk ")[0].title).toBe("milk");
  });

  it("refuses an empty title", () => {
    expect(() => add([], " ")).toThrow("needs a title");
  });

  it("completes an item", () => {
    expect(complete(add([], "milk"), "milk")[0].done).toBe(true);
  });
});
