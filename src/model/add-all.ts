/** Adds all of them to a list. `push(...more)` ends in a stack overflow where there are more than about a hundred thousand. */
export function addAll<T>(list: T[], more: Iterable<T>): void {
  for (const each of more) list.push(each);
}
