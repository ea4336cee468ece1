import type { Review } from '@switchyard/shared/contracts/reviews.ts';

type Decision = Review['decisions'][number];

/** Words with which people turn something down. */
const NO = /^(no|reject|decline|deny|refuse|cancel|stop|fail|block)(_|$)/;
const refuses = ({ id }: Decision): boolean => NO.test(id.toLowerCase().replaceAll(/[^a-z]+/g, '_'));

export interface DecisionRow {
  /** What people mostly want: at the right, with its key. */
  readonly main: Decision | undefined;
  readonly others: readonly { readonly decision: Decision; readonly refuses: boolean }[];
}

/** The main decision is the first that refuses nothing; those that do come first among the others. */
export function decisionRow(decisions: readonly Decision[]): DecisionRow {
  const main = decisions.find((decision) => !refuses(decision)) ?? decisions[0];
  const others = decisions.filter((decision) => decision !== main).map((decision) => ({ decision, refuses: refuses(decision) }));
  return { main, others: [...others.filter((one) => one.refuses), ...others.filter((one) => !one.refuses)] };
}
