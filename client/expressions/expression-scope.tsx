import { catalog, definitionOf } from '@switchyard/nodes/catalog.ts';
import type { ScopeData } from '@switchyard/shared/expression/scope.ts';
import { type ScopeSchema, scopeSchemaFor } from '@switchyard/shared/graph/scope-schema.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { emptyRun } from '@switchyard/shared/run/fold.ts';
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { ranKeyOf } from '../graph-editing/changed-since.ts';
import type { RunSnapshot } from '../live/run-store.ts';
import { runStore, watchRun } from '../live/watch-run.ts';
import { useChosenSample } from '../open-workflow/chosen-sample.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import { readable, type Suggestion } from './completions.ts';
import { scopeOfRun, scopeOfSample } from './run-scope.ts';

/** What the expressions of a node can read, and what those names held when it was last run. */
interface ExpressionScope {
  /** Computed when completion first asks, since a large workflow has many names. */
  readonly suggestions: () => readonly Suggestion[];
  readonly data: ScopeData;
  /** Where the values are from, in words. */
  readonly title: string;
}

const Context = createContext<ExpressionScope | null>(null);
const NO_RUN = createStore<RunSnapshot>(() => ({ phase: 'loading', state: emptyRun(), journal: [] }));

export function useExpressionScope(): ExpressionScope {
  const scope = useContext(Context);
  if (!scope) throw new Error('An expression field was drawn outside of its scope');
  return scope;
}

export function ExpressionScopeProvider({ nodeId, children }: { nodeId: string; children: ReactNode }) {
  const graph = useEditor((state) => state.graph);
  const ranGraph = useEditor((state) => state.ranGraph);
  const isShown = useEditor((state) => state.activeRunId !== null && state.changedSince === null);
  const runId = useEditor((state) => state.activeRunId ?? state.lastRun?.id);
  const sample = useChosenSample();
  useEffect(() => (runId === undefined ? undefined : watchRun(runId)), [runId]);
  const run = useStore(runId === undefined ? NO_RUN : runStore(runId), (snapshot) => snapshot.state);
  const nodeKey = graph.nodes.find((node) => node.id === nodeId)?.data.key ?? '';
  const scope = useMemo((): ExpressionScope => {
    const hasRun = runId !== undefined && run.steps.size > 0;
    const data = hasRun ? scopeOfRun(graph, run, { id: runId, nodeKey, keyOf: (key) => ranKeyOf(ranGraph, graph, key) }) : scopeOfSample(graph, sample?.value);
    const title = hasRun ? (isShown ? 'Values in this run' : 'Values from the last run') : sample ? `Values of the sample ‘${sample.name}’` : 'Values';
    return { suggestions: once(() => readable(scopeAsSchema(scopeSchemaFor(graph, catalog, nodeId)), data)), data, title };
  }, [graph, ranGraph, run, runId, isShown, nodeId, nodeKey, sample]);
  return <Context value={scope}>{children}</Context>;
}

/** The expressions in the params of a node, each with its place. */
export const expressionsOf = (type: string, params: unknown) => definitionOf(type)?.expressions(params) ?? [];

function once<T extends object>(compute: () => T): () => T {
  let known: T | undefined;
  return () => {
    known ??= compute();
    return known;
  };
}

const group = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  properties: { ...properties },
  required: Object.keys(properties),
});

/** The whole scope of a node as one schema, in the order in which its names are offered. */
const scopeAsSchema = ({ input, steps, previous, vars, trigger, run, round }: ScopeSchema): JsonSchema =>
  group({
    input,
    steps: group(steps),
    vars,
    ...(Object.keys(previous).length > 0 && { previous: group(previous) }),
    trigger,
    run,
    round,
  });
