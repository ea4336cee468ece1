import { expect, test } from 'vitest';
import { fakeCatalog as catalog } from '../graph/check/fake-catalog.fixture.ts';
import type { Graph } from '../graph/graph.ts';
import { cleanGraph } from './clean-graph.ts';
import { toConnectOf } from './to-connect.ts';
import { readWorkflowFile, writeWorkflowFile } from './workflow-file.ts';

const graphWith = (params: Record<string, unknown>, type = 'tool'): Graph => ({
  nodes: [{ id: 'n1', type, position: { x: 0, y: 10 }, data: { key: 'one', title: 'One', typeVersion: 1, params } }],
  edges: [],
});

const write = (graph: Graph): string => writeWorkflowFile({ name: 'A', description: '', toConnect: toConnectOf(graph), graph });
const clean = (graph: Graph): Graph => cleanGraph(graph, { catalog, connectionName: (id) => (id === 'conn_1' ? 'Shop API' : 'a connection') });

test('writes a file’s keys in a fixed order, one line per field, with a final line break', () => {
  const [node] = graphWith({ url: 'x', method: 'GET' }).nodes;
  const reversed = {
    edges: [],
    nodes: node ? [{ data: { ...node.data, params: { method: 'GET', url: 'x' } }, position: { y: 10, x: 0 }, type: 'tool', id: 'n1' }] : [],
  };
  const text = write(graphWith({ url: 'x', method: 'GET' }));
  expect(write(reversed)).toBe(text);
  expect(text.split('\n').filter((line) => /"(method|url|x|y)":/.test(line))).toHaveLength(4);
  expect(text.endsWith('}\n')).toBe(true);
});

test('keeps the order below the params, like the fields of a form', () => {
  const text = write(graphWith({ schema: { properties: { zip: {}, age: {} } } }));
  expect(text.indexOf('"zip"')).toBeLessThan(text.indexOf('"age"'));
});

test('keeps a file unchanged when read and written again, including a key __proto__ in its params', () => {
  const text = write(graphWith(JSON.parse('{"a": {"__proto__": {"x": 1}}, "b": [1, null, "é\\u2028"]}')));
  expect(text).toContain('__proto__');
  expect(writeWorkflowFile(readWorkflowFile(JSON.parse(text)))).toBe(text);
});

test('names connections, and changes nothing when cleaning twice', () => {
  const once = clean(graphWith({ connectionId: 'conn_1', backup: { connectionId: 'conn_2' } }));
  expect(once.nodes[0]?.data.params).toEqual({ connectionId: '<left out: Shop API>', backup: { connectionId: '<left out: a connection>' } });
  expect(clean(once)).toEqual(once);
  expect(toConnectOf(once)).toEqual([
    { kind: 'connection', name: 'Shop API', steps: ['one'] },
    { kind: 'connection', name: 'a connection', steps: ['one'] },
  ]);
});

test('leaves out a value under the name of a secret, unless it is an expression', () => {
  const { nodes } = clean(
    graphWith({
      headers: [
        { name: 'Authorization', value: 'Basic x' },
        { name: 'X-Token', value: '{{ vars.token }}' },
        { name: 'Accept', value: 'text/html' },
      ],
      json: { user: 'ada', password: 'hunter2', limit: 5 },
    }),
  );
  expect(nodes[0]?.data.params).toEqual({
    headers: [
      { name: 'Authorization', value: '<left out: Authorization>' },
      { name: 'X-Token', value: '{{ vars.token }}' },
      { name: 'Accept', value: 'text/html' },
    ],
    json: { user: 'ada', password: '<left out: password>', limit: 5 },
  });
});

test('leaves out secrets in samples, without asking importers for them', () => {
  const graph = clean(graphWith({ samples: [{ name: 'One', value: { password: 'hunter2' } }] }, 'input'));
  expect(JSON.stringify(graph)).not.toContain('hunter2');
  expect(toConnectOf(graph)).toEqual([]);
});
