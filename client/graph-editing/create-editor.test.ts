import { catalog, definitionOf } from '@switchyard/nodes/catalog.ts';
import { checkGraph } from '@switchyard/shared/graph/check.ts';
import { type Graph, isLoopEdge } from '@switchyard/shared/graph/graph.ts';
import { expect, test, vi } from 'vitest';
import { historyNow } from './create-editor.ts';
import { changedLeaf } from './operations/changed-path.ts';
import { edge, node, open, prompt, small } from './test-editor.fixture.ts';

test('A changed graph is checked, unless the server has already sent its problems', async () => {
  const check = vi.fn(checkGraph);
  const { state, runTimers } = open(small(), { check });
  state().setParams('draft', prompt('{{ unknown }}'));
  runTimers();
  expect(check).toHaveBeenCalledTimes(2);
  expect(state().problems).not.toEqual([]);
  state().setParams('draft', prompt('Hello'));
  await state().saveNow();
  runTimers();
  expect(check).toHaveBeenCalledTimes(2);
  expect(state().problems).toEqual([]);
});

test('Inserting a node into an edge is one undo step, and undo restores the edge', () => {
  const { state, steps } = open();
  const before = state().graph;
  const id = state().addNode('transform', { x: 450, y: 0 }, { onEdge: 'draft-reply' });
  expect(state().graph.edges.map((edge) => [edge.source, edge.target])).toEqual([
    ['start', 'draft'],
    ['draft', id],
    [id, 'reply'],
  ]);
  expect(steps()).toBe(1);
  state().undo();
  expect(state().graph).toBe(before);
});

test('Inserting a node into a short edge moves what follows to the right, in the same undo step', () => {
  const { state, steps } = open();
  const at = (id: string) => state().graph.nodes.find((node) => node.id === id)?.position;
  const [start, draft, reply] = [at('start'), at('draft'), at('reply')];
  const left = (draft?.x ?? 0) + 264;
  state().addNode('transform', { x: left, y: 0 }, { onEdge: 'draft-reply' });
  expect([at('start'), at('draft')]).toEqual([start, draft]);
  expect(at('reply')).toEqual({ x: left + 264, y: reply?.y });
  expect(steps()).toBe(1);
  state().undo();
  state().moveNodes(new Map([['reply', { x: left + 264, y: 0 }]]));
  state().addNode('transform', { x: left, y: 0 }, { onEdge: 'draft-reply' });
  expect(at('reply')).toEqual({ x: left + 264, y: 0 });
});

test('Undo survives leaving the editor unless the draft changed meanwhile', () => {
  const before = small();
  const first = open(before);
  first.state().setGraph({ ...before, vars: { tone: 'kind' } });
  const remembered = historyNow(first.store);
  const again = open(structuredClone(first.state().graph), { remembered });
  again.state().undo();
  expect(again.state().graph).toEqual(before);
  again.state().redo();
  expect(again.state().graph.vars).toEqual({ tone: 'kind' });
  expect(open(before, { remembered }).steps()).toBe(0);
});

test('Deleting a node deletes its edges, in one undo step', () => {
  const { state, steps } = open();
  state().select(['draft']);
  state().deleteSelection();
  expect(state().graph.edges).toEqual([]);
  expect(steps()).toBe(1);
  state().undo();
  expect(state().graph.edges).toHaveLength(2);
});

test('A drag is one undo step, and a drag without movement is none', () => {
  const { state, steps } = open();
  state().moveNodes(new Map([['draft', { x: 300, y: 0 }]]));
  expect(steps()).toBe(0);
  state().moveNodes(
    new Map([
      ['draft', { x: 310.4, y: 20 }],
      ['reply', { x: 700, y: 20 }],
    ]),
  );
  expect(steps()).toBe(1);
  expect(state().graph.nodes.find((item) => item.id === 'draft')?.position).toEqual({ x: 310, y: 20 });
});

test('Renaming a connected label is one undo step, and its port keeps its ID', () => {
  expect(changedLeaf({ labels: [{ name: 'a' }, { name: 'b' }] }, { labels: [{ name: 'a ', id: 'a' }, { name: 'b' }] })).toBe('.labels.0.name');
  expect(changedLeaf({ name: 'a', note: 'b' }, { name: 'aa', note: 'bb' })).toBeUndefined();
  expect(changedLeaf({ name: 'a' }, { name: 'a', note: 'b' })).toBe('.note');
});

