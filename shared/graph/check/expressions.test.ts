import { describe, expect, it } from 'vitest';
import { cpuMsOf } from '../../../test/kit/cpu-ms.ts';
import { patience, TIMED } from '../../../test/kit/patience.ts';
import { checkGraph } from '../check.ts';
import type { Graph } from '../graph.ts';
import type { Problem } from '../problem.ts';
import { fakeCatalog, graphOf, node } from './fake-catalog.fixture.ts';

const VARS = { brand: 'Acme', limits: { words: 100 } };

/** start → classify → (billing) draft → review → end, review back to draft; classify → (unsure) other → end. */
function graph(at: 'draft' | 'review' | 'other', text: string, more: Parameters<typeof node>[2] = {}): Graph {
  const parts = (key: string) => (key === at ? { text, ...more } : {});
  const nodes = [
    node('start', 'input'),
    node('classify', 'classify', { title: 'Sort' }),
    node('draft', 'prompt', { title: 'Draft reply', ...parts('draft') }),
    node('review', 'human-review', parts('review')),
    node('other', 'prompt', parts('other')),
    node('end', 'output'),
  ];
  return graphOf(
    nodes,
    ['start>classify', 'classify.billing>draft', 'draft>review', 'review.approve>end', 'review.back<draft', 'classify.unsure>other', 'other>end'],
    VARS,
  );
}

const problemsOf = (at: 'draft' | 'review' | 'other', text: string, more: Parameters<typeof node>[2] = {}): Problem[] =>
  checkGraph(graph(at, text, more), fakeCatalog);

function only(at: 'draft' | 'review' | 'other', text: string, more: Parameters<typeof node>[2] = {}): Problem {
  const [problem, ...rest] = problemsOf(at, text, more);
  expect(rest).toEqual([]);
  if (!problem) throw new Error(`nothing was found in ${text}`);
  return problem;
}

describe('valid expressions', () => {
  it.each([
    '{{ steps.classify.label }} {{ steps.classify.confidence > 0.5 }}',
    '{{ input.message }} {{ input.customer.tier }} {{ input["message"] }}',
    '{{ trigger.body.any.thing }} {{ trigger.headers.accept }} {{ run.id }} {{ run.labels.tenant }} {{ round + 1 }}',
    '{{ vars.brand }} {{ vars.limits.words }}',
    '{{ previous.?review.?comment.orValue("") }} {{ round > 1 ? previous.draft.text : "" }}',
    '{{ has(previous.review) ? previous.review.comment : "first" }}',
    '{{ steps }} {{ steps[input.message] }} {{ input.message.split(" ").exists(word, word == "x") }}',
  ])('%s has no problems', (text) => {
    expect(problemsOf('draft', text)).toEqual([]);
  });
});

describe('a wrong node key', () => {
  it('gets a suggestion', () => {
    expect(only('draft', 'Hi {{ steps.clasify.label }}')).toEqual({
      nodeId: 'draft',
      field: 'text',
      severity: 'error',
      code: 'unknown-step',
      message: 'Prompt “Draft reply” uses {{ steps.clasify.label }}, but there is no node with key “clasify”.',
      suggestion: 'Did you mean “classify”?',
      range: { start: 12, end: 19 },
    });
  });

  it('is one that does not come before', () => {
    expect(only('draft', '{{ steps.other.text }}')).toMatchObject({ code: 'not-before', severity: 'error', range: { start: 9, end: 14 } });
    expect(only('draft', '{{ steps.review.comment }}')).toMatchObject({ code: 'not-before', suggestion: 'Use previous.?review for the previous round.' });
    expect(only('draft', '{{ steps.draft.text }}').suggestion).toBe('Use previous.draft for the previous round.');
  });

  it('has no previous round if no loop contains both (S8)', () => {
    expect(only('other', '{{ previous.?other }}')).toMatchObject({ code: 'not-before', severity: 'error' });
    expect(only('draft', '{{ previous.?classify.?label }}')).toMatchObject({
      code: 'not-before',
      severity: 'error',
      suggestion: 'For this round, use steps.classify.',
    });
    expect(only('draft', '{{ previous.?reviw }}')).toMatchObject({ code: 'unknown-step', suggestion: 'Did you mean “review”?' });
  });

  it('causes a warning if it may be missing in the first round', () => {
    expect(only('draft', '{{ previous.review.comment }}')).toMatchObject({
      code: 'not-before',
      severity: 'warning',
      suggestion: 'Write previous.?review.?comment.orValue(…) to set a default.',
    });
    expect(only('draft', '{{ has(previous.review.comment) }}')).toMatchObject({ code: 'not-before', severity: 'warning' });
  });
});

