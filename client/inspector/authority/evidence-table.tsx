import type { AuthorityGroupView, NodeAuthority } from '@switchyard/shared/contracts/evaluation/authority.ts';
import { formatNumber } from '../../ui/format.ts';
import styles from './dock.module.css';
import { percent, shareWords } from './words.ts';

/** Drawn reviews that a group needs before its rate has a bound. */
const ENOUGH = 60;
const WIDTH = 150;
const MIDDLE = 10;
const SPARK = 84;

/** The error rate of each group, with its bound against the target. */
export function EvidenceTable({ authority: { groups, settings } }: { authority: NodeAuthority }) {
  const target = (settings?.target ?? 0) / 100;
  const highest = Math.max(2 * target, ...groups.flatMap(({ rate, bound }) => [rate ?? 0, bound ?? 0])) * 1.05;
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col" data-number>
              Sampled
            </th>
            <th scope="col" data-number>
              Wrong
            </th>
            <th scope="col">
              Rate, to {percent(highest)}; target {percent(target)}
            </th>
            <th scope="col" data-number>
              At most
            </th>
            <th scope="col">Last 8 weeks</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.name} data-proposed={group.proposal ? true : undefined}>
              <td title={group.name}>{group.name}</td>
              <td data-number>{formatNumber(group.labels)}</td>
              <td data-number>{formatNumber(group.wrong)}</td>
              <td>
                <Range group={group} target={target} highest={highest} />
              </td>
              <td data-number>{percent(group.bound)}</td>
              <td>
                <Weeks group={group} target={target} />
              </td>
              <td>
                <State group={group} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.note}>At most: upper bound at 95%, over all groups and looks together, with errors that reviewers overlook.</p>
    </>
  );
}

function Range({ group: { rate, bound, labels }, target, highest }: { group: AuthorityGroupView; target: number; highest: number }) {
  const x = (value: number): number => (Math.min(value, highest) / highest) * WIDTH;
  const words = bound === null ? `Too few to tell: ${labels} of ${ENOUGH}` : `${percent(rate)}, at most ${percent(bound)}; the target is ${percent(target)}`;
  return (
    <svg className={styles.range} viewBox={`0 0 ${WIDTH} 20`} role="img" aria-label={words} data-within={(bound !== null && bound <= target) || undefined}>
      <line className={styles.zero} x1={0} x2={0} y1={2} y2={18} />
      <line className={styles.target} x1={x(target)} x2={x(target)} y1={0} y2={20} />
      {bound === null ? (
        <line className={styles.dotted} x2={WIDTH} y1={MIDDLE} y2={MIDDLE} />
      ) : (
        <>
          <line className={styles.interval} x1={x(rate ?? 0)} x2={x(bound)} y1={MIDDLE} y2={MIDDLE} />
          <line className={styles.interval} x1={x(bound)} x2={x(bound)} y1={5} y2={15} />
        </>
      )}
      {rate !== null && <circle className={bound === null ? styles.few : styles.point} cx={x(rate)} cy={MIDDLE} r={4} />}
    </svg>
  );
}

function Weeks({ group: { weeks }, target }: { group: AuthorityGroupView; target: number }) {
  const rates = weeks.map(({ labels, wrong }) => (labels > 0 ? wrong / labels : 0));
  const highest = Math.max(2 * target, ...rates);
  const y = (rate: number): number => 18 - (16 * rate) / highest;
  const x = (index: number): number => (rates.length > 1 ? (index / (rates.length - 1)) * SPARK : SPARK);
  const last = rates.at(-1);
  return (
    <svg className={styles.spark} viewBox={`0 0 ${SPARK} 20`} role="img" aria-label={`By week: ${rates.map((rate) => percent(rate)).join(', ')}`}>
      <line className={styles.target} x2={SPARK} y1={y(target)} y2={y(target)} />
      {rates.length > 1 && <path className={styles.line} d={`M${rates.map((rate, index) => `${x(index)} ${y(rate)}`).join('L')}`} />}
      {last !== undefined && <circle className={styles.point} cx={SPARK} cy={y(last)} r={2.5} />}
    </svg>
  );
}

function State({ group: { isLocked, proposal, drift, labels, share, isRare } }: { group: AuthorityGroupView }) {
  const [words, tone] = isLocked
    ? ['always reviewed', undefined]
    : proposal
      ? [shareWords(proposal.share), 'accent']
      : drift && share === 100
        ? [`drift, ${new Date(drift.at).toLocaleString('en-GB', { day: 'numeric', month: 'short' })}`, 'waiting']
        : isRare
          ? ['with rare groups', undefined]
          : labels < ENOUGH
            ? [`too few: ${labels} of ${ENOUGH}`, 'few']
            : [share < 100 ? `${formatNumber(share)}% reviewed` : 'stays', undefined];
  return (
    <span className={styles.state} data-tone={tone}>
      {words}
    </span>
  );
}
