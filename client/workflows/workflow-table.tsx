import { Skeleton } from '@mantine/core';
import type { WorkflowSummary } from '@switchyard/shared/contracts/workflows.ts';
import { BARS_WIDTH } from './day-bars.tsx';
import { WorkflowRow } from './workflow-row.tsx';
import styles from './workflow-table.module.css';

const FIGURE_WIDTHS = [
  ['runs', 28],
  ['succeeded', 44],
  ['median', 36],
  ['cost', 44],
  ['waiting', 20],
] as const;

interface WorkflowTableProps {
  readonly workflows: readonly WorkflowSummary[] | undefined;
  readonly onTag: (tag: string) => void;
}

/** The list of workflows. On a narrow window each row becomes a block. */
export function WorkflowTable({ workflows, onTag }: WorkflowTableProps) {
  return (
    <table className={styles.table} aria-busy={!workflows}>
      <caption className="visually-hidden">Workflows</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Status</th>
          <th scope="col">Last 24 h</th>
          <th scope="col" className={styles.number}>
            Runs
          </th>
          <th scope="col" className={styles.number}>
            Succeeded
          </th>
          <th scope="col" className={styles.number}>
            Median duration
          </th>
          <th scope="col" className={styles.number}>
            Cost
          </th>
          <th scope="col" className={styles.number}>
            Waiting
          </th>
          <th scope="col" className={styles.edited}>
            Last edited
          </th>
          <th scope="col">
            <span className="visually-hidden">More</span>
          </th>
        </tr>
      </thead>
      <tbody>{workflows ? workflows.map((workflow) => <WorkflowRow key={workflow.id} workflow={workflow} onTag={onTag} />) : <Places />}</tbody>
    </table>
  );
}

/** Placeholder rows with the widths of the real ones, to prevent layout shifts. */
function Places() {
  return ['a', 'b', 'c'].map((key) => (
    <tr key={key} className={styles.row}>
      <td className={styles.name}>
        <Skeleton height={14} width={170} />
        <Skeleton height={14} width={120} mt={8} />
      </td>
      <td>
        <Skeleton height={22} width={66} />
      </td>
      <td>
        <Skeleton height={22} width={BARS_WIDTH} />
      </td>
      {FIGURE_WIDTHS.map(([name, width]) => (
        <td key={name} className={styles.number}>
          <Skeleton height={12} width={width} ml="auto" />
        </td>
      ))}
      <td className={styles.edited}>
        <Skeleton height={12} width={64} />
      </td>
      <td className={styles.menu} />
    </tr>
  ));
}
