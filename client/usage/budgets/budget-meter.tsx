import type { Budget, PeriodUsage } from '@switchyard/shared/contracts/money.ts';
import { moneyLabel } from '@switchyard/shared/money-label.ts';
import styles from './budget-meter.module.css';

/** The larger limit is drawn at this share of the width, so a budget that is used up still ends inside the bar. */
const LIMIT_AT = 0.89;

interface Props {
  readonly budget: Pick<Budget, 'softMicros' | 'hardMicros'>;
  readonly shown: PeriodUsage | undefined;
}

/** Spending against the limits: solid is settled, hatched is reserved, an amber tick is the soft limit, a red one the hard limit. */
export function BudgetMeter({ budget: { softMicros, hardMicros }, shown }: Props) {
  const limit = Math.max(softMicros ?? 0, hardMicros ?? 0);
  const share = (micros: number) => (limit === 0 ? 0 : Math.min(1, (micros / limit) * LIMIT_AT));
  const settled = share(shown?.settledMicros ?? 0);
  const reserved = share((shown?.settledMicros ?? 0) + (shown?.reservedMicros ?? 0)) - settled;
  return (
    <div className={styles.meter} role="img" aria-label={meterLabel({ softMicros, hardMicros }, shown)}>
      <div className={styles.track}>
        <span className={styles.settled} data-state={shown?.state} style={{ width: percent(settled) }} />
        <span className={styles.reserved} style={{ width: percent(reserved) }} />
      </div>
      {softMicros !== undefined && <i className={styles.soft} style={{ left: percent(share(softMicros)) }} />}
      {hardMicros !== undefined && <i className={styles.hard} style={{ left: percent(share(hardMicros)) }} />}
    </div>
  );
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

function meterLabel({ softMicros, hardMicros }: Props['budget'], shown: PeriodUsage | undefined): string {
  const spent = shown ? `${moneyLabel(shown.settledMicros)} settled, ${moneyLabel(shown.reservedMicros)} reserved` : 'No calls';
  const limits = [
    softMicros === undefined ? '' : `, soft limit ${moneyLabel(softMicros)}`,
    hardMicros === undefined ? '' : `, hard limit ${moneyLabel(hardMicros)}`,
  ];
  return spent + limits.join('');
}
