import { saveTemplate } from '@switchyard/shared/contracts/templates.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { edge, graphOf, node } from '../../kit/graph.ts';
import { publishedWorkflow } from '../../kit/published.ts';
import { CALLED } from './caller-graphs.ts';
import { JSON_TYPE, replying } from './entry-point.ts';
import { startWatchedServer } from './watched-server.ts';

/* Large requests that arrive together: each is harmless, and all of them must share the event loop. */

const AT_ONCE = 10;
const times = (count: number, item: (index: number) => string): string => Array.from({ length: count }, (_, index) => item(index)).join(',');

/** About 1 MB each. */
const BODIES: Readonly<Record<string, string>> = {
  objects: `{"s":"x","message":"m","xs":[${times(24_000, (index) => `{"id":${index},"name":"n${index}","ok":true}`)}]}`,
  'empty objects': `{"xs":[${times(190_000, () => '{}')}],"s":"${'y'.repeat(400_000)}"}`,
  'invalid JSON': `[${'"abc",1,'.repeat(110_000)}`,
};
const DRAFTS = {
  'many nodes': graphOf(
    [
      node('input', 'start', { schema: {}, samples: [] }),
      ...Array.from({ length: 1_200 }, (_, index) =>
        node('transform', `n${index}`, { fields: [{ name: 'a', value: `input.x${index} == "${'z'.repeat(300)}"` }] }),
      ),
    ],
    Array.from({ length: 1_199 }, (_, index) => edge(`n${index}`, `n${index + 1}`)),
  ),
  'many values': replying(Array.from({ length: 80_000 }, (_, index) => `v${index}`)),
};

export interface Crowd {
  readonly what: string;
  readonly statuses: readonly number[];
  readonly stallMs: number;
}

/** Sends each kind of large request several times at once. Returns how long each kind blocked the event loop. */
export async function sendLargeAtOnce(): Promise<Crowd[]> {
  await using server = await startWatchedServer([]);
  const crowds: Crowd[] = [];
  const crowd = async (what: string, send: (index: number) => Promise<{ status: number }>, count = AT_ONCE): Promise<void> => {
    await server.settled();
    const replies = await Promise.all(Array.from({ length: count }, (_, index) => send(index)));
    crowds.push({ what, statuses: replies.map(({ status }) => status), stallMs: Math.round((await server.vitals()).stallMs) });
  };
  const post = (path: string, body: string) => server.send('POST', path, { body, headers: JSON_TYPE });
  for (const [what, graph] of Object.entries(DRAFTS)) {
    const text = JSON.stringify(graph);
    const ids: string[] = [];
    for (let count = 0; count < AT_ONCE; count++) ids.push((await server.call(createWorkflow, { body: { name: what } })).id);
    await crowd(`drafts of ${what}`, (index) =>
      server.send('PUT', `/api/workflows/${ids[index]}/draft`, { body: `{"graph":${text},"revision":1}`, headers: JSON_TYPE }),
    );
    await crowd(`a list of ${what}`, () => server.send('GET', '/api/workflows'), 1);
    await crowd(`imports of ${what}`, () => post('/api/workflows/import', `{"format":"switchyard/workflow@1","name":"x","description":"","graph":${text}}`));
    await crowd(`exports of ${what}`, (index) => server.send('GET', `/api/workflows/${ids[index]}/export`));
    for (const workflowId of ids.slice(0, 8)) await server.call(saveTemplate, { body: { workflowId, name: 'x', description: '' } });
    await crowd(`templates of ${what}`, () => server.send('GET', '/api/templates'), 1);
  }
  for (const [number, graph] of CALLED.entries()) {
    const { url } = await publishedWorkflow(server, graph, { callerMayChoose: true });
    for (const [what, body] of Object.entries(BODIES)) {
      for (const mode of ['finished', 'accepted'])
        await crowd(`webhook ${number + 1}, ${mode}, ${what}`, () => post(`${new URL(url).pathname}?mode=${mode}`, body));
    }
  }
  return crowds;
}
