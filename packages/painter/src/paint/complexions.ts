/** Colours of skin. */
export const SKINS: readonly string[] = ['#f6cfb2', '#eebb95', '#d99c72', '#b9774f', '#8a5538']

/** Colours of hair. */
export const HAIRS: readonly string[] = [
  '#2f2430',
  '#4a2f2a',
  '#7a4630',
  '#b5763f',
  '#d9a35c',
  '#a8452f',
]
