import type { exportExperiment as exportContract } from '@switchyard/shared/contracts/evaluation/experiment-results.ts';
import type { z } from 'zod';
import type { ExperimentRecord, ExperimentResultRecord } from '../../store/evaluation/experiment-collections.ts';
import { ownTurn } from '../../turns.ts';
import type { ServiceContext } from '../context.ts';
import { csvLine } from '../csv.ts';
import { experimentRecordOf, graderLabel, resultView } from './experiment-view.ts';
import { resultsOf } from './results.ts';

/** Results in one part of the file. */
const PART = 200;

/** The results so far, in the order of the items. Throws `not-found`. */
export async function exportResults(context: ServiceContext, id: string, { format }: z.output<(typeof exportContract)['query']>) {
  const record = await experimentRecordOf(context.store, id);
  const lineOf = format === 'csv' ? csvOf : jsonOf;
  async function* parts(): AsyncGenerator<string> {
    let lines = format === 'csv' ? [csvHead(record)] : [];
    for await (const result of resultsOf(context.store, id)) {
      lines.push(lineOf(result));
      if (lines.length < PART) continue;
      await ownTurn();
      yield lines.join('');
      lines = [];
    }
    yield lines.join('');
  }
  return { name: record.name, parts };
}

const jsonOf = (result: ExperimentResultRecord): string => `${JSON.stringify(resultView(result))}\n`;

/** The columns before and after the scores of the graders. */
const FIRST = ['index', 'itemId', 'itemVersion', 'title', 'tags', 'status', 'passed', 'score'] as const;
const LAST = ['reason', 'code', 'costMicros', 'durationMs'] as const;

const csvHead = ({ graders }: ExperimentRecord): string => csvLine([...FIRST, ...graders.map(graderLabel), ...LAST, 'runIds']);

function csvOf(result: ExperimentResultRecord): string {
  const { tags, graderScores, trials } = result;
  const text = (value: unknown): string => String(value ?? '');
  const first = FIRST.map((name) => (name === 'tags' ? tags.join(' ') : text(result[name])));
  return csvLine([...first, ...graderScores.map(text), ...LAST.map((name) => text(result[name])), trials.flatMap(({ runId }) => runId ?? []).join(' ')]);
}
