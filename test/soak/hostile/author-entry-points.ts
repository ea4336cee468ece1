import { shareWorkflow } from '@switchyard/shared/contracts/sharing.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { HttpReply } from '../../kit/api.ts';
import type { Dice } from './dice.ts';
import { type EntryPoint, idOf, JSON_TYPE, replying, runDraft, type World } from './entry-point.ts';
import { hostileExpression } from './expressions.ts';
import { hostileGraph } from './graphs.ts';
import { hostileJson, wellFormed } from './json.ts';
import { hostileSchema } from './schemas.ts';
import { hostileText } from './texts.ts';

/* Entry points for workflow authors. */

export async function authorEntryPoints(world: World): Promise<Record<string, EntryPoint>> {
  const { server } = world;
  const { id } = await server.call(createWorkflow, { body: { name: 'edited', graph: replying('1') } });
  const send = (method: string, path: string, body: unknown) =>
    server.send(method, path, { body: typeof body === 'string' ? body : JSON.stringify(body), headers: JSON_TYPE });
  const revision = async (): Promise<number> => ((await server.send('GET', `/api/workflows/${id}`)).json as { draftRevision: number }).draftRevision;
  const sendGraph = async (dice: Dice, graph: unknown) =>
    dice.pick([
      async () => send('PUT', `/api/workflows/${id}/draft`, { graph, revision: await revision() }),
      () => send('POST', `/api/workflows/${id}/check`, { graph }),
      () => send('POST', '/api/workflows/import', { format: 'switchyard/workflow@1', name: 'imported', description: '', graph }),
      () => runDraft(world, JSON.stringify(graph), JSON.stringify({ s: hostileText(dice, 5_000), xs: Array(300).fill(1) })),
    ])();
  return {
    graph: async (dice) => {
      const { what, graph } = hostileGraph(dice);
      return { what, reply: await sendGraph(dice, graph) };
    },
    'graph, shared': async (dice) => {
      const { what, graph } = hostileGraph(dice);
      const made = await send('POST', '/api/workflows', { name: what, graph });
      const own = idOf(made);
      if (own === undefined) return { what, reply: made };
      await send('POST', `/api/workflows/${own}/publish`, {});
      await server.send('GET', `/api/workflows/${own}/export`);
      await send('POST', '/api/templates', { workflowId: own, name: what, description: what });
      const { token } = await server.call(shareWorkflow, { params: { id: own }, body: { shows: 'draft' } });
      await server.send('GET', `/api/shared/${token}`);
      return { what, reply: await send('POST', `/api/shared/${token}/use`, {}) };
    },
    'draft, any JSON': async (dice) => {
      const { what, text } = wellFormed(hostileJson(dice));
      const graph = dice.pick([
        text,
        `{"nodes":${text},"edges":[]}`,
        `{"nodes":[{"id":"a","type":"output","position":{"x":0,"y":0},"data":{"key":"a","title":"a","typeVersion":1,"params":{"value":${text}}}}],"edges":[]}`,
        `{"nodes":[],"edges":[],"vars":${text}}`,
      ]);
      return {
        what,
        reply: await dice.pick([
          () => send('POST', `/api/workflows/${id}/check`, `{"graph":${graph}}`),
          () => send('POST', '/api/workflows/import', `{"format":"switchyard/workflow@1","name":"x","graph":${graph}}`),
          () => send('POST', '/api/workflows', text),
        ])(),
      };
    },
    ...partEntryPoints(world, sendGraph, send),
  };
}

type Send = (method: string, path: string, body: unknown) => Promise<HttpReply>;
type SendGraph = (dice: Dice, graph: unknown) => Promise<HttpReply>;

/** Parts of a graph: schemas and expressions. */
const partEntryPoints = (world: World, sendGraph: SendGraph, send: Send): Record<string, EntryPoint> => ({
  schema: async (dice) => {
    const { what, schema } = hostileSchema(dice);
    const graph = replying('{{ input }}', { schema });
    if (dice.below(4) === 0) return { what, reply: await sendGraph(dice, graph) };
    const body = wellFormed(hostileJson(dice));
    return { what: `${what} against ${body.what}`, reply: await runDraft(world, JSON.stringify(graph), body.text) };
  },
  'inferred schema': async (dice) => {
    const samples = Array.from({ length: 1 + dice.below(3) }, () => wellFormed(hostileJson(dice, dice.pick([5_000, 200_000]))));
    const { what, schema } = hostileSchema(dice);
    const given = dice.below(2) === 0 ? { schema } : {};
    return {
      what: `${samples.map((sample) => sample.what)} ${'schema' in given ? what : ''}`,
      reply: await send(
        'POST',
        '/api/schemas/infer',
        `{"samples":[${samples.map(({ text }) => text)}]${'schema' in given ? `,"schema":${JSON.stringify(schema)}` : ''}}`,
      ),
    };
  },
  expression: async (dice) => {
    const { what, expression } = hostileExpression(dice);
    const body =
      dice.below(2) === 0
        ? JSON.stringify({ s: hostileText(dice), xs: Array(dice.pick([10, 300, 5_000])).fill(dice.pick([1, 'a', [1], { a: 1 }])) })
        : wellFormed(hostileJson(dice)).text;
    const value = dice.pick<unknown>([`{{ ${expression} }}`, { a: `{{ ${expression} }}`, b: [`x {{ ${expression} }}`] }]);
    return { what: `${what} on ${body.slice(0, 20)} (${body.length})`, reply: await runDraft(world, JSON.stringify(replying(value)), body) };
  },
});
