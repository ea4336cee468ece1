import { catalog, definitionOf } from '@switchyard/nodes/catalog.ts';
import type { ScopeData } from '@switchyard/shared/expression/scope.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { type ScopeSchema, scopeSchemaFor } from '@switchyard/shared/graph/scope-schema.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { stepId } from '@switchyard/shared/run/address.ts';
import { currentStep } from '@switchyard/shared/run/state.ts';
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { useRunItems } from '../api/run-items.ts';
import { ranKeyOf } from '../graph-editing/changed-since.ts';
import { readFrames } from '../live/item-frames.ts';
import { NO_RUN } from '../live/run-store.ts';
import { runStore, watchRun } from '../live/watch-run.ts';
import { useChosenSample } from '../open-workflow/chosen-sample.ts';
import { useEditor, useEditorApi, useGraphNode } from '../open-workflow/editor-store.ts';
import { useReadFrames } from '../open-workflow/read-frames.ts';
import { chosenItems, containersAround, frameAround, type ItemSource, shownItemOf } from '../open-workflow/shown-item.ts';
import { readable, type Suggestion } from './completions.ts';
import { usePromptSchemas } from './prompt-schemas.ts';
import { scopeOfRun, scopeOfSample } from './run-scope.ts';

/** What the expressions of a node can read, and the values of those names in its last run. */
interface ExpressionScope {
  /** Computed on demand, because a large workflow has many names. */
  readonly suggestions: () => readonly Suggestion[];
  /** All names as one schema. */
  readonly schema: () => JsonSchema;
  readonly data: ScopeData;
  /** The node’s step in the run that the values come from. */
  readonly step: string | undefined;
  /** Where the values come from. */
  readonly title: string;
}

const Context = createContext<ExpressionScope | null>(null);

export function useExpressionScope(): ExpressionScope {
  const scope = useContext(Context);
  if (!scope) throw new Error('An expression field was drawn outside of its scope');
  return scope;
}

export function ExpressionScopeProvider({ nodeId, children }: { nodeId: string; children: ReactNode }) {
  const editor = useEditorApi();
  const { data, step, title } = useScopeData(nodeId);
  const promptSchemas = usePromptSchemas();
  const scope = useMemo((): ExpressionScope => {
    const schemaIn = rememberLast((graph: Graph) => scopeAsSchema(scopeSchemaFor(graph, catalog, nodeId, promptSchemas)));
    const schema = () => schemaIn(editor.getState().graph);
    const suggestionsIn = rememberLast((shape: JsonSchema) => readable(shape, data));
    return { suggestions: () => suggestionsIn(schema()), schema, data, step, title };
  }, [editor, nodeId, data, step, title, promptSchemas]);
  return <Context value={scope}>{children}</Context>;
}

/** The values of the displayed run, or of the sample. Without a run, changes of other nodes have no effect. */
function useScopeData(nodeId: string): Pick<ExpressionScope, 'data' | 'step' | 'title'> {
  const ranGraph = useEditor((state) => state.lastRun?.graph ?? null);
  const isShown = useEditor((state) => state.activeRunId !== null && state.changedSince === null);
  const runId = useEditor((state) => state.activeRunId ?? state.lastRun?.id);
  const sample = useChosenSample();
  useEffect(() => (runId === undefined ? undefined : watchRun(runId)), [runId]);
  useReadFrames(runId);
  const { state: run, journal } = useStore(runId === undefined ? NO_RUN : runStore(runId));
  const hasRun = runId !== undefined && run.steps.size > 0;
  const graph = useEditor((state) => (hasRun ? state.graph : null));
  const vars = useEditor((state) => state.graph.vars);
  const node = useGraphNode(nodeId);
  const nodeKey = node?.data.key ?? '';
  const isInItem = useEditor((state) => containersAround(state.graph, nodeKey).length > 0);
  const inItem = useShownItem(isInItem && runId !== undefined ? { runId, state: run, journal, values: true } : undefined, ranGraph, nodeKey);
  const data = useMemo(
    () =>
      graph && runId !== undefined
        ? scopeOfRun(graph, run, { id: runId, nodeKey, keyOf: (key) => ranKeyOf(ranGraph, graph, key), ...inItem })
        : scopeOfSample({ vars }, sample?.value),
    [graph, vars, run, runId, ranGraph, nodeKey, sample, inItem],
  );
  const title = hasRun ? (isShown ? 'Values in this run' : 'Values from the last run') : sample ? `Values of the sample “${sample.name}”` : 'Available values';
  const step = graph && runId !== undefined && !isInItem ? `${runId}/${stepId(ranKeyOf(ranGraph, graph, nodeKey) ?? nodeKey, data.round)}` : undefined;
  return { data, step, title };
}

/** The shown item of the for-each around a node, with its steps. */
function useShownItem(source: ItemSource | undefined, graph: Graph | null, nodeKey: string) {
  const chosen = useStore(chosenItems);
  const read = useStore(readFrames);
  const around = graph && source ? containersAround(graph, nodeKey) : [];
  const outer = source && frameAround(source, around.slice(0, -1));
  const step = outer && currentStep(outer, around.at(-1) ?? '');
  const shown = source && step?.items ? shownItemOf(source, step) : undefined;
  const { data } = useRunItems(source?.runId ?? '', step && shown !== undefined ? { step: step.id, from: shown, limit: 1 } : undefined);
  const item = data?.items[0];
  const state = source?.state;
  const journal = source?.journal;
  const runId = source?.runId ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shown item depends on the choice
  return useMemo(() => {
    if (!state || around.length === 0) return undefined;
    const frame = frameAround({ runId, state, journal, values: true }, around);
    return { frame, item: item && item.index === shown ? { value: item.item, index: item.index } : undefined };
  }, [state, journal, runId, around, item, shown, chosen, read]);
}

/** The expressions in a node’s params, each with its path. */
export const expressionsOf = (type: string, params: unknown) => definitionOf(type)?.expressions(params) ?? [];

/** Caches the last call: recomputes only for a different argument. */
function rememberLast<A, R>(compute: (argument: A) => R): (argument: A) => R {
  let last: { argument: A; result: R } | undefined;
  return (argument) => {
    if (last?.argument !== argument) last = { argument, result: compute(argument) };
    return last.result;
  };
}

const group = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  properties: { ...properties },
  required: Object.keys(properties),
});

/** A node’s whole scope as one schema, in the order in which its names are suggested. */
const scopeAsSchema = ({ item, index, input, steps, previous, vars, trigger, run, round }: ScopeSchema): JsonSchema =>
  group({
    ...(item && { item }),
    ...(index && { index }),
    input,
    steps: group(steps),
    vars,
    ...(Object.keys(previous).length > 0 && { previous: group(previous) }),
    trigger,
    run,
    round,
  });
