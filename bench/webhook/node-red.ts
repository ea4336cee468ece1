import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../process/child.ts';

const VERSION = '5';
/** Kept between measurements: installing takes longer than measuring. */
const FOLDER = join(homedir(), '.cache', 'switchyard-bench', `node-red-${VERSION}`);
const PORT = 18_899;

/** The order workflow as a flow: HTTP in, a function that adds `cents`, a switch on the amount, and the response. */
const FLOWS = [
  { id: 'orders', type: 'tab', label: 'orders' },
  { id: 'in', type: 'http in', z: 'orders', url: '/order', method: 'post', wires: [['reckon']] },
  {
    id: 'reckon',
    type: 'function',
    z: 'orders',
    func: 'msg.payload = { order: msg.payload, cents: Math.round(msg.payload.amount * 100) };\nreturn msg;',
    outputs: 1,
    wires: [['size']],
  },
  {
    id: 'size',
    type: 'switch',
    z: 'orders',
    property: 'payload.order.amount',
    propertyType: 'msg',
    rules: [{ t: 'gte', v: '100', vt: 'num' }, { t: 'else' }],
    checkall: 'false',
    outputs: 2,
    wires: [['high'], ['low']],
  },
  branch('high'),
  branch('low'),
  { id: 'out', type: 'http response', z: 'orders', statusCode: '200', wires: [] },
];

function branch(name: string) {
  return { id: name, type: 'function', z: 'orders', func: `msg.payload.branch = '${name}';\nreturn msg;`, outputs: 1, wires: [['out']] };
}

const SETTINGS = `module.exports = { uiPort: ${PORT}, uiHost: '127.0.0.1', httpAdminRoot: false, flowFile: 'flows.json', logging: { console: { level: 'warn' } }, telemetry: { enabled: false } };`;

/** Installs Node-RED from npm if it is not there yet, and starts it with the order flow. It stores nothing per request. Undefined if it cannot be installed. */
export async function startNodeRed(folder: string) {
  if (!install()) return undefined;
  writeFileSync(join(folder, 'flows.json'), JSON.stringify(FLOWS));
  writeFileSync(join(folder, 'settings.js'), SETTINGS);
  const red = join(FOLDER, 'node_modules', 'node-red', 'red.js');
  const script = `require(${JSON.stringify(red)}); const look = () => fetch('http://127.0.0.1:${PORT}/order', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"amount":1}' }).then((r) => (r.status === 200 ? console.log('http://127.0.0.1:${PORT}/') : setTimeout(look, 200)), () => setTimeout(look, 200)); look();`;
  return startChild({
    file: process.execPath, // Node-RED skips the first two arguments, as if the second were its own file.
    args: ['-e', script, '--', 'node-red', '--userDir', folder, '--settings', join(folder, 'settings.js')],
  });
}

function install(): boolean {
  if (existsSync(join(FOLDER, 'node_modules', 'node-red', 'red.js'))) return true;
  process.stderr.write('  installing Node-RED\n');
  mkdirSync(FOLDER, { recursive: true });
  try {
    execFileSync('npm', ['install', '--prefix', FOLDER, '--no-audit', '--no-fund', '--omit=optional', `node-red@${VERSION}`], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write('  Node-RED could not be installed: measured without it\n');
    return false;
  }
}
