import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/*
 * The floor of a for-each: inserts the same results in commits of 100, synced like ours. `node insert-floor.ts <folder> <count>` sends how
 * long it took, in ms.
 */

const BATCH = 100;

const [folder = '.', count = '0'] = process.argv.slice(2);
const database = new DatabaseSync(join(folder, 'floor.db'));
database.exec('PRAGMA journal_mode = WAL');
database.exec('PRAGMA synchronous = FULL');
database.exec('CREATE TABLE IF NOT EXISTS result (id INTEGER PRIMARY KEY, item INTEGER NOT NULL, result TEXT NOT NULL)');
const insert = database.prepare('INSERT INTO result (item, result) VALUES (?, ?)');

const began = performance.now();
for (let item = 0; item < Number(count); item += BATCH) {
  database.exec('BEGIN');
  for (let one = item; one < item + BATCH; one++) insert.run(one, JSON.stringify({ order: `order ${one}`, cents: Math.round(one * 100) }));
  database.exec('COMMIT');
}
process.send?.(performance.now() - began);
database.close();
