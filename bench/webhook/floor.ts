import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import express from 'express';

/*
 * The floor: minimal code that does the same. Express, the workflow's work written by hand, and one insert per request. There is no
 * journal, so it guarantees less than Switchyard. `node floor.ts <folder> [NORMAL|FULL]`: with NORMAL, the default, a power cut may lose an
 * acknowledged insert; with FULL each insert is synced.
 */

const [folder = '.', synchronous = 'NORMAL'] = process.argv.slice(2);
const database = new DatabaseSync(join(folder, `floor-${synchronous}.db`));
database.exec('PRAGMA journal_mode = WAL');
database.exec(`PRAGMA synchronous = ${synchronous === 'FULL' ? 'FULL' : 'NORMAL'}`);
database.exec('CREATE TABLE run (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, status TEXT NOT NULL, input TEXT NOT NULL, output TEXT NOT NULL)');
const insert = database.prepare("INSERT INTO run (at, status, input, output) VALUES (?, 'succeeded', ?, ?)");

const app = express();
app.use(express.json());
app.post('/order', (request, response) => {
  const order = request.body;
  const answer = { order, cents: Math.round(order.amount * 100), branch: order.amount >= 100 ? 'high' : 'low' };
  insert.run(Date.now(), JSON.stringify(order), JSON.stringify(answer));
  response.json(answer);
});
app.post('/accept', (request, response) => {
  const { lastInsertRowid } = insert.run(Date.now(), JSON.stringify(request.body), '');
  response.status(202).json({ id: Number(lastInsertRowid) });
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
