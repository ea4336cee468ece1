import { inside } from '../kit/each-graph.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { allRuns, ended, journalOf } from '../kit/runs.ts';
import { until } from '../kit/until.ts';
import { atOnce } from '../soak/at-once.ts';
import type { Cluster, Member } from './cluster.ts';
import { startReceiver } from './receiver.ts';
import { type Acknowledged, type RunAfter, violations } from './violations.ts';

/* Requests to a cluster, and whether everything that was acknowledged ended, once (promise 22). */

interface Outcome {
  /** What contradicts the promises. */
  readonly faults: readonly string[];
  readonly runs: number;
  /** Changes of driver, and those that counted a crash. */
  readonly takeOvers: number;
  readonly crashes: number;
  /** Requests to the receiver beyond one for each run. */
  readonly repeated: number;
}

export interface Traffic extends AsyncDisposable {
  readonly acknowledged: readonly Acknowledged[];
  /** Sends more requests, eight at a time. Resolves when a web process has acknowledged each. */
  send(count: number): Promise<void>;
  /** How many requests runs have sent to the receiver so far. */
  sent(): number;
  /** Resolves when all acknowledged runs have ended. */
  outcome(): Promise<Outcome>;
}

/** Input, a call of the model route `fake`, a request with an idempotency key, two more calls in items of a for-each, output. */
const graph = (receiver: string) =>
  graphOf(
    [
      messageInput(),
      node('prompt', 'one', { message: 'one: {{ input.message }}', route: 'fake' }),
      node('tool', 'post', { url: receiver, method: 'POST', bodyKind: 'json', json: { subject: '{{ input.message }}' }, effect: 'keyed' }),
      node('for-each', 'each', { items: '{{ ["two", "three"] }}', result: '{{ steps.again.text }}' }),
      inside('each', node('prompt', 'again', { message: '{{ item }}: {{ steps.one.text }}', route: 'fake' })),
      node('output', 'reply', { value: '{{ steps.each.items[0] }}, {{ steps.each.items[1] }}' }),
    ],
    [edge('start', 'one'), edge('one', 'post'), edge('post', 'each'), edge('each', 'reply')],
  );
const expected = (subject: string) => ['two', 'three'].map((item) => `You said: ${item}: You said: one: ${subject}`).join(', ');

type Paths = Readonly<Record<'accepted' | 'finished', string>>;

/** Its runs need the route `fake` to a provider that repeats the message. Every third request waits for its output. */
export async function startTraffic(cluster: Cluster, responseMs?: number): Promise<Traffic> {
  const receiver = await startReceiver(responseMs);
  const workflows = new Set<string>();
  const path = async (mode: 'accepted' | 'finished'): Promise<string> => {
    const { id, url } = await publishedWorkflow((cluster.webs[0] as Member).now, graph(receiver.url), { mode });
    workflows.add(id);
    return new URL(url).pathname;
  };
  const paths = { accepted: await path('accepted'), finished: await path('finished') };
  const acknowledged: Acknowledged[] = [];
  let number = 0;
  return {
    acknowledged,
    send: (count) =>
      atOnce(
        8,
        Array.from({ length: count }, () => number++),
        async (one) => acknowledged.push(await send(cluster, paths, one)),
      ),
    sent: () => receiver.effects.length,
    outcome: async () => {
      const runs = await afterwards(cluster, acknowledged, workflows);
      const changes = runs.flatMap(({ events }) => events.flatMap((event) => (event.type === 'driver-changed' ? [event.crashes] : [])));
      return {
        faults: violations({ acknowledged, effects: receiver.effects, runs, expected }),
        runs: runs.length,
        takeOvers: changes.length,
        crashes: changes.filter((crashes = 0) => crashes > 0).length,
        repeated: receiver.effects.length - runs.length,
      };
    },
    [Symbol.asyncDispose]: receiver[Symbol.asyncDispose],
  };
}

/** Sends a request to any web process until one acknowledges it. */
async function send(cluster: Cluster, paths: Paths, number: number): Promise<Acknowledged> {
  const subject = `message-${number}`;
  const mode = number % 3 === 0 ? 'finished' : 'accepted';
  const headers = { 'content-type': 'application/json', 'idempotency-key': subject };
  let last = 'nothing';
  const acknowledged = until(`${subject} to be acknowledged`, async () => {
    const web = cluster.webs[number % cluster.webs.length] as Member;
    const reply = await fetch(new URL(paths[mode], web.now.base), { method: 'POST', body: JSON.stringify({ message: subject }), headers }).catch(
      () => undefined,
    );
    const text = await reply?.text().catch(() => undefined);
    if (!reply || text === undefined) return undefined;
    last = `${reply.status} ${text}`;
    const runId = reply.headers.get('x-run-id');
    // A failed run is also returned, and its output is then reported as missing.
    if (runId) return { subject, runId, ...(reply.status === 200 && { output: text }) };
    if (reply.status >= 400 && reply.status < 500 && reply.status !== 429) throw new Error(`${subject} got ${last}`);
    return undefined;
  });
  return acknowledged.catch((error: unknown) => {
    throw new Error(`${subject} got ${last} at last`, { cause: error });
  });
}

/** All runs of these workflows, once the known ones have ended. */
async function afterwards(cluster: Cluster, known: readonly Acknowledged[], workflows: ReadonlySet<string>): Promise<RunAfter[]> {
  const api = (cluster.webs[0] as Member).now;
  await atOnce(8, known, ({ runId }) => until(`run ${runId} to end`, () => ended(api, runId).catch(() => undefined)));
  const all = (await allRuns(api)).filter(({ workflowId }) => workflows.has(workflowId));
  const runs: RunAfter[] = [];
  await atOnce(8, all, async ({ id }) => {
    const run = await ended(api, id);
    runs.push({ id, status: run.status, output: run.output, events: await journalOf(api, id) });
  });
  return runs;
}
