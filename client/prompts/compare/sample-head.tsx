import { ActionIcon } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import type { DraftContent } from '../draft/prompt-draft.ts';
import { SampleFields } from '../try/sample-fields.tsx';
import { type Sample, sampleTitle } from '../try/samples.ts';
import type { Samples } from '../try/use-samples.ts';
import styles from './compare.module.css';

/** A sample with its values, and its fields while it is edited. */
export function SampleHead({ content, sample, samples }: { content: DraftContent; sample: Sample; samples: Samples }) {
  const values = Object.entries(sample.values).filter(([, value]) => value !== '');
  const [isEditing, setEditing] = useState(values.length === 0);
  return (
    <>
      <div className={styles.sampleTitle}>
        <b>{sampleTitle(sample)}</b>
        <ActionIcon aria-label={`Edit sample ${sampleTitle(sample)}`} aria-expanded={isEditing} onClick={() => setEditing(!isEditing)}>
          <IconPencil size={15} stroke={1.7} />
        </ActionIcon>
      </div>
      {isEditing ? (
        <SampleFields content={content} sample={sample} samples={samples} />
      ) : (
        <dl className={styles.values}>
          {values.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
          {sample.labels !== '' && (
            <div>
              <dt>run labels</dt>
              <dd>{sample.labels}</dd>
            </div>
          )}
        </dl>
      )}
    </>
  );
}
