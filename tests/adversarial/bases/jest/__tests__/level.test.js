const { level } = require("../src/level");

describe("level", () => {
  test("gold", () => {
    expect(level(90)).toBe("gold");
  });

  test("silver", () => {
    expect(level(50)).toBe("silver");
  });

  test("bronze", () => {
    expect(level(49)).toBe("bronze");
  });

  test("refuses what is no number", () => {
    expect(() => level(NaN)).toThrow(TypeError);
  });
});
