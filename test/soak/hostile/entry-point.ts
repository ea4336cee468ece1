import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { HttpReply } from '../../kit/api.ts';
import { edge, graphOf, node } from '../../kit/graph.ts';
import type { ServerProcess } from '../../kit/server-process.ts';
import type { Dice } from './dice.ts';
import type { Outside } from './outside.ts';

/** The input that was sent, and the response. */
export interface Sent {
  readonly what: string;
  readonly reply: Pick<HttpReply, 'status' | 'text'>;
}

/** One entry point of the server. */
export type EntryPoint = (dice: Dice) => Promise<Sent>;

export interface World {
  readonly server: ServerProcess;
  readonly outside: Outside;
}

export const JSON_TYPE = { 'content-type': 'application/json' };

export const replying = (value: unknown, input: Record<string, unknown> = {}): Graph =>
  graphOf([node('input', 'start', { schema: {}, samples: [], ...input }), node('output', 'reply', { value })], [edge('start', 'reply')]);

/** How long to wait for a run. The run continues after that. */
const WAIT_MS = 5_000;

/** Creates a workflow, runs its draft, and waits for the end. Returns the first rejection, if any. */
export async function runDraft({ server }: World, graph: string, input: string): Promise<HttpReply> {
  const made = await server.send('POST', '/api/workflows', { body: `{"name":"hostile","graph":${graph}}`, headers: JSON_TYPE });
  const id = idOf(made);
  if (id === undefined) return made;
  return server.send('POST', `/api/workflows/${id}/runs`, { body: `{"wait":${WAIT_MS},"input":${input}}`, headers: JSON_TYPE });
}

export const idOf = ({ json }: HttpReply): string | undefined => (json as { id?: string } | undefined)?.id;
