import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { crossesFloors, crowdedFolders, mutualFolders } from './client-floors.ts';
import { importCycles } from './import-cycles.ts';

/*
 * Imports flow one way (docs/architecture.md): client → nodes → shared, server → nodes → shared. Within the server, the engine knows
 * only shared and nodes, and only egress opens connections. Within the client, imports go down the floors. No file takes part in an
 * import cycle. Prints each import that breaks a rule, and exits 1.
 */

interface Rule {
  /** Files it is about: the beginning of their paths. */
  readonly in: string;
  /** What they may import of ours: beginnings of paths. */
  readonly may: readonly string[];
  readonly why: string;
}

/** The first rule that fits a file is its rule. */
const RULES: readonly Rule[] = [
  { in: 'shared/', may: ['shared/'], why: 'shared is the language of both sides and imports nothing of ours' },
  { in: 'nodes/', may: ['nodes/', 'shared/'], why: 'nodes are loaded by the page too: only shared' },
  { in: 'client/ui/', may: ['client/ui/', 'shared/json.ts'], why: 'ui knows nothing of workflows, runs or the server' },
  { in: 'client/', may: ['client/', 'nodes/', 'shared/'], why: 'the page reaches the server only over HTTP and sockets' },
  { in: 'server/engine/', may: ['server/engine/', 'nodes/', 'shared/'], why: 'the engine knows no Express, database, socket or provider' },
  { in: 'server/store/', may: ['server/store/', 'shared/'], why: 'a store knows records, not use cases' },
  { in: 'server/egress/', may: ['server/egress/', 'nodes/sdk/', 'shared/'], why: 'egress opens connections and knows no use case' },
  {
    in: 'server/services/',
    may: ['server/services/', 'server/engine/', 'server/store/', 'server/models/', 'server/secrets/', 'server/egress/', 'server/log.ts', 'nodes/', 'shared/'],
    why: 'use cases know no HTTP and no sockets',
  },
  { in: 'server/', may: ['server/', 'nodes/', 'shared/', 'templates/'], why: 'the server knows neither page nor tests' },
];

/** Packages that only some places may import. */
const PACKAGES: readonly { readonly name: RegExp; readonly only: readonly string[]; readonly except?: string }[] = [
  { name: /^react$|^react-dom|^@mantine|^@xyflow/, only: ['client/', 'bench/floors/'], except: 'client/graph-editing/' },
  { name: /^express$|^helmet$/, only: ['server/http/', 'bench/', 'server/main.ts'] },
  { name: /^socket\.io$/, only: ['server/realtime/'] },
  { name: /^mongoose$/, only: ['server/store/mongo/'] },
  { name: /^node:sqlite$/, only: ['server/store/sqlite/', 'server/data-dir/', 'bench/', 'test/'] },
  { name: /^undici$/, only: ['server/egress/', 'server/http/hooks/', 'test/', 'bench/'] },
  { name: /^openai$|^@anthropic-ai\/sdk$/, only: ['server/models/', 'test/'] },
];

const IMPORT = /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g;

const sources = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', '*.ts', '*.tsx', '*.css'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => existsSync(file) && file !== '' && !/\.test(-suite)?\.tsx?$/.test(file));
const files = sources.filter((file) => !file.endsWith('.css'));
const imports = new Map(files.map((file) => [file, importsOf(file)]));
const ours = new Map([...imports].map(([file, names]) => [file, names.flatMap((name) => pathOf(file, name) ?? [])]));

const wrong = [
  ...files.flatMap(checkFile),
  ...[...ours].flatMap(([file, targets]) => targets.flatMap((target) => crossesFloors(file, target))),
  ...mutualFolders(ours),
  ...crowdedFolders(sources),
  ...importCycles(ours).map((cycle) => `import cycle: ${cycle.join(' → ')}`),
];
for (const line of wrong) console.error(line);
console.log(wrong.length === 0 ? `boundaries hold in ${files.length} files` : `${wrong.length} imports cross a boundary`);
process.exit(wrong.length === 0 ? 0 : 1);

function checkFile(file: string): string[] {
  const rule = RULES.find((candidate) => file.startsWith(candidate.in));
  return (imports.get(file) ?? []).flatMap((name) => {
    const path = pathOf(file, name);
    if (path === undefined) return checkPackage(file, name);
    return !rule || rule.may.some((start) => path.startsWith(start)) ? [] : [`${file} imports ${path}: ${rule.why}`];
  });
}

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** The path within the project of one of our own imports; undefined for packages. */
function pathOf(file: string, name: string): string | undefined {
  if (name.startsWith('.')) return normalize(join(dirname(file), name));
  return name.startsWith('@switchyard/') ? name.slice('@switchyard/'.length) : undefined;
}

function checkPackage(file: string, name: string): string[] {
  const rule = PACKAGES.find((candidate) => candidate.name.test(name));
  if (!rule) return [];
  const allowed = rule.only.some((start) => file.startsWith(start)) && !(rule.except && file.startsWith(rule.except));
  return allowed ? [] : [`${file} imports ${name}; only ${rule.only.join(', ')} may${rule.except ? `, but not ${rule.except}` : ''}`];
}
