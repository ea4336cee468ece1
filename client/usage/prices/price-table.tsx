import { ActionIcon, Button, Menu } from '@mantine/core';
import type { Price } from '@switchyard/shared/contracts/money.ts';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useConnections } from '../../api/queries.ts';
import { useDeletePrice } from '../../api/usage-queries.ts';
import { DeleteStrip } from '../parts/delete-strip.tsx';
import { PriceForm } from './price-form.tsx';
import { dateWords, type ListedPrice, perMillion } from './price-list.ts';
import styles from './prices-page.module.css';

interface Props {
  readonly label: string;
  readonly listed: readonly ListedPrice[];
  readonly prices: readonly Price[];
  /** Opens the form for a price of your own, instead of a built-in one. */
  readonly onOverride: (model: string) => void;
}

/** Prices as rows. One that is edited or deleted opens below its row. */
export function PriceTable({ label, listed, prices, onOverride }: Props) {
  return (
    <ul className={styles.list} aria-label={label}>
      <li className={styles.head} aria-hidden>
        <span>Model</span>
        <span>Input</span>
        <span>Output</span>
        <span>Valid</span>
        <span />
      </li>
      {listed.map((one) => (
        <PriceRow key={keyOf(one.price)} listed={one} prices={prices} onOverride={onOverride} />
      ))}
    </ul>
  );
}

const keyOf = ({ model, connectionId, from, builtIn }: Price): string => [model, connectionId, from, builtIn].join('|');

function PriceRow({ listed: { price, state }, prices, onOverride }: { listed: ListedPrice } & Pick<Props, 'prices' | 'onOverride'>) {
  const [open, setOpen] = useState<'edit' | 'delete'>();
  const { data: connections = [] } = useConnections();
  const remove = useDeletePrice();
  const connection = price.connectionId === null ? '' : (connections.find(({ id }) => id === price.connectionId)?.name ?? price.connectionId);
  const valid = price.from === null ? 'Always' : `From ${dateWords(price.from)}`;
  return (
    <li>
      <div className={styles.row} data-idle={state !== 'inUse' || undefined}>
        <div className={styles.model}>
          <code>{price.model}</code>
          {connection && <span className={styles.about}>only {connection}</span>}
        </div>
        <span className={styles.price} data-label="Input">
          {perMillion(price.input)}
          {price.cacheWrite !== null && <span className={styles.about}>cache write {perMillion(price.cacheWrite)}</span>}
          {price.cachedInput !== null && <span className={styles.about}>cached {perMillion(price.cachedInput)}</span>}
        </span>
        <span className={styles.price} data-label="Output">
          {perMillion(price.output)}
        </span>
        <span className={styles.valid}>
          {state === 'replaced'
            ? price.builtIn
              ? 'Replaced by your price'
              : 'Replaced by a newer price'
            : state === 'later'
              ? `${valid}, not yet in use`
              : valid}
        </span>
        <div className={styles.actions}>
          {price.builtIn ? (
            state === 'inUse' && (
              <Button size="xs" variant="subtle" aria-label={`Set your own price for ${price.model}`} onClick={() => onOverride(price.model)}>
                Set your own
              </Button>
            )
          ) : (
            <Menu>
              <Menu.Target>
                <ActionIcon aria-label={`More actions for the price of ${price.model}`}>
                  <IconDots size={18} stroke={1.7} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<IconPencil size={16} stroke={1.6} />} onClick={() => setOpen('edit')}>
                  Edit price
                </Menu.Item>
                <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={() => setOpen('delete')}>
                  Delete price
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </div>
      </div>
      {open === 'edit' && <PriceForm price={price} prices={prices} onClose={() => setOpen(undefined)} />}
      {open === 'delete' && (
        <DeleteStrip
          text={`The next price that applies to ${price.model} is then used. If there is none, the cost of its calls is unknown. Recorded costs don’t change.`}
          action="Delete price"
          busy={remove.isPending}
          error={remove.error}
          onDelete={(reason) => remove.mutate({ price, reason })}
          onCancel={() => setOpen(undefined)}
        />
      )}
    </li>
  );
}
