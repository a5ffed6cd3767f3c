const assert = require("node:assert/strict");
const { Queue } = require("../queue");

describe("Queue", () => {
  it("gives back the first item", () => {
    const queue = new Queue();
    queue.push("a");
    queue.push("b");
    assert.equal(queue.shift(), "a");
  });

  it("gives nothing when empty", () => {
    assert.equal(new Queue().shift(), undefined);
  });

  it("refuses items beyond its limit", () => {
    const queue = new Queue(1);
    queue.push("a");
    assert.throws(() => queue.push("b"), /full/);
  });
});
