const { escape } = require("../src/escape");

test("escapes markup", () => {
  expect(escape('<a href="x">&</a>')).toBe("&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;");
});

test("leaves other text alone", () => {
  expect(escape("it's")).toBe("it's");
});
