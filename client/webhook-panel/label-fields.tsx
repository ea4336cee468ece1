import { ActionIcon, Button, TextInput } from '@mantine/core';
import type { Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocalTexts } from '../ui/use-local-texts.ts';
import { type LabelRow, labelsOf, readRows, rowFault, rowsOf, suggestedName } from './label-rows.ts';
import { useUpdateWebhook } from './use-update-webhook.ts';
import classes from './webhook-panel.module.css';

/** Labels that each run gets from its request, for finding and filtering runs. */
export function LabelFields({ webhook, workflowId }: { webhook: Webhook; workflowId: string }) {
  const update = useUpdateWebhook(workflowId);
  const { texts, keep: keepTexts, forget } = useLocalTexts(`webhook-labels:${workflowId}`);
  const [rows, setShown] = useState(() => readRows(texts.rows) ?? rowsOf(webhook.labels));
  const setRows = (next: readonly LabelRow[]) => {
    setShown(next);
    keepTexts({ rows: JSON.stringify(next) });
  };
  const keep = (next: readonly LabelRow[]) => {
    setRows(next);
    const labels = labelsOf(next);
    if (!labels) return;
    // Rows without a value are not sent, so they stay stored here.
    const whenSaved = next.every(({ template }) => template.trim() !== '') ? forget : undefined;
    if (JSON.stringify(labels) !== JSON.stringify(webhook.labels)) update({ labels }, whenSaved);
    else whenSaved?.();
  };
  const change = (id: number, changes: Partial<LabelRow>) => setRows(rows.map((row) => (row.id === id ? { ...row, ...changes } : row)));
  return (
    <div>
      <div className={classes.labelLine}>
        <span>Run labels</span>
      </div>
      <div className={classes.fields}>
        {rows.map((row) => (
          <div key={row.id} className={classes.pair}>
            <TextInput
              aria-label="Label name"
              value={row.name}
              error={rowFault(row, rows)}
              onChange={(event) => change(row.id, { name: event.currentTarget.value })}
              onBlur={() => keep(rows)}
            />
            <TextInput
              aria-label={`Value of ${row.name || 'the label'}`}
              placeholder='{{ trigger.headers["x-tenant"] }}'
              value={row.template}
              onChange={(event) => change(row.id, { template: event.currentTarget.value })}
              onBlur={() => keep(rows)}
            />
            <ActionIcon aria-label={`Remove label ${row.name}`} onClick={() => keep(rows.filter(({ id }) => id !== row.id))}>
              <IconTrash size={16} />
            </ActionIcon>
          </div>
        ))}
        <div>
          <Button
            size="xs"
            leftSection={<IconPlus size={14} />}
            onClick={() => setRows([...rows, { id: Math.max(0, ...rows.map(({ id }) => id)) + 1, name: suggestedName(rows), template: '' }])}
          >
            Add label
          </Button>
        </div>
      </div>
      <p className={classes.explain}>
        Read from each request: its headers, or its body as <code>{'{{ trigger.body.customer.tier }}'}</code>. Missing values add no label.
      </p>
    </div>
  );
}
