import { Button } from '@mantine/core';
import type { PromptWithVersions } from '@switchyard/shared/contracts/prompts.ts';
import { IconHistory, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { Try } from '../../tries/tries.ts';
import type { DraftContent } from '../draft/prompt-draft.ts';
import { type Column, columnKey, versionWords } from '../parts/columns.ts';
import { FindSamples } from '../try/find-samples.tsx';
import type { Sample } from '../try/samples.ts';
import { EMPTY, type Samples } from '../try/use-samples.ts';
import { ColumnHead } from './column-head.tsx';
import styles from './compare.module.css';
import { CompareCell } from './compare-cell.tsx';
import { SampleHead } from './sample-head.tsx';
import { lowest, totalsOf } from './totals.ts';

interface Props {
  readonly prompt: PromptWithVersions;
  /** Has the variables that samples have values for. */
  readonly content: DraftContent;
  readonly columns: readonly Column[];
  readonly samples: Samples;
  readonly stateOf: (column: Column, sample: Sample) => Try | undefined;
  readonly marks: boolean;
  readonly onColumns: (columns: readonly Column[]) => void;
  readonly onPromote: (version: number) => void;
}

/** One row per sample and one column per version on a route. The first column is the baseline. */
export function CompareTable({ prompt, content, columns, samples, stateOf, marks, onColumns, onPromote }: Props) {
  const [isFinding, setFinding] = useState(false);
  const baseline = columns[0];
  const totals = columns.map((column) => totalsOf(samples.list.map((sample) => stateOf(column, sample))));
  const isComplete = totals.every(({ done }) => done === samples.list.length);
  const best = {
    meanMs: isComplete ? lowest(totals.map(({ meanMs }) => meanMs)) : undefined,
    costMicros: isComplete ? lowest(totals.map(({ costMicros }) => costMicros)) : undefined,
  };
  const baselineName = baseline ? `${versionWords(baseline.version)} on ${baseline.route}` : '';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label="Answers">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col" className={styles.sample}>
              {samples.list.length === 1 ? '1 sample' : `${samples.list.length} samples`}
              <Button variant="subtle" size="xs" leftSection={<IconPlus size={14} />} onClick={() => samples.add([EMPTY])}>
                Add sample
              </Button>
              <Button variant="subtle" size="xs" leftSection={<IconHistory size={14} />} onClick={() => setFinding(true)}>
                Find samples
              </Button>
            </th>
            {columns.map((column, index) => (
              <th key={columnKey(column)} scope="col">
                <ColumnHead
                  column={column}
                  labels={prompt.labels.filter(({ version }) => version === column.version).map(({ label }) => label)}
                  isBaseline={index === 0}
                  totals={totals[index] ?? totalsOf([])}
                  samples={samples.list.length}
                  best={best}
                  onBaseline={() => onColumns([column, ...columns.filter((other) => other !== column)])}
                  onPromote={column.version === 'draft' ? undefined : () => onPromote(Number(column.version))}
                  onRemove={columns.length > 1 ? () => onColumns(columns.filter((other) => other !== column)) : undefined}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {samples.list.map((sample) => (
            <tr key={sample.id}>
              <th scope="row" className={styles.sample}>
                <SampleHead content={content} sample={sample} samples={samples} />
              </th>
              {columns.map((column, index) => (
                <td key={columnKey(column)} data-running={stateOf(column, sample)?.kind === 'running' || undefined}>
                  <CompareCell
                    state={stateOf(column, sample)}
                    baseline={marks && index > 0 && baseline ? stateOf(baseline, sample) : undefined}
                    baselineName={baselineName}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {isFinding && <FindSamples name={prompt.name} content={content} samples={samples} onClose={() => setFinding(false)} />}
    </section>
  );
}
