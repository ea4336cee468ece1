const PART = /^[1-5](?:\d\d|xx)$/i;

const partsOf = (expected: string): string[] =>
  expected
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Whether a text like `2xx, 404` names statuses. */
export const isStatusList = (expected: string): boolean => partsOf(expected).length > 0 && partsOf(expected).every((part) => PART.test(part));

/** Whether a status is one of those that a text like `2xx, 404` names. */
export const isExpected = (status: number, expected: string): boolean =>
  partsOf(expected).some((part) => (/xx$/i.test(part) ? Math.floor(status / 100) === Number(part[0]) : Number(part) === status));
