import type { Retry } from '@switchyard/shared/graph/graph.ts';
import { useRef } from 'react';
import formClasses from '../form/form.module.css';
import { NumberField } from '../form/number-field.tsx';
import { formatDuration } from '../ui/format.ts';
import { describeRetries } from './describe-retries.ts';

const FIRST: Retry = { max: 0, backoffMs: 1_000, factor: 2, jitter: 0.2 };

interface Props {
  readonly retry: Retry | undefined;
  readonly readOnly: boolean;
  readonly unsafe: boolean;
  readonly onChange: (retry: Retry | undefined) => void;
}

/** The number of retries and the delays between them. */
export function RetryFields({ retry, readOnly, unsafe, onChange }: Props) {
  // Remembers the settings while the number of retries is erased to type another.
  const last = useRef(FIRST);
  if (retry) last.current = retry;
  const now = retry ?? { ...last.current, max: 0 };
  const set = (part: Partial<Retry>) => {
    const next = { ...now, ...part };
    onChange(next.max === 0 ? undefined : next);
  };
  return (
    <div data-field="policy.retry" className={formClasses.form}>
      <div className={formClasses.row}>
        <NumberField label="Retries" unit="times" whole min={0} max={20} value={now.max} readOnly={readOnly} onChange={(max) => set({ max: max ?? 0 })} />
        {now.max > 0 && (
          <NumberField
            label="Initial delay"
            unit="s"
            min={0}
            max={3_600}
            value={now.backoffMs / 1_000}
            readOnly={readOnly}
            onChange={(wait) => set({ backoffMs: Math.round((wait ?? 0) * 1_000) })}
          />
        )}
      </div>
      {now.max > 0 && (
        <div className={formClasses.row}>
          <NumberField
            label="Backoff factor"
            unit="times"
            min={1}
            max={10}
            value={now.factor}
            readOnly={readOnly}
            onChange={(factor) => set({ factor: factor ?? 1 })}
          />
          <NumberField
            label="Jitter"
            unit="%"
            min={0}
            max={100}
            value={Math.round(now.jitter * 100)}
            readOnly={readOnly}
            onChange={(share) => set({ jitter: (share ?? 0) / 100 })}
          />
        </div>
      )}
      <p className={formClasses.help}>
        {describeRetries(now, formatDuration)}
        {unsafe && now.max > 0 && ' Because repeating it isn’t safe, it’s retried only if the request can’t have been received.'}
      </p>
    </div>
  );
}
