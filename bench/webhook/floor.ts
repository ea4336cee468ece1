import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import express from 'express';

/*
 * The least that could do the same: Express, the work of the workflow written out, one insert a request. The insert is at
 * synchronous=NORMAL, so it may be lost with the power, and there is no journal: it promises less than we do. A process of its own:
 * `node floor.ts <folder>`.
 */

const database = new DatabaseSync(join(process.argv[2] ?? '.', 'floor.db'));
database.exec('PRAGMA journal_mode = WAL');
database.exec('PRAGMA synchronous = NORMAL');
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
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
