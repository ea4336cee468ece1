import { Button, Skeleton } from '@mantine/core';
import { IconHelpCircle, IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { usePrices, useUsage } from '../../api/usage-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { TopBar } from '../../frame/top-bar.tsx';
import { useSlowNow } from '../../ui/clock.ts';
import { callWords } from '../../ui/format.ts';
import { usageRange } from '../range/usage-range.ts';
import { PriceForm } from './price-form.tsx';
import { listedPrices, unpricedModels } from './price-list.ts';
import { PriceTable } from './price-table.tsx';
import styles from './prices-page.module.css';

/** What a token of each model costs: models without a price first, then your own prices, then the built-in ones. */
export function PricesPage() {
  const { model } = useSearch({ from: '/usage/prices' });
  const navigate = useNavigate({ from: '/usage/prices' });
  const [isAdding, setAdding] = useState(false);
  const open = (name: string) => void navigate({ search: { model: name }, replace: true });
  const close = () => {
    setAdding(false);
    void navigate({ search: {}, replace: true });
  };
  return (
    <>
      <TopBar
        title="Prices"
        parent={{ to: '/usage', label: 'Usage' }}
        actions={
          <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.8} />} onClick={() => setAdding(true)}>
            New price
          </Button>
        }
      />
      <div className={styles.page}>
        <p className={styles.lead}>
          In US dollars per million tokens. Your price for a connection applies first, then your price for the model, then the list price. A new price applies
          from the next call on; recorded costs don’t change.
        </p>
        <Prices form={isAdding || model !== undefined ? { model } : undefined} onOpen={open} onClose={close} />
      </div>
    </>
  );
}

interface PricesProps {
  /** The open form for a new price. */
  readonly form: { readonly model: string | undefined } | undefined;
  readonly onOpen: (model: string) => void;
  readonly onClose: () => void;
}

function Prices({ form, onOpen, onClose }: PricesProps) {
  const { data: prices, error, refetch } = usePrices();
  const now = useSlowNow();
  if (error && !prices) return <ErrorState title="Couldn’t load prices" error={error} retry={() => void refetch()} />;
  if (!prices) {
    return (
      <div className={styles.list} role="status" aria-label="Loading prices">
        <div className={styles.row}>
          <Skeleton height={14} width="40%" />
        </div>
      </div>
    );
  }
  const listed = listedPrices(prices, new Date(now).toISOString());
  const own = listed.filter(({ price }) => !price.builtIn);
  return (
    <>
      {form && (
        <div className={styles.form}>
          <PriceForm key={form.model} model={form.model} prices={prices} onClose={onClose} />
        </div>
      )}
      <Unpriced prices={prices} onOpen={onOpen} />
      {own.length > 0 && (
        <section aria-labelledby="own-prices">
          <h2 id="own-prices" className={styles.heading}>
            Your prices
          </h2>
          <PriceTable label="Your prices" listed={own} prices={prices} onOverride={onOpen} />
        </section>
      )}
      <section aria-labelledby="built-in-prices">
        <h2 id="built-in-prices" className={styles.heading}>
          Built-in prices
        </h2>
        <p className={styles.about}>List prices of the providers. A name also covers the dated versions of its model, for example gpt-5-mini-2025-08-07.</p>
        <PriceTable label="Built-in prices" listed={listed.filter(({ price }) => price.builtIn)} prices={prices} onOverride={onOpen} />
      </section>
    </>
  );
}

/** Models that were called in the last 30 days and have no price. */
function Unpriced({ prices, onOpen }: { prices: Parameters<typeof unpricedModels>[1]; onOpen: (model: string) => void }) {
  const { from, bucket } = usageRange({ period: '30d' }, useSlowNow());
  const { data } = useUsage({ by: 'model', bucket, from });
  const models = unpricedModels(data?.items ?? [], prices);
  if (models.length === 0) return null;
  return (
    <section aria-labelledby="no-price">
      <h2 id="no-price" className={styles.heading}>
        Without a price
      </h2>
      <ul className={styles.list}>
        {models.map(({ model, calls }) => (
          <li key={model} className={styles.unpriced}>
            <IconHelpCircle size={17} stroke={1.7} aria-hidden />
            <div className={styles.model}>
              <code>{model}</code>
              <span className={styles.about}>
                {callWords(calls)} in 30 days. {calls === 1 ? 'Its cost is' : 'Their cost is'} unknown.
              </span>
            </div>
            <Button size="xs" aria-label={`Set a price for ${model}`} onClick={() => onOpen(model)}>
              Set a price
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
