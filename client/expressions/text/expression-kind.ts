/** `template`: text with {{ }}. `cel`: a single expression. `json`: JSON with {{ }} in its strings. `script`: user code. */
export type ExpressionKind = 'template' | 'cel' | 'json' | 'script';
