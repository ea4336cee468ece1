import type { AuthorityChange } from '@switchyard/shared/contracts/evaluation/authority.ts';
import { newGroup, type Rules, takeLabel, withShare } from '../../evaluation/authority/group.ts';
import { lookAtRare, NO_RARE_GROUPS, rareGroups } from '../../evaluation/authority/rare-groups.ts';
import { withConfidence } from '../../evaluation/authority/threshold.ts';
import { withWeek } from '../../evaluation/authority/weeks.ts';
import type { AuthorityGroup, AuthorityLabelRecord, AuthorityRecord } from '../../store/evaluation/authority-collections.ts';
import type { AuthoritySettings } from './settings.ts';

/* Counts labels into the record of a review node (S84). Pure. */

/** Further groups are counted as one. */
const MOST_GROUPS = 50;
export const OTHER_GROUPS = 'other groups';
const MOST_CHANGES = 50;

export const newAuthority = (id: { readonly workspaceId: string; readonly workflowId: string; readonly nodeKey: string }, at: string): AuthorityRecord => ({
  ...id,
  id: `${id.workflowId}:${id.nodeKey}`,
  revision: 0,
  groups: [],
  rare: NO_RARE_GROUPS,
  confidences: [],
  counted: [],
  changes: [],
  notices: [],
  noticeAttempts: 0,
  noticeDueAt: null,
  updatedAt: at,
});

export const withChange = ({ changes }: AuthorityRecord, change: AuthorityChange): AuthorityChange[] => [change, ...changes].slice(0, MOST_CHANGES);

export const rulesFor = ({ groups, rare }: Pick<AuthorityRecord, 'groups' | 'rare'>, { target, floor, locked }: AuthoritySettings): Rules => {
  const open = groups.filter(({ name, state }) => state.share === 100 && !locked.includes(name)).length;
  // Rare groups together are one more.
  return { target: target / 100, floor, groups: open + (rare.lookedAt > 0 ? 1 : 0) };
};

export interface CountedLabel {
  readonly record: AuthorityRecord;
  /** The group went back to full review. */
  readonly drift?: AuthorityChange;
}

/** The record after a label. */
export function countLabel(record: AuthorityRecord, label: AuthorityLabelRecord, settings: AuthoritySettings): CountedLabel {
  const { wrong, probability, late, confidence } = label;
  const isKnown = record.groups.some(({ name }) => name === label.group);
  const name = isKnown || record.groups.length < MOST_GROUPS ? label.group : OTHER_GROUPS;
  const known = record.groups.find((group) => group.name === name) ?? emptyGroup(name);
  const isLocked = settings.locked.includes(name);
  const rules = rulesFor(record, settings);
  const before = known.isSet ? known.state : withShare(known.state, isLocked ? 100 : settings.share, rules.target);
  const { state, narrowed } = takeLabel(before, { wrong, probability, late }, rules);
  const drift: AuthorityChange | undefined = narrowed
    ? {
        at: label.at,
        actor: { kind: 'system', id: 'authority' },
        group: name,
        from: before.share,
        to: 100,
        labels: before.evidence.labels + (late ? 0 : 1),
        wrong: before.evidence.wrong + (wrong ? 1 : 0),
        reason: null,
      }
    : undefined;
  const isHidden = isLocked || (known.dismissedAt !== null && state.lookedAt <= known.dismissedAt);
  const group: AuthorityGroup = {
    ...known,
    state: isHidden ? { ...state, proposal: null } : state,
    isSet: known.isSet || narrowed,
    weeks: withWeek(known.weeks, label),
    drift: drift ?? known.drift,
  };
  const groups = [...record.groups.filter((one) => one !== known), group].sort((one, other) => (one.name < other.name ? -1 : 1));
  const open = groups.filter((one) => !settings.locked.includes(one.name));
  return {
    record: {
      ...record,
      groups,
      rare: rareGroups(open).length > 0 ? lookAtRare(record.rare, open, rules) : record.rare,
      confidences: confidence === null || late ? record.confidences : [...withConfidence(record.confidences, { wrong, probability, confidence })],
      ...(drift && { changes: withChange(record, drift) }),
    },
    ...(drift && { drift }),
  };
}

const emptyGroup = (name: string): AuthorityGroup => ({ name, state: newGroup(), isSet: false, weeks: [], drift: null, dismissedAt: null });
