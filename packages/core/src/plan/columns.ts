/** Pads a text with spaces to a width in terminal cells. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

/** The width of a text in terminal cells: two for each wide East Asian character. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += cellsOf(character)
  return width
}

function cellsOf(character: string): number {
  if (/[\p{M}\u200b-\u200d]/u.test(character)) return 0
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
    character,
  )
    ? 2
    : 1
}

/** The width of the widest text in terminal cells; 0 if there is none. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, displayWidth(text)), 0)
}

/** Cuts the middle of a text that is wider than a number of cells: `product/mu…/large`. */
export function shortenMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  const tail = takeCells([...text].toReversed(), Math.floor((width - 1) / 2))
  const head = takeCells([...text], width - 1 - displayWidth(tail.join('')))
  return `${head.join('')}…${tail.toReversed().join('')}`
}

/** The first characters that fit a number of cells. */
function takeCells(characters: readonly string[], width: number): string[] {
  let left = width
  const end = characters.findIndex((character) => (left -= cellsOf(character)) < 0)
  return end === -1 ? [...characters] : characters.slice(0, end)
}
