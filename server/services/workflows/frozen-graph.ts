import { AppError } from '@switchyard/shared/errors.ts';
import { checkInParts } from '@switchyard/shared/graph/check.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { hasErrors, type Problem } from '@switchyard/shared/graph/problem.ts';
import { graphs } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { inTurns, ownTurn } from '../../turns.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { contentHash } from './content-hash.ts';

/** An immutable graph with the hash of its content. */
export interface FrozenGraph {
  readonly graph: Graph;
  readonly hash: string;
}

/** Stores a graph under its content hash. Equal graphs are stored once. */
export async function freezeGraph(context: ServiceContext, graph: Graph): Promise<FrozenGraph> {
  await ownTurn();
  const hash = contentHash(graph);
  if (!(await context.store.get(graphs, hash)))
    await insertIfAbsent(context.store, graphs, { id: hash, workspaceId: context.workspaceId, graph, createdAt: timestamp(context) });
  return { graph, hash };
}

/** A stored graph by its hash. Throws `not-found`. */
export async function loadFrozenGraph(context: Pick<ServiceContext, 'store'>, hash: string): Promise<FrozenGraph> {
  const record = await context.store.get(graphs, hash);
  if (!record) throw new AppError('not-found', 'The graph of this version is missing.');
  return { graph: record.graph, hash };
}

/** Throws `graph-has-problems` with all problems if one is an error (S4). */
export async function refuseProblems({ catalog }: ServiceContext, graph: Graph, whatFor: string, more: readonly Problem[] = []): Promise<void> {
  refuseErrors([...(await inTurns(checkInParts(graph, catalog))), ...more], whatFor);
}

/** The same for the problems of a graph. */
export function refuseErrors(problems: readonly Problem[], whatFor: string): void {
  if (!hasErrors(problems)) return;
  const errors = problems.filter((problem) => problem.severity === 'error');
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new AppError('graph-has-problems', `Can’t ${whatFor} yet. ${errors[0]?.message}${rest}`, { details: { problems } });
}
