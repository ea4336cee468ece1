import { resolve } from 'node:path';
import { AppError } from '@switchyard/shared/errors.ts';
import { placeOf } from '../mongo/mongo-address.ts';

/** The source or target of a copy. */
export type CopyAddress =
  | { readonly kind: 'sqlite'; readonly dataDir: string; readonly name: string }
  | { readonly kind: 'mongodb'; readonly uri: string; readonly name: string };

/** Parses `sqlite:./data` or `mongodb://…`. `name` has no password and may be shown. Throws AppError `bad-request`. */
export const parseCopyAddress = (option: string, text: string): CopyAddress => {
  if (/^sqlite:./.test(text)) {
    const dataDir = resolve(text.slice('sqlite:'.length));
    return { kind: 'sqlite', dataDir, name: `sqlite:${dataDir}` };
  }
  if (/^mongodb(\+srv)?:\/\//.test(text)) return { kind: 'mongodb', uri: text, name: placeOf(text) };
  throw new AppError(
    'bad-request',
    `--${option} must be sqlite: and a data directory, for example sqlite:./data, or a MongoDB URL, for example mongodb://127.0.0.1/switchyard.`,
  );
};
