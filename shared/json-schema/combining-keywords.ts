import type { Keyword } from './keyword.ts';
import type { Check, Visit } from './visit.ts';

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const allOf: Keyword = (value, _schema, compiler) => {
  const checks = listed(value).map((one) => compiler.compile(one));
  return (data, visit) => {
    let fits = true;
    for (const check of checks) {
      if (check(data, visit)) continue;
      fits = false;
      if (visit.stops) return false;
    }
    return fits;
  };
};

/** Explains why no alternative matches, using the errors of the intended one if it can be identified. */
function explain(data: unknown, visit: Visit, checks: readonly Check[], message: string): false {
  if (!visit.explains) return visit.fail(message);
  const tries = checks.map((check) => visit.errorsOf(data, check));
  const place = visit.place;
  const meant = tries.filter((errors) => errors.some(({ path }) => path !== place));
  const [only] = meant;
  visit.fail(message);
  for (const error of meant.length === 1 && only ? only : tries.flat()) visit.keep(error);
  return false;
}

const anyOf: Keyword = (value, _schema, compiler) => {
  const checks = listed(value).map((one) => compiler.compile(one));
  return (data, visit) => checks.some((check) => visit.test(data, check)) || explain(data, visit, checks, 'must match one of the alternatives');
};

const oneOf: Keyword = (value, _schema, compiler) => {
  const checks = listed(value).map((one) => compiler.compile(one));
  return (data, visit) => {
    let count = 0;
    for (const check of checks) if (count < 2 && visit.test(data, check)) count++;
    if (count === 1) return true;
    return count === 0
      ? explain(data, visit, checks, 'must match one of the alternatives')
      : visit.fail('must match only one of the alternatives, but matches several');
  };
};

const not: Keyword = (value, _schema, compiler) => {
  const check = compiler.compile(value);
  return (data, visit) => !visit.test(data, check) || visit.fail('must not match the schema under “not”');
};

const condition: Keyword = (value, schema, compiler) => {
  const [when, then, otherwise] = [value, schema.then, schema.else].map((one) => (one === undefined ? undefined : compiler.compile(one)));
  return (data, visit) => {
    const check = when && visit.test(data, when) ? then : otherwise;
    return !check || check(data, visit);
  };
};

/** Keywords that combine schemas. */
export const COMBINING_KEYWORDS = { allOf, anyOf, oneOf, not, if: condition } satisfies Record<string, Keyword>;
