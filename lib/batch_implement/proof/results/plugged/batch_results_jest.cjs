'use strict';
// A reporter for jest.

const { events, nameOf } = require('./batch_results_file.cjs');

const OUTCOMES = { passed: 'passed', failed: 'failed', pending: 'skipped', skipped: 'skipped', disabled: 'skipped', todo: 'skipped' };

module.exports = class Reporter {
  onRunStart() {
    this.say = events('jest');
  }

  onTestResult(_, result) {
    const tests = result.testResults ?? [];
    for (const test of tests) {
      const outcome = OUTCOMES[test.status] ?? 'error';
      this.say({
        test: nameOf(result.testFilePath, [...test.ancestorTitles, test.title]),
        outcome: test.failing && outcome === 'passed' ? 'expected failure' : outcome,
      });
    }
    if (result.testExecError) this.say({ test: result.testFilePath, outcome: 'error' });
    else if (result.skipped && tests.length === 0) this.say({ test: result.testFilePath, outcome: 'skipped' });
  }

  onRunComplete(_, results) {
    const run = results.numPassedTestSuites + results.numFailedTestSuites + results.numPendingTestSuites;
    const left = results.numTotalTestSuites - run;
    if (results.runExecError) this.say({ test: 'jest', outcome: 'error' });
    const why = results.wasInterrupted ? 'jest was interrupted' : left > 0 ? `jest left out ${left} files` : undefined;
    this.say({ end: true, cut_off: why });
  }
};
