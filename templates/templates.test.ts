import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { prompt } from '../nodes/ai/prompt.ts';
import { catalog, definitionOf } from '../nodes/catalog.ts';
import { transform } from '../nodes/data/transform.ts';
import { condition } from '../nodes/flow/condition.ts';
import { admit } from '../nodes/io/admit.ts';
import { inputParams } from '../nodes/io/input.ts';
import { output } from '../nodes/io/output.ts';
import { humanReview } from '../nodes/people/human-review.ts';
import { runNode } from '../nodes/sdk/run-node.fixture.ts';
import { templateSchema } from '../shared/contracts/templates.ts';
import { checkGraph } from '../shared/graph/check.ts';
import type { Graph, GraphNode } from '../shared/graph/graph.ts';
import { validateJson } from '../shared/json-schema/validate.ts';
import { textOf } from '../shared/model/chat.ts';
import { promptRefOf, promptRefText } from '../shared/model/prompt-ref.ts';
import { orderedPrompt } from '../shared/sharing/included.ts';

const templateFile = templateSchema
  .pick({
    name: true,
    description: true,
    firstRunSeconds: true,
    worksWithoutKey: true,
    graph: true,
    prompts: true,
    policies: true,
    budgets: true,
    triggers: true,
    tables: true,
  })
  .extend({ position: templateSchema.shape.stepCount })
  .strict();
const folder = import.meta.dirname;
const slugs = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const read = (slug: string): unknown => JSON.parse(readFileSync(`${folder}/${slug}/workflow.json`, 'utf8'));
const graphOf = (slug: string): Graph => templateFile.parse(read(slug)).graph;
function nodeOf(slug: string, key: string): GraphNode {
  const found = graphOf(slug).nodes.find((node) => node.data.key === key);
  if (!found) throw new Error(`${slug} has no node ${key}`);
  return found;
}
/** The prompts of a template, by the references of its nodes. */
const promptsOf = (slug: string) => Object.fromEntries((templateFile.parse(read(slug)).prompts ?? []).map((one) => [promptRefText(one), one]));
const isSameSet = (one: readonly string[], two: readonly string[]): boolean => JSON.stringify([...one].sort()) === JSON.stringify([...two].sort());
const start = (graph: Graph) => inputParams.parse(graph.nodes.find(({ type }) => type === 'input')?.data.params);

/** The maximum room of a card: head, a row for each of several ports, and the state line at the bottom. A container has its own size. */
function room({ type, position, width, height, data }: GraphNode) {
  const rows = definitionOf(type)?.ports(data.params).outputs.length ?? 0;
  return { left: position.x, top: position.y, right: position.x + (width ?? 200), bottom: position.y + (height ?? 95 + (rows > 1 ? 22 * rows : 0)) };
}

it('prompts of different templates have different names', () => {
  const names = slugs.flatMap((slug) => Object.keys(promptsOf(slug)));
  expect(names).toEqual([...new Set(names)]);
});

it('all templates exist', () => {
  expect(slugs.sort()).toEqual([
    'content-factory',
    'contract-check',
    'data-cleanup',
    'invoice-intake',
    'lead-enrichment',
    'learn-a-process',
    'meeting-notes',
    'support-chatbot-routing',
    'ticket-triage',
    'weekly-digest',
  ]);
});

