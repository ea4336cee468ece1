import { checkGraph } from '@switchyard/shared/graph/check.ts';
import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import { topologyOf } from '@switchyard/shared/graph/topology.ts';
import type { WorkflowRecord } from '../../store/collections.ts';

/** What a list shows of a draft. */
export interface DraftFacts {
  /** Node types in flow order, each once. */
  readonly nodeTypes: string[];
  readonly problemCount: number;
}

const MOST_KEPT = 500;

/** Reads drafts for lists, each revision once: checking compiles every expression. */
export function createDraftFacts(catalog: NodeCatalog): (workflow: Pick<WorkflowRecord, 'id' | 'draft' | 'draftRevision'>) => DraftFacts {
  const known = new Map<string, { readonly revision: number; readonly facts: DraftFacts }>();
  return ({ id, draft, draftRevision }) => {
    const kept = known.get(id);
    if (kept?.revision === draftRevision) return kept.facts;
    const topology = topologyOf(draft);
    const types = topology.order.map((nodeId) => topology.nodes.get(nodeId)?.type ?? '').filter((type) => type !== '' && catalog(type)?.role !== 'note');
    const problems = checkGraph(draft, catalog).filter((problem) => problem.severity === 'error');
    const facts = { nodeTypes: [...new Set(types)], problemCount: problems.length };
    known.delete(id);
    known.set(id, { revision: draftRevision, facts });
    const oldest = known.size > MOST_KEPT ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    return facts;
  };
}
