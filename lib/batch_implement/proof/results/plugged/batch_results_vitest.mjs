// A reporter for vitest. One that is given on the command line takes the place of those that are configured, so
// it brings those with it.

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const { events, nameOf } = createRequire(import.meta.url)('./batch_results_file.cjs');

const own = process.argv.filter((word) => /^--reporters?\b/.test(word)).length;

export default class Reporter {
  constructor() {
    this.modules = new Set();
    this.left = 0;
  }

  async onInit(vitest) {
    this.say = events('vitest');
    if (own > 1) return;
    for (const reporter of await configured(vitest)) {
      vitest.reporters.push(reporter);
      await reporter.onInit?.(vitest);
    }
  }

  onTestModuleEnd(module) {
    this.tell(module.task);
  }

  onTestRunEnd(modules, errors, reason) {
    this.finish(modules.map((module) => module.task), errors, reason === 'interrupted');
  }

  // Before vitest 3.
  onFinished(files = [], errors = []) {
    this.finish(files, errors, false);
  }

  finish(files, errors, interrupted) {
    if (this.finished) return;
    this.finished = true;
    for (const file of files) this.tell(file);
    for (const _ of errors) this.say({ test: 'unhandled error', outcome: 'error' });
    const why = interrupted
      ? 'vitest was interrupted, or stopped after a failure'
      : this.left > 0
        ? `vitest left out ${this.left} tests`
        : undefined;
    this.say({ end: true, cut_off: why });
  }

  tell(file) {
    if (!file || this.modules.has(file)) return;
    this.modules.add(file);
    this.walk(file, file.filepath, []);
  }

  walk(task, file, titles) {
    const errors = task.result?.errors ?? [];
    if (errors.length > 0) this.say({ test: nameOf(file, titles), outcome: 'error' });
    else if (task.type === 'suite' && task.tasks.length === 0 && task.mode === 'skip') {
      this.say({ test: nameOf(file, titles), outcome: 'skipped' });
    }
    for (const one of task.tasks) {
      const path = [...titles, one.name];
      if (one.type === 'suite') this.walk(one, file, path);
      else if (one.mode === 'run' && !one.result?.state) this.left += 1;
      else this.say({ test: nameOf(file, path), outcome: outcomeOf(one) });
    }
  }
}

function outcomeOf(test) {
  if (test.mode === 'skip' || test.mode === 'todo') return 'skipped';
  const state = test.result?.state;
  if (state === 'pass') return test.fails ? 'expected failure' : 'passed';
  return state === 'fail' ? 'failed' : state === 'skip' || state === 'todo' ? 'skipped' : 'error';
}

async function configured(vitest) {
  const known = await reporters();
  const wanted = [vitest.vite?.config?.test?.reporters ?? vitest.server?.config?.test?.reporters ?? []].flat();
  const made = [];
  for (const entry of wanted.length > 0 ? wanted : ['default']) {
    const [name, options] = Array.isArray(entry) ? entry : [entry, {}];
    if (typeof name !== 'string') made.push(name);
    else if (known[name]) made.push(new known[name](options ?? {}));
    else made.push(await custom(vitest, name, options));
  }
  return made.filter((reporter) => reporter);
}

async function reporters() {
  const main = createRequire(process.argv[1]);
  for (const place of ['vitest/node', 'vitest/reporters']) {
    try {
      const found = (await import(pathToFileURL(main.resolve(place)).href)).ReportersMap;
      if (found) return found;
    } catch {
      // Another version has it in the other place.
    }
  }
  return {};
}

async function custom(vitest, name, options) {
  const root = createRequire(`${vitest.config.root}/package.json`);
  const path = root.resolve(name);
  // Before vitest 3 its own loader runs this file, and that takes paths.
  for (const place of [pathToFileURL(path).href, path]) {
    try {
      const { default: Found } = await import(place);
      return new Found(options);
    } catch {
      // The other form; without both, the run goes on with one reporter less.
    }
  }
  return undefined;
}
