import { expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { type Door, takeDoor } from './door.ts';

const log = createLog('silent');
const take = (port: number, portIsDefault: boolean): Promise<Door> => takeDoor({ host: '127.0.0.1', port, portIsDefault }, log);

test('a default port that is taken gives way to a free one above it, an explicit one does not', async () => {
  const other = await take(0, false);
  const door = await take(other.port, true);
  expect(door.port).toBeGreaterThan(other.port);
  await expect(take(other.port, false)).rejects.toThrow(`PORT ${other.port} is in use`);
  await Promise.all([other.close(), door.close()]);
});

test('before it is opened and after it is shut, callers are told to come back', async () => {
  const door = await take(0, false);
  const starting = await fetch(door.address);
  expect([starting.status, starting.headers.get('retry-after')]).toEqual([503, '1']);
  door.open((_request, response) => response.end('open'));
  expect(await (await fetch(door.address)).text()).toBe('open');
  door.shut();
  await expect(fetch(door.address)).rejects.toThrow();
  await door.close();
});
