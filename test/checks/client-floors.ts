import { dirname } from 'node:path';

/*
 * The client's floors, from the bottom up. A room imports itself and rooms on lower floors, never one above or on the same floor. Inside a
 * room, two folders never import each other.
 */

const FLOORS: readonly (readonly string[])[] = [
  ['ui', 'theme'],
  ['api'],
  ['live', 'files'],
  ['frame', 'node-look', 'run-look', 'text-changes'],
  ['kill-switches', 'alerts', 'tries'],
  ['graph-editing'],
  ['open-workflow'],
  ['expressions'],
  ['form', 'step-details', 'run-compare', 'node-menu'],
  ['canvas', 'inspector', 'run-panel', 'webhook-panel', 'triggers-panel', 'sharing'],
  ['workbench'],
  ['versions'],
  [
    'editor',
    'run-page',
    'shared-page',
    'runs',
    'reviews',
    'prompts',
    'models',
    'usage',
    'insight',
    'policies',
    'state',
    'tables',
    'evaluate',
    'release',
    'replays',
    'audit',
    'inventory',
    'settings',
    'system',
    'templates',
    'workflows',
    'sign-in',
    'palette',
  ],
  ['app'],
  ['main.tsx', 'vite.config.ts'],
];
const FLOOR_OF = new Map(FLOORS.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)));

/** Describes what is wrong with an import inside the client. Empty if it is allowed. */
export function crossesFloors(file: string, target: string): string[] {
  const from = roomOf(file);
  const to = roomOf(target);
  if (from === undefined || to === undefined || from === to) return [];
  const [above, below] = [FLOOR_OF.get(from), FLOOR_OF.get(to)];
  if (above === undefined) return [`${file}: the room client/${from} has no floor; give it one in test/checks/client-floors.ts`];
  if (below !== undefined && below < above) return [];
  return [`${file} imports ${target}: client imports go down (${from} is on floor ${above}, ${to} on floor ${below ?? '?'})`];
}

/** Pairs of client folders that import each other. */
export function mutualFolders(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const seen = new Map<string, string>();
  for (const [file, targets] of imports) {
    for (const target of targets) {
      if (roomOf(file) !== undefined && dirname(file) !== dirname(target)) seen.set(`${dirname(file)} ${dirname(target)}`, `${file} → ${target}`);
    }
  }
  return [...seen].flatMap(([pair, example]) => {
    const [a, b] = pair.split(' ');
    const back = seen.get(`${b} ${a}`);
    return back !== undefined && a !== undefined && b !== undefined && a < b ? [`${a} and ${b} import each other: ${example}, ${back}`] : [];
  });
}

const MOST_FILES = 25;
const PRODUCT = /^(?:client|server|shared|nodes)\//;

/** Product folders with too many source files to read at a glance. Style sheets count. */
export function crowdedFolders(files: readonly string[]): string[] {
  const counts = Map.groupBy(
    files.filter((file) => PRODUCT.test(file)),
    (file) => dirname(file),
  );
  return [...counts].flatMap(([folder, held]) =>
    held.length > MOST_FILES ? [`${folder} has ${held.length} source files; split it into named folders of at most ${MOST_FILES} files`] : [],
  );
}

/** The folder directly under `client/`, or the file there. */
const roomOf = (path: string): string | undefined => (path.startsWith('client/') ? path.split('/')[1] : undefined);
