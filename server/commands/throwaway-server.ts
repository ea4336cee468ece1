import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Run } from '@switchyard/shared/contracts/runs.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { readConfig } from '../config.ts';
import { lockDataDir } from '../data-dir/lock.ts';
import { main } from '../main.ts';

/* Runs a workflow file in this process, in an installation of its own that is removed afterwards. Model calls use the demo model. */

const WAIT_MS = 300_000;

export interface OpenFile extends AsyncDisposable {
  readonly graph: Graph;
  /** Runs the draft, until it ends or waits for a person. */
  run(input: unknown): Promise<Run>;
}

/** Imports a workflow file into a new installation. Throws `bad-request` with the server’s message if it can’t. */
export async function openFile(file: unknown): Promise<OpenFile> {
  const dir = await mkdtemp(join(tmpdir(), 'switchyard-'));
  await using undo = new AsyncDisposableStack();
  undo.defer(() => rm(dir, { recursive: true, force: true }));
  const config = readConfig({ HOST: '127.0.0.1', PORT: '0', DATA_DIR: dir, LOG_LEVEL: 'silent', MODEL_SERVER_PORTS: 'none' });
  const templatesDir = join(dir, 'templates');
  await mkdir(templatesDir);
  const server = await main({ say: () => {}, config, lock: lockDataDir(dir), pageDir: join(dir, 'no-page'), templatesDir });
  undo.defer(() => server.stop());
  const { workflow } = (await post(server.address, '/api/workflows/import', file)) as { workflow: { id: string; draft: Graph } };
  const run = async (input: unknown) => (await post(server.address, `/api/workflows/${workflow.id}/runs`, { input, wait: WAIT_MS })) as Run;
  const opened = undo.move();
  return { graph: workflow.draft, run, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

async function post(base: string, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${base}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const reply: unknown = await response.json();
  if (response.ok) return reply;
  throw new AppError('bad-request', isPlainObject(reply) && typeof reply.detail === 'string' ? reply.detail : `The server returned ${response.status}.`);
}
