import { describe, expect, it } from 'vitest';
import { compileCel } from '../../../expression/cel.ts';
import { createScope } from '../../../expression/create-scope.ts';
import { viewAt } from '../view.ts';
import { parse } from './parse.ts';
import type { NodeScope } from './scope.ts';
import { convert } from './to-cel.ts';
import { Unsupported } from './tree.ts';
import { asCel } from './value.ts';

const scope: NodeScope = {
  json: viewAt('steps.a'),
  list: 'steps.all',
  isInLoop: false,
  node: (name) => {
    if (name !== 'Get users') throw new Unsupported(`the node “${name}”`);
    return { item: viewAt('steps.get_users', 'body'), list: 'steps.get_users.body.list' };
  },
};
const toCel = (source: string): string => asCel(convert(parse(source), { scope, names: new Map() })).text;
const data = {
  run: { id: 'r1', startedAt: '2026-01-31T12:00:00.000Z', workflowId: 'w1' },
  input: {},
  vars: { KEY: 'v' },
  steps: {
    a: {
      name: 'Ada',
      n: 3,
      tags: ['x', 'y'],
      'full name': 'Ada L',
      empty: '',
      users: [
        { id: 1, ok: true },
        { id: 2, ok: false },
      ],
      date: '2026-01-01T00:00:00Z',
    },
    all: [{ v: 1 }, { v: 2 }],
    get_users: { body: { email: 'a@b.c', list: [{ name: 'Bo' }] } },
  },
};
const value = (source: string): unknown => compileCel(toCel(source)).evaluate(createScope(data as never));

describe('expressions of n8n', () => {
  it.each([
    ['$json.name', 'steps.a.name'],
    ['$json["full name"]', 'steps.a["full name"]'],
    ['$node["Get users"].json.email', 'steps.get_users.body.email'],
    ["$('Get users').item.json['email']", 'steps.get_users.body.email'],
    ['$json.tags[0]', 'steps.a.tags[0]'],
    ['$json.x ?? "none"', 'steps.a.?x.orDefault("none")'],
    ['$json.a?.b || 1', 'steps.a.?a.?b.orDefault(1)'],
    ['$input.all().map(i => i.json.v)', 'steps.all.map(i, i.v)'],
    ['$now.minus({ days: 7 }).toFormat("yyyy-MM-dd")', 'parseDate(run.startedAt).add(-7, "days").format("yyyy-MM-dd")'],
  ])('%s becomes %s', (source, expected) => {
    expect(toCel(source)).toBe(expected);
  });

  it.each<[string, unknown]>([
    ['"Hi " + $json.name + 1', 'Hi Ada1'],
    ['`Hi $' + '{$json.name.toUpperCase()}, $' + '{1 + 2}`', 'Hi ADA, 3'],
    ['$json.n > 2 ? "many" : "few"', 'many'],
    ['$json.missing ? "yes" : "no"', 'no'],
    ['!$json.empty', true],
    ['$json.n === 3 && $json.name != "Bo"', true],
    ['$json.tags.length', 2],
    ['$json.tags.join(" ")', 'x y'],
    ['$json.users.filter(u => u.ok).map(u => u.id)', [1]],
    ['$json.users.find(u => u.id === 2).ok', false],
    ['$json.users.some((u) => !u.ok)', true],
    ['$("Get users").first().json.list[0].name', 'Bo'],
    ['$("Get users").all()[0].json.name', 'Bo'],
    ['$input.last().json.v', 2],
    ['$json.name.replace(/a$/g, "e")', 'Ade'],
    ['$json.name.split("d").at(-1)', 'a'],
    ['JSON.stringify($json.tags)', '["x","y"]'],
    ['Math.round($json.n / 2)', 2],
    ['Object.keys({ a: 1, "b c": [2] })', ['a', 'b c']],
    ['parseInt("12") + Number("1.5")', 13.5],
    ['$now.year', 2026],
    ['$today.toISO()', '2026-01-31T00:00:00.000Z'],
    ['new Date($json.date).toISOString()', '2026-01-01T00:00:00.000Z'],
    ['DateTime.fromISO($json.date).plus(1, "month").toISODate()', '2026-02-01'],
    ['$if($json.n > 1, "a", "b")', 'a'],
    ['$execution.id + $vars.KEY', 'r1v'],
    ['-(1 + 2) * 2', -6],
    ['$json.nothing == null', true],
    ['"a\\u0041\\n"', 'aA\n'],
    ['$json.tags.includes("x") && $json.name.includes("d")', true],
    ['$json.users.reduce((sum, user) => sum + user.id, 10)', 13],
    ['$json.name.slice(1, 3) + $json.tags.slice(0, 1).join("")', 'dax'],
    ['"a-b-a".replace("a", "c")', 'c-b-a'],
    ['"ada BERG".toTitleCase()', 'Ada Berg'],
    ['"Write to ada@example.com.".extractEmail()', 'ada@example.com'],
    ['"yes".toBoolean()', true],
    ['Object.entries({ a: 1 })[0][0]', 'a'],
    ['$now.setZone("Asia/Tokyo").toFormat("HH:mm")', '21:00'],
    ['$now.setZone("Asia/Tokyo").startOf("day").toISO()', '2026-01-30T15:00:00.000Z'],
    ['$now.setZone("Asia/Tokyo").hour', 21],
    ['$now.diff(DateTime.fromISO($json.date), "days").days', 30.5],
    ['DateTime.fromISO($json.date) < $now', true],
    ['$now.weekdayLong + " " + $now.monthShort', 'Saturday Jan'],
    ['$now.quarter', 1],
    ['new Date($json.date).getFullYear()', 2026],
  ])('%s gives %j', (source, expected) => {
    expect(value(source)).toEqual(expected);
  });

  it.each([
    '$json.list.reduce((a, b) => a + b)',
    '(() => { return 1 })()',
    'a = 1',
    'process.env.HOME',
    'constructor.constructor("x")',
    '$json.x.constructor()',
    'fetch("x")',
    'function () {}',
    '$("Unknown").item.json.x',
    '$fromAI("x")',
    '"open',
    '',
    '1 +',
    '('.repeat(5_000),
    '!'.repeat(5_000),
    'a.'.repeat(5_000),
    '[...$json.a]',
    '$json.list.reduce((a, b) => b + a, 0)',
    '$execution.resumeUrl',
    '$now.setLocale("de")',
  ])('refuses %s', (source) => {
    expect(() => toCel(source)).toThrow(Unsupported);
  });
});
