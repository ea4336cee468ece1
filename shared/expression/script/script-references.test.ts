// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are code
import { describe, expect, it } from 'vitest';
import { cpuMsOf } from '../../../test/kit/cpu-ms.ts';
import { renameInExpression } from '../rewrite-key.ts';
import { scriptReferences } from './script-references.ts';

const read = (source: string): string[] => scriptReferences(source).map(({ root, path }) => [root, ...path].join('.'));

describe('what a script reads', () => {
  it.each([
    ['return steps.draft.text + steps?.["other"];', ['steps.draft', 'steps.other']],
    ["return steps?.draft?.text ?? steps['a b'];", ['steps.draft', 'steps.a b']],
    ['const { draft } = steps;', ['steps']],
    ['return steps[key];', ['steps']],
    ['return input.message.length + vars.brand.toUpperCase();', ['input', 'vars.brand']],
    ['return { ...input, steps: 1, input, vars: vars.x };', ['input', 'input', 'vars.x']],
    ['return order.steps.length + this.input;', []],
    ['// steps.comment\nreturn "steps.text" /* vars.x */ + \'input\';', []],
    ['return `steps.text ${steps.draft} ${`${vars.deep}`} input`;', ['steps.draft', 'vars.deep']],
    ['const f = () => { return `${{ a: { b: steps.x } }.a}`; }; return steps.y;', ['steps.x', 'steps.y']],
    ['return /steps.x["`]/.test(input.a) ? 1 / steps.y / 2 : 0;', ['input', 'steps.y']],
    ['return [1, 2].map((item, index) => item + index);', []],
    ['const a: Record<string, number> = steps.draft as never;', ['steps.draft']],
    ['return "unclosed\nsteps.after', ['steps.after']],
    ['return `unclosed ${steps.inside', ['steps.inside']],
    ['', []],
  ])('%s', (source, expected) => {
    expect(read(source)).toEqual(expected);
  });

  it('says where', () => {
    const [reference] = scriptReferences('return steps["draft"].text;');
    expect(reference).toMatchObject({ start: 7, end: 20, members: [{ start: 13, end: 20 }] });
  });

  it('is found in time that grows with the script', () => {
    for (const piece of ['/*', '"', '`${', '/[', 'steps.', '\\', '$', '/']) {
      expect(cpuMsOf(() => scriptReferences(piece.repeat(50_000)))).toBeLessThan(2_000);
    }
  });
});

it('renames a key in code, and nothing in its text', () => {
  const source = 'return `steps.old ${steps.old.text}` + steps?.["old"] + steps.older + "steps.old";';
  expect(renameInExpression(source, 'script', 'old', 'fresh')).toBe('return `steps.old ${steps.fresh.text}` + steps?.["fresh"] + steps.older + "steps.old";');
});