test('Typing in one field is one undo step per burst. Another field or a pause starts a new one', () => {
  const { state, steps, wait } = open();
  const type = (message: string) => state().setParams('draft', prompt(message));
  type('H');
  wait(200);
  type('He');
  wait(200);
  type('Hello');
  expect(steps()).toBe(1);
  state().setTitle('draft', 'Draft it');
  expect(steps()).toBe(2);
  type('Hello!');
  expect(steps()).toBe(3);
  wait(5_000);
  type('Hello!!');
  expect(steps()).toBe(4);
  state().undo();
  state().undo();
  state().undo();
  state().undo();
  expect(state().graph.nodes[1]?.data.params).toEqual(prompt('{{ input.message }}'));
});

test('Undo doesn’t affect the selection', () => {
  const { state, steps } = open();
  state().select(['draft']);
  state().openPanel('inspector');
  expect(steps()).toBe(0);
});

test('An edge that would close a cycle becomes a loop edge', () => {
  const { state } = open();
  const id = state().addNode('condition', { x: 0, y: 0 }, { onEdge: 'draft-reply' }) ?? '';
  state().connect({ source: id, sourceHandle: 'else', target: 'draft' });
  expect(
    state()
      .graph.edges.filter(isLoopEdge)
      .map((edge) => [edge.source, edge.target]),
  ).toEqual([[id, 'draft']]);
});

test('An edge to its own node and a second edge between the same ports are rejected', () => {
  const { state } = open();
  const before = state().graph;
  state().connect({ source: 'draft', sourceHandle: 'out', target: 'draft' });
  state().connect({ source: 'draft', sourceHandle: 'out', target: 'reply' });
  expect(state().graph).toBe(before);
});

test('Pasted nodes get unique keys, and expressions among them follow', () => {
  const { state, steps } = open();
  state().select(['draft', 'reply']);
  const text = state().copyText() ?? '';
  expect(state().pasteText(text)).toBe(true);
  expect(steps()).toBe(1);
  const pasted = state().graph.nodes.filter((item) => state().selection.nodes.includes(item.id));
  expect(pasted.map((item) => item.data.key)).toEqual(['draft_2', 'reply_2']);
  expect(pasted[1]?.data.params.value).toBe('{{ steps.draft_2.text }}');
  expect(pasted[0]?.data.params.message).toBe('{{ input.message }}');
  expect(state().graph.edges).toHaveLength(3);
  expect(checkGraph(state().graph, catalog).filter((problem) => problem.code === 'duplicate-key')).toEqual([]);
});

test('Text that is not a fragment is left to the browser', () => {
  const { state } = open();
  expect(state().pasteText('hello')).toBe(false);
  expect(state().pasteText('{"format":"switchyard/fragment@1"')).toBe(false);
});

test('Renaming a key rewrites expressions that use it, and a used or invalid key is rejected with a reason', () => {
  const { state } = open();
  expect(state().renameKey('draft', 'reply')).toContain('reply');
  expect(state().renameKey('draft', 'No')).toBeTruthy();
  expect(state().renameKey('draft', 'true')).toBeTruthy();
  expect(state().renameKey('draft', 'answer')).toBeUndefined();
  expect(state().graph.nodes[2]?.data.params.value).toBe('{{ steps.answer.text }}');
});

test('An automatic key follows its title in every expression, as one undo step', () => {
  const { state, steps } = open();
  const before = state().graph;
  const draft = () => state().graph.nodes[1]?.data;
  for (const title of ['An', 'Answer', 'Answer kindly']) state().setTitle('draft', title);
  expect(draft()).toMatchObject({ title: 'Answer kindly', key: 'answer_kindly' });
  expect(state().graph.nodes[2]?.data.params.value).toBe('{{ steps.answer_kindly.text }}');
  expect(steps()).toBe(1);
  state().undo();
  expect(state().graph).toEqual(before);
});

test('An automatic key gets a number if another node has it, and keeps following its title', () => {
  const { state } = open();
  const draft = () => state().graph.nodes[1]?.data;
  state().setTitle('draft', 'Reply');
  expect(draft()?.key).toBe('reply_2');
  expect(state().graph.nodes[2]?.data).toMatchObject({ key: 'reply', params: { value: '{{ steps.reply_2.text }}' } });
  state().setTitle('draft', 'Reply kindly');
  expect(draft()?.key).toBe('reply_kindly');
});

test('A custom key stays when its node is renamed', () => {
  const { state } = open();
  state().renameKey('draft', 'answer');
  state().setTitle('draft', 'Billing reply');
  expect(state().graph.nodes[1]?.data).toMatchObject({ title: 'Billing reply', key: 'answer' });
  expect(state().graph.nodes[2]?.data.params.value).toBe('{{ steps.answer.text }}');
});

