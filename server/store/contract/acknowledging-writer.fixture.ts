import { writeSync } from 'node:fs';
import type { Store } from '../port.ts';
import { contractCollections, journalRow, type StoreHome, thing, things, WORKSPACE } from './things.fixture.ts';

/*
 * Writes forever: record, journal, update; then prints the ID. The durability test kills it.
 */
const [elsewhere = '', prefix = ''] = process.argv.slice(2);
const { module, opener, options }: StoreHome['elsewhere'] = JSON.parse(elsewhere);
const opened: Record<string, (options: object) => Store | Promise<Store>> = await import(module);
const store = await opened[opener]?.({ ...options, collections: contractCollections });
if (!store) throw new Error(`${module} has no ${opener}`);
const here = store.in(WORKSPACE);

const writer = async (name: string): Promise<void> => {
  for (let number = 0; ; number++) {
    const id = `${prefix} ${name} ${number}`;
    await here.insert(things, thing({ id, body: 'x'.repeat(500) }));
    await here.append(journalRow(id, 1, 3));
    await here.update(things, id, { rank: 1 }, { equal: { rank: 0 } });
    writeSync(1, `${id};\n`);
  }
};

await Promise.all(Array.from({ length: 8 }, (_, index) => writer(`writer ${index}`)));
