import { getRun, listRuns } from '@switchyard/shared/contracts/runs.ts';
import { describe, expect, it } from 'vitest';
import { errorOf } from './api-error.ts';
import { urlOf } from './call.ts';

describe('errorOf', () => {
  it('reads problem+json, with additional members as details', () => {
    const error = errorOf(409, {
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      detail: 'Saved by another tab.',
      code: 'revision-conflict',
      draftRevision: 7,
    });
    expect(error).toMatchObject({
      code: 'revision-conflict',
      status: 409,
      detail: 'Saved by another tab.',
      message: 'Saved by another tab.',
      details: { draftRevision: 7 },
    });
  });

  it('keeps the errors of individual fields', () => {
    const errors = [{ path: 'name', message: 'is empty' }];
    expect(errorOf(400, { title: 'Bad', status: 400, detail: '', code: 'bad-request', errors })).toMatchObject({ detail: 'Bad', errors });
  });

  it.each([undefined, '<html>', { error: 'x' }])('says what it can about an answer that is not ours (%j)', (body) => {
    const error = errorOf(502, body);
    expect(error.code).toBe('internal');
    expect(error.detail).toContain('502');
  });
});

describe('urlOf', () => {
  it('inserts params into the path, encoded', () => expect(urlOf(getRun, { id: 'a/b c' })).toBe('/api/runs/a%2Fb%20c'));
  it('omits unset params', () =>
    expect(urlOf(listRuns, {}, { status: 'failed', search: '', from: undefined, limit: 50 })).toBe('/api/runs?status=failed&limit=50'));
});
