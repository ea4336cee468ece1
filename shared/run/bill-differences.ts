import { BILL_GROUPS, type BillDifference, type BillGroup, type BillOfMaterials } from '../contracts/bill-of-materials.ts';
import { sameJson } from '../same-json.ts';

/** The items of each group of a bill by name: a prompt, a node, a model, … */
export type BillItems = Readonly<Record<BillGroup, ReadonlyMap<string, unknown>>>;

/** In place of the hash of an input. It is never the same as another. */
const UNKNOWN_INPUT = 'unknown';

/** A bill in comparable form. A node or prompt that occurs several times has a list with its distinct values. */
export function billItems(bill: BillOfMaterials): BillItems {
  const { id, name: _name, ...workflow } = bill.workflow;
  return {
    workflow: new Map([[id, workflow]]),
    prompts: grouped(bill.prompts, nameOf, ({ name: _, ...prompt }) => prompt),
    models: grouped(bill.models, nodeOf, ({ model, connection, provider, calls }) => ({ model, connection, provider, calls })),
    fallbacks: grouped(
      bill.models.filter(({ fallbacks }) => fallbacks.length > 0),
      nodeOf,
      ({ fallbacks }) => fallbacks,
    ),
    routes: grouped(bill.models, nodeOf, ({ route, routeVersion }) => ({ route, version: routeVersion })),
    prices: grouped(
      bill.prices,
      ({ model }) => model,
      ({ connection, input, output }) => ({ connection, input, output }),
    ),
    policies: new Map(bill.policies.map(({ kind, hash }) => [kind, hash])),
    input: new Map([['hash', bill.input.hash ?? UNKNOWN_INPUT]]),
    caller: new Map(Object.entries(bill.caller)),
    nodeTypes: grouped(
      bill.nodeTypes,
      ({ type }) => type,
      ({ version }) => version,
    ),
    schemas: new Map(bill.schemas.map(({ nodeKey, param, hash }) => [`${nodeKey}.${param}`, hash])),
    reviewers: grouped(bill.reviewers, nodeOf, ({ by }) => by),
    product: new Map([['version', bill.product.version]]),
  };
}

const nodeOf = ({ nodeKey }: { readonly nodeKey: string }): string => nodeKey;
const nameOf = ({ name }: { readonly name: string }): string => name;

function grouped<T>(list: readonly T[], itemOf: (entry: T) => string, compared: (entry: T) => unknown): Map<string, readonly unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const entry of list) {
    const values = found.get(itemOf(entry)) ?? [];
    const value = compared(entry);
    if (!values.some((known) => sameJson(known, value))) values.push(value);
    found.set(itemOf(entry), values);
  }
  return found;
}

/** The differences between two bills, by group. */
export function billDifferences(before: BillOfMaterials, after: BillOfMaterials): BillDifference[] {
  const [one, two] = [billItems(before), billItems(after)];
  return BILL_GROUPS.flatMap((group) =>
    [...new Set([...one[group].keys(), ...two[group].keys()])].flatMap((item) => {
      const [was, is] = [one[group].get(item) ?? null, two[group].get(item) ?? null];
      return sameJson(was, is) && !(group === 'input' && is === UNKNOWN_INPUT) ? [] : [{ group, item, before: was, after: is }];
    }),
  );
}
