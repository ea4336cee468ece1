import { Button } from '@mantine/core';
import { BILL_GROUPS, getBillOfMaterials } from '@switchyard/shared/contracts/bill-of-materials.ts';
import { billItems } from '@switchyard/shared/run/bill-differences.ts';
import { IconDownload } from '@tabler/icons-react';
import { urlOf } from '../api/call.ts';
import { useBillOfMaterials } from '../api/queries.ts';
import { messageOf } from '../ui/message-of.ts';
import styles from './bill.module.css';
import { billText, GROUP_LABELS, itemLabel } from './bill-text.ts';
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
      <dl className={styles.groups}>
        {BILL_GROUPS.filter((group) => items[group].size > 0).map((group) => (
          <div key={group} className={styles.group}>
            <dt>{GROUP_LABELS[group]}</dt>
            {[...items[group]].map(([item, value]) => (
              <dd key={item}>
                <span className={styles.item}>{itemLabel(group, item)}</span> <span>{billText(group, item, value)}</span>
              </dd>
            ))}
          </div>
        ))}
      </dl>
    </section>
  );
}
