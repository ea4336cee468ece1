import { resolve } from 'node:path';
import { AppError } from '@switchyard/shared/errors.ts';
import { placeOf } from '../mongo/mongo-address.ts';

/** One side of a copy. */
export type CopyAddress =
  | { readonly kind: 'sqlite'; readonly dataDir: string; readonly name: string }
  | { readonly kind: 'mongodb'; readonly uri: string; readonly name: string };

/** Reads `sqlite:./data` or `mongodb://…`. `name` may be shown: it holds no password. Throws AppError `bad-request`. */
export const parseCopyAddress = (option: string, text: string): CopyAddress => {
  if (/^sqlite:./.test(text)) {
    const dataDir = resolve(text.slice('sqlite:'.length));
    return { kind: 'sqlite', dataDir, name: `sqlite:${dataDir}` };
  }
  if (/^mongodb(\+srv)?:\/\//.test(text)) return { kind: 'mongodb', uri: text, name: placeOf(text) };
  throw new AppError(
    'bad-request',
    `--${option} must be sqlite: with a data directory, such as sqlite:./data, or an address of MongoDB, such as mongodb://127.0.0.1/switchyard.`,
  );
};
