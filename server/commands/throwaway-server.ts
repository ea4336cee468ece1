import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import type { Run } from '@switchyard/shared/contracts/runs.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { parseAddress } from '@switchyard/shared/run/address.ts';
import type { RejectedSample } from '@switchyard/shared/run/sample-run.ts';
import { readConfig } from '../config.ts';
import { lockDataDir } from '../data-dir/lock.ts';
import { main } from '../main.ts';

/* Runs a workflow file in this process, in an installation of its own that is removed afterwards. Model calls use the demo model. */

const WAIT_MS = 300_000;

/** Runs the draft of a workflow. */
export interface RunsFile {
  /** Runs the draft, until it ends or waits for a person. */
  run(input: unknown): Promise<Run | RejectedSample>;
  /** Decides the reviews that a run waits for, by the key of their node, until it ends or waits for one without a decision. */
  decide(run: Run, decisions: Readonly<Record<string, unknown>>): Promise<Run>;
}

export interface OpenFile extends RunsFile, AsyncDisposable {
  readonly graph: Graph;
}

/** Starts a new installation in this process. `env`: API keys of model providers; without any, routes use the demo model. */
export async function openInstallation(env: Readonly<Record<string, string | undefined>> = {}): Promise<AsyncDisposable & { readonly address: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'switchyard-'));
  await using undo = new AsyncDisposableStack();
  undo.defer(() => rm(dir, { recursive: true, force: true }));
  const { OPENAI_API_KEY, ANTHROPIC_API_KEY } = env;
  const keys = { ...(OPENAI_API_KEY && { OPENAI_API_KEY }), ...(ANTHROPIC_API_KEY && { ANTHROPIC_API_KEY }) };
  const config = readConfig({ ...keys, HOST: '127.0.0.1', PORT: '0', DATA_DIR: dir, LOG_LEVEL: 'silent', MODEL_SERVER_PORTS: 'none' });
  const templatesDir = join(dir, 'templates');
  await mkdir(templatesDir);
  const server = await main({ say: () => {}, config, lock: lockDataDir(dir), pageDir: join(dir, 'no-page'), templatesDir });
  undo.defer(() => server.stop());
  const opened = undo.move();
  return { address: server.address, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** Imports a workflow file into a new installation. Throws `bad-request` with the server’s message if it can’t. */
export async function openFile(file: unknown): Promise<OpenFile> {
  await using undo = new AsyncDisposableStack();
  const { address } = undo.use(await openInstallation());
  const { workflow } = (await apiOf(address)('POST', '/api/workflows/import', file)) as { workflow: { id: string; draft: Graph } };
  const runs = fileOn(address, workflow.id);
  const opened = undo.move();
  return { ...runs, graph: workflow.draft, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** Runs the draft of a workflow on a server. */
export function fileOn(address: string, workflowId: string): RunsFile {
  const call = apiOf(address);
  const run = async (input: unknown): Promise<Run | RejectedSample> => {
    try {
      return (await call('POST', `/api/workflows/${workflowId}/runs`, { input, wait: WAIT_MS })) as Run;
    } catch (thrown) {
      if (isAppError(thrown, 'bad-input')) return { rejected: thrown.message };
      throw thrown;
    }
  };
  return { run, decide: deciderOf(call) };
}

type Call = (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<unknown>;

/** How often a run is read until it has continued. */
const POLL_MS = 20;

const deciderOf = (call: Call) => async (started: Run, decisions: Readonly<Record<string, unknown>>) => {
  const decided = new Set<string>();
  const until = Date.now() + WAIT_MS;
  for (let run = started; ; run = (await call('GET', `/api/runs/${run.id}`)) as Run) {
    if (run.endedAt !== null || Date.now() > until) return run;
    if (run.status === 'waiting') {
      const { items } = (await call('GET', `/api/reviews?runId=${run.id}&limit=100`)) as { items: Review[] };
      const open = items.filter(({ id }) => !decided.has(id));
      const known = open.flatMap(({ id, stepId }) => {
        const step = parseAddress(stepId);
        const decision = step?.kind === 'step' ? decisions[step.nodeKey] : undefined;
        return decision === undefined ? [] : [{ id, decision }];
      });
      if (known.length === 0 && (open.length > 0 || decided.size === 0)) return run;
      for (const { id, decision } of known) {
        await call('POST', `/api/reviews/${id}/decision`, decision);
        decided.add(id);
      }
    }
    await setTimeout(POLL_MS);
  }
};

const apiOf =
  (base: string): Call =>
  async (method, path, body) => {
    const sent = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${base}${path}`, { method, ...sent });
    const reply: unknown = await response.json();
    if (response.ok) return reply;
    const { code, detail } = isPlainObject(reply) ? reply : {};
    const message = typeof detail === 'string' ? detail : `The server returned ${response.status}.`;
    throw new AppError(code === 'bad-input' ? code : 'bad-request', message);
  };
