import { expect, it } from 'vitest';
import { agreementOf } from './agreement.ts';

const pairs = (bothPass: number, tooStrict: number, tooLenient: number, bothFail: number) => [
  ...Array.from({ length: bothPass }, () => ({ person: 'pass', judge: 'pass' }) as const),
  ...Array.from({ length: tooStrict }, () => ({ person: 'pass', judge: 'fail' }) as const),
  ...Array.from({ length: tooLenient }, () => ({ person: 'fail', judge: 'pass' }) as const),
  ...Array.from({ length: bothFail }, () => ({ person: 'fail', judge: 'fail' }) as const),
];

it.each([
  // Two readers of 50 grant proposals, the usual textbook example: kappa 0.4.
  [20, 5, 10, 15, 35, 0.4],
  // The same observed agreement of 0.6 with other shares.
  [45, 15, 25, 15, 60, 0.1304],
  [25, 35, 5, 35, 60, 0.2593],
  [5, 0, 0, 5, 10, 1],
  [0, 5, 5, 0, 0, -1],
])('of %i, %i, %i, and %i pairs', (bothPass, tooStrict, tooLenient, bothFail, agreed, kappa) => {
  const found = agreementOf(pairs(bothPass, tooStrict, tooLenient, bothFail));
  expect(found).toMatchObject({ total: bothPass + tooStrict + tooLenient + bothFail, agreed, tooStrict, tooLenient });
  expect(found.kappa).toBeCloseTo(kappa, 4);
});

it('has no kappa if both only ever say the same, or nothing was judged', () => {
  expect(agreementOf(pairs(7, 0, 0, 0))).toMatchObject({ agreed: 7, kappa: null });
  expect(agreementOf([])).toEqual({ total: 0, agreed: 0, tooStrict: 0, tooLenient: 0, kappa: null });
});
