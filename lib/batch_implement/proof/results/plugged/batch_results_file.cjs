'use strict';
// One file of events for one process; see event_file.py, which reads it. It stays open and is written at once:
// a test may replace what is in `fs`, and the process may die at any moment.

const fs = require('node:fs');
const path = require('node:path');
const { openSync, writeSync } = fs;
const { stringify } = JSON;

// What a test starts is that test's own affair: seen by this, it is not listened to.
const NESTED = 'BATCH_RESULTS_RUNNER';
exports.isNested = () => NESTED in process.env;

exports.events = function events(runner) {
  process.env[NESTED] = runner;
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
