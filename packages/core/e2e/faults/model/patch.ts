type Functions = Record<string, (...args: never[]) => unknown>

/** Replaces functions of an object where the first argument is ours. @returns how to undo that */
export function patch(
  object: Record<string, ((...args: unknown[]) => unknown) & { native?: unknown }>,
  replacements: Functions,
  isOurs: (first: unknown) => boolean,
): () => void {
  const originals = Object.keys(replacements).map((name) => [name, object[name]!] as const)
  for (const [name, original] of originals) {
    const own = replacements[name] as unknown as (...args: unknown[]) => unknown
    const patched = (...args: unknown[]): unknown =>
      isOurs(args[0]) ? own(...args) : original.apply(object, args)
    const { native } = original
    object[name] = Object.assign(patched, {
      native: (...args: unknown[]): unknown =>
        isOurs(args[0]) ? own(...args) : (native as typeof patched)(...args),
    })
  }
  return () => {
    for (const [name, original] of originals) object[name] = original
  }
}
