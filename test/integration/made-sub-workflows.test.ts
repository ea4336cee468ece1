import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { renameKey } from '@switchyard/shared/graph/rename-key.ts';
import { expect, test } from 'vitest';
import { inlineSubWorkflow } from '../../client/graph-editing/sub-workflow/inline-sub-workflow.ts';
import { makeSubWorkflow } from '../../client/graph-editing/sub-workflow/make-sub-workflow.ts';
import { inside, transform } from '../kit/each-graph.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { runOf } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';

const branch = (key: string, expression: string) => node('condition', key, { branches: [{ id: 'yes', name: 'yes', by: 'expression', expression }] });
const fork = (source: string, port: string, target: string) => ({ ...edge(source, target), id: `${source}.${port}-${target}`, sourceHandle: port });

/** Facts, a branch that meets again, a list, and code: everything that passes values in its own way. */
const whole = (): Graph => ({
  ...graphOf(
    [
      messageInput(),
      transform('facts', { words: 'input.message.split(" ")', loud: 'input.message.upper()' }),
      branch('long', 'steps.facts.words.size() > 2'),
      transform('cut', { text: 'steps.facts.words[0] + vars.mark' }),
      transform('keep', { text: 'steps.facts.loud' }),
      node('for-each', 'each', { items: '{{ steps.facts.words }}', result: '{{ steps.size.n }}' }),
      inside('each', transform('size', { n: 'item.size() + index' })),
      node('code', 'code', { source: 'return { n: steps.each.items.length, first: input.message[0] + helpers.mark };' }),
      transform('after', { text: 'steps.?cut.?text.orValue(steps.?keep.?text.orValue("none"))', sizes: 'steps.each.items', n: 'steps.code.n' }),
      node('output', 'reply', { value: { all: '{{ steps.after }}', first: '{{ steps.code.first }}' } }),
    ],
    [
      edge('start', 'facts'),
      edge('facts', 'long'),
      fork('long', 'yes', 'cut'),
      fork('long', 'else', 'keep'),
      edge('cut', 'each'),
      edge('keep', 'each'),
      edge('each', 'code'),
      edge('code', 'after'),
      edge('after', 'reply'),
    ],
  ),
  vars: { mark: '!' },
  helpers: 'export const mark = "?";',
});

test('a workflow gives the same output with its steps in a sub-workflow, and with them back inline', async () => {
  await using server = await startTestServer();
  const messages = ['one two three', 'one'];
  const outputs = async (graph: Graph) => {
    const found: unknown[] = [];
    for (const message of messages) {
      const run = await runOf(server, graph, message);
      expect(run).toMatchObject({ status: 'succeeded', error: null });
      found.push(run.output);
    }
    return found;
  };
  const expected = await outputs(whole());
  expect(expected[0]).toEqual({ all: { text: 'one!', sizes: [3, 4, 7], n: 3 }, first: 'o?' });
  for (const selection of [
    ['long', 'cut', 'keep'],
    ['each'],
    ['code'],
    ['long', 'cut', 'keep', 'each', 'code'],
    ['facts', 'long', 'cut', 'keep', 'each', 'code', 'after'],
  ]) {
    const made = makeSubWorkflow(whole(), selection, definitionOf);
    if ('refused' in made) throw new Error(made.refused);
    const { id } = await publishedWorkflow(server, made.child);
    const { graph, nodeId } = made.replaced({ id, name: 'Sub' });
    expect(await outputs(graph)).toEqual(expected);
    const inlined = inlineSubWorkflow(graph, nodeId, made.child, { definitions: definitionOf, rename: renameKey });
    if ('refused' in inlined) throw new Error(inlined.refused);
    expect(await outputs(inlined.graph)).toEqual(expected);
  }
});
