import { describe, expect, it } from 'vitest';
import { expressionAt, spansOf } from './spans.ts';

const inner = (text: string) => spansOf(text).map((span) => text.slice(span.innerFrom, span.innerTo));

describe('expressions in a text', () => {
  it('are found without their braces and spaces', () => {
    expect(inner('Hello {{ input.name }}, {{vars.x}}!')).toEqual(['input.name', 'vars.x']);
  });

  it('do not end at braces in quotes', () => {
    expect(inner('{{ "}}" + input.a }}')).toEqual(['"}}" + input.a']);
  });

  it('are kept before one that is not closed', () => {
    expect(inner('{{ a }} and {{ b')).toEqual(['a']);
  });

  it('include the one being typed at a position', () => {
    const text = 'x {{ input.a }} y {{ st';
    expect(expressionAt(text, 1)).toBeUndefined();
    expect(expressionAt(text, 8)).toBe(4);
    expect(expressionAt(text, 16)).toBeUndefined();
    expect(expressionAt(text, text.length)).toBe(20);
  });
});