describe.each(slugs)('the template %s', (slug) => {
  it('is a complete template with a README, saved as it is read', () => {
    const { prompts, ...template } = templateFile.parse(read(slug));
    expect({ ...template, prompts: prompts?.map(orderedPrompt) }).toEqual(read(slug));
    expect(existsSync(`${folder}/${slug}/README.md`)).toBe(true);
  });

  it('has no problems', () => {
    expect(checkGraph(graphOf(slug), catalog)).toEqual([]);
  });

  it('includes the prompts that its nodes name, and each node gives their variables', () => {
    const prompts = promptsOf(slug);
    const asking = graphOf(slug).nodes.filter(({ type }) => type === 'prompt');
    const used = asking.map(({ data }) => ({ ref: promptRefOf(data.params), variables: Object.keys(prompt.params.parse(data.params).variables) }));
    expect(new Set(used.map(({ ref }) => ref && promptRefText(ref)))).toEqual(new Set(Object.keys(prompts)));
    expect(Object.keys(prompts).filter((ref) => !ref.endsWith('@production'))).toEqual([]);
    for (const { ref, variables } of used)
      expect(prompts[ref ? promptRefText(ref) : '']?.variables).toMatchObject({ required: expect.toSatisfy((names: string[]) => isSameSet(names, variables)) });
  });

  it('has a budget whose hard limit also holds for models without a price', () => {
    const { budgets = [] } = templateFile.parse(read(slug));
    expect(budgets.length).toBeGreaterThan(0);
    for (const { hardMicros, assumedPrice } of budgets)
      expect({ hardMicros, assumedPrice }).toEqual({ hardMicros: expect.any(Number), assumedPrice: expect.anything() });
  });

  it('has valid samples, one that is rejected, and an incomplete, a risky, and a contradictory one', () => {
    const params = start(graphOf(slug));
    const names = params.samples.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['Incomplete', 'Risky', 'Contradictory']));
    if (slug === 'support-chatbot-routing') expect(names).toEqual(expect.arrayContaining(['Late', 'Unusual']));
    const fitting = params.samples.filter(({ value }) => admit(params, value, validateJson).ok).map(({ name }) => name);
    expect(fitting).toEqual(names.filter((name) => !name.endsWith('(rejected)')));
    expect(params.samples.filter(({ ends }) => ends === 'rejected').map(({ name }) => name)).toEqual(names.filter((name) => !fitting.includes(name)));
    expect(fitting).toHaveLength(names.length - 1);
  });

  it('lays out its cards from left to right without overlaps', () => {
    const { nodes, edges } = graphOf(slug);
    const rooms = nodes.map((node) => ({ key: node.data.key, parentId: node.parentId, ...room(node) }));
    const overlaps = rooms.flatMap((one, index) =>
      rooms
        .slice(index + 1)
        .filter(({ parentId }) => parentId === one.parentId)
        .flatMap((two) => (one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom ? [`${one.key} and ${two.key}`] : [])),
    );
    expect(overlaps).toEqual([]);
    const outside = nodes.flatMap((node) => {
      const container = nodes.find(({ id }) => id === node.parentId);
      return container && room(node).right > (container.width ?? 0) ? [node.data.key] : [];
    });
    expect(outside).toEqual([]);
    const at = new Map(nodes.map((node) => [node.id, node.position.x]));
    const leftward = edges.filter(
      (edge) => (at.get(edge.source) ?? 0) + 200 > (at.get(edge.target) ?? 0) && !edge.data?.back && at.get(edge.source) !== at.get(edge.target),
    );
    expect(leftward).toEqual([]);
  });

  it('hides drafts that a person may check from a caller who gets a stream', () => {
    const { nodes } = graphOf(slug);
    const reviewed = nodes.some(({ type }) => type === 'human-review');
    const prompts = nodes.filter(({ type }) => type === 'prompt').map(({ data }) => prompt.params.parse(data.params).streamToCaller);
    expect(new Set(prompts)).toEqual(new Set(prompts.map(() => !reviewed)));
  });

  it('makes no network calls, so it runs offline', () => {
    expect(graphOf(slug).nodes.filter(({ type }) => type === 'tool')).toEqual([]);
  });
});

