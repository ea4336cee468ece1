import { Button } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { callWords, formatNumber } from '../../ui/format.ts';
import type { Grouping } from '../range/usage-search.ts';
import styles from './group-table.module.css';
import { changeWords, costPerCall, costWords, type Group, hasRisenSteeply, type Measure, NOTHING_KEY, type Sum, totalOf } from './usage-sums.ts';

const SHOWN = 8;
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** What each grouping is called. */
export const GROUPING_WORDS: Readonly<Record<Grouping, string>> = {
  workflow: 'Workflow',
  tenant: 'Tenant',
  model: 'Model',
  prompt: 'Prompt',
  route: 'Route',
  source: 'Source',
};
/** Names that programs use are set in the mono font. */
const MONO: ReadonlySet<Grouping> = new Set(['model', 'prompt', 'route']);

interface Props {
  readonly groups: readonly Group[];
  readonly by: Grouping;
  readonly measure: Measure;
  /** Undefined until it is loaded. */
  readonly before: Before | undefined;
}

/** The groups of the previous period. */
export interface Before {
  readonly groups: readonly Group[];
  /** “11 to 24 Nov”. */
  readonly title: string;
}

/** The groups in the order and shades of the bars, each with its change from the previous period. */
export function GroupTable({ groups, by, measure, before }: Props) {
  const earlier = new Map(before?.groups.map((group) => [group.key, group]));
  const [all, setAll] = useState(false);
  const shown = all || groups.length <= SHOWN ? groups : groups.slice(0, SHOWN - 1);
  return (
    <>
      <table className={styles.table}>
        <caption className="visually-hidden">Usage by {GROUPING_WORDS[by].toLowerCase()}, most expensive first</caption>
        <thead>
          <tr>
            <th scope="col">{GROUPING_WORDS[by]}</th>
            <th scope="col">Calls</th>
            <th scope="col">Tokens</th>
            <th scope="col" className={styles.perCall}>
              Per call
            </th>
            <th scope="col" title={before && `Change in ${measure} from ${before.title}`}>
              Change
            </th>
            <th scope="col">Cost</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((group) => (
            <tr key={group.key}>
              <th scope="row">
                <span className={styles.name}>
                  <i className={styles.swatch} data-shade={group.shade} aria-hidden />
                  <span className={MONO.has(by) && group.key !== NOTHING_KEY ? styles.mono : styles.words} title={group.name} dir="auto">
                    {group.name}
                  </span>
                </span>
              </th>
              <Figures sum={group}>
                <Change now={group} before={earlier.get(group.key)} measure={measure} isKnown={before !== undefined} />
              </Figures>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All</th>
            <Figures sum={totalOf(groups)}>
              <Change now={totalOf(groups)} before={before && totalOf(before.groups)} measure={measure} isKnown={before !== undefined} />
            </Figures>
          </tr>
        </tfoot>
      </table>
      {shown.length < groups.length && (
        <Button variant="subtle" size="xs" onClick={() => setAll(true)}>
          Show {formatNumber(groups.length - shown.length)} more
        </Button>
      )}
    </>
  );
}

function Change({ now, before, measure, isKnown }: { now: Sum; before: Sum | undefined; measure: Measure; isKnown: boolean }) {
  const value = before && (measure === 'cost' ? costWords(before) : callWords(before.calls));
  return (
    <td className={styles.change} data-steep={hasRisenSteeply(now, before, measure) || undefined} title={value && `Before: ${value}`}>
      {isKnown ? changeWords(now, before, measure) : ''}
    </td>
  );
}

/** The cells of a row. The change comes before the cost. */
function Figures({ sum, children }: { sum: Sum; children: ReactNode }) {
  const { calls, inputTokens, outputTokens, unknownPrice } = sum;
  const partly = unknownPrice > 0 && unknownPrice < calls;
  const tokens = inputTokens + outputTokens;
  return (
    <>
      <td>{formatNumber(calls)}</td>
      <td title={`${formatNumber(inputTokens)} in, ${formatNumber(outputTokens)} out`}>{compact.format(tokens)}</td>
      <td className={styles.perCall}>{costPerCall(sum)}</td>
      {children}
      <td className={styles.cost}>
        {partly && (
          <span className={styles.partly} title={`${callWords(unknownPrice)} of unknown price not included`}>
            <IconHelpCircle size={14} stroke={1.8} aria-hidden />
            <span className="visually-hidden">Without {callWords(unknownPrice)} of unknown price: </span>
          </span>
        )}
        {costWords(sum)}
      </td>
    </>
  );
}
