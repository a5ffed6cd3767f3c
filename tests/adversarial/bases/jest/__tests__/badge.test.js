const { badge } = require("../src/badge");

test("renders a badge", () => {
  expect(badge("build", "ok")).toMatchSnapshot();
});

test("escapes the label", () => {
  expect(badge("<b>", 1)).toContain("&lt;b&gt;");
});