describe('a wrong field name', () => {
  it('is an error if there can be no such field', () => {
    expect(only('draft', '{{ steps.classify.lable }}')).toMatchObject({
      code: 'unknown-field',
      severity: 'error',
      message: 'Prompt “Draft reply” uses {{ steps.classify.lable }}, but the output of “classify” has no field “lable”.',
      suggestion: 'Did you mean “label”?',
      range: { start: 18, end: 23 },
    });
    expect(only('draft', '{{ input.customer.tierr }}')).toMatchObject({ severity: 'error', suggestion: 'Did you mean “tier”?' });
    expect(only('draft', '{{ vars.brnd }}')).toMatchObject({ severity: 'error', suggestion: 'Did you mean “brand”?' });
    expect(only('draft', '{{ trigger.boddy }}')).toMatchObject({ severity: 'error', suggestion: 'Did you mean “body”?' });
    expect(only('draft', '{{ steps.classify.label.x }}').message).toContain('the output of “classify”.label is text and has no field “x”');
    expect(only('review', '{{ steps.draft.tags.first }}').message).toContain('is a list and has no field “first”');
    expect(only('draft', '{{ round.x }}')).toMatchObject({ code: 'unknown-field' });
  });

  it('is a warning if there may be one, or if it is read as optional', () => {
    expect(only('draft', '{{ input.mesage }}')).toMatchObject({ code: 'unknown-field', severity: 'warning', suggestion: 'Did you mean “message”?' });
    expect(only('draft', '{{ steps.classify.?lable.orValue("") }}')).toMatchObject({ severity: 'warning' });
  });

  it('is not reported on a disabled node or one that can return its error', () => {
    const reading = (policy: object) =>
      checkGraph(
        graphOf(
          [node('start', 'input'), node('a', 'prompt', policy), node('b', 'prompt', { text: '{{ steps.a.error.message }}' }), node('end', 'output')],
          ['start>a', 'a>b', 'a.error>b', 'b>end'],
        ),
        fakeCatalog,
      ).filter(({ nodeId }) => nodeId === 'b');
    expect(reading({ policy: { onError: 'branch' } })).toEqual([]);
    expect(reading({})).toMatchObject([{ code: 'unknown-field' }]);
    expect(reading({ disabled: true })).toEqual([]);
  });
});

describe('an unknown name', () => {
  it.each([
    ['{{ imput.message }}', 'Did you mean “input”?'],
    ['{{ classify.label }}', 'To read that node’s output, write steps.classify.'],
    ['{{ customer }}', 'Write input.customer, or "customer" in quotes if it is text.'],
    ['{{ item.x }}', 'Use the input or an earlier node instead.'],
  ])('%s', (text, suggestion) => {
    expect(only('draft', text)).toMatchObject({ code: 'unknown-name', severity: 'error', suggestion });
  });
});

describe('a value that may be missing', () => {
  const start = node('start', 'input');
  const at = (text: string, edges: string[], more: ReturnType<typeof node>[] = []) =>
    checkGraph(
      graphOf(
        [
          start,
          node('sort', 'classify', { title: 'Sort' }),
          node('draft', 'prompt', { text: 'x' }),
          ...more,
          node('end', 'prompt', { text }),
          node('out', 'output'),
        ],
        [...edges, 'end>out'],
        VARS,
      ),
      fakeCatalog,
    ).filter(({ code }) => code === 'may-be-missing');
  const branched = ['start>sort', 'sort.billing>draft', 'draft>end', 'sort.unsure>end'];

  it('is a step after a branch, with the corrected text', () => {
    expect(at('Hi {{ steps.draft.text }}', branched)).toMatchObject([
      {
        nodeId: 'end',
        field: 'text',
        severity: 'warning',
        message: expect.stringContaining('uses {{ steps.draft.text }}, but “draft” may be skipped.'),
        suggestion: 'If that’s expected, write steps.?draft.?text.orValue("").',
      },
    ]);
  });

  it.each(['{{ steps.?draft.?text.orValue("") }}', '{{ has(steps.draft) ? steps.draft.text : "" }}', '{{ steps.sort.label }}'])(
    'is not reported for %s',
    (text) => {
      expect(at(text, branched)).toEqual([]);
    },
  );

  it('is not a step that certainly has run: before a branch, or on a parallel path', () => {
    expect(at('{{ steps.draft.text }}', ['start>draft', 'draft>sort', 'sort.billing>end', 'sort.unsure>end'])).toEqual([]);
    expect(
      at('{{ steps.draft.text }} {{ steps.side.text }}', ['start>draft', 'start>side', 'side>end', 'draft>end'], [node('side', 'prompt', { text: 'x' })]),
    ).toEqual([]);
  });
});

