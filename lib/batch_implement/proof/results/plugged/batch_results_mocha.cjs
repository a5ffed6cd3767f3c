'use strict';
// Hears what mocha's runner emits, in the main process of --parallel too.

const { events, nameOf } = require('./batch_results_file.cjs');

const OUTCOMES = { pass: 'passed', fail: 'failed', pending: 'skipped' };

function name(test) {
  const titles = typeof test.titlePath === 'function' ? test.titlePath() : [test.title];
  return nameOf(test.file ?? test.parent?.file, titles);
}

exports.listen = function listen(Runner) {
  const emit = Runner.prototype.emit;
  const runs = new WeakMap();

  function hear(runner, event, test) {
    if (event === 'start') runs.set(runner, { say: events('mocha'), told: 0 });
    const run = runs.get(runner);
    if (!run) return;
    if (event === 'end') {
      const left = runner.total - run.told;
      run.say({ end: true, cut_off: left > 0 ? `mocha left out ${left} tests` : undefined });
    } else if (event === 'test') {
      run.say({ running: name(test) });
    } else if (OUTCOMES[event] && test) {
      const isHook = test.type === 'hook';
      run.told += isHook ? 0 : 1;
      run.say({ test: name(test), outcome: isHook ? 'error' : OUTCOMES[event] });
    }
  }

  Runner.prototype.emit = function (event, ...given) {
    try {
      hear(this, event, given[0]);
    } catch {
      // The run goes on as it would have.
    }
    return emit.call(this, event, ...given);
  };
};
