const { escape } = require("./escape");

function badge(label, value) {
  return `<span class="badge"><b>${escape(label)}</b>${escape(String(value))}</span>`;
}

module.exports = { badge };
