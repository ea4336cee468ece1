import { EventEmitter } from 'node:events';
import type { mongo } from 'mongoose';
import { expect, test } from 'vitest';
import { watchPresence } from './presence.ts';

/** A client that only reports what its servers are, and fails every command. */
function fakeClient() {
  let asked = 0;
  const command = async (): Promise<never> => {
    asked++;
    throw new Error('away');
  };
  const client = Object.assign(new EventEmitter(), { db: () => ({ command }) });
  const report = (isWritable: boolean) =>
    client.emit('topologyDescriptionChanged', { newDescription: { servers: new Map([['a', { isWritable, error: isWritable ? null : new Error('away') }]]) } });
  return { client: client as unknown as mongo.MongoClient, report, asked: () => asked, end: () => client.emit('topologyClosed') };
}

test('a lost server is looked for again and again, although no operation waits for it', async () => {
  const { client, report, asked, end } = fakeClient();
  const presence = watchPresence(client);
  await presence.here();
  expect(asked()).toBe(0);
  report(false);
  await expect.poll(asked, { timeout: 10_000 }).toBe(3);
  await expect.poll(() => presence.here().catch((error: Error) => error.message), { timeout: 10_000 }).toContain('away');
  report(true);
  await presence.here();
  end();
});
