/** The model to set a price for. */
export interface PricesSearch {
  readonly model?: string;
}

/** Reads the URL; ignores invalid values. */
export const readPricesSearch = ({ model }: Record<string, unknown>): PricesSearch => (model === undefined || model === '' ? {} : { model: String(model) });