describe('support chatbot routing', () => {
  const slug = 'support-chatbot-routing';
  const vars = graphOf(slug).vars ?? {};
  const sorted = (label: string, confidence: number) => ({ classify_intent: { label, confidence, reason: '' } });
  const safe = async (label: string, confidence: number) =>
    (await runNode(condition, condition.params.parse(nodeOf(slug, 'safe_to_send').data.params), { scope: { steps: sorted(label, confidence), vars } })).result;
  const sent = async (steps: Record<string, unknown>) => {
    const { result } = await runNode(output, output.params.parse(nodeOf(slug, 'send_reply').data.params), { body: { message: 'Hi' }, scope: { steps, vars } });
    return result.kind === 'done' ? result.output : undefined;
  };

  it('sends automatically from a confidence of 0.8', async () => {
    expect(await safe('billing', 0.8)).toMatchObject({ port: 'yes' });
    expect(await safe('technical', 0.95)).toMatchObject({ port: 'yes' });
    expect(await safe('billing', 0.79)).toMatchObject({ port: 'else' });
    expect(await safe('refund', 0.95)).toMatchObject({ port: 'else' });
  });

  it.each([
    ['We have refunded the second charge.', 'blocked'],
    ['I’ll refund you today.', 'blocked'],
    ['A colleague compares this with the invoices. Ask us about refunds at any time.', 'out'],
  ])('lets a person check a billing answer that promises a refund: %s', async (text, port) => {
    const { graph, prompts = [] } = templateFile.parse(read(slug));
    const params = prompt.params.parse(nodeOf(slug, 'billing_answer').data.params);
    const content = prompts.find((one) => one.name === 'support-reply');
    if (!content) throw new Error('The template has no prompt “support-reply”');
    const answered = await runNode(prompt, params, { body: { message: 'Hi' }, prompts: { 'support-reply@production': content }, chat: () => ({ text }) });
    expect(answered.result).toMatchObject({ port, output: { text } });
    expect(graph.edges.find(({ source, sourceHandle }) => source === 'billing_answer' && sourceHandle === 'blocked')?.target).toBe('agent_review');
  });

  it('sends the written draft, or the reviewer’s version if one reviewed it', async () => {
    expect(await sent({ ...sorted('billing', 0.9), billing_answer: { text: 'Dear Ada' } })).toMatchObject({ reply: 'Dear Ada', checkedByPerson: false });
    const reviewed = { ...sorted('refund', 0.9), refund_draft: { text: 'Draft' }, agent_review: { values: { reply: 'Edited' } } };
    expect(await sent(reviewed)).toMatchObject({ reply: 'Edited', intent: 'refund', checkedByPerson: true });
  });

  it.each([
    ['billing', 'billing_answer'],
    ['technical', 'technical_answer'],
    ['refund', 'refund_draft'],
    ['account access', 'access_draft'],
    ['billing', 'clarify_draft'],
  ])('shows a person the draft for %s from %s, without values that the customer omitted', async (label, key) => {
    const steps = { ...sorted(label, 0.5), [key]: { text: 'Dear customer' } };
    const params = humanReview.params.parse(nodeOf(slug, 'agent_review').data.params);
    const { result } = await runNode(humanReview, params, { body: { message: 'Hi' }, scope: { steps, vars } });
    const about = key === 'clarify_draft' ? 'an unclear message' : label;
    expect(result).toMatchObject({ wait: { task: { title: `Reply to a customer about ${about}`, fields: [{ name: 'reply', value: 'Dear customer' }] } } });
  });

  it.each(['billing_answer', 'technical_answer', 'refund_draft', 'access_draft', 'clarify_draft'])('gives %s the reviewer’s comment', async (key) => {
    const world = { body: { message: 'Hi' }, chat: () => ({ text: 'x' }), prompts: promptsOf(slug) };
    const params = prompt.params.parse(nodeOf(slug, key).data.params);
    const ask = async (previous: Record<string, unknown>) =>
      textOf((await runNode(prompt, params, { ...world, scope: { vars, previous } })).context.chats[0]?.request.messages[1] ?? { role: 'user', content: [] });
    expect(await ask({})).toContain('Message: Hi\n');
    expect(await ask({ agent_review: { comment: 'Name the order.' } })).toContain('Reviewer comment: Name the order.');
  });
});

describe('content factory', () => {
  it('rewrites the draft with the reviewer’s comment', async () => {
    const params = prompt.params.parse(nodeOf('content-factory', 'long_draft').data.params);
    const scope = { vars: graphOf('content-factory').vars ?? {}, previous: { brand_review: { comment: 'Name the weight first.' } } };
    const { context } = await runNode(prompt, params, {
      body: { product: 'Lamp', notes: 'Bright.' },
      scope,
      chat: () => ({ text: 'x' }),
      prompts: promptsOf('content-factory'),
    });
    expect(textOf(context.chats[0]?.request.messages[1] ?? { role: 'user', content: [] })).toContain('Reviewer comment: Name the weight first.');
  });
});

describe('ticket triage', () => {
  it.each([
    ['bug', 'bug_reply', 60, 'App team', 'P2'],
    ['bug', 'bug_reply', 75, 'App team', 'P1'],
    ['outage', 'outage_reply', 10, 'On call', 'P1'],
    ['feature request', 'feature_reply', 44, 'Product', 'P3'],
    ['bug', 'clarify_reply', 40, 'Support desk', 'P3'],
  ])('routes a %s answered by %s with urgency %d to %s as %s', async (label, key, urgency, team, priority) => {
    const steps = { classify_ticket: { label, confidence: 0.9 }, score_urgency: { value: { urgency } }, [key]: { text: 'Hi' } };
    const params = transform.params.parse(nodeOf('ticket-triage', 'route_ticket').data.params);
    const { result } = await runNode(transform, params, { body: { message: 'x' }, scope: { steps, vars: graphOf('ticket-triage').vars ?? {} } });
    const type = key === 'clarify_reply' ? 'unsure' : label;
    expect(result).toMatchObject({ output: { type, team, priority, score: urgency, reply: 'Hi' } });
  });
});
