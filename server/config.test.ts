import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig, SETTINGS } from './config.ts';

test('defaults to this machine only, port 4310, and data in ./data', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 4310,
    portIsDefault: true,
    publicUrl: undefined,
    dataDir: resolve('data'),
    logLevel: 'info',
    egressAllow: [],
  });
});

test('treats an empty variable as unset', () => {
  expect(readConfig({ PORT: '', HOST: '', PUBLIC_URL: '', MONGODB_URI: '', SWITCHYARD_PASSWORD: '' })).toMatchObject({ port: 4310, host: '127.0.0.1' });
});

test('parses every setting', () => {
  const env = { PORT: '0', HOST: '::1', PUBLIC_URL: 'https://flow.example.com/', EGRESS_ALLOW: ' 10.0.0.0/8, intranet ', LOG_LEVEL: 'debug' };
  expect(readConfig(env)).toMatchObject({
    port: 0,
    portIsDefault: false,
    host: '::1',
    publicUrl: 'https://flow.example.com',
    egressAllow: ['10.0.0.0/8', 'intranet'],
    logLevel: 'debug',
  });
});

test('sends email from SMTP_FROM, the user of the mail server, or a name at the public host', () => {
  expect(readConfig({}).smtp).toBeUndefined();
  const SMTP_URL = 'smtps://flow%40example.com:horse@smtp.example.com';
  expect(readConfig({ SMTP_URL }).smtp).toEqual({ url: SMTP_URL, from: 'flow@example.com' });
  expect(readConfig({ SMTP_URL, SMTP_FROM: 'Flow <alerts@example.com>' }).smtp?.from).toBe('Flow <alerts@example.com>');
  const PUBLIC_URL = 'https://flow.example.com';
  expect(readConfig({ SMTP_URL: 'smtp://flow:horse@smtp.example.com', PUBLIC_URL }).smtp?.from).toBe('switchyard@flow.example.com');
});

test('checks the usual ports for model servers, custom ones, or none', () => {
  expect(readConfig({}).modelServerPorts).toEqual([11_434, 1_234, 8_080, 8_000]);
  expect(readConfig({ MODEL_SERVER_PORTS: '9000, 9001' }).modelServerPorts).toEqual([9_000, 9_001]);
  expect(readConfig({ MODEL_SERVER_PORTS: 'none' }).modelServerPorts).toEqual([]);
});

test.each([
  ['PORT', '-1'],
  ['PORT', '4310.5'],
  ['PORT', '65536'],
  ['PUBLIC_URL', 'ftp://flow.example.com'],
  ['PUBLIC_URL', 'https://me:horse@flow.example.com'],
  ['PUBLIC_URL', 'https://flow.example.com/?from=mail'],
  ['LOG_LEVEL', 'verbose'],
  ['SWITCHYARD_DEMO_DELAY_MS', 'slow'],
  ['EGRESS_ALLOW', 'http://intranet/'],
  ['SMTP_URL', 'smtp.example.com:587'],
  ['SMTP_URL', 'https://smtp.example.com'],
  ['SMTP_FROM', 'alerts'],
  ['SMTP_FROM', 'alerts@example.com\r\nBcc: eve@example.com'],
  ['HOST', '0.0.0.0'],
  ['HOST', 'flow.example.com'],
  ['OPENAI_BASE_URL', 'api.example.com/v1'],
  ['ANTHROPIC_BASE_URL', 'ftp://api.example.com'],
  ['OPENAI_BASE_URL', 'https://me:horse@api.example.com'],
  ['MODEL_SERVER_PORTS', '11434,ollama'],
  ['MODEL_SERVER_PORTS', '0'],
  ['MODEL_SERVER_PORTS', '70000'],
  ['HOST', '::'],
  ['REDIS_URL', 'redis://127.0.0.1'],
  ['REDIS_URL', 'http://127.0.0.1'],
  ['ROLE', 'web'],
  ['ROLE', 'boss'],
  ['WORKER_SLOTS', '0'],
  ['SHUTDOWN_MS', 'long'],
  ['TRUST_PROXY', 'yes'],
  ['TRUST_PROXY', '11'],
  ['TRUST_PROXY', '10.0.0.0/8, proxy'],
])('rejects %s=%s by name', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name}`));
});

test('runs one process, or several with MongoDB and Redis', () => {
  expect(readConfig({})).toMatchObject({ role: 'all', redisUrl: undefined, workerSlots: 16, shutdownMs: 10_000 });
  const cluster = { MONGODB_URI: 'mongodb://127.0.0.1/switchyard', REDIS_URL: 'redis://127.0.0.1' };
  expect(readConfig({ ...cluster, ROLE: 'worker', WORKER_SLOTS: '4', SHUTDOWN_MS: '500' })).toMatchObject({ role: 'worker', workerSlots: 4, shutdownMs: 500 });
  expect(() => readConfig({ REDIS_URL: cluster.REDIS_URL })).toThrow('Set MONGODB_URI');
  expect(() => readConfig({ MONGODB_URI: cluster.MONGODB_URI, ROLE: 'web' })).toThrow('Set MONGODB_URI and REDIS_URL');
});

test('requires a password for a host that other machines can reach, and names the setting for it', () => {
  expect(() => readConfig({ HOST: '0.0.0.0' })).toThrow('Set SWITCHYARD_PASSWORD');
  expect(readConfig({ HOST: '0.0.0.0', SWITCHYARD_PASSWORD: 'correct horse' })).toMatchObject({ host: '0.0.0.0', password: 'correct horse' });
  for (const HOST of ['127.0.0.2', 'localhost', '[::1]']) expect(readConfig({ HOST }).password, HOST).toBeUndefined();
});

test('doesn’t repeat a password from a rejected setting', () => {
  const env = { SWITCHYARD_PASSWORD: 'correct horse', TRUST_PROXY: 'yes' };
  expect(() => readConfig(env)).toThrow();
  expect(() => readConfig(env)).not.toThrow(/horse/);
});

test.each([
  ['', false],
  ['false', false],
  ['0', false],
  ['true', 1],
  ['1', 1],
  ['3', 3],
  ['loopback, 10.0.0.0/8,2001:db8::1', ['loopback', '10.0.0.0/8', '2001:db8::1']],
])('reads TRUST_PROXY=%s as %j', (TRUST_PROXY, trustProxy) => {
  expect(readConfig({ TRUST_PROXY }).trustProxy).toEqual(trustProxy);
});

test('has every setting in the README, and no other', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('## Configuration'), readme.indexOf('## What works'));
  const told = new Set(section.match(/`[A-Z][A-Z_]+`/g)?.map((name) => name.slice(1, -1)));
  expect([...told].sort()).toEqual([...SETTINGS].sort());
});
