const MEMBER = /^\s*(?:\?\.|\.)\s*([A-Za-z_$][\w$]*)|^\s*(?:\?\.)?\s*\[\s*(?:"([\w$ -]+)"|'([\w$ -]+)')\s*\]/;

/** The member that code reads after a place, and where it ends: `message` after `input` in `input.message`. */
export function memberInCode(source: string, at: number): { readonly name: string; readonly end: number } | undefined {
  const found = MEMBER.exec(source.slice(at));
  const name = found?.[1] ?? found?.[2] ?? found?.[3];
  return found && name !== undefined ? { name, end: at + found[0].length } : undefined;
}
