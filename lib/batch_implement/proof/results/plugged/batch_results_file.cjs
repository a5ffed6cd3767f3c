'use strict';
// One file of events for one process; see event_file.py, which reads it. It stays open and is written at once:
// a test may replace what is in `fs`, and the process may die at any moment.

const fs = require('node:fs');
const path = require('node:path');
const { openSync, writeSync } = fs;
const { stringify } = JSON;

exports.events = function events(runner) {
  const unique = `${process.pid}-${process.hrtime.bigint()}`;
  const file = openSync(path.join(__dirname, '..', 'reports', `${runner}-${unique}.jsonl`), 'ax', 0o600);
  return (event) => {
    try {
      writeSync(file, `${stringify(event)}\n`);
    } catch {
      // A full disk is seen by the reader: the end is missing.
    }
  };
};

exports.nameOf = (file, titles) => [file, ...titles].filter((part) => part).join(' > ');
