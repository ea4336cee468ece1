import { type Icon, IconBuildingBank, IconCreditCard, IconId, IconMail, IconPhone, IconWorld } from '@tabler/icons-react';
import { formatNumber } from '../../ui/format.ts';
import { DETECTORS } from '../draft/detector-labels.ts';
import type { BuiltInDetector } from '../draft/policy-draft.ts';
import { ActionSelect } from './action-select.tsx';
import styles from './redaction.module.css';

const ICONS: Readonly<Record<BuiltInDetector, Icon>> = {
  email: IconMail,
  phone: IconPhone,
  card: IconCreditCard,
  iban: IconBuildingBank,
  ip: IconWorld,
  ssn: IconId,
};
const KEPT = 'mask-4';

interface Props {
  readonly detector: BuiltInDetector;
  readonly choice: string;
  readonly was: string;
  readonly found: number;
  readonly onChange: (choice: string) => void;
}

/** A built-in detector. */
export function BuiltInRow({ detector, choice, was, found, onChange }: Props) {
  const { label, how } = DETECTORS[detector];
  const Glyph = ICONS[detector];
  // Over the API, a mask can keep one to three characters, too.
  const kept = new Set([KEPT, choice, was].filter((one) => one.startsWith('mask-')));
  return (
    <li aria-label={label} className={styles.row} data-off={choice === 'off' || undefined}>
      <span className={styles.find}>
        <Glyph size={16} stroke={1.6} aria-hidden />
        {label}
      </span>
      <span className={styles.how}>{how}</span>
      <ActionSelect
        label={`Action for ${label}`}
        choice={choice}
        choices={['tokenise', 'mask', ...kept, 'hash', 'refuse', 'off']}
        was={was === choice ? undefined : was}
        onChange={onChange}
      />
      <FoundCount count={found} isOff={choice === 'off'} />
    </li>
  );
}

/** How often a detector found something. A detector that is off finds nothing. */
export function FoundCount({ count, isOff = false }: { count: number; isOff?: boolean }) {
  return (
    <span className={styles.found} title="Found in 24 hours">
      {isOff && count === 0 ? '–' : formatNumber(count)}
      <span className={styles.unit}> in 24 h</span>
    </span>
  );
}
