/** An error reported by an expression function. Its message is shown unchanged. */
export class ExpressionFault extends Error {}
