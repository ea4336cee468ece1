import { describe, expect, it } from 'vitest';
import { bodyKind, curlFor, sampleName } from './call-words.ts';

describe('a caught call in words', () => {
  it.each([
    ['application/json; charset=utf-8', 'JSON'],
    ['application/problem+json', 'JSON'],
    ['application/x-www-form-urlencoded', 'form'],
    ['text/plain', 'text'],
    ['image/png', 'image/png'],
    ['', 'no body'],
  ])('calls %s %s', (type, word) => {
    expect(bodyKind(type)).toBe(word);
  });

  it('names a sample by its first words', () => {
    expect(sampleName({ at: '2026-11-20T10:00:00.000Z', body: { id: 4, message: ' Please refund\nmy last order, it broke ' } })).toBe(
      'Please refund my last order, it…',
    );
    expect(sampleName({ at: '2026-11-20T10:00:00.000Z', body: [1] })).toBe('Call of 2026-11-20 10:00');
  });

  it('writes a command that the shell reads as it is meant', () => {
    expect(curlFor('http://127.0.0.1:4310/hooks/test/x', { message: "it's" })).toBe(
      "curl http://127.0.0.1:4310/hooks/test/x \\\n  -H 'content-type: application/json' \\\n  -d '{\"message\":\"it'\\''s\"}'",
    );
  });
});
