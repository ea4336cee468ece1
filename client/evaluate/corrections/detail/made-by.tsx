import type { CorrectionSummary, DraftSource } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import type { ReactNode } from 'react';
import { formatCost, formatDuration } from '../../../ui/format.ts';
import { percent } from '../common/cause-words.ts';
import styles from './correction-detail.module.css';

/** What made the draft, with the rates of the prompt version and the model in the range of the page. */
export function MadeBy({ source, summary }: { source: DraftSource; summary: CorrectionSummary }) {
  const { nodeTitle, nodeKey, prompt, route, routeVersion, target, fellBack, latencyMs, costMicros } = source;
  const spent = [latencyMs !== null && formatDuration(latencyMs), costMicros !== null && formatCost(costMicros)].filter(Boolean).join(', ');
  return (
    <section aria-label="What made the draft">
      <h3 className={styles.section}>What made the draft</h3>
      <dl className={styles.made}>
        <Line name="Node" value={nodeTitle} more={<code>{nodeKey}</code>} />
        {target !== null && (
          <Line name="Prompt" value={prompt ? `${prompt.name} v${prompt.version}` : 'text of the node'} more={prompt && promptRates(summary.prompts, prompt)} />
        )}
        {route !== null && (
          <Line
            name="Route"
            value={`${route}${routeVersion === null ? '' : ` v${routeVersion}`}`}
            more={fellBack ? 'a fallback served' : 'first choice served'}
          />
        )}
        {target !== null && (
          <Line
            name="Model"
            value={<code>{target}</code>}
            more={[rateWords(summary.targets.find(({ key }) => key === target)), spent].filter(Boolean).join(' · ')}
          />
        )}
      </dl>
    </section>
  );
}

function Line({ name, value, more }: { name: string; value: ReactNode; more?: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={styles.value}>{value}</dd>
      <dd className={styles.rate}>{more}</dd>
    </div>
  );
}

type Rate = CorrectionSummary['prompts'][number];

const rateWords = (rate: Rate | undefined): string =>
  rate && rate.reviewed > 0 ? `corrected in ${percent(rate.corrected / rate.reviewed)} of ${rate.reviewed.toLocaleString('en')}` : '';

/** The rate of this version, and that of the one before it. */
function promptRates(rates: readonly Rate[], { name, version }: NonNullable<DraftSource['prompt']>): string {
  const before = rates.find(({ key }) => key === `${name}@${version - 1}`);
  const earlier = before && before.reviewed > 0 ? `v${version - 1}: ${percent(before.corrected / before.reviewed)}` : '';
  return [rateWords(rates.find(({ key }) => key === `${name}@${version}`)), earlier].filter(Boolean).join(', ');
}
