/** An expression that doesn't compile. Columns count from 0 in the compiled text. */
export class ExpressionSyntaxError extends Error {
  readonly start: number;
  readonly end: number;
  readonly suggestion: string | undefined;

  constructor(message: string, start: number, end: number, suggestion?: string) {
    super(message);
    this.name = 'ExpressionSyntaxError';
    this.start = start;
    this.end = Math.max(end, start);
    this.suggestion = suggestion;
  }

  /** The same error for a longer text in which this one starts at `offset`. */
  shifted(offset: number): ExpressionSyntaxError {
    return new ExpressionSyntaxError(this.message, this.start + offset, this.end + offset, this.suggestion);
  }
}
