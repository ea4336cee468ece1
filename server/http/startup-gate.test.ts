import { expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { openStartupGate, type StartupGate } from './startup-gate.ts';

const log = createLog('silent');
const openOn = (port: number, portIsDefault: boolean): Promise<StartupGate> => openStartupGate({ host: '127.0.0.1', port, portIsDefault }, log);

test('moves on from a taken port only if it is the default', async () => {
  const other = await openOn(0, false);
  const gate = await openOn(other.port, true);
  expect(gate.port).toBeGreaterThan(other.port);
  await expect(openOn(other.port, false)).rejects.toThrow(`PORT ${other.port} is in use`);
  await Promise.all([other.close(), gate.close()]);
});

test('rejects requests with 503 before it opens and after it shuts', async () => {
  const gate = await openOn(0, false);
  const starting = await fetch(gate.address);
  expect([starting.status, starting.headers.get('retry-after')]).toEqual([503, '1']);
  gate.open((_request, response) => response.end('open'));
  expect(await (await fetch(gate.address)).text()).toBe('open');
  gate.shut();
  await expect(fetch(gate.address)).rejects.toThrow();
  await gate.close();
});
