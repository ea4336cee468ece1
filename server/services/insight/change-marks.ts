import type { ChangeMark } from '@switchyard/shared/contracts/insight/insight.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { Range } from '../../insight/read/read-roll-ups.ts';
import { workflows } from '../../store/collections.ts';
import { type ChangeRecord, changes } from '../../store/registry-collections.ts';
import type { ServiceContext } from '../context.ts';

/* What changed in a time that figures may show: released versions, moved labels of prompts, and routes, from the audit trail (S68). */

const KINDS = ['release', 'prompt', 'route'] as const;
/** Read of each kind. */
const MOST_READ = 200;
const MOST = 50;

/** The latest changes, oldest first. With a workflow: its releases, and the prompts and routes of its draft. */
export async function changeMarks({ store }: ServiceContext, { from, to }: Range, workflowId: string | undefined): Promise<ChangeMark[]> {
  const uses = workflowId === undefined ? undefined : await usesOf(store, workflowId);
  const found = await Promise.all(
    KINDS.map((subjectKind) =>
      store.find(changes, {
        where: { subjectKind },
        range: { field: 'at', from, to },
        order: { field: 'at', descending: true },
        limit: MOST_READ,
        aside: true,
      }),
    ),
  );
  const marks = found.flatMap(({ items }) =>
    items.flatMap((change): ChangeMark[] => {
      const mark = change.applied === false || (uses && !uses.has(change.subject)) ? undefined : markOf(change);
      return mark ? [{ at: change.at, ...mark }] : [];
    }),
  );
  return marks.sort((one, other) => (one.at < other.at ? -1 : 1)).slice(-MOST);
}

/** The subjects of changes that concern a workflow. */
async function usesOf(store: ServiceContext['store'], workflowId: string): Promise<ReadonlySet<string>> {
  const draft = (await store.get(workflows, workflowId))?.draft;
  return new Set([`release:${workflowId}`, ...(draft?.nodes ?? []).flatMap(namesIn)]);
}

function namesIn({ data: { params } }: GraphNode): string[] {
  const prompt = isPlainObject(params.prompt) && typeof params.prompt.name === 'string' ? [`prompt:${params.prompt.name}`] : [];
  return typeof params.route === 'string' ? [...prompt, `route:${params.route}`] : prompt;
}

function markOf({ subjectKind, subjectId, action, before, after }: ChangeRecord): Omit<ChangeMark, 'at'> | undefined {
  if (subjectKind === 'release') return releaseMark(versionsIn(before), versionsIn(after));
  if (subjectKind === 'route') return action === 'create' || action === 'delete' ? undefined : { kind: 'route', text: `route ${subjectId}` };
  if (action !== 'move-label' || !isPlainObject(after)) return undefined;
  return { kind: 'prompt', text: `prompt ${subjectId} v${String(after.version)}` };
}

type Versions = readonly { readonly version: number; readonly weight: number }[];
const versionsIn = (value: unknown): Versions => (isPlainObject(value) && Array.isArray(value.versions) ? (value.versions as Versions) : []);

/** The version whose share changed the most to its benefit. */
function releaseMark(before: Versions, after: Versions): Omit<ChangeMark, 'at'> | undefined {
  const gains = after.map(({ version, weight }) => ({ version, weight, gain: weight - (before.find((known) => known.version === version)?.weight ?? 0) }));
  const [first] = gains.filter(({ gain }) => gain > 0).sort((one, other) => other.gain - one.gain);
  return first && { kind: 'version', text: first.weight === 100 ? `v${first.version} live` : `v${first.version} at ${first.weight}%` };
}
