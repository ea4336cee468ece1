import type { ErrorData } from '@switchyard/shared/errors.ts';
import { adviceFor } from '../run-look/error-advice.ts';
import { SettingText } from '../ui/inline-text.tsx';
import classes from './step-details.module.css';
import type { AnyStep } from './step-labels.ts';

interface ErrorBoxProps {
  readonly error: ErrorData;
  readonly title: string;
  readonly calls: AnyStep['calls'];
  readonly handled: boolean;
}

/** What happened, where, and what to do. */
export function ErrorBox({ error, title, calls, handled }: ErrorBoxProps) {
  const record = calls.findLast((call) => call.status === 'failed' || call.record?.kind === 'http')?.record;
  const where = record?.kind === 'http' ? `${record.method} ${record.url}` : record?.kind === 'model' ? `route ${record.route}, ${record.model}` : undefined;
  return (
    <dl className={classes.error}>
      <dt>What happened</dt>
      <dd>
        <SettingText text={error.message} />
      </dd>
      <dt>Where</dt>
      <dd>
        Step {title}
        {where !== undefined && (
          <>
            , <code className={classes.address}>{where}</code>
          </>
        )}
      </dd>
      <dt>What to do</dt>
      <dd>
        <SettingText text={error.hint ?? adviceFor(error.code)} />
        {handled && ' The run continued on the error branch.'}
      </dd>
    </dl>
  );
}
