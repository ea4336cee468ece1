import type { NodeDefinition } from '@switchyard/nodes/sdk/define-node.ts';
import { type AppError, toAppError } from '@switchyard/shared/errors.ts';
import { LRUCache } from 'lru-cache';
import { type Plan, planInParts } from './plan.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';
import { inTurns } from './turns.ts';

type Compiled = { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly error: AppError };

/** Plans by the content hash of their graph, compiled once. */
export interface Plans {
  load(run: AcceptedRun): Promise<Compiled>;
  /** The plan of a run whose graph can't be compiled: it has no nodes, so the run can only fail. */
  readonly none: Plan;
}

/** In bytes. */
const LIMITS = { max: 200, maxSize: 16_000_000 };
const ERROR_BYTES = 2_000;

export function createPlans(ports: EnginePorts, definitionOf: (type: string) => NodeDefinition | undefined): Plans {
  const cached = new LRUCache<string, Compiled>(LIMITS);
  // Concurrent runs share a plan that is too heavy for the cache.
  const inUse = new Map<string, WeakRef<Plan>>();
  const compiling = new Map<string, Promise<Compiled>>();
  const released = new FinalizationRegistry<string>((hash) => {
    if (!inUse.get(hash)?.deref()) inUse.delete(hash);
  });

  const compile = async (run: AcceptedRun): Promise<Compiled> => {
    const graph = await ports.loadGraph(run);
    try {
      return { ok: true, plan: await inTurns(planInParts(graph, definitionOf), ports.turns) };
    } catch (thrown) {
      return { ok: false, error: toAppError(thrown) };
    }
  };
  const compileOnce = async (run: AcceptedRun): Promise<Compiled> => {
    const compiled = await compile(run);
    cached.set(run.graphHash, compiled, { size: compiled.ok ? compiled.plan.bytes : ERROR_BYTES });
    if (compiled.ok) {
      inUse.set(run.graphHash, new WeakRef(compiled.plan));
      released.register(compiled.plan, run.graphHash);
    }
    return compiled;
  };
  const known = ({ graphHash }: AcceptedRun): Compiled | undefined => {
    const plan = inUse.get(graphHash)?.deref();
    return cached.get(graphHash) ?? (plan && { ok: true, plan });
  };
  return {
    load: async (run) => {
      const begun = known(run) ?? compiling.get(run.graphHash);
      if (begun) return begun;
      const made = compileOnce(run).finally(() => compiling.delete(run.graphHash));
      compiling.set(run.graphHash, made);
      return made;
    },
    none: {
      nodes: [],
      byKey: new Map(),
      start: {} as Plan['start'],
      vars: {},
      helpers: undefined,
      callbacks: [],
      startsRuns: true,
      prompts: [],
      membersOf: () => [],
      upTo: () => [],
      bytes: 0,
    },
  };
}
