import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { useTemplate } from '@switchyard/shared/contracts/templates.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { expect, test } from 'vitest';
import { echoGraph, reviewGraph } from '../kit/graph.ts';
import { repositoryRoot, startTestServer } from '../kit/server.ts';

/* Workflows with random mistakes: whatever they cause, it is a response, and never a server failure. */

const ROUNDS = 8;
const ODD: readonly unknown[] = [
  ...[null, true, 0, -1, 1e308, 2 ** 53, '', ' ', '__proto__', 'constructor', '\u0000', '{{ input }}', '{{', '}}', '{{ steps.', '../..', '<script>', '漢👍'],
  ...[[], [[]], {}, [null], { a: 1 }, JSON.parse('{"__proto__":{"polluted":1}}'), { length: -1 }, { $gt: '' }, 'a'.repeat(5_000)],
];

const TEMPLATES = ['support-chatbot-routing', 'content-factory', 'ticket-triage'];
const template = (slug: string): Graph => JSON.parse(readFileSync(join(repositoryRoot, 'templates', slug, 'workflow.json'), 'utf8')).graph;
const GRAPHS = [echoGraph(), reviewGraph(), ...TEMPLATES.map(template)];

/** Numbers from 0 to 1, the same for the same seed (Park and Miller). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function mutator(random: () => number) {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const mutate = (value: unknown, share: number): unknown => {
    if (random() < share) return structuredClone(pick(ODD));
    if (Array.isArray(value)) return value.filter(() => random() >= share).map((item) => mutate(item, share));
    if (!isPlainObject(value)) return value;
    const entries = Object.entries(value).map(([name, item]) => [random() < share / 3 ? pick(['__proto__', 'x', '']) : name, mutate(item, share)]);
    return Object.fromEntries(entries);
  };
  /** One of the graphs, with its shape intact: mistakes are in params, types, and edges. */
  const graph = (): Graph => {
    const one = structuredClone(pick(GRAPHS));
    const nodes = one.nodes.map((node) => ({
      ...node,
      type: random() < 0.03 ? pick(['teleport', '__proto__', 'note', 'merge']) : node.type,
      data: { ...node.data, params: Object.fromEntries(Object.entries(node.data.params).map(([name, value]) => [name, mutate(value, 0.02)])) },
    }));
    return { ...one, nodes, edges: one.edges.filter(() => random() >= 0.02) };
  };
  return { mutate, graph };
}

test.each([1, 2])('workflows, inputs, and files with random mistakes are accepted or rejected, and files return byte by byte (seed %i)', async (seed) => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '0' } });
  for (const slug of TEMPLATES) await server.call(useTemplate, { params: { slug } });
  const { mutate, graph } = mutator(randomFrom(seed));
  const statuses: number[] = [];
  const send = async (method: string, path: string, body?: unknown) => {
    const reply = await server.send(method, path, { body });
    expect(reply.status, `${method} ${path} ${reply.text.slice(0, 500)}`).toBeLessThan(500);
    statuses.push(reply.status);
    return { ...reply, json: reply.json as Record<string, unknown> };
  };
  for (let round = 0; round < ROUNDS; round++) {
    const made = await send('POST', '/api/workflows', { name: `Round ${round}`, graph: graph() });
    const path = `/api/workflows/${made.json.id}`;
    const file = await send('GET', `${path}/export`);
    const imported = await send('POST', '/api/workflows/import', file.text);
    const again = await send('GET', `/api/workflows/${(imported.json.workflow as { id: string }).id}/export`);
    expect(again.text).toBe(file.text);
    await send('POST', '/api/workflows/import', mutate(file.json, 0.02));
    await send('PUT', `${path}/draft`, { graph: mutate(graph(), 0.005), revision: 1 });
    await send('POST', `${path}/runs`, { input: mutate({ message: 'I was charged twice', customer: { tier: 'gold' } }, 0.1), wait: 2_000 });
    await send('POST', `${path}/publish`);
  }
  expect(statuses.filter((status) => status < 300).length).toBeGreaterThan(ROUNDS * 4);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});
