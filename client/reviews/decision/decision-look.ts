import type { Review } from '@switchyard/shared/contracts/reviews.ts';

type Decision = Review['decisions'][number];

/** Names of decisions that reject. */
const NO = /^(no|reject|decline|deny|refuse|cancel|stop|fail|block)(_|$)/;
const refuses = ({ id }: Decision): boolean => NO.test(id.toLowerCase().replaceAll(/[^a-z]+/g, '_'));

export interface DecisionRow {
  /** The decision people make most often: on the right, with its shortcut. */
  readonly main: Decision | undefined;
  readonly others: readonly { readonly decision: Decision; readonly refuses: boolean }[];
}

/** The main decision is the first that doesn’t reject. Rejections come first among the others. */
export function decisionRow(decisions: readonly Decision[]): DecisionRow {
  const main = decisions.find((decision) => !refuses(decision)) ?? decisions[0];
  const others = decisions.filter((decision) => decision !== main).map((decision) => ({ decision, refuses: refuses(decision) }));
  return { main, others: [...others.filter((one) => one.refuses), ...others.filter((one) => !one.refuses)] };
}
