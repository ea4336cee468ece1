import mongoose, { type mongo } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { createInsertQueue, createUpdateQueue, WriteRefused } from './bulk-queue.ts';
import type { Presence } from './presence.ts';

const { MongoBulkWriteError } = mongoose.mongo;

const there: Presence = { here: async () => undefined, whileHere: (operation) => operation };

/** A collection whose database rejects each write with this code. */
const refusing = (code: number, errmsg: string): mongoose.Collection => {
  const bulkWrite = async (operations: readonly mongo.AnyBulkWriteOperation[]): Promise<never> => {
    const writeErrors = operations.map((_, index) => ({ index, code, errmsg }) as mongo.WriteError);
    const result = { getWriteConcernError: () => undefined } as unknown as mongo.BulkWriteResult;
    throw new MongoBulkWriteError({ message: errmsg, code, writeErrors }, result);
  };
  return { bulkWrite } as unknown as mongoose.Collection;
};

const queuesOn = (collection: mongoose.Collection) => ({
  insert: () => createInsertQueue(collection, there, () => 'one').add({ _id: 'one' }),
  update: () => createUpdateQueue(collection, there).add({ id: 'one', filter: {}, update: {} }),
});

describe.each(['insert', 'update'] as const)('an %s that the database rejects', (way) => {
  it.each([
    ['because its disk is full', 14_031, 'Disk full'],
    ['for an internal error', 1, 'could not extend file: No space left on device'],
  ])('because %s can be retried', async (_, code, message) => {
    await expect(queuesOn(refusing(code, message))[way]()).rejects.toMatchObject({ code: 'not-ready', message: expect.stringContaining(message) });
  });

  it.each([
    ['because another record has its key', 11_000, 'E11000 duplicate key error'],
    ['because it is too large', 10_334, 'BSONObjectTooLarge'],
    ['because the command is wrong', 2, 'BadValue'],
  ])('because %s is rejected for good', async (_, code, message) => {
    await expect(queuesOn(refusing(code, message))[way]()).rejects.toBeInstanceOf(WriteRefused);
  });
});
