import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { type Price, priceSchema, type setPrice as setPriceContract } from '@switchyard/shared/contracts/money.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { BUILT_IN_PRICES } from '../../models/price.ts';
import { findAll } from '../../store/find-all.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type PriceRecord, prices } from '../../store/money-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { actorOf } from '../caller.ts';
import { recordChange } from '../changes/record-change.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { checkConnection } from './check-references.ts';

/** What the ID of a price is made of. */
type Which = { readonly model: string; readonly from?: string | undefined; readonly connectionId?: string | undefined };

const idOf = ({ model, from = '', connectionId = '' }: Which): string => [model, connectionId, from].join('|');

/** The revision of the price that a change made or deleted. */
export async function priceRevision(store: WorkspaceStore, { before, after }: { before: unknown; after: unknown }): Promise<number | undefined> {
  const price = priceSchema.safeParse(after ?? before).data;
  if (!price) return undefined;
  const { model, from, connectionId } = price;
  return (await store.get(prices, idOf({ model, from: from ?? undefined, connectionId: connectionId ?? undefined })))?.revision;
}

const viewOf = ({ model, connectionId, input, cachedInput, cacheWrite = null, output, from }: PriceRecord): Price => ({
  model,
  connectionId,
  input,
  cachedInput,
  cacheWrite,
  output,
  from,
  builtIn: false,
});

export async function listPrices({ store }: ServiceContext): Promise<Price[]> {
  const own = (await findAll(store, prices)).map(viewOf);
  const builtIn = Object.entries(BUILT_IN_PRICES).map(
    ([model, price]): Price => ({
      model,
      connectionId: null,
      ...price,
      cachedInput: price.cachedInput ?? null,
      cacheWrite: price.cacheWrite ?? null,
      from: null,
      builtIn: true,
    }),
  );
  return [...own, ...builtIn];
}

export async function setPrice(context: ServiceContext, model: string, body: BodyOf<typeof setPriceContract>): Promise<Price> {
  const { store, workspaceId, caller } = context;
  const { input, output, cachedInput, cacheWrite, from, connectionId, reason } = body;
  const id = idOf({ model, from, connectionId });
  const known = await store.get(prices, id);
  if (!known && connectionId !== undefined) await checkConnection(context, connectionId);
  const revision = (known?.revision ?? 0) + 1;
  const fields = {
    model,
    connectionId: connectionId ?? null,
    input,
    cachedInput: cachedInput ?? null,
    cacheWrite: cacheWrite ?? null,
    output,
    from: from ?? null,
    revision,
    updatedAt: timestamp(context),
  };
  const record: PriceRecord = { id, workspaceId, ...fields };
  const change = {
    workspaceId,
    actor: actorOf(caller),
    subject: { kind: 'price', id: model },
    before: known ? viewOf(known) : null,
    after: viewOf(record),
    reason,
  } as const;
  const changed = await recordChange(context, { ...change, action: known ? 'update' : 'create', revision }, async () =>
    known ? store.update(prices, id, fields, { equal: { revision: known.revision } }) : (await insertIfAbsent(store, prices, record)) ? record : undefined,
  );
  context.changed.prices(workspaceId);
  return viewOf(changed);
}

export async function deletePrice(context: ServiceContext, which: Which, reason: string | undefined): Promise<Price> {
  const { store, workspaceId, caller } = context;
  const record = await store.get(prices, idOf(which));
  if (!record)
    throw new AppError('not-found', `You have not set a price for “${which.model}” with this connection and start time. GET /api/prices lists your prices.`);
  const change = {
    workspaceId,
    actor: actorOf(caller),
    subject: { kind: 'price', id: which.model },
    action: 'delete',
    before: viewOf(record),
    after: null,
    reason,
  } as const;
  await recordChange(context, { ...change, revision: record.revision + 1 }, async () => ((await store.delete(prices, record.id)) ? record : undefined));
  context.changed.prices(workspaceId);
  return viewOf(record);
}
