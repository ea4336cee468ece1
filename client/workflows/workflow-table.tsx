import { Skeleton } from '@mantine/core';
import type { WorkflowSummary } from '@switchyard/shared/contracts/workflows.ts';
import { WorkflowRow } from './workflow-row.tsx';
import styles from './workflow-table.module.css';

/** The list of workflows. On a narrow window each row becomes a block. */
export function WorkflowTable({ workflows }: { workflows: readonly WorkflowSummary[] | undefined }) {
  return (
    <table className={styles.table} aria-busy={!workflows}>
      <caption className="visually-hidden">Workflows</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">State</th>
          <th scope="col">Last 24 h</th>
          <th scope="col" className={styles.number}>
            Runs
          </th>
          <th scope="col" className={styles.number}>
            Succeeded
          </th>
          <th scope="col" className={styles.number}>
            Median time
          </th>
          <th scope="col" className={styles.number}>
            Cost
          </th>
          <th scope="col" className={styles.edited}>
            Edited
          </th>
          <th scope="col">
            <span className="visually-hidden">More</span>
          </th>
        </tr>
      </thead>
      <tbody>{workflows ? workflows.map((workflow) => <WorkflowRow key={workflow.id} workflow={workflow} />) : <Waiting />}</tbody>
    </table>
  );
}

function Waiting() {
  return ['a', 'b', 'c'].map((key) => (
    <tr key={key} className={styles.row}>
      <td colSpan={9}>
        <Skeleton height={14} width="22%" />
        <Skeleton height={12} width="14%" mt={8} />
      </td>
    </tr>
  ));
}
