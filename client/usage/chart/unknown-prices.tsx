import { IconHelpCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type UsageQuery, useUsage } from '../../api/usage-queries.ts';
import { callWords } from '../../ui/format.ts';
import styles from './usage-picture.module.css';
import { groupsOf } from './usage-sums.ts';

const SHOWN = 3;

/** Names the models whose calls have no price, and leads to where one is set. */
export function UnknownPrices({ query }: { query: UsageQuery }) {
  const { data } = useUsage({ ...query, by: 'model' });
  const models = groupsOf(data?.items ?? [], 'model').filter(({ unknownPrice }) => unknownPrice > 0);
  if (models.length === 0) return null;
  return (
    <div className={styles.unknown}>
      <IconHelpCircle size={16} stroke={1.7} aria-hidden />
      <div>
        {models.slice(0, SHOWN).map(({ key, unknownPrice }) => (
          <p key={key}>
            <b>{callWords(unknownPrice)}</b> to <code>{key}</code> {unknownPrice === 1 ? 'has' : 'have'} no price.{' '}
            <Link to="/usage/prices" search={{ model: key }} className={styles.link} aria-label={`Set a price for ${key}`}>
              Set a price
            </Link>
          </p>
        ))}
        {models.length > SHOWN && (
          <p>
            <Link to="/usage/prices" className={styles.link}>
              {models.length - SHOWN} more models without a price
            </Link>
          </p>
        )}
        <p className={styles.small}>They count as unknown, not as $0. A price applies from the next call on.</p>
      </div>
    </div>
  );
}
