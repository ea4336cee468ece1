import { fileURLToPath } from 'node:url';
import { edge, graphOf, messageInput, node } from '@switchyard/test/kit/graph.ts';
import { call } from '../process/call.ts';
import { type Child, startChild } from '../process/child.ts';

const MODEL_SERVER = fileURLToPath(new URL('./model-server.ts', import.meta.url));

export const startModelServer = (): Promise<Child> => startChild({ file: process.execPath, args: [MODEL_SERVER] });

/** The names under which clients call the same model: directly, through a route, and through a workflow with one Prompt node. */
export interface ModelNames {
  readonly direct: string;
  readonly route: string;
  readonly workflow: string;
}

/** A connection, a price, a budget with a hard limit, and for each model a route and a published workflow that masks email addresses and cards. */
export async function setUpModels(address: string, models: Child, names: readonly string[]): Promise<ModelNames[]> {
  const limits = { atOnce: 1_000 };
  const { id: connectionId } = await call<{ id: string }>(address, 'POST', '/api/connections', {
    name: 'Bench',
    kind: 'openai-compatible',
    baseUrl: `${models.address}/v1`,
    limits,
  });
  await call(address, 'POST', '/api/budgets', { scope: { kind: 'workspace' }, period: 'month', hardMicros: 1e12 });
  const made: ModelNames[] = [];
  for (const model of names) {
    await call(address, 'PUT', `/api/prices/${model}`, { input: 1, output: 2 });
    await call(address, 'POST', '/api/routes', { name: model, targets: [{ connectionId, model }] });
    const graph = graphOf(
      [messageInput(), node('prompt', 'ask', { message: '{{ input.message }}', route: model }), node('output', 'reply', { value: '{{ steps.ask.text }}' })],
      [edge('start', 'ask'), edge('ask', 'reply')],
    );
    const { id, slug } = await call<{ id: string; slug: string }>(address, 'POST', '/api/workflows', { name: model, graph });
    const redaction = (['email', 'card'] as const).map((detector) => ({ detector, action: 'mask' }));
    await call(address, 'PUT', `/api/workflows/${id}/policies`, { redaction });
    await call(address, 'POST', `/api/workflows/${id}/publish`);
    made.push({ direct: model, route: `route/${model}`, workflow: `workflow/${slug}` });
  }
  return made;
}

/** CPU seconds used by all threads of the server. */
export async function cpuSeconds(address: string): Promise<number> {
  const text = await (await fetch(`${address}/metrics`)).text();
  const line = /^process_cpu_seconds_total ([\d.e+-]+)/m.exec(text);
  if (!line) throw new Error('The server’s metrics lack process_cpu_seconds_total.');
  return Number(line[1]);
}
