import { describe, expect, it } from 'vitest'
import { has, readScene } from './read-scene.ts'

/** Prompts about things that the painter cannot draw, with the words for the thing. */
const UNKNOWN: readonly (readonly [string, string])[] = [
  ['A bomb', 'bomb'],
  ['Bomb, game item', 'bomb'],
  ['Game item: magic wand', 'magic wand'],
  ['Bomb game item', 'bomb'],
  ['A golden crown', 'golden crown'],
  ['A crown on a velvet cushion, product photo', 'crown'],
  ['chess crown', 'chess crown'],
  ['Crown icon', 'crown'],
  ['Flat vector illustration of a crown', 'crown'],
  ['A glowing tent under the stars', 'glowing tent'],
  ['A tent by a lake at night, lamp lit', 'tent'],
  ['A lamp-lit tent in the forest', 'lamp-lit tent'],
  ['A tent with a lamp inside', 'tent'],
  ['Draw a tent', 'tent'],
  ['A unicorn in a meadow', 'unicorn'],
  ['Dragon guarding a castle', 'dragon'],
  ['Dragon guards a lighthouse', 'dragon'],
  ['Portrait of a dragon', 'dragon'],
  ['Emblem of a dragon', 'dragon'],
  ['Game character, goblin', 'goblin'],
  ['A red bicycle leaning on a wall', 'red bicycle'],
  ['Seamless pattern of bicycles', 'bicycles'],
  ['A guitar', 'guitar'],
  ['A helicopter over the city', 'helicopter'],
  ['A train crossing a bridge', 'train'],
  ['A tractor in a wheat field', 'tractor'],
  ['I want a picture of a tractor', 'tractor'],
  ['A pizza', 'pizza'],
  ['A hot dog', 'hot dog'],
  ['A dog bowl', 'dog bowl'],
  ['A dog collar', 'dog collar'],
  ['A fish tank', 'fish tank'],
  ['A tree stump', 'tree stump'],
  ['A fire truck on a street', 'fire truck'],
  ['Robot vacuum', 'robot vacuum'],
  ['A frog on a leaf', 'frog'],
  ['A seahorse', 'seahorse'],
  ['A piano in a living room', 'piano'],
  ['A windmill', 'windmill'],
  ['A castle on a hill', 'castle'],
  ['A straw hat', 'straw hat'],
  ['A wooden table', 'wooden table'],
  ['A chest of drawers', 'chest of drawers'],
  ['An apple pie', 'apple pie'],
  ['A strawberry cake stand', 'strawberry cake stand'],
  ['A diamond ring', 'diamond ring'],
  ['A rocket', 'rocket'],
  ['Horses running on a beach', 'horses'],
  ['Art nouveau, flowing lines. A crown', 'crown'],
  ['Bicycle, a sofa and a lamp', 'bicycle'],
  ['butterfly', 'butterfly'],
  ['octopus', 'octopus'],
  ['qwertz', 'qwertz'],
  ['дракон', 'дракон'],
  ['皇冠', '皇冠'],
  ['一顶金色的皇冠，游戏道具', '皇冠'],
  ['一颗炸弹', '炸弹'],
  ['森林里的帐篷', '帐篷'],
  ['一匹马在草地上奔跑', '马'],
  ['长颈鹿', '长颈鹿'],
  ['一只老虎', '老虎'],
  ['一座风车在田野上', '风车'],
  ['A sailing dinghy model', 'sailing dinghy'],
  ['A treasure map', 'treasure map'],
  ['A ceramic teapot on a table', 'ceramic teapot'],
  ['Cyberpunk motorcycle at night in the rain', 'cyberpunk motorcycle'],
  ['松鼠', '松鼠'],
  ['望远镜，游戏道具', '望远镜'],
  ['红色的拖拉机停在田野里', '拖拉机'],
]

/** Prompts about things that the painter can draw, in sentences of many kinds. */
const KNOWN: readonly (readonly [string, string])[] = [
  ['A coral vase', 'vase'],
  ['A peach vase on a table', 'vase'],
  ['coral reef with fish', 'underwater'],
  ['Bomb disposal robot', 'robot'],
  ['A cat mug', 'mug'],
  ['A mountain view at dawn', 'mountain'],
  ['A view over a lake', 'lake'],
  ['A bowl of noodles', 'food'],
  ['a fox runs', 'fox'],
  ['hill 12, misty', 'mountain'],
  ['The old lighthouse stands by the sea', 'lighthouse'],
  ['Shot on Kodak film. A fox in a forest', 'fox'],
  ['Professional product photograph. A red ceramic mug with a matt glaze', 'mug'],
  ['Interior visualisation, wide-angle lens at eye level. A living room', 'room'],
  ['Hero image of a mountain lake', 'lake'],
  ['Beautiful, detailed fox', 'fox'],
  ['Portrait of a cat', 'cat'],
  ['Another version of the same picture. A knight in blue armour', 'knight'],
  ['A clearing in an old forest at dusk, a stream', 'forest'],
  ['A 3D render of a sofa', 'sofa'],
  ['珊瑚色花瓶', 'vase'],
  ['海边的灯塔，黎明', 'lighthouse'],
  ['红色的杯子放在桌上', 'mug'],
  ['写实风格，一只狐狸', 'fox'],
  ['国风插画，一座灯塔', 'lighthouse'],
  ['晕染，纸感。一只红色的杯子', 'mug'],
  ['卡通风格，一只狐狸', 'fox'],
  ['Cartoon, clean outlines, friendly shapes. A red mug on a table', 'mug'],
  ['Pixel art, no smoothing. A lighthouse', 'lighthouse'],
]

describe('readScene', () => {
  it.each(UNKNOWN)('says that %j is about something unknown', (prompt, words) => {
    expect(readScene(prompt)).toMatchObject({ kind: 'unknown', unknown: words })
  })

  it.each(KNOWN)('reads that %j is about something known', (prompt, noun) => {
    const scene = readScene(prompt)
    expect(scene.unknown).toBeNull()
    expect(scene.things[0]?.name).toBe(noun)
  })

  it('reads a colour before a thing as its colour alone', () => {
    const scene = readScene('A coral vase')
    expect(has(scene, 'underwater')).toBe(false)
    expect(scene.things).toEqual([{ name: 'vase', color: '#f47c63' }])
  })

  it.each(['Logo for a bicycle shop', 'Portrait of Ana', 'Blue and calm', 'Summer', 'Sunset'])(
    'does not need to know every word of %j',
    (prompt) => {
      expect(readScene(prompt).unknown).toBeNull()
    },
  )
})
