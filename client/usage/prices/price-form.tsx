import { Autocomplete, Button, Select, TextInput } from '@mantine/core';
import { isDataKind } from '@switchyard/shared/contracts/connections/database.ts';

import type { Price } from '@switchyard/shared/contracts/money.ts';
import { useConnections, useRoutes } from '../../api/queries.ts';
import { useSetPrice } from '../../api/usage-queries.ts';
import { SendError } from '../../frame/send-error.tsx';
import { useLocalTexts } from '../../ui/use-local-texts.ts';
import strip from '../parts/strip.module.css';
import { TokenPrice } from '../parts/token-price.tsx';
import { dateWords } from './price-list.ts';

interface Props {
  /** The price that is changed. Without it, a new one is set. */
  readonly price?: Price | undefined;
  /** The model of a new price. */
  readonly model?: string | undefined;
  /** All prices, to find the one that a new price replaces. */
  readonly prices: readonly Price[];
  readonly onClose: () => void;
}

/** Sets the price of a model: for all connections or one, always or from a day on. */
export function PriceForm({ price, model, prices, onClose }: Props) {
  const { values, keep, forget } = usePriceTexts(price, model);
  const set = useSetPrice();
  const problem = priceProblem(values);
  const leave = () => {
    forget();
    onClose();
  };
  const submit = () => {
    const from = price ? price.from : values.from === '' ? null : `${values.from}T00:00:00.000Z`;
    const connectionId = price ? price.connectionId : values.connection || null;
    const name = values.model.trim();
    const before = prices.find((other) => !other.builtIn && other.model === name && other.from === from && other.connectionId === connectionId);
    const body = {
      input: Number(values.input),
      output: Number(values.output),
      ...(values.cachedInput !== '' && { cachedInput: Number(values.cachedInput) }),
      ...(values.cacheWrite !== '' && { cacheWrite: Number(values.cacheWrite) }),
      ...(from !== null && { from }),
      ...(connectionId !== null && { connectionId }),
      ...(values.reason.trim() !== '' && { reason: values.reason.trim() }),
    };
    set.mutate({ model: name, body, before }, { onSuccess: leave });
  };
  return (
    <form
      className={strip.strip}
      aria-label={price ? `Price of ${price.model}` : 'New price'}
      onSubmit={(event) => {
        event.preventDefault();
        if (!problem) submit();
      }}
    >
      <div className={`${strip.fields} ${strip.six}`}>
        {price ? <FixedFields price={price} /> : <WhichFields values={values} onChange={keep} prices={prices} />}
        <TokenPrice label="Input, per million tokens" value={values.input} onChange={(input) => keep({ input })} autoFocus={price !== undefined} />
        <TokenPrice
          label="Cached input (optional)"
          description="If empty, the input price applies"
          value={values.cachedInput}
          onChange={(cachedInput) => keep({ cachedInput })}
        />
        <TokenPrice
          label="Cache write (optional)"
          description="If empty, 1.25 × the input price"
          value={values.cacheWrite}
          onChange={(cacheWrite) => keep({ cacheWrite })}
        />
        <TokenPrice label="Output, per million tokens" value={values.output} onChange={(output) => keep({ output })} />
      </div>
      <div className={strip.line}>
        <TextInput
          label="Reason (optional)"
          value={values.reason}
          maxLength={1_000}
          className={strip.reason}
          onChange={(event) => keep({ reason: event.currentTarget.value })}
        />
        <span className={strip.problem}>{problem}</span>
        <div className={strip.buttons}>
          <Button onClick={leave}>Cancel</Button>
          <Button variant="filled" type="submit" loading={set.isPending} disabled={problem !== undefined}>
            {price ? 'Save price' : 'Set price'}
          </Button>
        </div>
      </div>
      <SendError error={set.error} />
    </form>
  );
}

const FIELDS = ['model', 'connection', 'from', 'input', 'cachedInput', 'cacheWrite', 'output', 'reason'] as const;
type Values = Readonly<Record<(typeof FIELDS)[number], string>>;

/** The price with the edits so far, kept through a reload. */
function usePriceTexts(price: Price | undefined, model: string | undefined) {
  const place = price ? [price.model, price.connectionId ?? '', price.from ?? ''].join('|') : `new:${model ?? ''}`;
  const { texts, keep, forget } = useLocalTexts(`price:${place}`);
  const first: Values = {
    model: price?.model ?? model ?? '',
    connection: '',
    from: '',
    input: price ? String(price.input) : '',
    cachedInput: price && price.cachedInput !== null ? String(price.cachedInput) : '',
    cacheWrite: price && price.cacheWrite !== null ? String(price.cacheWrite) : '',
    output: price ? String(price.output) : '',
    reason: '',
  };
  return { values: { ...first, ...texts } as Values, keep, forget };
}

function priceProblem({ model, input, output }: Values): string | undefined {
  if (model.trim() === '') return 'Enter the model.';
  return input === '' || output === '' ? 'Enter both prices. Use 0 for a free model.' : undefined;
}

function FixedFields({ price }: { price: Price }) {
  const { data: connections = [] } = useConnections();
  const connection = price.connectionId === null ? 'All connections' : (connections.find(({ id }) => id === price.connectionId)?.name ?? price.connectionId);
  return (
    <p className={strip.text}>
      <code>{price.model}</code>
      <br />
      {connection}, {price.from === null ? 'always' : `from ${dateWords(price.from)}`}
    </p>
  );
}

function WhichFields({ values, onChange, prices }: { values: Values; onChange: (changes: Partial<Values>) => void; prices: readonly Price[] }) {
  const { data: connections = [] } = useConnections();
  const { data: routes = [] } = useRoutes();
  const known = [...routes.flatMap(({ targets }) => targets.map(({ model }) => model)), ...prices.map(({ model }) => model)];
  const models = connections.filter(({ kind }) => kind !== 'http' && kind !== 'demo' && !isDataKind(kind));
  return (
    <>
      <Autocomplete
        label="Model"
        description="The provider’s name for it"
        data={[...new Set(known)].sort()}
        value={values.model}
        maxLength={200}
        limit={50}
        data-autofocus
        inputWrapperOrder={['label', 'input', 'description']}
        onChange={(model) => onChange({ model })}
      />
      <Select
        label="Connection"
        data={[{ value: '', label: 'All connections' }, ...models.map(({ id, name }) => ({ value: id, label: name }))]}
        value={values.connection}
        onChange={(connection) => onChange({ connection: connection ?? '' })}
      />
      <TextInput
        type="date"
        label="Valid from (optional)"
        description="From the start of the day, UTC"
        inputWrapperOrder={['label', 'input', 'description']}
        value={values.from}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      />
    </>
  );
}
