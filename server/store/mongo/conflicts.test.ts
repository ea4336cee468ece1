import mongoose from 'mongoose';
import { describe, expect, it } from 'vitest';
import { MOST_CONFLICTS, repeatedOnConflict } from './conflicts.ts';

const conflict = (message = 'deadlock detected') => new mongoose.mongo.MongoServerError({ message, code: 1 });

describe('a write that conflicts with another one', () => {
  it('is repeated until it is made', async () => {
    const outcomes = [conflict(), new mongoose.mongo.MongoServerError({ message: 'Write conflict', code: 112 })];
    const made = await repeatedOnConflict(async () => {
      const thrown = outcomes.shift();
      if (thrown) throw thrown;
      return 'made';
    });
    expect(made).toBe('made');
  });

  it('fails with the conflict when it lost too often', async () => {
    let writes = 0;
    const write = repeatedOnConflict(() => {
      writes++;
      return Promise.reject(conflict());
    });
    await expect(write).rejects.toThrow('deadlock detected');
    expect(writes).toBe(MOST_CONFLICTS + 1);
  });

  it.each([
    ['a duplicate key', new mongoose.mongo.MongoServerError({ message: 'E11000 duplicate key', code: 11_000 })],
    ['a broken connection', new mongoose.mongo.MongoNetworkError('deadlock detected')],
  ])('is not repeated after %s', async (_name, thrown) => {
    let writes = 0;
    const write = repeatedOnConflict(() => {
      writes++;
      return Promise.reject(thrown);
    });
    await expect(write).rejects.toBe(thrown);
    expect(writes).toBe(1);
  });
});
