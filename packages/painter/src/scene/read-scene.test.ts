import { describe, expect, it } from 'vitest'
import { colorOf, has, readScene } from './read-scene.ts'
import type { SceneKind } from './read-scene.ts'

const KINDS: readonly (readonly [string, SceneKind])[] = [
  ['A lighthouse at dawn over a calm sea', 'scenery'],
  ['Misty mountains above a lake at sunrise', 'scenery'],
  ['A city skyline at night with neon lights', 'scenery'],
  ['A cozy living room with a pool and a flamingo', 'interior'],
  ['Floor plan to 3D interior view, modern, warm light', 'interior'],
  ['A red ceramic mug on a white table', 'product'],
  ['A pair of white sneakers, product photo, soft shadow', 'product'],
  ['A model wearing a green summer dress', 'fashion'],
  ['Portrait avatar of a smiling woman with glasses, pastel background', 'portrait'],
  ['A fox reading a map in a forest', 'animal'],
  ['Logo for a coffee brand, minimalist, geometric', 'logo'],
  ['Four steps to brew pour-over coffee, numbered diagram, arrows', 'steps'],
  ['Mobile app screen for a fitness tracker, cards and charts', 'screen'],
  ['Seamless pattern of leaves, teal', 'pattern'],
  ['Game character, knight with blue armour', 'character'],
  ['Magic potion bottle, game item', 'item'],
  ['Game environment background, floating islands, tileable', 'islands'],
  ['Happy birthday greeting card with balloons and cake', 'card'],
  ['Summer sale social post, beach umbrella, sea, bright', 'scenery'],
  ['Space station above a ringed planet', 'space'],
  ['An old bookshop on a rainy street, dusk', 'street'],
  ['Abstract shapes, playful', 'abstract'],
  ['Blue and calm', 'abstract'],
  ['一位灰色头发、留胡子的男性，神情平静', 'portrait'],
  ['Portrait of a woman with grey hair', 'portrait'],
  ['Man with a cap', 'portrait'],
  ['A floor plan of a flat', 'plan'],
  ['A blue dress on a hanger', 'product'],
  ['海边的灯塔，黎明', 'scenery'],
  ['水墨风格的山水', 'ink'],
  ['一只橙色的猫坐在窗边', 'interior'],
  ['春节贺卡，红色，灯笼', 'card'],
  ['手冲咖啡的四个步骤，流程图', 'steps'],
  ['三步泡茶：烧水、放茶、倒水', 'steps'],
  ['第一步打开应用，第二步拍照', 'steps'],
  ['一步步学会折纸鹤', 'steps'],
  ['健身应用界面', 'screen'],
  ['无缝花朵图案', 'pattern'],
]

describe('readScene', () => {
  it.each(KINDS)('reads %j as %s', (prompt, kind) => {
    expect(readScene(prompt).kind).toBe(kind)
  })

  it('reads time, weather, season and style in both languages', () => {
    expect(readScene('foggy pine forest in autumn at dusk, watercolor')).toMatchObject({
      time: 'dusk',
      weather: 'fog',
      season: 'autumn',
      styles: ['watercolor'],
    })
    expect(readScene('冬天夜晚下雪的城市，极简')).toMatchObject({
      time: 'night',
      weather: 'snow',
      season: 'winter',
      styles: ['minimal'],
    })
  })

  it('prefers the longest phrase', () => {
    expect(readScene('mountains at golden hour')).toMatchObject({ time: 'golden', colors: [] })
    expect(has(readScene('hot air balloons at noon'), 'balloon')).toBe(false)
  })

  it.each([
    ['A lighthouse at dawn.', 'shows mia: draw the same character, with the same face.'],
    ['A red mug on a table', 'shows bo-1: draw the same character, with the same clothes.'],
    ['A forest in snow', 'shows 小云: draw the same character, with the same colours.'],
  ])('leaves out what introduces a character: %s', (prompt, introduction) => {
    const { things, kind } = readScene(prompt)
    expect(readScene(`${prompt} Input picture 2 ${introduction}`)).toMatchObject({ things, kind })
  })

  it('leaves out what introduces a character in Chinese', () => {
    const prompt = '海边的灯塔。输入图片1是小云：画同一个角色，脸、比例、服装和配色不变。'
    expect(readScene(prompt)).toMatchObject(readScene('海边的灯塔。'))
  })

  it('matches whole words only', () => {
    expect(readScene('a scatter of education, seasoned').things).toEqual([])
  })

  it('assigns a colour to the thing that it describes', () => {
    const scene = readScene('A red ceramic mug on a white table')
    expect(colorOf(scene, 'mug')).toBe('#d7382f')
    expect(colorOf(scene, 'table')).toBe('#f6f3ee')
    expect(scene.colors).toEqual([])
    expect(colorOf(readScene('一只橙色的猫'), 'cat')).toBe('#f08a32')
  })

  it('assigns a colour after a comma to the whole picture', () => {
    expect(readScene('Seamless pattern of leaves, #1f8a8c').colors).toEqual(['#1f8a8c'])
    expect(readScene('树叶图案，红色').colors).toEqual(['#d7382f'])
  })

  it('ignores negated words up to the end of the clause or sentence', () => {
    const scene = readScene(
      'A calm sea, no boats, without birds. Avoid text, people, red. A lighthouse',
    )
    expect(scene.things.map(({ name }) => name)).toEqual(['sea', 'lighthouse'])
    expect(scene.colors).toEqual([])
    expect(readScene('大海，不要船、人物。灯塔').things.map(({ name }) => name)).toEqual([
      'sea',
      'lighthouse',
    ])
  })

  it('ends a negation at words such as "but"', () => {
    expect(has(readScene('a room with no lamp but a cat'), 'cat')).toBe(true)
  })

  it('distinguishes seamless from negated in Chinese', () => {
    expect(readScene('无缝树叶图案').tile).toBe(true)
  })

  it('ignores the amount of white space and the Unicode form', () => {
    expect(readScene('  a  cafe\u0301 at\nnight ')).toEqual(readScene('a caf\u00e9 at night'))
  })
})
