import { expect, it } from 'vitest';
import { amountChange, shareChange, workWords } from './words.ts';

const share = (count: number, of: number) => ({ value: of === 0 ? null : count / of, count, of, enough: of >= 20 });

it('A share is better or worse only if the difference is more than chance.', () => {
  expect(shareChange(share(980, 1_000), share(900, 1_000), 'more')).toEqual({ text: '+8 pt', isBetter: true });
  expect(shareChange(share(300, 1_000), share(200, 1_000), 'less')).toEqual({ text: '+10 pt', isBetter: false });
  expect(shareChange(share(24, 30), share(21, 30), 'more')).toEqual({ text: '+10 pt', isBetter: undefined });
  expect(shareChange(share(30, 30), share(40, 40), 'more')).toEqual({ text: 'no change', isBetter: undefined });
  expect([shareChange(share(19, 19), share(10, 40), 'more'), shareChange(share(0, 0), share(0, 0), 'more')]).toEqual([undefined, undefined]);
});

it('Amounts change in percent, and time saved is in hours or minutes.', () => {
  expect([amountChange(76, 100)?.text, amountChange(100, 100)?.text, amountChange(5, 0), amountChange(null, 5)]).toEqual([
    '−24%',
    'no change',
    undefined,
    undefined,
  ]);
  expect([workWords(38_156_400_000), workWords(25 * 60_000), workWords(-7_200_000)]).toEqual(['10,599 h', '25 min', '−2 h']);
});
