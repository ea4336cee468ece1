import type { Reference } from '@switchyard/shared/expression/references.ts';
import { type ExpressionKind, memberEdit, referencesInText, rewriteReferences, type TextEdit } from '@switchyard/shared/expression/rewrite-key.ts';
import { isSurelyBefore } from '@switchyard/shared/graph/check/sure-steps.ts';
import { type GraphNode, isLoopEdge } from '@switchyard/shared/graph/graph.ts';
import type { ExpressionField } from '@switchyard/shared/graph/node-kind.ts';
import { expressionsOf, rewriteNode } from '@switchyard/shared/graph/rewrite-node.ts';
import { inputSchema, outputSchema } from '@switchyard/shared/graph/scope-schema.ts';
import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { freeKey } from '../operations/node-names.ts';
import type { Selected } from './border.ts';
import { memberInCode } from './member-in-code.ts';
import { refuse } from './refused.ts';
import { shapeOf } from './shape-of.ts';

/*
 * What the selected steps read from outside them. Each value becomes a field of the sub-workflow’s input, and the expressions inside read it
 * there. A value that may be missing arrives as null, so an expression that asks whether it is there would see a difference: that is refused.
 */

/** A field of the sub-workflow’s input. */
export interface InputField {
  readonly name: string;
  /** Its expression in the outer workflow. */
  readonly value: string;
  readonly schema: JsonSchema;
  /** It may be null. */
  readonly isOptional: boolean;
}

export interface Reads {
  readonly fields: readonly InputField[];
  /** The sub-workflow gets the whole input as it is, instead of fields. */
  readonly passesInput: boolean;
  /** The selected nodes with their expressions reading the new input. */
  readonly nodes: readonly GraphNode[];
  /** The variables that they read. */
  readonly vars: Readonly<Record<string, unknown>>;
  readonly usesHelpers: boolean;
}

/** An expression of a selected step, and one value that it reads from outside the selection. */
interface Read {
  readonly node: GraphNode;
  readonly kind: ExpressionKind;
  readonly reference: Reference;
  /** Identifies the value: `steps.draft`, or `input` for all of it. */
  readonly id: string;
  readonly root: string;
  readonly member: string | undefined;
}

/** What the selected steps read. Refuses reads that can’t be passed on. */
export function readsOf(selected: Selected): Reads {
  const steps = selected.part.nodes.filter(({ type }) => selected.definitions(type)?.role !== 'note');
  const reads = steps.flatMap((node) => expressionsOf(node, selected.definitions).flatMap((field) => readsIn(node, field, selected)));
  const wholeInput = needsWholeInput(reads, selected);
  const others = reads.filter(({ root }) => root !== 'input');
  const passesInput = wholeInput && others.length === 0;
  const names = namesOf(reads, wholeInput);
  const fields = new Map<string, InputField>();
  for (const read of passesInput ? [] : reads) {
    const id = idOf(read, wholeInput);
    fields.set(id, fieldOf(read, { name: names.get(id) ?? id, isWhole: wholeInput && read.root === 'input' }, selected));
  }
  const nameOf = (read: Read): string | undefined => (passesInput && read.root === 'input' ? undefined : names.get(idOf(read, wholeInput)));
  const usesHelpers = steps.some((node) => expressionsOf(node, selected.definitions).some(({ kind }) => kind === 'script'));
  return {
    fields: [...names.keys()].flatMap((id) => fields.get(id) ?? []),
    passesInput,
    nodes: selected.part.nodes.map((node) =>
      steps.includes(node)
        ? rewriteNode(node, selected.definitions, (field) => rewritten(node, field, { selected, nameOf, wholeInput: wholeInput && !passesInput }))
        : node,
    ),
    vars: usedVars(selected, steps),
    usesHelpers,
  };
}

const idOf = ({ id, root }: Read, wholeInput: boolean): string => (wholeInput && root === 'input' ? 'input' : id);

function readsIn(node: GraphNode, field: ExpressionField, selected: Selected): Read[] {
  if (field.kind === 'script') refuseItemsInCode(node, field.source, selected);
  return referencesInText(field.source, field.kind).flatMap((reference) => readOf(node, field, reference, selected) ?? []);
}