describe('an invalid expression', () => {
  it('is distinguished from the others in its text', () => {
    expect(only('draft', '{{ input.message }} {{ vars.brand }} {{ input.message = 1 }} {{ round }}').message).toBe(
      'Prompt “Draft reply” has an invalid expression, {{ input.message = 1 }} (3 of 4): unexpected “=”.',
    );
  });

  it('is reported with its column in the field', () => {
    expect(only('draft', 'Hi {{ input.message = 1 }}')).toEqual({
      nodeId: 'draft',
      field: 'text',
      severity: 'error',
      code: 'bad-expression',
      message: 'Prompt “Draft reply” has an invalid expression: unexpected “=”.',
      suggestion: 'Use == to compare.',
      range: { start: 20, end: 21 },
    });
  });

  it('is also reported for a CEL field, which needs no braces', () => {
    expect(only('other', 'x', { rules: ['input.message == "a"', '{{ input.message }}', ''] })).toMatchObject({
      field: 'rules.1',
      code: 'bad-expression',
      suggestion: 'Remove the {{ and }}.',
    });
    expect(only('other', 'x', { rules: ['steps.clasify.label == "a"'] }).message).toBe(
      'Prompt “other” uses “steps.clasify.label”, but there is no node with key “clasify”.',
    );
  });

  it.each(['{{ input.message + }}', '{{ lenght(input.message) }}', '{{ input.message', '{{ (1 }}', '{{ }}'])('has a suggestion: %j', (text) => {
    expect(only('draft', text)).toMatchObject({ code: 'bad-expression', field: 'text', suggestion: expect.stringMatching(/./) });
  });

  it('is reported on a disabled node, but names are not looked up there', () => {
    expect(only('draft', '{{ input. }}', { disabled: true })).toMatchObject({ code: 'bad-expression' });
    expect(problemsOf('draft', '{{ steps.missing.x }}', { disabled: true })).toEqual([]);
  });
});

it('stops at a limit, however many expressions there are', () => {
  const text = Array.from({ length: 20_000 }, (_, index) => `{{ a${index} + ${'1 + '.repeat(200)}1 }}`);
  const many = text.map((one, index) => node(`n_${index}`, 'prompt', { text: one }));
  const problems = checkGraph(graphOf([node('start', 'input'), ...many, node('end', 'output')], ['start>end'], VARS), fakeCatalog);
  expect(problems.filter(({ code }) => code === 'unknown-name').length).toBeLessThan(300);
  expect(problems).toContainEqual(expect.objectContaining({ code: 'bad-expression', message: expect.stringContaining('too many or too long') }));
});

it('checks a graph of 200 nodes with 3 expressions each in a moment', TIMED, () => {
  const keys = Array.from({ length: 198 }, (_, index) => `step_${index}`);
  const steps = keys.map((key, index) => node(key, 'prompt', { text: `{{ input.message }} {{ steps.${keys[index - 1] ?? 'start'}.?text }} {{ vars.brand }}` }));
  const edges = ['start', ...keys].map((key, index) => `${key}>${keys[index] ?? 'end'}`);
  const large = graphOf([node('start', 'input'), ...steps, node('end', 'output')], edges, VARS);
  expect(checkGraph(large, fakeCatalog).filter((problem) => problem.severity === 'error')).toEqual([]);
  expect(cpuMsOf(() => checkGraph(large, fakeCatalog))).toBeLessThan(patience(500));
});
