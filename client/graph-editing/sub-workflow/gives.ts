import type { Reference } from '@switchyard/shared/expression/references.ts';
import { referencesInText, rewriteReferences, type TextEdit } from '@switchyard/shared/expression/rewrite-key.ts';
import { readGraph } from '@switchyard/shared/graph/check/checked-graph.ts';
import { isSurelyBefore } from '@switchyard/shared/graph/check/sure-steps.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { ExpressionField } from '@switchyard/shared/graph/node-kind.ts';
import { expressionsOf, rewriteNode } from '@switchyard/shared/graph/rewrite-node.ts';
import { containerOf } from '../operations/containers.ts';
import type { Selected } from './border.ts';
import { refuse } from './refused.ts';

/*
 * What the rest of the workflow reads from the selected steps. The output of the sub-workflow has a field per step, so `steps.draft.text`
 * becomes `steps.<sub-workflow>.draft.text`.
 */

/** The keys of the steps in the output: those read outside, and the last ones. */
export function givenKeys(selected: Selected): readonly string[] {
  const { graph, has, definitions, keys, last, part } = selected;
  if (keys.size > 0) refuseDefaultResult(selected);
  const outside = graph.nodes.filter(({ id }) => !has(id));
  const merges = mergesAfter(selected);
  const used = outside.flatMap((node) =>
    expressionsOf(node, definitions).flatMap((field) =>
      referencesInText(field.source, field.kind).flatMap((reference) => keyReadBy(node, reference, { selected, merges }) ?? []),
    ),
  );
  const ends = part.nodes.filter(({ id }) => last.some(({ source }) => source === id)).map(({ data }) => data.key);
  const wanted = new Set([...used, ...ends]);
  return [...keys.keys()].filter((key) => wanted.has(key));
}

/** Refuses to take the last step out of a container whose result is the output of its last step. */
function refuseDefaultResult({ container, definitions, graph, has, leaving }: Selected): void {
  if (!container || leaving.length > 0) return;
  if (definitions(container.type)?.itemResult?.(container.data.params) !== '') return;
  const only = graph.nodes.filter(({ id }) => containerOf(graph, id) === container.id && has(id)).map(({ data }) => data.key);
  refuse(
    `The result of each item of “${container.data.title}” is the output of its last step. Set “Result of an item” first, for example to {{ steps.${only.at(-1)} }}.`,
  );
}

/** The Merge nodes after the selection, by key, each with the keys of the selected steps that lead to it. */
function mergesAfter({ graph, leaving }: Selected): ReadonlyMap<string, ReadonlySet<string>> {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const merges = new Map<string, Set<string>>();
  for (const { source, target } of leaving) {
    const [from, to] = [byId.get(source), byId.get(target)];
    if (!from || to?.type !== 'merge') continue;
    const keys = merges.get(to.data.key) ?? new Set();
    merges.set(to.data.key, keys.add(from.data.key));
  }
  return merges;
}

interface Outside {
  readonly selected: Selected;
  readonly merges: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Which member of a reference is the key of a selected step, if one is. */
function placeOfKey({ root, path }: Reference, { selected, merges }: Outside): number | undefined {
  if (root !== 'steps' && root !== 'previous') return undefined;
  const [first = '', second = ''] = path;
  if (selected.keys.has(first)) return 0;
  return merges.get(first)?.has(second) ? 1 : undefined;
}

/** The key of the selected step that an outside expression reads. Refuses reads that can’t follow. */
function keyReadBy(node: GraphNode, reference: Reference, outside: Outside): string | undefined {
  const { root, path } = reference;
  const { selected, merges } = outside;
  const isAfter = [...selected.keys.values()].some(({ id }) => selected.read.before(node.id).has(id));
  if ((root === 'steps' || root === 'previous') && path.length === 0 && isAfter)
    refuse(`“${node.data.title}” reads ${root} by computed names. Name each step, for example ${root}.draft.`);
  if (root === 'run' && path[0] === 'callbacks' && selected.keys.has(path[1] ?? ''))
    refuse(`“${node.data.title}” uses the URL of a callback in the selection. Select both, or leave out the callback.`);
  const [first = ''] = path;
  if (root === 'steps' && merges.has(first) && path.length < 2)
    refuse(`“${node.data.title}” reads all of “${first}”, which has an entry for each step before it. Add “${first}” to the selection.`);
  const place = placeOfKey(reference, outside);
  return place === undefined ? undefined : path[place];
}

/** The output of the sub-workflow: a template per key. A step that may have been skipped gives null. */
export function outputValue(keys: readonly string[], child: Graph, outputId: string, selected: Selected): Record<string, string> {
  const read = readGraph(child, selected.definitions);
  const isSure = (key: string): boolean => {
    const step = read.byKey.get(key);
    return step !== undefined && isSurelyBefore(read, step.id, outputId);
  };
  const unsure = new Set(keys.filter((key) => !isSure(key)));
  refuseAskedFor(unsure, selected);
  return Object.fromEntries(keys.map((key) => [key, unsure.has(key) ? `{{ steps.?${key} }}` : `{{ steps.${key} }}`]));
}

/** Null instead of nothing is a difference only to an expression that asks for the step itself. */
function refuseAskedFor(unsure: ReadonlySet<string>, { graph, has, definitions }: Selected): void {
  for (const node of graph.nodes.filter(({ id }) => !has(id))) {
    for (const { source, kind } of expressionsOf(node, definitions)) {
      const asking = referencesInText(source, kind).find(
        ({ root, path, optionalFrom }) => root === 'steps' && path.length === 1 && optionalFrom === 0 && unsure.has(path[0] ?? ''),
      );
      if (asking) refuse(`“${node.data.title}” checks whether steps.${asking.path[0]} exists. Read a field of it instead: steps.?${asking.path[0]}.?name.`);
    }
  }
}

/** A node outside the selection, reading the selected steps in the output of the sub-workflow with this key. */
export function readingFrom(node: GraphNode, key: string, selected: Selected): GraphNode {
  const outside = { selected, merges: mergesAfter(selected) };
  return rewriteNode(node, selected.definitions, (field) =>
    rewriteReferences(field.source, field.kind, (reference) => insertion(field, reference, key, outside)),
  );
}

/** Inserts the key before that of the step: `steps.?draft` becomes `steps.?sub.?draft`. */
function insertion({ source, kind }: ExpressionField, reference: Reference, key: string, outside: Outside): TextEdit[] {
  const place = placeOfKey(reference, outside);
  const member = place === undefined ? undefined : reference.members[place];
  if (!member) return [];
  const isBracket = /["']/.test(source.charAt(member.start));
  const mark = kind !== 'script' && source.charAt(member.start - 1) === '?' ? '?' : '';
  const chained = kind === 'script' ? '?.' : '';
  const text = isBracket ? `"${key}"]${chained}[${mark}` : `${key}${kind === 'script' ? '?.' : `.${mark}`}`;
  return [{ start: member.start, end: member.start, text }];
}
