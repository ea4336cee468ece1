import type { ExperimentComparison, ExperimentMeasure } from '@switchyard/shared/contracts/evaluation/experiments.ts';

/* The result of a comparison in words, for the page, the API, and the command line. */

type Told = Pick<ExperimentComparison, 'subject' | 'baseline' | 'measures' | 'pairs' | 'leftOut'>;
type Verdict = Pick<ExperimentComparison, 'headline' | 'detail' | 'verdict'>;

const counted = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`;

/** As the subject of a sentence. */
const named = (label: string): string => (label === 'Draft' ? 'The draft' : label);
const inside = (label: string): string => (label === 'Draft' ? 'the draft' : label);

/** Names both sides, by the names of the experiments if their labels are the same. */
function namesOf({ subject, baseline }: Told): readonly [string, string] {
  return subject.label === baseline.label ? [`“${subject.name}”`, `“${baseline.name}”`] : [subject.label, baseline.label];
}

/** The measure that decides: what passes, unless only scores tell the sides apart. */
function deciding({ measures }: Told): ExperimentMeasure | undefined {
  const [passed, score] = ['passed', 'score'].map((wanted) => measures.find(({ key }) => key === wanted));
  const scoreTells = score?.verdict === 'better' || score?.verdict === 'worse';
  return passed && (passed.verdict === 'better' || passed.verdict === 'worse' || !scoreTells) ? passed : score;
}

function headlineOf(told: Told, measure: ExperimentMeasure): string {
  const [subject, baseline] = namesOf(told);
  const { tooFew, pairs, verdict, difference } = measure;
  if (tooFew?.allEqual) return `Too few to tell: all ${pairs} pairs are equal`;
  if (tooFew) return `Too few to tell: ${tooFew.pairs} of ${tooFew.needed} ${measure.pairs < tooFew.needed ? 'pairs' : 'customers or runs'}`;
  const by = difference ?? 0;
  const items = Math.round(Math.abs(by) * pairs);
  if (measure.key === 'score')
    return `${named(subject)} is ${verdict}: its score is ${by > 0 ? '+' : '−'}${Math.abs(by).toFixed(2)} on ${counted(pairs, 'item')}`;
  if (verdict === 'none') {
    if (items === 0) return `No difference shown between ${inside(subject)} and ${inside(baseline)} on ${counted(pairs, 'item')}`;
    return `No difference shown: ${inside(subject)} passes ${items} ${by > 0 ? 'more' : 'fewer'} of ${counted(pairs, 'item')}`;
  }
  return `${named(subject)} is ${verdict}: it passes ${items} ${by > 0 ? 'more' : 'fewer'} of ${counted(pairs, 'item')}`;
}

function rangeText({ tooFew, verdict, interval }: ExperimentMeasure): string {
  if (tooFew) return 'No winner is named.';
  if (verdict === 'none') return 'The 95% confidence interval holds 0, so this may be chance.';
  return `The 95% confidence interval stays ${interval && interval.low > 0 ? 'above' : 'below'} 0, so this is unlikely to be chance.`;
}

/** What is not compared, by reason. */
function leftOutText({ subject, baseline, pairs, leftOut }: Told): string {
  const open = Math.max(subject.open, baseline.open);
  const parts = [
    ...(leftOut.stopped > 0 ? [`${leftOut.stopped} stopped`] : []),
    ...(leftOut.errored > 0 ? [counted(leftOut.errored, 'error')] : []),
    ...(leftOut.unpaired > 0 && open === 0 ? [`${leftOut.unpaired} in only one of them`] : []),
    ...(open > 0 ? [`${open} not finished`] : []),
  ];
  return parts.length === 0 ? `All ${counted(pairs, 'item')} are compared.` : `Left out: ${parts.join(', ')}.`;
}

/** The answer in a sentence, with the items left out. */
export function headline(told: Told): Verdict {
  const measure = deciding(told);
  if (!measure) return { headline: 'Nothing to compare', detail: leftOutText(told), verdict: 'too-few' };
  return { headline: headlineOf(told, measure), detail: `${rangeText(measure)} ${leftOutText(told)}`, verdict: measure.verdict };
}
