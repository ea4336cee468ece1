import type { ReadRows } from '@switchyard/nodes/sdk/documents.ts';
import { JSON_LIMITS, JsonLimitError, type JsonLimits, readJson } from '@switchyard/shared/read-json.ts';
import { tooLarge, unreadable } from '../fault.ts';
import { listIn, rowsOfList, rowsOfTable } from './rows.ts';

/** Files may have more values than a request. The memory of the thread limits them. */
const LIMITS: JsonLimits = { ...JSON_LIMITS, maxValues: 10_000_000 };

const parse = (json: string): unknown => readJson(json, LIMITS);

function parsed(json: string): unknown {
  try {
    return parse(json);
  } catch (thrown) {
    return jsonLines(json) ?? failed(thrown);
  }
}

function failed(thrown: unknown): never {
  if (thrown instanceof JsonLimitError) throw tooLarge(`The JSON ${thrown.message}.`, thrown);
  throw unreadable(`The file is not valid JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}.`, thrown);
}

/** The values of JSON Lines; undefined if it is none. */
function jsonLines(text: string): unknown[] | undefined {
  try {
    return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [parse(line)]));
  } catch {
    return undefined;
  }
}

export function readJsonRows(json: string, hasHeader: boolean): ReadRows {
  const list = listIn(parsed(json));
  return list.length > 0 && list.every(Array.isArray) ? rowsOfTable(list, hasHeader, null) : rowsOfList(list);
}
