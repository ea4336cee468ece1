import { LRUCache } from 'lru-cache';
import type { WorkflowRecord } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import { type Admission, admissionOf } from '../runs/admit-input.ts';
import { runnable } from '../runs/start-run.ts';
import { liveVersionOf } from '../workflows/live-version.ts';
import { streamedNodes } from './streamed-nodes.ts';

/** A published version as clients of the OpenAI API call it. */
export interface Callable {
  readonly number: number;
  readonly hash: string;
  readonly admission: Admission;
  /** Keys of the nodes whose text is the response. */
  readonly streamed: ReadonlySet<string>;
}

/** Returns the live version of a workflow. Throws `not-published`. */
export type Callables = (context: ServiceContext, workflow: WorkflowRecord) => Promise<Callable>;

const MOST_KEPT = 1_000;
const MOST_BYTES = 16_000_000;

/** Keeps what a call needs to know of a version in memory: versions never change. */
export function createCallables(): Callables {
  const kept = new LRUCache<string, { callable: Callable; bytes: number }>({ max: MOST_KEPT, maxSize: MOST_BYTES, sizeCalculation: ({ bytes }) => bytes });
  return async (context, workflow) => {
    const key = JSON.stringify([context.workspaceId, workflow.id, liveVersionOf(workflow)]);
    const known = kept.get(key);
    if (known) return known.callable;
    const { number, graph, hash } = await runnable(context, workflow, 'live');
    const callable = { number: Number(number), hash, admission: admissionOf(graph, context.catalog), streamed: streamedNodes(graph) };
    kept.set(key, { callable, bytes: JSON.stringify(graph).length });
    return callable;
  };
}
