import { Button, NativeSelect } from '@mantine/core';
import type { WorkflowRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { useState } from 'react';
import { usePutRelease } from '../api/evaluation/release-queries.ts';
import { useVersions } from '../api/queries.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { showFailure } from '../ui/toast.tsx';
import styles from './no-canary.module.css';
import { STEPS } from './steps.ts';
import { withShadow } from './words.ts';

/** What is live without a canary, and how to release another version to a part of live runs. */
export function NoCanary({ id, release }: { id: string; release: WorkflowRelease }) {
  const { stable, revision } = release;
  const { data } = useVersions(id);
  const put = usePutRelease(id);
  const [chosen, setChosen] = useState<number>();
  if (stable === null)
    return <EmptyState title="Nothing is live yet" text="Publish the workflow. Then you can release new versions to a share of live runs first." />;
  const others = (data ?? []).filter(({ number }) => number !== stable);
  const version = chosen ?? others[0]?.number;
  const start = (weight: number) => {
    if (version === undefined) return;
    const rest = weight < 100 ? [{ version: stable, weight: 100 - weight }] : [];
    const versions = withShadow(release, [...rest, { version, weight }]);
    put.mutate({ versions, revision }, { onError: (thrown) => showFailure(`Couldn’t release v${version}`, thrown) });
  };
  return (
    <section className={styles.box} aria-label="Start a release">
      <h2>v{stable} takes all live runs</h2>
      {version === undefined ? (
        <p>Publish another version with “None yet” or a percentage. It appears here.</p>
      ) : (
        <>
          <p>Release another version to a share of live runs first. It is compared with v{stable}, and goes back automatically if it is worse.</p>
          <div className={styles.choice}>
            <NativeSelect
              aria-label="Version"
              value={String(version)}
              onChange={(event) => setChosen(Number(event.currentTarget.value))}
              data={others.map(({ number, note }) => ({ value: String(number), label: note === '' ? `v${number}` : `v${number}: ${note.slice(0, 60)}` }))}
            />
            {STEPS.map((weight) => (
              <Button key={weight} variant={weight === STEPS[0] ? 'filled' : 'default'} disabled={put.isPending} onClick={() => start(weight)}>
                Release to {weight}%
              </Button>
            ))}
          </div>
        </>
      )}
    </section>
  );
}
