'use strict';
// Loaded into every node process of a check by NODE_OPTIONS. In one that runs jest, vitest or mocha it makes
// that tell what became of each test; in every other, and where anything is not as expected, it does nothing.

const fs = require('node:fs');
const path = require('node:path');
const Module = require('node:module');
const { isMainThread } = require('node:worker_threads');
const { isNested } = require('./batch_results_file.cjs');

function script() {
  try {
    return fs.realpathSync(process.argv[1]);
  } catch {
    return '';
  }
}

// Jest: a reporter more, beside those that are configured.
function listenToJest() {
  const load = Module._load;
  Module._load = function (request, ...others) {
    const loaded = load.call(this, request, ...others);
    return request === 'jest-config' && typeof loaded?.readConfigs === 'function' ? withReporter(loaded) : loaded;
  };
}

function withReporter(config) {
  const reporter = [path.join(__dirname, 'batch_results_jest.cjs'), {}];
  const readConfigs = async (...given) => {
    const read = await config.readConfigs(...given);
    const reporters = read.globalConfig.reporters ?? [['default', {}]];
    return { ...read, globalConfig: Object.freeze({ ...read.globalConfig, reporters: [...reporters, reporter] }) };
  };
  return Object.create(config, { readConfigs: { value: readConfigs, enumerable: true } });
}

// Vitest: a reporter on the command line, which takes care of those that are configured.
function listenToVitest() {
  if (process.argv.slice(2).some((word) => ['list', 'init', 'bench'].includes(word))) return;
  process.argv.splice(2, 0, `--reporter=${path.join(__dirname, 'batch_results_vitest.mjs')}`);
}

// Mocha: what its runner emits to the one reporter it has.
function listenToMocha(main) {
  const root = main.slice(0, main.lastIndexOf(`${path.sep}mocha${path.sep}`) + 7);
  const quiet = process.emitWarning;
  process.emitWarning = () => {};
  let runner;
  try {
    runner = require(path.join(root, 'lib', 'runner.js'));
  } finally {
    process.emitWarning = quiet;
  }
  require('./batch_results_mocha.cjs').listen(runner.Runner ?? runner.default ?? runner);
}

try {
  if (isMainThread && !isNested()) {
    const main = script();
    if (/[\\/]vitest[\\/](?:vitest\.mjs|dist[\\/]cli\.js)$/.test(main)) listenToVitest();
    else if (/[\\/]mocha[\\/](?:bin[\\/]_?mocha(?:\.c?js)?|lib[\\/]cli[\\/]cli\.c?js)$/.test(main)) listenToMocha(main);
    else if (main) listenToJest();
  }
} catch {
  // Then the report is missing, and that is said.
}
