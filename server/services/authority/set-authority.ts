import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type { AuthorityChange, NodeAuthority, setAuthority as setAuthorityContract } from '@switchyard/shared/contracts/evaluation/authority.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { acceptShare, fullReview } from '../../evaluation/authority/group.ts';
import { evidenceOf, rareGroups } from '../../evaluation/authority/rare-groups.ts';
import { type AuthorityGroup, type AuthorityRecord, authorities } from '../../store/evaluation/authority-collections.ts';
import { actorOf } from '../caller.ts';
import { recordChange } from '../changes/record-change.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { withChange } from './count-label.ts';
import { getAuthority } from './get-authority.ts';
import { liveSettings } from './settings.ts';

type Body = BodyOf<typeof setAuthorityContract>;

/**
 * Accepts a proposal, puts it off, or takes a group back to full review (S84). Throws `bad-request` if less was not proposed, and
 * `revision-conflict` if the evidence has changed since.
 */
export async function setAuthority(context: ServiceContext, workflowId: string, nodeKey: string, body: Body): Promise<NodeAuthority> {
  await getWorkflowRecord(context, workflowId);
  const { store, workspaceId } = context;
  const record = await store.get(authorities, `${workflowId}:${nodeKey}`);
  const settings = await liveSettings(store, workflowId, nodeKey);
  if (!record || !settings) throw new AppError('not-found', `“${nodeKey}” has no evidence yet.`);
  const { revision } = record;
  if (body.revision !== undefined && body.revision !== revision)
    throw new AppError('revision-conflict', 'More reviews were counted in the meantime. Reload the figures, then try again.', { details: { revision } });
  const open = record.groups.filter(({ name }) => !settings.locked.includes(name));
  const chosen = body.group === null ? rareGroups(open) : record.groups.filter(({ name }) => name === body.group);
  if (chosen.length === 0) throw new AppError('not-found', `Group “${body.group ?? 'rare groups'}” not found.`);
  const fields =
    body.share === undefined ? putOff(record, chosen, body) : shareOf(context, record, chosen, { ...body, share: body.share, target: settings.target / 100 });
  const apply = () => store.update(authorities, record.id, { ...fields, revision: revision + 1, updatedAt: timestamp(context) }, { equal: { revision } });
  const first = fields.changes?.[0];
  if (!first) {
    if (!(await apply())) throw new AppError('revision-conflict', 'More reviews were counted in the meantime. Reload the figures, then try again.');
    return getAuthority(context, workflowId, nodeKey);
  }
  const { from, to, labels, wrong } = first;
  const subject = { kind: 'authority', id: record.id } as const;
  const named = { groups: chosen.map(({ name }) => name) };
  const said = { before: { ...named, share: from }, after: { ...named, share: to, labels, wrong }, reason: body.reason, revision: revision + 1 };
  await recordChange(context, { workspaceId, actor: actorOf(context.caller), subject, action: to < from ? 'widen' : 'narrow', ...said }, apply);
  return getAuthority(context, workflowId, nodeKey);
}

const proposalOf = ({ rare, groups }: AuthorityRecord, group: string | null) =>
  group === null ? rare.proposal : (groups.find(({ name }) => name === group)?.state.proposal ?? null);

/** Without a proposal, until there is more evidence. */
function putOff({ groups, rare }: AuthorityRecord, chosen: readonly AuthorityGroup[], { group }: Body): Partial<AuthorityRecord> {
  if (group === null) return { rare: { ...rare, proposal: null } };
  return {
    groups: groups.map((one) => (chosen.includes(one) ? { ...one, dismissedAt: one.state.lookedAt, state: { ...one.state, proposal: null } } : one)),
  };
}

interface Share {
  readonly group: string | null;
  readonly share: number;
  readonly target: number;
  readonly reason?: string | undefined;
}

/** With another share: the proposed one, or 100. */
function shareOf(
  context: ServiceContext,
  record: AuthorityRecord,
  chosen: readonly AuthorityGroup[],
  { group, share, target, reason }: Share,
): Partial<AuthorityRecord> {
  const proposal = proposalOf(record, group);
  if (share < 100 && proposal?.share !== share)
    throw new AppError('bad-request', proposal ? `${proposal.share}% is proposed, not ${share}%.` : 'No reduced review is proposed for this group.');
  const evidence = evidenceOf(chosen);
  const groups = record.groups.map((one): AuthorityGroup => {
    if (!chosen.includes(one)) return one;
    const state = share < 100 ? acceptShare(one.state, share, target, evidence) : fullReview(one.state);
    return { ...one, state, isSet: true, dismissedAt: null, drift: share < 100 ? null : one.drift };
  });
  const [first] = chosen;
  const change: AuthorityChange = {
    at: timestamp(context),
    actor: actorOf(context.caller),
    group: chosen.map(({ name }) => name).join(', '),
    from: first?.state.share ?? 100,
    to: share,
    labels: evidence.labels,
    wrong: evidence.wrong,
    reason: reason ?? null,
  };
  return { groups, changes: withChange(record, change), ...(group === null && { rare: { ...record.rare, proposal: null } }) };
}
