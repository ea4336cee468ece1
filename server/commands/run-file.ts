import { readFileSync } from 'node:fs';
import type { Run } from '@switchyard/shared/contracts/runs.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { type Sample, samplesOf } from '@switchyard/shared/graph/samples.ts';
import { branchesTaken, endOfSample, isRejected, type RejectedSample, sampleFailures } from '@switchyard/shared/run/sample-run.ts';
import { say } from './output.ts';
import { type OpenFile, openFile, type RunsFile } from './throwaway-server.ts';

/** Runs a workflow file with an input and prints its output. Returns whether the run succeeded. */
export async function runFile(path: string, input: string | undefined): Promise<boolean> {
  const value: unknown = input === undefined ? undefined : parse(input, '--input');
  await using file = await openFile(contentOf(path));
  const run = await file.run(value ?? samplesOf(inputOf(file.graph))[0]?.value ?? {});
  if (!isRejected(run) && run.status === 'succeeded') {
    say(JSON.stringify(run.output, null, 2));
    return true;
  }
  process.stderr.write(`${endOfSample(run)}\n`);
  return false;
}

/** Tests all sample inputs of a workflow file, and compares outputs and ends with what the samples expect. Returns whether all passed. */
export async function testFile(path: string): Promise<boolean> {
  await using file = await openFile(contentOf(path));
  const samples = samplesOf(inputOf(file.graph));
  if (samples.length === 0) throw new AppError('bad-request', `${path} has no sample inputs. Add some to its Input node.`);
  let failed = 0;
  for (const sample of samples) if (!(await testSample(file, sample))) failed++;
  say(failed === 0 ? `${samples.length} passed` : `${failed} of ${samples.length} failed`);
  return failed === 0;
}

const inputOf = ({ nodes }: Graph): unknown => nodes.find(({ type, data }) => type === 'input' && !data.disabled)?.data.params;

async function testSample(file: OpenFile, sample: Sample): Promise<boolean> {
  const run = await runSample(file, sample);
  const found = sampleFailures(sample, run);
  const taken = isRejected(run) ? [] : branchesTaken(run);
  say(`${found.length === 0 ? 'ok    ' : 'FAILED'} ${sample.name}${taken.length === 0 ? '' : ` (${taken.join(', ')})`}`);
  for (const line of found) say(`       ${line}`);
  return found.length === 0;
}

/** Why a sample fails, one line each. Empty if it passed. */
export const failuresOf = async (file: RunsFile, sample: Sample): Promise<string[]> => sampleFailures(sample, await runSample(file, sample));

async function runSample(file: RunsFile, { value, decisions = {} }: Sample): Promise<Run | RejectedSample> {
  const started = await file.run(value);
  return isRejected(started) ? started : file.decide(started, decisions);
}

const contentOf = (path: string): unknown => parse(readFileSync(path, 'utf8'), path);

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('bad-request', `${name} is not valid JSON.`, { cause });
  }
}