test('A draft recovered after a crash is restored, and undo leads to the server’s draft', () => {
  const mine = { ...small(), vars: { brand: 'mine' } };
  const { state } = open(small(), { kept: { graph: mine, revision: 4 } });
  expect(state().graph.vars).toEqual({ brand: 'mine' });
  expect(state().saveState).toBe('unsaved');
  state().undo();
  expect(state().graph.vars).toBeUndefined();
});

test('A recovered draft of an older revision is a conflict, and using theirs leaves mine one undo away', () => {
  const mine = { ...small(), vars: { brand: 'mine' } };
  const { state } = open(small(), { kept: { graph: mine, revision: 3 } });
  expect(state().saveState).toBe('conflict');
  expect(state().graph.vars).toEqual({ brand: 'mine' });
  state().takeTheirs();
  expect(state()).toMatchObject({ saveState: 'saved', conflict: null });
  expect(state().graph.vars).toBeUndefined();
  state().undo();
  expect(state().graph.vars).toEqual({ brand: 'mine' });
  expect(state().saveState).toBe('unsaved');
});

const sorting = (labels: readonly string[], more: Record<string, unknown> = {}) => ({
  ...node('sort', 'classify', { ...(definitionOf('classify')?.defaults as object), labels: labels.map((name) => ({ name })) }, 300),
  ...more,
});
const labelsOf = (names: readonly string[]) => ({ ...(definitionOf('classify')?.defaults as object), labels: names.map((name) => ({ name })) });
const sorted = (): Graph => ({
  nodes: [node('start', 'input', {}), sorting(['billing', 'other']), node('reply', 'output', { value: 'x' }, 600)],
  edges: [
    edge('start', 'sort'),
    { ...edge('sort', 'reply'), id: 'of-billing', sourceHandle: 'billing' },
    { ...edge('sort', 'reply'), id: 'of-other', sourceHandle: 'other' },
  ],
});
const edgeIds = (graph: Graph) => graph.edges.map(({ id }) => id);

test('Removing a label removes its edge, in one undo step', () => {
  const { state, steps } = open(sorted());
  state().setParams('sort', labelsOf(['other']));
  expect(edgeIds(state().graph)).toEqual(['start-sort', 'of-other']);
  expect(steps()).toBe(1);
  state().undo();
  expect(edgeIds(state().graph)).toEqual(['start-sort', 'of-billing', 'of-other']);
});

test('Turning off the error branch removes its edge', () => {
  const { state } = open();
  state().setPolicy('draft', { onError: 'branch' });
  state().connect({ source: 'draft', sourceHandle: 'error', target: 'reply' });
  expect(state().graph.edges).toHaveLength(3);
  state().setPolicy('draft', { onError: 'fail' });
  expect(state().graph.edges.map(({ sourceHandle }) => sourceHandle)).toEqual(['out', 'out']);
});

test('An edge follows its port to a new ID, and stays while the ID is erased to type another', () => {
  const { state } = open(sorted());
  state().setParams('sort', labelsOf(['bills', 'other']));
  expect(state().graph.edges.find(({ id }) => id === 'of-billing')?.sourceHandle).toBe('billing');
  const renamed = open(sorted());
  renamed.state().setParams('sort', { ...labelsOf(['bills', 'other']), text: 'also changed' });
  expect(renamed.state().graph.edges.find(({ id }) => id === 'of-billing')?.sourceHandle).toBe('bills');
});

test('A newer draft from another tab replaces one without edits, and undo leads back', async () => {
  const theirs = { ...small(), vars: { brand: 'theirs' } };
  const { state, heardOfDraft } = open(small(), { load: () => ({ graph: theirs, revision: 5, updatedAt: null }) });
  state().select(['draft']);
  heardOfDraft(5);
  await vi.waitFor(() => expect(state().revision).toBe(5));
  expect(state()).toMatchObject({ saveState: 'saved', conflict: null, graph: theirs, selection: { nodes: ['draft'] } });
  state().undo();
  expect(state().graph.vars).toBeUndefined();
});

test('Changing a loop limit is one undo step, and only valid numbers are accepted', () => {
  const { state, steps } = open();
  state().connect({ source: 'draft', sourceHandle: 'out', target: 'start' });
  const loop = () => state().graph.edges.find(isLoopEdge);
  const id = loop()?.id ?? '';
  state().setLoopLimit(id, 25);
  expect(loop()?.data).toEqual({ back: true, limit: 25 });
  expect(steps()).toBe(2);
  for (const wrong of [0, -1, 2.5, 5_000, Number.NaN]) state().setLoopLimit(id, wrong);
  expect(loop()?.data).toEqual({ back: true, limit: 25 });
  state().setLoopLimit(id, 10);
  expect(loop()?.data).toEqual({ back: true });
});
