import { expect, test } from 'vitest'
import { readScene } from '../../painter/src/scene/read-scene.ts'
import { builtInStyles } from '../src/manifest/resolve/styles.ts'

/** Styles that the painter treats as separate genres: ink painting and portrait. */
const SUBJECTS = new Set(['ink_wash', 'portrait_photo'])

test.each(Object.entries(builtInStyles).filter(([name]) => !SUBJECTS.has(name)))(
  'draws the same subject in the style %s',
  (_, { text, textZh }) => {
    expect(readScene(`A red ceramic mug on a white table. ${text}`).kind).toBe('product')
    expect(readScene(`A lighthouse at dawn over a calm sea. ${text}`).kind).toBe('scenery')
    expect(readScene(`海边的灯塔，黎明。${textZh}`).kind).toBe('scenery')
  },
)
