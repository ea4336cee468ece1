import type { AuthorityGroupView, AuthorityLabel, NodeAuthority } from '@switchyard/shared/contracts/evaluation/authority.ts';
import { rateOf, upperBound } from '../../evaluation/authority/evidence.ts';
import { alphaOf, FIRST_LOOK } from '../../evaluation/authority/group.ts';
import { rareGroups } from '../../evaluation/authority/rare-groups.ts';
import { curveOf, proposedThreshold } from '../../evaluation/authority/threshold.ts';
import { type AuthorityGroup, type AuthorityRecord, authorities, authorityLabels } from '../../store/evaluation/authority-collections.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { newAuthority, rulesFor } from './count-label.ts';
import { type AuthoritySettings, liveSettings } from './settings.ts';

/* How much of its reviews a person sees, as the API shows it (S84). */

const DAYS = 28;

/** The state of a review node. One without labels has an empty one. Throws `not-found` without the workflow. */
export async function getAuthority(context: ServiceContext, workflowId: string, nodeKey: string): Promise<NodeAuthority> {
  await getWorkflowRecord(context, workflowId);
  const record =
    (await context.store.get(authorities, `${workflowId}:${nodeKey}`)) ??
    newAuthority({ workspaceId: context.workspaceId, workflowId, nodeKey }, timestamp(context));
  return authorityView(record, await liveSettings(context.store, workflowId, nodeKey), context.now());
}

function authorityView(record: AuthorityRecord, settings: AuthoritySettings | undefined, now: Date): NodeAuthority {
  const { workflowId, nodeKey, revision, groups, rare, confidences, changes } = record;
  const { share: _share, hasConfidence = false, ...shown } = settings ?? {};
  const members = settings ? rareGroups(groups.filter(({ name }) => !settings.locked.includes(name))).map(({ name }) => name) : [];
  const curve = hasConfidence ? curveOf(confidences) : [];
  return {
    workflowId,
    nodeKey,
    revision,
    settings: settings ? (shown as NodeAuthority['settings']) : null,
    groups: settings ? groups.map((group) => groupView(group, { settings, record, members, now })) : [],
    rare: rare.proposal && members.length > 1 ? { proposal: rare.proposal, groups: members } : null,
    curve,
    threshold: (settings && proposedThreshold(curve, settings.target / 100)) ?? null,
    changes,
  };
}

interface Shown {
  readonly settings: AuthoritySettings;
  readonly record: AuthorityRecord;
  readonly members: readonly string[];
  readonly now: Date;
}

function groupView({ name, state, isSet, drift, weeks }: AuthorityGroup, { settings, record, members, now }: Shown): AuthorityGroupView {
  const { evidence, looks, proposal } = state;
  const isLocked = settings.locked.includes(name);
  const share = isLocked ? 100 : Math.max(settings.floor, isSet ? state.share : settings.share);
  const isEnough = evidence.labels >= FIRST_LOOK;
  const alpha = alphaOf(Math.max(0, looks - 1), rulesFor(record, settings).groups);
  return {
    name,
    share,
    isLocked,
    labels: evidence.labels,
    wrong: evidence.wrong,
    rate: rateOf(evidence),
    bound: isEnough ? (proposal?.bound ?? upperBound(evidence, alpha)) : null,
    proposal,
    isRare: members.includes(name),
    drift,
    weeks,
    savedPerDay: proposal && saved(weeks, share, proposal.share, now),
  };
}

/** Reviews per day that a lower share saves, by the last four weeks. */
function saved(weeks: AuthorityGroup['weeks'], share: number, to: number, now: Date): number {
  const since = new Date(now.getTime() - DAYS * 86_400_000).toISOString().slice(0, 10);
  const counted = weeks.filter(({ week }) => week >= since);
  const first = counted[0];
  if (!first) return 0;
  const days = Math.max(1, (now.getTime() - Date.parse(first.week)) / 86_400_000);
  const labels = counted.reduce((sum, week) => sum + week.labels, 0);
  return (labels / days) * (1 - to / share);
}

interface LabelFilter {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly group?: string | undefined;
  readonly wrong?: 'true' | 'false' | undefined;
}

/** Drawn reviews of a node, newest first. Throws `not-found`. */
export async function listLabels(context: ServiceContext, workflowId: string, nodeKey: string, { limit, cursor, group, wrong }: LabelFilter) {
  await getWorkflowRecord(context, workflowId);
  const filter = { ...(group !== undefined && { group }), ...(wrong !== undefined && { wrong: wrong === 'true' }) };
  const page = await context.store.find(authorityLabels, {
    where: { nodeId: `${workflowId}:${nodeKey}`, ...filter },
    order: { field: 'at', descending: true },
    limit,
    ...(cursor !== undefined && { cursor }),
  });
  const items = page.items.map(({ workspaceId: _w, workflowId: _f, nodeId: _n, pendingAt: _p, ...label }): AuthorityLabel => label);
  return { items, nextCursor: page.nextCursor };
}
