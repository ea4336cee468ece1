import { Button } from '@mantine/core';
import type { KillSwitch } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { IconArrowBackUp, IconPower } from '@tabler/icons-react';
import { useKillSwitches, useUndoKillSwitch } from '../api/kill-switch-queries.ts';
import { actorLabel } from '../run-look/actor-label.ts';
import { TimeAgo } from '../ui/figures.tsx';
import { HeldRunsStrip } from './held-runs-strip.tsx';
import { concernsWorkflow, killEffect, killTitle } from './kill-labels.ts';
import styles from './kill-strip.module.css';

/** An active kill switch: who set it, when, why, its effect, and a button to lift it. */
export function KillStrip({ killSwitch }: { killSwitch: KillSwitch }) {
  const undo = useUndoKillSwitch();
  const { actor, createdAt, reason } = killSwitch;
  return (
    <div className={styles.strip}>
      <IconPower size={17} stroke={1.7} className={styles.icon} aria-hidden />
      <div className={styles.words}>
        <p>
          <b>{killTitle(killSwitch)}</b>, set <TimeAgo at={createdAt} /> by {actorLabel(actor)}
          {reason ? `: “${reason}”` : ''}
        </p>
        <p className={styles.effect}>{killEffect(killSwitch)}</p>
      </div>
      <Button
        size="xs"
        leftSection={<IconArrowBackUp size={15} stroke={1.7} />}
        loading={undo.isPending}
        aria-label={`Undo: ${killTitle(killSwitch)}`}
        onClick={() => undo.mutate(killSwitch)}
      >
        Undo
      </Button>
    </div>
  );
}

/** Shows the active kill switches that stop runs of this workflow, or of any workflow if none is given, and how many runs a restore holds. */
export function KillBanner({ workflowId }: { workflowId?: string | undefined }) {
  const { data = [] } = useKillSwitches();
  const shown = data.filter((one) => workflowId === undefined || concernsWorkflow(one, workflowId));
  return (
    <div role="status">
      <HeldRunsStrip />
      {shown.map((one) => (
        <KillStrip key={one.id} killSwitch={one} />
      ))}
    </div>
  );
}
