import type { RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import { describe, expect, test } from 'vitest';
import { type CallFacts, chooseTargets } from './target-choice.ts';

const facts = (more: Partial<CallFacts> = {}): CallFacts => ({ labels: {}, size: 100, attempt: 1, msLeft: () => 60_000, ...more });
const target = (model: string, more: Partial<RouteTarget> = {}): RouteTarget => ({ connectionId: 'c', model, ...more });
const route = (targets: readonly RouteTarget[], more: { order?: 'sequence' | 'weights'; stickyKey?: string | null } = {}) => ({
  name: 'careful',
  targets: [...targets],
  order: more.order ?? ('weights' as const),
  stickyKey: more.stickyKey ?? null,
});
const modelsOf = (choice: ReturnType<typeof chooseTargets>) => choice.targets.map(({ model }) => model);
const KEYS = 20_000;
/** How many keys choose each model first. */
function firstChoices(targets: readonly RouteTarget[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let key = 0; key < KEYS; key++) {
    const labels = { customer: `customer-${key}` };
    const first = modelsOf(chooseTargets(route(targets, { stickyKey: 'labels.customer' }), facts({ labels })))[0] ?? '';
    counts[first] = (counts[first] ?? 0) + 1;
  }
  return counts;
}

describe('weights', () => {
  test('are the shares in which keys choose a target', () => {
    const counts = firstChoices([target('a', { weight: 90 }), target('b', { weight: 10 })]);
    expect((counts.a ?? 0) / KEYS).toBeCloseTo(0.9, 2);
    const three = firstChoices([target('a', { weight: 1 }), target('b', { weight: 2 }), target('c', { weight: 5 })]);
    expect((three.a ?? 0) / KEYS).toBeCloseTo(1 / 8, 1.9);
    expect((three.b ?? 0) / KEYS).toBeCloseTo(2 / 8, 1.9);
  });

  test('give the same key the same order each time', () => {
    const targets = ['a', 'b', 'c', 'd'].map((model) => target(model, { weight: 1 }));
    for (const customer of ['one', 'two', 'three']) {
      const orders = Array.from({ length: 20 }, () =>
        modelsOf(chooseTargets(route(targets, { stickyKey: 'labels.customer' }), facts({ labels: { customer } }))),
      );
      expect(new Set(orders.map(String)).size).toBe(1);
    }
  });

  test('move only keys to the target whose weight grew', () => {
    const of = (weight: number, customer: string) =>
      modelsOf(
        chooseTargets(route([target('a', { weight: 50 }), target('b', { weight })], { stickyKey: 'labels.customer' }), facts({ labels: { customer } })),
      )[0];
    for (let key = 0; key < 2_000; key++) if (of(10, `k${key}`) === 'b') expect(of(30, `k${key}`)).toBe('b');
  });

  test('order only neighbors, so the targets around them keep their place', () => {
    const targets = [target('first'), target('a', { weight: 1 }), target('b', { weight: 1 }), target('last')];
    const orders = new Set(Array.from({ length: 100 }, () => modelsOf(chooseTargets(route(targets), facts())).join()));
    expect([...orders].sort()).toEqual(['first,a,b,last', 'first,b,a,last']);
  });

  test('of 0 make a target a fallback of the others', () => {
    for (let round = 0; round < 50; round++)
      expect(modelsOf(chooseTargets(route([target('spare', { weight: 0 }), target('a', { weight: 1 })]), facts()))).toEqual(['a', 'spare']);
  });

  test('are ignored in a sequence', () => {
    const targets = [target('a', { weight: 1 }), target('b', { weight: 99 })];
    expect(modelsOf(chooseTargets(route(targets, { order: 'sequence' }), facts()))).toEqual(['a', 'b']);
  });

  test('are drawn per call, with the reason, if the sticky key has no value', () => {
    const choice = chooseTargets(route([target('a', { weight: 1 })], { stickyKey: 'labels.customer' }), facts());
    expect(choice.stickyFault).toContain('customer');
    expect(chooseTargets(route([target('a', { weight: 1 })], { stickyKey: 'labels' }), facts()).stickyFault).toBe('The sticky key evaluated to {}.');
  });
});

describe('a condition', () => {
  const leftOut = (when: string, more: Partial<CallFacts> = {}) => chooseTargets(route([]), facts(more)).leftOut(target('a', { when }));

  test('reads labels, the size of the messages, the attempt, and the time left', () => {
    expect(leftOut('labels.tier == "free" && size < 200 && attempt == 1 && msLeft > 30000', { labels: { tier: 'free' } })).toBeUndefined();
    expect(leftOut('size < 50')).toBe('The condition is not met.');
  });

  test('that is faulty leaves its target out and says why', () => {
    expect(leftOut('labels.tier == "free"')).toContain('tier');
    expect(leftOut('size')).toBe('The condition must evaluate to true or false, but evaluated to 100.');
    expect(leftOut('labels. ==')).toBeTruthy();
  });

  test('is evaluated when its turn comes', () => {
    let left = 5_000;
    const choice = chooseTargets(route([]), facts({ msLeft: () => left }));
    const late = target('quick', { when: 'msLeft < 3000' });
    expect(choice.leftOut(late)).toBeDefined();
    left = 2_000;
    expect(choice.leftOut(late)).toBeUndefined();
  });

  test('shares its limit on work with the other conditions of the call', () => {
    const heavy =
      '[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].all(a, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].all(b, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].all(c, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].all(d, a > 0))))';
    const choice = chooseTargets(route([]), facts());
    const outcomes = Array.from({ length: 50 }, () => choice.leftOut(target('a', { when: heavy })));
    expect(outcomes[0]).toBeUndefined();
    expect(outcomes.at(-1)).toBeDefined();
  });
});
