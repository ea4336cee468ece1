import { type CsvFile, readCsv } from '@switchyard/shared/tables/read-csv.ts';

const MOST_BYTES = 100_000_000;

/** Reads a CSV file in UTF-8, or else in the encoding of older spreadsheets. */
export async function readCsvFile(file: File): Promise<CsvFile | { readonly problem: string }> {
  if (file.size > MOST_BYTES) return { problem: `The file is ${Math.ceil(file.size / 1_000_000)} MB. The limit is ${MOST_BYTES / 1_000_000} MB.` };
  const bytes = await file.arrayBuffer();
  return readCsv(textOf(bytes));
}

function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
