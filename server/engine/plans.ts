import type { NodeDefinition } from '@switchyard/nodes/sdk/define-node.ts';
import { type AppError, toAppError } from '@switchyard/shared/errors.ts';
import { type Plan, planOf } from './plan.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';

type Compiled = { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly error: AppError };

/** Plans by the content hash of their graph, compiled once. */
export interface Plans {
  /** The plan, if it is in memory. */
  known(run: AcceptedRun): Compiled | undefined;
  load(run: AcceptedRun): Promise<Compiled>;
  /** The plan of a run whose graph can't be compiled: it has no nodes, so the run can only fail. */
  readonly none: Plan;
}

const KEPT = 200;

export function createPlans(ports: EnginePorts, definitionOf: (type: string) => NodeDefinition | undefined): Plans {
  const kept = new Map<string, Compiled>();
  const compile = async (run: AcceptedRun): Promise<Compiled> => {
    let compiled: Compiled;
    const graph = await ports.loadGraph(run);
    try {
      compiled = { ok: true, plan: planOf(graph, definitionOf) };
    } catch (thrown) {
      compiled = { ok: false, error: toAppError(thrown) };
    }
    if (kept.size >= KEPT) kept.delete(kept.keys().next().value ?? '');
    kept.set(run.graphHash, compiled);
    return compiled;
  };
  const nothing = {} as Plan['start'];
  return {
    known: (run) => kept.get(run.graphHash),
    load: async (run) => kept.get(run.graphHash) ?? compile(run),
    none: { nodes: [], byKey: new Map(), start: nothing, vars: {}, prompts: [], membersOf: () => [] },
  };
}