/** The value that a reference reads from outside the selection. Undefined if it stays inside. */
function readOf(node: GraphNode, field: ExpressionField, reference: Reference, selected: Selected): Read | undefined {
  const { root } = reference;
  const member = reference.path[0] ?? (root === 'input' && field.kind === 'script' ? memberInCode(field.source, reference.end)?.name : undefined);
  const read = (): Read => ({ node, kind: field.kind, reference, root, member, id: member === undefined ? root : `${root}.${member}` });
  switch (root) {
    case 'steps':
    case 'previous':
      return isOwnStep(node, reference, selected) ? undefined : read();
    case 'input':
    case 'trigger':
      return read();
    case 'run':
      return isSameInside(node, reference, selected) ? undefined : read();
    case 'round':
      return isRestartedTogether(node, selected) ? read() : undefined;
    case 'item':
    case 'index':
      return isOwnItem(node, field, selected) ? undefined : { ...read(), member: undefined, id: root };
    default:
      return undefined;
  }
}

function isOwnStep(node: GraphNode, { root, path: [key] }: Reference, { part, read, isRestarted }: Selected): boolean {
  if (key === undefined) return refuse(`“${node.data.title}” reads ${root} by computed names. Name each step, for example ${root}.draft.`);
  const step = read.byKey.get(key);
  if (!step) return refuse(`“${node.data.title}” names “${key}”, which is not a node. Correct that first.`);
  const isOwn = part.nodes.some(({ id }) => id === step.id);
  if (isOwn && root === 'previous' && isRestarted) {
    return refuse(
      `“${node.data.title}” reads the previous round of “${step.node.data.title}”, but a sub-workflow starts again in each round. Select the whole loop.`,
    );
  }
  return isOwn;
}

/** Labels are passed on, and a callback in the selection keeps its URL. */
function isSameInside(node: GraphNode, { path: [member, key] }: Reference, { keys }: Selected): boolean {
  if (member === 'labels') return true;
  if (member !== 'callbacks') return false;
  if (key !== undefined && keys.has(key)) return true;
  return refuse(`“${node.data.title}” uses the URL of a callback that isn’t selected. Select both.`);
}

/** Whether the round is that of a loop outside. Refuses if it may also be that of a loop inside. */
function isRestartedTogether(node: GraphNode, { part, isRestarted }: Selected): boolean {
  if (isRestarted && part.edges.some(isLoopEdge)) refuse(`“${node.data.title}” reads the round, but the selection is in one loop and contains another.`);
  return isRestarted;
}

/** The result of an item, and everything in a selected container, reads the items of that container. */
const isOwnItem = ({ id }: GraphNode, { inside }: ExpressionField, { read, has, container }: Selected): boolean =>
  inside === true || has(read.containment.containerOf(id) ?? '') || container === undefined;

/** In code, `item` may also be a name of its own, so it can’t be rewritten. */
function refuseItemsInCode({ id, data }: GraphNode, source: string, { read, has, container }: Selected): void {
  if (container === undefined || has(read.containment.containerOf(id) ?? '') || !/\b(?:item|index)\b/.test(source)) return;
  refuse(`The code of “${data.title}” uses “item” or “index” of “${container.data.title}”. Select the whole container, or leave out this step.`);
}

/** Whether fields of the input are not enough: all of it is read, or a field that may be missing. */
const needsWholeInput = (reads: readonly Read[], { read }: Selected): boolean => {
  const { required, properties } = inputSchema(read);
  const isSure = (name: string): boolean =>
    (Array.isArray(required) && required.includes(name)) ||
    (isPlainObject(properties) && isPlainObject(properties[name]) && properties[name].default !== undefined);
  return reads.some(({ root, member }) => root === 'input' && (member === undefined || !isSure(member)));
};

/** The name of each field, by the value it holds. Fields of the input keep theirs. */
function namesOf(reads: readonly Read[], wholeInput: boolean): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const inOrder = [...reads.filter(({ root }) => root === 'input'), ...reads.filter(({ root }) => root !== 'input')];
  for (const read of inOrder) {
    const id = idOf(read, wholeInput);
    if (names.has(id)) continue;
    const name = freeKey(id === 'input' ? 'input' : wantedName(read), taken);
    names.set(id, name);
    taken.add(name);
  }
  return names;
}

