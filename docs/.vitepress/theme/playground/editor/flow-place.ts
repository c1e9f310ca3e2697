/** A place between braces or brackets. */
type FlowPlace = {
  /** The keys that lead there from the first brace; `*` for an entry of a list. */
  path: string[]
  /** Where the word starts, characters from the first brace. */
  offset: number
  isValue: boolean
  siblings: string[]
}

/** An open brace or bracket. */
type Frame = { isMap: boolean; key: string | undefined; siblings: string[] }

const TOKEN =
  /"[^"]*(?:"|$)|'[^']*(?:'|$)|[{}[\],]|:(?=\s|$)|(?:[^"'{}[\],:\s]|:(?=\S))[^{}[\],:]*/g

/**
 * Returns the place at the end of a text that starts with `{` or `[`; `undefined` after the last
 * closing one and in quotes.
 */
export function placeInFlow(text: string): FlowPlace | undefined {
  const frames: Frame[] = []
  let word: { text: string; offset: number } | undefined
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const top = frames.at(-1)
    if (token === '{' || token === '[') {
      frames.push({ isMap: token === '{', key: undefined, siblings: [] })
    } else if (token === '}' || token === ']') frames.pop()
    else if (token === ',' && top !== undefined) top.key = undefined
    else if (token === ':' && top !== undefined) enter(top, word?.text)
    word = /^[{}[\],:]$/.test(token) ? undefined : { text: token, offset: index }
  }
  const top = frames.at(-1)
  if (top === undefined || /^["']/.test(word?.text ?? '') || text.endsWith(':')) return undefined
  const path = frames.flatMap(({ isMap, key }) => (isMap ? (key ?? []) : '*'))
  const isValue = top.isMap && top.key !== undefined
  return { path, offset: word?.offset ?? text.length, isValue, siblings: top.siblings }
}

function enter(frame: Frame, key: string | undefined): void {
  frame.key = key?.trim().replace(/^(["'])(.*)\1$/, '$2')
  if (frame.key !== undefined) frame.siblings.push(frame.key)
}
