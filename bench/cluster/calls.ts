import { type Cluster, startCluster } from '@switchyard/test/cluster/cluster.ts';
import { type FakeProvider, startFakeProvider } from '@switchyard/test/kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, node } from '@switchyard/test/kit/graph.ts';
import { fakeTarget, routeTo } from '@switchyard/test/kit/model-route.ts';
import { publishedWorkflow } from '@switchyard/test/kit/published.ts';
import type { ServerProcess } from '@switchyard/test/kit/server-process.ts';
import { atOnce } from '@switchyard/test/soak/at-once.ts';

/** Processes on one MongoDB and Redis, and a published workflow that calls a model. */
export interface CallingCluster extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly web: ServerProcess;
  readonly provider: FakeProvider;
  /** When each call arrived, in ms since the start of this process. */
  readonly arrivals: readonly number[];
  /** Sends this many requests in mode `accepted`. Returns the IDs of their runs. */
  accept(runs: number): Promise<string[]>;
}

const AT_ONCE = 32;

/** Starts a cluster whose workflow makes `calls` model calls of `callMs` each, one after another. */
export async function startCallingCluster(options: {
  readonly workers: number;
  readonly callMs: number;
  readonly calls?: number;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<CallingCluster> {
  const { workers, callMs, calls = 1, env = {} } = options;
  const arrivals: number[] = [];
  const provider = await startFakeProvider({
    answer: () => {
      arrivals.push(performance.now());
      return 'fine';
    },
  });
  provider.failAlways({ kind: 'slow', delayMs: callMs });
  const cluster = await startCluster({ workers, env: { LOG_LEVEL: 'silent', ...env } });
  const web = cluster.webs[0]?.now;
  if (!web) throw new Error('The cluster has no web process.');
  await routeTo(web, 'slow', fakeTarget(provider, { atOnce: 1_000 }));
  const keys = Array.from({ length: calls }, (_, number) => `call${number + 1}`);
  const graph = graphOf(
    [messageInput(), ...keys.map((key) => node('prompt', key, { message: '{{ input.message }}', route: 'slow' })), node('output', 'reply', { value: 'done' })],
    ['start', ...keys].map((from, index) => edge(from, keys[index] ?? 'reply')),
  );
  const { url } = await publishedWorkflow(web, graph, { mode: 'accepted' });
  const path = new URL(url).pathname;
  return {
    cluster,
    web,
    provider,
    arrivals,
    accept: async (runs) => {
      const ids: string[] = [];
      await atOnce(
        AT_ONCE,
        Array.from({ length: runs }, (_, number) => number),
        async (number) => {
          const { status, text, json } = await web.send('POST', path, { body: { message: `message ${number}` } });
          if (status !== 202) throw new Error(`A request got ${status}: ${text.slice(0, 300)}`);
          ids.push((json as { runId: string }).runId);
        },
      );
      return ids;
    },
    [Symbol.asyncDispose]: async () => {
      await cluster[Symbol.asyncDispose]();
      await provider.close();
    },
  };
}
