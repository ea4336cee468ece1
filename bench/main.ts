import { authority } from './authority/authority.ts';
import { backup } from './backup/backup.ts';
import { drag } from './canvas/drag.ts';
import { panAndZoom } from './canvas/pan-and-zoom.ts';
import { script } from './canvas/script.ts';
import { handOver } from './cluster/hand-over.ts';
import { idle } from './cluster/idle.ts';
import { runCost } from './cluster/run-cost.ts';
import { scale } from './cluster/scale.ts';
import { wake } from './cluster/wake.ts';
import { webhookMongo } from './cluster/webhook-mongo.ts';
import { fan400 } from './code/fan-400.ts';
import { fib40 } from './code/fib-40.ts';
import { evidence } from './evidence/evidence.ts';
import { type Figure, table } from './figure.ts';
import { forEach } from './for-each/for-each.ts';
import { forEachPage } from './for-each/page.ts';
import { rollup } from './insight/rollup.ts';
import { layer } from './models/layer.ts';
import { outage } from './models/outage.ts';
import { streams } from './models/streams.ts';
import { redact } from './redact/redact.ts';
import { replay } from './replay/replay.ts';
import { rollback } from './rollback/rollback.ts';
import { cold } from './start/cold.ts';
import { memory } from './start/memory.ts';
import { warm } from './start/warm.ts';
import { tests } from './tests/tests.ts';
import { typing } from './typing/typing.ts';
import { sleep10k } from './waiting/sleep-10k.ts';
import { waiting } from './waiting/waiting.ts';
import { accepted } from './webhook/accepted.ts';
import { bytes } from './webhook/bytes.ts';
import { latency } from './webhook/latency.ts';
import { webhook } from './webhook/webhook.ts';

/*
 * `pnpm bench [name…] [--json]`: measures and prints a table, or only the figures as JSON with --json, on standard output. Progress
 * goes to standard error. Exits with 1 if a measurement failed or a checked response was wrong. A missed goal is shown and does not
 * change the exit code.
 */

const MEASUREMENTS: Readonly<Record<string, () => Promise<Figure[]>>> = {
  webhook,
  latency,
  accepted,
  bytes,
  start: warm,
  'start-cold': cold,
  memory,
  'for-each': forEach,
  'for-each-page': forEachPage,
  'sleep-10k': sleep10k,
  waiting,
  redact,
  evidence,
  'fib-40': fib40,
  'fan-400': fan400,
  outage,
  layer,
  streams,
  'webhook-mongo': webhookMongo,
  scale,
  'hand-over': handOver,
  wake,
  idle,
  'run-cost': runCost,
  backup,
  rollup,
  replay,
  rollback,
  authority,
  tests,
  typing,
  canvas: async () => [...(await script()), ...(await drag()), ...(await panAndZoom())],
};
/** These take minutes, or need MongoDB and Redis (TEST_MONGODB_URI, TEST_REDIS_URL), so they run only if named. */
const ONLY_BY_NAME = new Set([
  'start-cold',
  'sleep-10k',
  'waiting',
  'tests',
  'webhook-mongo',
  'scale',
  'hand-over',
  'wake',
  'idle',
  'run-cost',
  'backup',
  'rollup',
  'replay',
  'rollback',
  'authority',
]);

const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const flags = new Set(process.argv.slice(2).filter((word) => word.startsWith('--')));

function chosenNames(): string[] {
  const unknown = [...asked.filter((name) => !Object.hasOwn(MEASUREMENTS, name)), ...[...flags].filter((flag) => flag !== '--json' && flag !== '--cold')];
  if (unknown.length > 0) throw new Error(`Unknown measurement “${unknown[0]}”. Choose from ${Object.keys(MEASUREMENTS).join(', ')}; --json, --cold.`);
  const names = asked.length > 0 ? asked : Object.keys(MEASUREMENTS).filter((name) => !ONLY_BY_NAME.has(name));
  return flags.has('--cold') && !names.includes('start-cold') ? [...names, 'start-cold'] : names;
}

async function run(): Promise<void> {
  const figures: Figure[] = [];
  for (const name of chosenNames()) {
    process.stderr.write(`${name} …\n`);
    figures.push(...((await MEASUREMENTS[name]?.()) ?? []));
  }
  process.stdout.write(`${flags.has('--json') ? JSON.stringify(figures) : table(figures)}\n`);
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
