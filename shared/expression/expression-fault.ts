/** A fault that a function of an expression reports; its message is shown as it is. */
export class ExpressionFault extends Error {}
