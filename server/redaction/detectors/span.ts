/** Where a value is in a text: from the first position up to, not including, the second. */
export type Span = readonly [start: number, end: number];

/** Finds values of one kind. Takes time linear in the length of the text. */
export type Detector = (text: string) => Iterable<Span>;
