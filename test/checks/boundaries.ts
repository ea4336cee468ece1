import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { crossesFloors, crowdedFolders, mutualFolders } from './client-floors.ts';
import { importCycles } from './import-cycles.ts';

/*
 * Checks that imports follow the layers of docs/architecture.md: client → nodes → shared and server → nodes → shared. Within the server,
 * the engine imports only shared and nodes, and only egress opens connections. Within the client, imports go down the floors. There are no
 * import cycles. Prints each violation and exits with 1.
 */

interface Rule {
  /** Path prefixes of the files that the rule covers. */
  readonly in: string;
  /** Path prefixes of the project files that they may import. */
  readonly may: readonly string[];
  readonly why: string;
}

/** The first matching rule applies. */
const RULES: readonly Rule[] = [
  { in: 'shared/', may: ['shared/'], why: 'shared is used by client and server, and imports nothing else of the project' },
  { in: 'nodes/', may: ['nodes/', 'shared/'], why: 'nodes also run in the browser: only shared' },
  { in: 'client/ui/', may: ['client/ui/', 'shared/json.ts'], why: 'ui does not know workflows, runs, or the server' },
  { in: 'client/', may: ['client/', 'nodes/', 'shared/'], why: 'the client reaches the server only over HTTP and sockets' },
  { in: 'server/engine/', may: ['server/engine/', 'nodes/', 'shared/'], why: 'the engine does not know Express, the database, sockets, or providers' },
  { in: 'server/store/', may: ['server/store/', 'server/thread-environment.ts', 'server/turns.ts', 'shared/'], why: 'a store handles records, not use cases' },
  {
    in: 'server/insight/',
    may: ['server/insight/', 'server/store/', 'server/ownership/', 'server/services/latest.ts', 'shared/'],
    why: 'figures come from records, not from use cases',
  },
  {
    in: 'server/evaluation/',
    may: ['server/evaluation/', 'server/turns.ts', 'nodes/', 'shared/'],
    why: 'graders, statistics, and decisions know no store and no HTTP',
  },
  {
    in: 'server/code/',
    may: ['server/code/', 'server/thread-environment.ts', 'server/thread-pool.ts', 'server/turns.ts', 'shared/'],
    why: 'the sandbox knows no use cases',
  },
  {
    in: 'server/documents/',
    may: ['server/documents/', 'server/thread-environment.ts', 'server/thread-pool.ts', 'server/turns.ts', 'nodes/sdk/documents.ts', 'shared/'],
    why: 'readers and writers of documents know no use cases',
  },
  { in: 'server/egress/', may: ['server/egress/', 'nodes/sdk/', 'shared/'], why: 'egress opens connections and does not know use cases' },
  { in: 'server/data-servers/', may: ['server/data-servers/', 'server/egress/', 'nodes/sdk/', 'shared/'], why: 'clients of data servers know no use cases' },
  {
    in: 'server/services/',
    may: [
      'server/services/',
      'server/evaluation/',
      'server/insight/',
      'server/redaction/',
      'server/engine/',
      'server/store/',
      'server/code/',
      'server/models/',
      'server/secrets/',
      'server/egress/',
      'server/data-servers/',
      'server/log.ts',
      'server/turns.ts',
      'nodes/',
      'shared/',
    ],
    why: 'use cases do not know HTTP or sockets',
  },
  { in: 'server/', may: ['server/', 'nodes/', 'shared/', 'templates/'], why: 'the server knows neither the client nor the tests' },
];

/** Packages that only some folders may import. */
const PACKAGES: readonly { readonly name: RegExp; readonly only: readonly string[]; readonly except?: string }[] = [
  { name: /^react$|^react-dom|^@mantine|^@xyflow/, only: ['client/', 'bench/floors/'], except: 'client/graph-editing/' },
  { name: /^express$|^helmet$/, only: ['server/http/', 'bench/', 'server/main.ts'] },
  { name: /^socket\.io$/, only: ['server/realtime/'] },
  { name: /^ioredis$|^bullmq$/, only: ['server/cluster/', 'server/data-servers/'] },
  { name: /^pg$|^pg-cursor$|^postgres-array$|^mongodb$/, only: ['server/data-servers/'] },
  { name: /^nodemailer$/, only: ['server/egress/'] },
  { name: /^mongoose$/, only: ['server/store/mongo/'] },
  { name: /^node:sqlite$/, only: ['server/store/sqlite/', 'server/data-dir/', 'bench/', 'test/'] },
  { name: /^undici$/, only: ['server/egress/', 'server/http/hooks/', 'test/', 'bench/'] },
  { name: /^openai$|^@anthropic-ai\/sdk$/, only: ['server/models/', 'test/', 'bench/models/'] },
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
console.log(wrong.length === 0 ? `all imports in ${files.length} files are allowed` : `${wrong.length} imports are not allowed`);
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

/** The project path of a relative import or workspace package; undefined for other packages. */
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
