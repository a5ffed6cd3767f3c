// A reporter for node's own test runner. It shows what node shows when it is asked for nothing.

import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { spec, tap } from 'node:test/reporters';

const { events, isNested, nameOf } = createRequire(import.meta.url)('./batch_results_file.cjs');

const nested = isNested();
const asked = process.execArgv.some((word) => word.startsWith('--test-reporter'));
const showsSpec = process.stdout.isTTY || Number(process.versions.node.split('.')[0]) >= 23;

function outcomeOf(passed, test) {
  if (test.skip !== undefined && test.skip !== false) return 'skipped';
  if (test.todo !== undefined && test.todo !== false) return 'expected failure';
  if (passed) return test.expectFailure ? 'expected failure' : 'passed';
  const why = test.details?.error?.failureType;
  return why === 'cancelledByParent' || why === 'hookFailed' ? 'error' : 'failed';
}

function isOwnFailure(test) {
  return test.details?.error?.failureType !== 'subtestsFailed';
}

async function* heard(source) {
  const say = nested ? () => {} : events('node');
  const names = new Map();
  const begun = new Set();
  for await (const event of source) {
    const { type, data } = event;
    const place = `${data?.file}:${data?.line}:${data?.column}:${data?.nesting}:${data?.name}`;
    if (type === 'test:dequeue') begun.add(place);
    if (type === 'test:start') {
      const titles = [...(names.get(data.file) ?? []).slice(0, data.nesting), data.name];
      names.set(data.file, titles);
    } else if (type === 'test:pass' || type === 'test:fail') {
      begun.delete(place);
      const passed = type === 'test:pass';
      const titles = [...(names.get(data.file) ?? []).slice(0, data.nesting), data.name];
      const isSuite = data.details?.type === 'suite';
      const outcome = outcomeOf(passed, data);
      if (!isSuite || (!passed && isOwnFailure(data)) || (isSuite && outcome === 'skipped')) {
        const file = data.file === data.name ? '' : data.file;
        say({ test: nameOf(file, titles), outcome });
      }
    }
    yield event;
  }
  // A file that calls process.exit(0) has passed, as node sees it.
  say({ end: true, cut_off: begun.size > 0 ? `node left ${begun.size} tests in the middle` : undefined });
}

export default async function* reporter(source) {
  const events = heard(source);
  if (asked) {
    for await (const _ of events);
  } else if (showsSpec) {
    yield* Readable.from(events).compose(new spec());
  } else {
    yield* tap(events);
  }
}
