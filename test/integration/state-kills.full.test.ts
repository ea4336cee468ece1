import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { listState } from '@switchyard/shared/contracts/state/stored-values.ts';
import { createTable, findTableRows } from '@switchyard/shared/contracts/state/tables.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { expect, test } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { allRuns } from '../kit/runs.ts';
import { temporaryDir } from '../kit/server.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';

const ROUNDS = 4;
const RUNS = 30;

test('no run counts twice, adds two rows, or is lost when the server is killed again and again', async () => {
  await using dir = await temporaryDir();
  let server = await startServerProcess({ dataDir: dir.path });
  const graph = graphOf(
    [
      messageInput(),
      node('state', 'count', { operation: 'increment', key: 'n' }),
      node('state', 'row', { operation: 'add-row', table: 'Counted', cells: [{ name: 'Number', value: '{{ steps.count.value }}' }] }),
      node('output', 'reply', { value: '{{ steps.count.value }}' }),
    ],
    [edge('start', 'count'), edge('count', 'row'), edge('row', 'reply')],
  );
  const table = await server.call(createTable, { body: { name: 'Counted', columns: [{ name: 'Number', type: 'number' }] } });
  const { id, url } = await publishedWorkflow(server, graph);
  const path = new URL(url).pathname;
  try {
    for (let round = 0; round < ROUNDS; round++) {
      let replied = 0;
      const calls = Array.from({ length: RUNS }, () =>
        server.send('POST', path, { body: { message: 'x' } }).then(
          () => replied++,
          () => {},
        ),
      );
      await until('some calls were answered', () => replied > round * 2);
      await server.kill();
      await Promise.all(calls);
      server = await startServerProcess({ dataDir: dir.path });
    }
    await until('all runs ended', async () => (await allRuns(server)).every(({ status }) => isEnded(status)));
    const { items } = await server.call(listRuns, { query: { limit: 1_000 } });
    const { items: rows } = await server.call(findTableRows, { params: { id: table.id }, body: { limit: 1_000 } });
    const { items: entries } = await server.call(listState, { params: { id }, query: {} });
    expect(items.map(({ status }) => status)).toEqual(items.map(() => 'succeeded'));
    expect(rows.map(({ cells }) => Number(cells.Number)).sort((a, b) => a - b)).toEqual(items.map((_, index) => index + 1));
    expect(entries).toMatchObject([{ key: 'n', value: items.length }]);
    expect(items.map(({ output }) => Number(output)).sort((a, b) => a - b)).toEqual(items.map((_, index) => index + 1));
  } finally {
    await server.kill();
  }
});