function wantedName({ root, member }: Read): string {
  if (member === undefined) return root;
  return root === 'input' || root === 'steps' ? member : `${root}_${member.replace(/\W+/g, '_')}`;
}

const IDENTIFIER = /^[A-Za-z_]\w*$/;

function fieldOf(read: Read, { name, isWhole }: { name: string; isWhole: boolean }, selected: Selected): InputField {
  const { root, member } = read;
  if (isWhole || member === undefined) {
    return { name, value: root, schema: root === 'input' ? shapeOf(inputSchema(selected.read)) : {}, isOptional: false };
  }
  const isOptional = mayBeMissing(read, selected);
  const mark = isOptional ? '?' : '';
  const value = IDENTIFIER.test(member) ? `${root}.${mark}${member}` : `${root}[${mark}${JSON.stringify(member)}]`;
  return { name, value, schema: isOptional ? {} : shapeOf(schemaOf(read, selected)), isOptional };
}

function schemaOf({ root, member = '' }: Read, { read }: Selected): JsonSchema {
  if (root === 'steps') {
    const step = read.byKey.get(member);
    return step ? outputSchema(step) : {};
  }
  const { properties } = root === 'input' ? inputSchema(read) : {};
  return isPlainObject(properties) && isPlainObject(properties[member]) ? properties[member] : {};
}

const ALWAYS_THERE: ReadonlySet<string> = new Set(['id', 'workflowId', 'version', 'startedAt']);

/** Whether a value may be missing when the sub-workflow starts. Refuses an expression that would notice that it is null instead. */
function mayBeMissing({ node, root, member = '', reference }: Read, { read, first }: Selected): boolean {
  if (root === 'input' || (root === 'run' && ALWAYS_THERE.has(member))) return false;
  const step = root === 'steps' ? read.byKey.get(member) : undefined;
  if (step && first.every(({ id }) => isSurelyBefore(read, step.id, id))) return false;
  if (reference.optionalFrom === 0 && reference.path.length === 1) {
    refuse(`“${node.data.title}” checks whether ${root}.${member} exists. Start the selection after that, or read a field of it: ${root}.?${member}.?name.`);
  }
  return true;
}

interface Rewriting {
  readonly selected: Selected;
  readonly nameOf: (read: Read) => string | undefined;
  /** Fields of the input are read from the field `input`. */
  readonly wholeInput: boolean;
}

function rewritten(node: GraphNode, field: ExpressionField, { selected, nameOf, wholeInput }: Rewriting): string {
  const { source, kind } = field;
  return rewriteReferences(source, kind, (reference): TextEdit[] => {
    const read = readOf(node, field, reference, selected);
    const name = read && nameOf(read);
    if (!read || name === undefined) return [];
    const root = { start: reference.start, end: reference.start + reference.root.length };
    if (read.root === 'input' && wholeInput) return [{ ...root, text: memberText(node, read, 'input') }];
    if (read.root === 'input' && kind === 'script') return [];
    if (read.member === undefined) return [{ ...root, text: memberText(node, read, name) }];
    return [{ ...root, text: 'input' }, ...memberEdit(source, reference, 0, name)];
  });
}

/** In code, a bare name may also be a field: `{ input }`. */
function memberText({ data }: GraphNode, { kind, member, root }: Read, name: string): string {
  if (kind === 'script' && member === undefined) refuse(`The code of “${data.title}” uses all of ${root}. Read its fields by name.`);
  return `input.${name}`;
}

function usedVars({ graph, definitions }: Selected, steps: readonly GraphNode[]): Record<string, unknown> {
  const all = graph.vars ?? {};
  const references = steps.flatMap((node) => expressionsOf(node, definitions).flatMap(({ source, kind }) => referencesInText(source, kind)));
  const used = references.filter(({ root }) => root === 'vars').map(({ path }) => path[0]);
  if (used.includes(undefined)) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => used.includes(name)));
}
