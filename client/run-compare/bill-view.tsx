import { Button } from '@mantine/core';
import { BILL_GROUPS, getBillOfMaterials } from '@switchyard/shared/contracts/bill-of-materials.ts';
import { billItems } from '@switchyard/shared/run/bill-differences.ts';
import { IconDownload } from '@tabler/icons-react';
import { urlOf } from '../api/call.ts';
import { useBillOfMaterials } from '../api/queries.ts';
import { messageOf } from '../ui/message-of.ts';
import styles from './bill.module.css';
import { BillGroups } from './bill-groups.tsx';
import { CompareWith } from './compare-with.tsx';

/** What exactly ran: every version, model, price, and policy that took part in a run. */
export function BillView({ runId }: { runId: string }) {
  const { data, error } = useBillOfMaterials(runId);
  if (error) return <p className={styles.quiet}>{messageOf(error)}</p>;
  if (!data) return <p className={styles.quiet}>Loading…</p>;
  const items = billItems(data);
  return (
    <section aria-label="Bill of materials">
      <div className={styles.actions}>
        <CompareWith runId={runId} workflowId={data.workflow.id} />
        <Button
          component="a"
          href={urlOf(getBillOfMaterials, { id: runId })}
          download={`bill-of-materials-${runId}.json`}
          leftSection={<IconDownload size={16} stroke={1.7} />}
        >
          Export as JSON
        </Button>
      </div>
      <BillGroups groups={BILL_GROUPS.map((group) => [group, items[group]] as const).filter(([, found]) => found.size > 0)} />
    </section>
  );
}
