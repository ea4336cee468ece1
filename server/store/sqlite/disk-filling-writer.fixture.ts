import { AppError } from '@switchyard/shared/errors.ts';
import { contractCollections, thing, things, WORKSPACE } from '../contract/things.fixture.ts';
import { openSqliteStore } from './sqlite-store.ts';

/*
 * Writes until the disk is full, then prints what was acknowledged and how the rest was rejected. Run by faults.test.ts with a file size
 * limit that simulates a full disk.
 */
const [file = ''] = process.argv.slice(2);
const store = openSqliteStore({ file, collections: contractCollections });
const here = store.in(WORKSPACE);
const codeOf = (reason: unknown): string => (reason instanceof AppError ? reason.code : String(reason));

const acknowledged: string[] = [];
const refused: string[] = [];
let ready = 'ready';
// Readiness is checked with a small write, which may fit when a large one doesn't. So try both until neither fits.
for (let batch = 0; ready === 'ready' && batch < 1_000; batch++) {
  const records = Array.from({ length: 10 }, (_, index) => thing({ id: `${batch}-${index}`, body: 'x'.repeat(20_000) }));
  const outcomes = await Promise.allSettled(records.map((record) => here.insert(things, record)));
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'fulfilled') acknowledged.push(`${batch}-${index}`);
    else refused.push(codeOf(outcome.reason));
  }
  ready = await store.ready().then(() => 'ready', codeOf);
}
process.stdout.write(JSON.stringify({ acknowledged, refused, ready }));
