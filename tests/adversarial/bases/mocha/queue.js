class Queue {
  constructor(limit = Infinity) {
    this.limit = limit;
    this.items = [];
  }

  push(item) {
    if (this.items.length >= this.limit) throw new Error("the queue is full");
    this.items.push(item);
  }

  shift() {
    return this.items.shift();
  }
}

module.exports = { Queue };
