import { describe, expect, it } from 'vitest';
import { bodyKind, curlFor, outcomeLabel, sampleName } from './request-labels.ts';

describe('a received request', () => {
  it.each([
    ['application/json; charset=utf-8', 'JSON'],
    ['application/problem+json', 'JSON'],
    ['application/x-www-form-urlencoded', 'form'],
    ['text/plain', 'text'],
    ['image/png', 'image/png'],
    ['', 'no body'],
  ])('calls %s %s', (type, word) => {
    expect(bodyKind({ contentType: type })).toBe(word);
  });

  it('is called JSON if it was read as JSON, whatever curl declares', () => {
    expect(bodyKind({ contentType: 'application/x-www-form-urlencoded', readAs: 'json' })).toBe('JSON');
    expect(bodyKind({ contentType: '', readAs: 'query' })).toBe('query');
  });

  it('names a sample by its first words', () => {
    expect(sampleName({ at: '2026-11-20T10:00:00.000Z', body: { id: 4, message: ' Please refund\nmy last order, it broke ' } })).toBe(
      'Please refund my last order, it…',
    );
    expect(sampleName({ at: '2026-11-20T10:00:00.000Z', body: [1] })).toBe('Request of 2026-11-20 10:00');
  });

  it('becomes a command that the shell reads as intended', () => {
    expect(curlFor('http://127.0.0.1:4310/hooks/test/x', { message: "it's" })).toBe(
      "curl http://127.0.0.1:4310/hooks/test/x \\\n  -H 'content-type: application/json' \\\n  -d '{\"message\":\"it'\\''s\"}'",
    );
  });

  it('sends a text sample as text, even one that starts with @', () => {
    expect(curlFor('http://127.0.0.1:4310/hooks/test/x', "@home, it's\nlate")).toBe(
      "curl http://127.0.0.1:4310/hooks/test/x \\\n  -H 'content-type: text/plain; charset=utf-8' \\\n  --data-raw '@home, it'\\''s\nlate'",
    );
  });
});

describe('the outcome of a request', () => {
  const call = { kind: 'live', method: 'POST', status: 200, code: null, runId: 'run_1', repeated: false, resent: false, durationMs: 412 } as const;
  it.each([
    [call, 'POST · 412 ms'],
    [{ ...call, kind: 'test', repeated: true } as const, 'test · POST · duplicate, same run · 412 ms'],
    [{ ...call, status: 401, code: 'bad-signature', runId: null }, 'POST · Missing or invalid signature'],
    [{ ...call, status: null, durationMs: null }, 'POST · no response yet'],
    [{ ...call, status: 499 }, 'POST · caller disconnected · 412 ms'],
  ])('%j', (delivery, words) => expect(outcomeLabel(delivery)).toBe(words));
});
