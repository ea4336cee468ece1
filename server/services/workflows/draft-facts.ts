import { checkInParts } from '@switchyard/shared/graph/check.ts';
import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import { topologyOf } from '@switchyard/shared/graph/topology.ts';
import { LRUCache } from 'lru-cache';
import type { WorkflowRecord } from '../../store/collections.ts';
import { inTurns } from '../../turns.ts';

/** What a list shows of a draft. */
export interface DraftFacts {
  /** Node types in flow order, each once, at most 50. */
  readonly nodeTypes: string[];
  readonly problemCount: number;
}

const MOST_KEPT = 500;
/** Unknown types can be any text, and as many as there are nodes. */
const MOST_TYPES = 50;

/** Reads drafts for lists, each revision once, because checking compiles every expression. */
export function createDraftFacts(catalog: NodeCatalog): (workflow: Pick<WorkflowRecord, 'id' | 'draft' | 'draftRevision'>) => Promise<DraftFacts> {
  const known = new LRUCache<string, { readonly revision: number; readonly facts: DraftFacts }>({ max: MOST_KEPT });
  return async ({ id, draft, draftRevision }) => {
    const kept = known.get(id);
    if (kept?.revision === draftRevision) return kept.facts;
    const topology = topologyOf(draft);
    const types = topology.order.map((nodeId) => topology.nodes.get(nodeId)?.type ?? '').filter((type) => type !== '' && catalog(type)?.role !== 'note');
    const problems = (await inTurns(checkInParts(draft, catalog))).filter((problem) => problem.severity === 'error');
    const facts = { nodeTypes: [...new Set(types)].slice(0, MOST_TYPES), problemCount: problems.length };
    known.set(id, { revision: draftRevision, facts });
    return facts;
  };
}
