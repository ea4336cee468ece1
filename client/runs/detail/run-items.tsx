import { listRunSteps, type Run } from '@switchyard/shared/contracts/runs.ts';
import { frameId } from '@switchyard/shared/run/address.ts';
import { isEnded, type RunStatus } from '@switchyard/shared/run/state.ts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { keys } from '../../api/keys.ts';
import type { StepLike } from '../../run-look/step-rows.ts';
import { ItemsPanel } from '../../step-details/items-panel.tsx';
import type { NodeNames } from './node-names.ts';
import styles from './step-detail.module.css';
import { StepDetail } from './step-detail.tsx';

interface RunItemsProps {
  readonly run: Run;
  readonly status: RunStatus;
  /** A for-each step. */
  readonly step: StepLike & { readonly items: NonNullable<StepLike['items']> };
  readonly names: NodeNames;
}

/** The items of a for-each step, and the steps of the selected one. */
export function RunItems({ run, status, step, names }: RunItemsProps) {
  const navigate = useNavigate({ from: '/runs' });
  const [item, setItem] = useState<number>();
  return (
    <>
      <ItemsPanel
        runId={run.id}
        step={step}
        isEnded={isEnded(status) && run.payloadsRemovedAt == null}
        titleOf={(key) => names.nameOf(key, '').title}
        shown={item}
        onShow={(index) => setItem(index === item ? undefined : index)}
        onRetried={(retry) => void navigate({ search: (before) => ({ ...before, run: retry.id }) })}
      />
      {item !== undefined && <ItemSteps runId={run.id} frame={frameId(step.id, item)} title={`Item ${item + 1}`} names={names} />}
    </>
  );
}

function ItemSteps({ runId, frame, title, names }: { runId: string; frame: string; title: string; names: NodeNames }) {
  const { data } = useQuery({
    queryKey: [...keys.run(runId), 'steps', frame],
    queryFn: ({ signal }) => call(listRunSteps, { params: { id: runId }, query: { frame, limit: 100 }, signal }),
  });
  return (
    <section aria-label={`Steps of ${title}`}>
      <h3 className={styles.title}>{title}</h3>
      {data?.items.length === 0 && <p className={styles.note}>No steps in this run.</p>}
      {data?.items.map((step) => (
        <StepDetail key={step.id} step={step} runId={runId} names={names} told={undefined} />
      ))}
    </section>
  );
}
