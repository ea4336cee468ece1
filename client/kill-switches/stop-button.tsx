import { Button, Popover, TextInput } from '@mantine/core';
import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { type createKillSwitch, type KillMode, RUN_SCOPES } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { type FormEvent, useState } from 'react';
import { useCreateKillSwitch, useOpenRuns } from '../api/kill-switch-queries.ts';
import { messageOf } from '../ui/message-of.ts';
import { modeLabels, openRunsText } from './kill-labels.ts';
import styles from './stop-button.module.css';

interface Props {
  readonly scope: BodyOf<typeof createKillSwitch>['scope'];
  readonly mode: KillMode;
}

/** Sets a kill switch after explaining its effect and asking for a reason. */
export function StopButton({ scope, mode }: Props) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const create = useCreateKillSwitch();
  const isAbort = mode === 'abort';
  const close = () => {
    setOpen(false);
    setReason('');
    create.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ scope, mode, ...(reason.trim() !== '' && { reason: reason.trim() }) }, { onSuccess: close });
  };
  const { label, short, help } = modeLabels(scope.kind, mode);
  return (
    <div className={styles.choice}>
      <Popover opened={open} onChange={setOpen} position="bottom-end" width={300} trapFocus returnFocus>
        <Popover.Target>
          <Button className={isAbort ? styles.abort : undefined} aria-expanded={open} onClick={() => setOpen(!open)}>
            {label}…
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label={label}>
          <form className={styles.form} onSubmit={submit}>
            <p>{help}</p>
            {isAbort && open && <OpenRuns scope={scope} />}
            <TextInput
              label="Reason"
              placeholder="Shown to callers"
              maxLength={1_000}
              value={reason}
              error={create.error ? messageOf(create.error) : undefined}
              onChange={(event) => setReason(event.currentTarget.value)}
              data-autofocus
            />
            <div className={styles.answers}>
              <Button onClick={close}>{isAbort ? 'Keep runs' : 'Cancel'}</Button>
              <Button type="submit" variant="filled" {...(mode !== 'drain' && { color: 'red' })} loading={create.isPending}>
                {label}
              </Button>
            </div>
          </form>
        </Popover.Dropdown>
      </Popover>
      <p className={styles.help}>{short}</p>
    </div>
  );
}

/** How many runs would be canceled now. */
function OpenRuns({ scope }: Pick<Props, 'scope'>) {
  const kind = RUN_SCOPES.find((one) => one === scope.kind) ?? 'workspace';
  const { data, error } = useOpenRuns({ kind, ...(scope.id !== undefined && { id: scope.id }) });
  const text = data ? openRunsText(data) : error ? `Couldn’t count the open runs: ${messageOf(error)}` : 'Counting open runs…';
  return (
    <p className={styles.count} role="status">
      {text}
    </p>
  );
}
