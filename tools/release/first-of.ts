/** The first of what is wrong, and how many more there are: `README.md and 2 more`. @param all at least one */
export function firstOf(all: readonly string[]): string {
  return all.length === 1 ? `${all[0]}` : `${all[0]} and ${all.length - 1} more`;
}
