import type { WorkflowSummary } from '@switchyard/shared/contracts/workflows.ts';
import { IconCircleCheckFilled, IconPencil, IconPlayerPause, IconUserCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { memo, useState } from 'react';
import { NodeIcon, useLooks } from '../node-look/node-icon.tsx';
import { CostSum, TimeAgo } from '../ui/figures.tsx';
import { formatDuration, formatNumber, formatShare } from '../ui/format.ts';
import { DayBars } from './day-bars.tsx';
import { NameInput } from './name-input.tsx';
import { TagsInput } from './tags-input.tsx';
import { WorkflowMenu } from './workflow-menu.tsx';
import styles from './workflow-table.module.css';

/** Below this success rate the figure is red. */
const GOOD = 0.98;

/** The number of its runs that wait for a review or timer. */
function Waiting({ count }: { count: number }) {
  if (count === 0) return '–';
  return (
    <span className={styles.waiting}>
      <IconUserCheck size={15} stroke={1.6} aria-hidden />
      {formatNumber(count)}
    </span>
  );
}

interface WorkflowRowProps {
  readonly workflow: WorkflowSummary;
  /** Filters the list by a tag. */
  readonly onTag: (tag: string) => void;
}

function Row({ workflow, onTag }: WorkflowRowProps) {
  const [renaming, setRenaming] = useState(false);
  const [tagging, setTagging] = useState(false);
  const { activity } = workflow;
  const ended = activity.succeeded + activity.failed;
  const share = ended === 0 ? null : activity.succeeded / ended;
  return (
    <tr className={styles.row}>
      <td className={styles.name}>
        {renaming ? (
          <NameInput workflow={workflow} onDone={() => setRenaming(false)} />
        ) : (
          <Link to="/workflows/$id" params={{ id: workflow.id }} className={styles.open} title={workflow.name} dir="auto">
            {workflow.name}
          </Link>
        )}
        {tagging ? (
          <TagsInput workflow={workflow} onDone={() => setTagging(false)} />
        ) : (
          <div className={styles.below}>
            <IconChain nodeTypes={workflow.nodeTypes} />
            {workflow.tags.map((tag) => (
              <button key={tag} type="button" className={styles.tag} title={`Show only workflows tagged “${tag}”`} onClick={() => onTag(tag)}>
                {tag}
              </button>
            ))}
          </div>
        )}
      </td>
      <td data-label="Status">
        <WorkflowState workflow={workflow} />
      </td>
      <td data-label="Last 24 h">
        <DayBars activity={activity} />
      </td>
      <td data-label="Runs" data-none={activity.runs === 0 || undefined} className={styles.number}>
        {formatNumber(activity.runs)}
      </td>
      <td data-label="Succeeded" data-none={share === null || undefined} className={styles.number} data-bad={(share !== null && share < GOOD) || undefined}>
        {share === null ? '–' : formatShare(share)}
      </td>
      <td data-label="Median duration" data-none={activity.medianMs === null || undefined} className={styles.number}>
        {activity.medianMs === null ? '–' : formatDuration(activity.medianMs)}
      </td>
      <td data-label="Cost" data-none={activity.runs === 0 || undefined} className={styles.number}>
        <CostSum of={activity} short />
      </td>
      <td data-label="Waiting" data-none={activity.waiting === 0 || undefined} className={styles.number}>
        <Waiting count={activity.waiting} />
      </td>
      <td data-label="Last edited" className={styles.edited}>
        <TimeAgo at={workflow.updatedAt} />
      </td>
      <td className={styles.menu}>
        <WorkflowMenu workflow={workflow} onRename={() => setRenaming(true)} onTag={() => setTagging(true)} />
      </td>
    </tr>
  );
}

/** One workflow in the list. The whole row opens it. Renders only when its figures change. */
export const WorkflowRow = memo(Row);

const MAX_ICONS = 6;

/** The node types of a workflow in flow order: consecutive nodes of one type once, the last one always. */
function chainOf(nodeTypes: readonly string[]): string[] {
  const kinds = nodeTypes.filter((type, index) => type !== 'note' && type !== nodeTypes[index - 1]);
  const last = kinds.at(-1);
  return kinds.length <= MAX_ICONS || last === undefined ? kinds : [...kinds.slice(0, MAX_ICONS - 1), last];
}

/** A small chain of icons that summarizes a workflow. */
function IconChain({ nodeTypes }: { nodeTypes: readonly string[] }) {
  const looks = useLooks();
  const chain = chainOf(nodeTypes);
  return (
    <span className={styles.chain} role="img" aria-label={chain.map((type) => looks(type).title).join(', then ')}>
      {chain.map((type, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a type may occur twice, and the order matters
        <span key={index} className={styles.link}>
          <NodeIcon type={type} size={20} />
        </span>
      ))}
    </span>
  );
}

/** Live, draft, or paused, as icon and label. */
function WorkflowState({ workflow }: { workflow: WorkflowSummary }) {
  if (workflow.paused) {
    return (
      <span className={styles.state} data-state="paused" title={workflow.pauseReason ?? 'Triggers are rejected until you resume'}>
        <IconPlayerPause size={14} stroke={1.7} aria-hidden />
        Paused
      </span>
    );
  }
  if (workflow.liveVersion !== null) {
    return (
      <span className={styles.state} data-state="live">
        <IconCircleCheckFilled size={14} aria-hidden />
        Live v{workflow.liveVersion}
      </span>
    );
  }
  return (
    <span className={styles.state} data-state="draft">
      <IconPencil size={14} stroke={1.6} aria-hidden />
      Draft
    </span>
  );
}
