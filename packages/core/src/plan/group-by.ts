/** Groups values by a key, in the order in which the keys first appear. */
export function groupBy<K, V>(values: Iterable<V>, keyOf: (value: V) => K): Map<K, V[]> {
  const valuesByKey = new Map<K, V[]>()
  for (const value of values) {
    const key = keyOf(value)
    const group = valuesByKey.get(key)
    if (group === undefined) valuesByKey.set(key, [value])
    else group.push(value)
  }
  return valuesByKey
}
