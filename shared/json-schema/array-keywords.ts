import { JsonSet } from './equal.ts';
import type { Compile, Keyword } from './keyword.ts';
import type { Check } from './visit.ts';

const itemCount = (count: unknown): string => (count === 1 ? '1 item' : `${count} items`);

const minItems: Keyword = (least) => (value, visit) =>
  !Array.isArray(value) || value.length >= Number(least) || visit.fail(least === 1 ? 'must not be empty' : `must have at least ${itemCount(least)}`);
const maxItems: Keyword = (most) => (value, visit) =>
  !Array.isArray(value) || value.length <= Number(most) || visit.fail(`must have at most ${itemCount(most)}`);

/** One check for each of a list's first items. */
export const firstItems = (schema: Record<string, unknown>, compiler: Compile): Check[] =>
  Array.isArray(schema.prefixItems) ? schema.prefixItems.map((one) => compiler.compile(one)) : [];

function eachFrom(start: number, check: Check): Check {
  return (value, visit) => {
    if (!Array.isArray(value)) return true;
    let fits = true;
    for (let index = start; index < value.length; index++) {
      if (visit.below(index, value[index], check)) continue;
      fits = false;
      if (visit.stops) return false;
    }
    return fits;
  };
}

const prefixItems: Keyword = (_value, schema, compiler) => {
  const checks = firstItems(schema, compiler);
  return (value, visit) => {
    if (!Array.isArray(value)) return true;
    let fits = true;
    for (const [index, check] of checks.slice(0, value.length).entries()) {
      if (visit.below(index, value[index], check)) continue;
      fits = false;
      if (visit.stops) return false;
    }
    return fits;
  };
};

const items: Keyword = (of, schema, compiler) => eachFrom(firstItems(schema, compiler).length, compiler.compile(of));

const contains: Keyword = (of, schema, compiler) => {
  const check = compiler.compile(of);
  const least = typeof schema.minContains === 'number' ? schema.minContains : 1;
  const most = typeof schema.maxContains === 'number' ? schema.maxContains : Number.POSITIVE_INFINITY;
  const message = `must have ${most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`} items that match its schema`;
  return (value, visit) => {
    if (!Array.isArray(value)) return true;
    let count = 0;
    for (const item of value) {
      if (visit.test(item, check)) count++;
      if (count > most || (count >= least && most === Number.POSITIVE_INFINITY)) break;
    }
    return (count >= least && count <= most) || visit.fail(message);
  };
};

/** Visits each item once: comparing every pair would take minutes for a long list. */
const uniqueItems: Keyword = (wanted) => {
  if (wanted !== true) return undefined;
  return (value, visit) => {
    if (!Array.isArray(value)) return true;
    const seen = new JsonSet();
    for (const [index, item] of value.entries()) {
      visit.spend(3);
      seen.add(item, visit);
      if (seen.size <= index) return visit.fail('must not contain duplicate items');
    }
    return true;
  };
};

/** Keywords for the items of a list. */
export const ARRAY_KEYWORDS = { minItems, maxItems, prefixItems, items, contains, uniqueItems } satisfies Record<string, Keyword>;
