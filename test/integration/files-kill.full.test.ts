import { randomBytes } from 'node:crypto';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { expect, test } from 'vitest';
import { edge, graphOf, node } from '../kit/graph.ts';
import { formOf } from '../kit/multipart.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { allRuns } from '../kit/runs.ts';
import { temporaryDir } from '../kit/server.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';

const ROUNDS = 4;
const FILES = 8;

test('every run that was accepted has its file whole, however often the server is killed while files arrive', async () => {
  await using dir = await temporaryDir();
  let server = await startServerProcess({ dataDir: dir.path });
  const schema = { type: 'object', properties: { file: { type: 'object', format: 'file' } }, required: ['file'] };
  const graph = graphOf([node('input', 'start', { schema }), node('output', 'reply', { value: '{{ input.file }}' })], [edge('start', 'reply')]);
  const { url } = await publishedWorkflow(server, graph, { mode: 'accepted' });
  const path = new URL(url).pathname;
  const sent = new Map<string, Buffer>();
  const accepted = new Set<string>();
  try {
    for (let round = 0; round < ROUNDS; round++) {
      let answered = 0;
      const calls = Promise.allSettled(
        Array.from({ length: FILES }, async (_, index) => {
          const name = `${round}-${index}.bin`;
          const content = randomBytes(2_500_000);
          sent.set(name, content);
          const { body, headers } = formOf(['file', content, name]);
          const reply = await server.send('POST', path, { body, headers: { ...headers } });
          answered++;
          if (reply.status === 202) accepted.add((reply.json as { runId: string }).runId);
        }),
      );
      await until('some were answered', () => answered > round);
      await server.kill();
      await calls;
      server = await startServerProcess({ dataDir: dir.path });
    }
    await until('all runs ended', async () => (await allRuns(server)).every(({ status }) => isEnded(status)));
    const runs = await allRuns(server);
    expect(runs.map(({ id }) => id)).toEqual(expect.arrayContaining([...accepted]));
    expect(accepted.size).toBeGreaterThanOrEqual(ROUNDS);
    for (const { id, status, output } of runs) {
      const [file] = (output as { $files: { $file: string; name: string }[] }).$files;
      const got = await fetch(`${server.base}/api/runs/${id}/files/${file?.$file}`);
      expect([status, got.status]).toEqual(['succeeded', 200]);
      expect(Buffer.from(await got.arrayBuffer()).equals(sent.get(file?.name ?? '') ?? Buffer.alloc(0))).toBe(true);
    }
  } finally {
    await server.kill();
  }
});
