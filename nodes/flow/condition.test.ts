import { describe, expect, it } from 'vitest';
import { runNode } from '../sdk/run-node.fixture.ts';
import { condition } from './condition.ts';
import type { Operator } from './rule.ts';

const rule = (field: string, operator: Operator, value = '') => ({ field, operator, value });
const world = { body: { message: 'Hi', customer: { tier: 'gold' } }, scope: { steps: { sort: { label: 'billing', confidence: 0.85 } }, vars: { least: 0.8 } } };
const sure = rule('steps.sort.confidence', 'gte', '{{ vars.least }}');
const money = rule('steps.sort.label', 'is', 'refund');

describe('condition', () => {
  it('takes the first branch that matches, in order', async () => {
    const branches = [
      { name: 'Refund', rules: [money] },
      { name: 'Sure', rules: [sure] },
      { name: 'Gold', rules: [rule('input.customer.tier', 'is', 'gold')] },
    ];
    expect((await runNode(condition, { branches }, world)).result).toEqual({ kind: 'done', output: { branch: 'Sure' }, port: 'sure' });
    const turned = { branches: [...branches].reverse() };
    expect((await runNode(condition, turned, world)).result).toMatchObject({ port: 'gold' });
  });

  it('takes the default branch under its configured name if none matches', async () => {
    const branches = [{ name: 'yes', rules: [money] }];
    expect((await runNode(condition, { branches }, world)).result).toEqual({ kind: 'done', output: { branch: 'else' }, port: 'else' });
    expect((await runNode(condition, { branches, elseName: 'no' }, world)).result).toEqual({ kind: 'done', output: { branch: 'no' }, port: 'else' });
    expect(condition.ports({ branches, elseName: 'no' }).outputs).toEqual([
      { id: 'yes', label: 'yes' },
      { id: 'else', label: 'no' },
    ]);
  });

  it('needs all rules of a branch, or any if set to any', async () => {
    const all = [{ name: 'yes', match: 'all' as const, rules: [sure, money] }];
    const any = [{ name: 'yes', match: 'any' as const, rules: [money, sure] }];
    expect((await runNode(condition, { branches: all }, world)).result).toMatchObject({ port: 'else' });
    expect((await runNode(condition, { branches: any }, world)).result).toMatchObject({ port: 'yes' });
  });

  it('accepts an expression, which must evaluate to true or false', async () => {
    const by = (expression: string) => ({ branches: [{ name: 'yes', by: 'expression' as const, expression }] });
    expect((await runNode(condition, by('input.customer.tier == "gold" && steps.sort.confidence > 0.8'), world)).result).toMatchObject({ port: 'yes' });
    await expect(runNode(condition, by('input.message'), world)).rejects.toMatchObject({ code: 'node-failed', message: expect.stringContaining('“yes”') });
  });

  it('does not read an outside value as an expression', async () => {
    const branches = [{ name: 'yes', rules: [rule('input.message', 'is', '{{ vars.said }}')] }];
    const said = '" || true || "';
    expect((await runNode(condition, { branches }, { ...world, scope: { vars: { said } } })).result).toMatchObject({ port: 'else' });
  });

  it('fails on a missing field, unless the rule checks for it', async () => {
    const ask = (operator: Operator) => runNode(condition, { branches: [{ name: 'yes', rules: [rule('input.customer.name', operator)] }] }, world);
    await expect(ask('is')).rejects.toMatchObject({ code: 'expression-failed' });
    expect((await ask('empty')).result).toMatchObject({ port: 'yes' });
    expect((await ask('not-empty')).result).toMatchObject({ port: 'else' });
    expect((await ask('exists')).result).toMatchObject({ port: 'else' });
    expect((await ask('not-exists')).result).toMatchObject({ port: 'yes' });
  });

  it('evaluates only what is in use', () => {
    const branches = [{ name: 'a', by: 'rules' as const, rules: [rule('input.a', 'exists', '{{ broken')], expression: 'broken (' }];
    expect(condition.expressions({ branches }).map(({ path }) => path.join('.'))).toEqual(['branches.0.rules.0.field']);
    const other = [{ name: 'a', by: 'expression' as const, rules: [rule('broken (', 'is')], expression: 'true' }];
    expect(condition.expressions({ branches: other }).map(({ path }) => path.join('.'))).toEqual(['branches.0.expression']);
  });

  it('shows its rules on the card', () => {
    const branches = [{ name: 'yes', rules: [sure, rule('steps["sort"].label', 'one-of', 'a, b')] }];
    expect(condition.line({ branches })).toBe('confidence ≥ least, label is one of a, b');
    expect(condition.line({ branches: [...branches, { name: 'b', by: 'expression', expression: 'true' }] })).toBe('yes, b');
  });

  it('reports branches that are incomplete or can’t be distinguished', () => {
    const branches = [
      { name: 'a', rules: [] },
      { name: 'A', by: 'expression' as const, expression: ' ' },
      { name: 'else', rules: [rule('', 'is')] },
    ];
    const paths = condition.check({ branches }).map(({ path }) => path.join('.'));
    expect(paths).toEqual(['branches.1.name', 'branches.2.name', 'branches.0.rules', 'branches.1.expression', 'branches.2.rules.0.field', 'elseName']);
  });
});
