import { describe, expect, it } from 'vitest'
import { readSteps } from './read-steps.ts'

describe('readSteps', () => {
  it.each([
    [
      'How to brew:\n1. Grind the beans\n2. Pour water\n3. Serve. Flat vector illustration',
      ['Grind the beans', 'Pour water', 'Serve'],
    ],
    [
      'Step 1: Open the app, step 2: Take a photo, step 3: Share it',
      ['Open the app', 'Take a photo', 'Share it'],
    ],
    ['A guide in three steps: plan, build and ship', ['plan', 'build', 'ship']],
    ['Diagram: seed → sprout → tree', ['seed', 'sprout', 'tree']],
    [
      'First wash the rice, then boil it, finally serve it',
      ['wash the rice', 'boil it', 'serve it'],
    ],
    ['Étapes : 1) Écraser l’ail 2) Ajouter la crème', ['Écraser l’ail', 'Ajouter la crème']],
    [
      '手冲咖啡的做法：\n1. 研磨咖啡豆\n2. 润湿滤纸\n3. 分享。 扁平矢量插画',
      ['研磨咖啡豆', '润湿滤纸', '分享'],
    ],
    ['第一步：打开应用，第二步：拍照，第三步：分享', ['打开应用', '拍照', '分享']],
    ['步骤：洗米、煮饭、盛盘', ['洗米', '煮饭', '盛盘']],
    ['三步泡茶：烧水、放茶、倒水', ['烧水', '放茶', '倒水']],
  ])('reads the steps of %j', (prompt, steps) => {
    expect(readSteps(prompt)).toEqual(steps)
  })

  it.each([
    ['Four steps to brew pour-over coffee', 4],
    ['A six-step guide to knitting', 6],
    ['Onboarding in 3 easy steps', 3],
    ['Infographic with 7 stages', 7],
    ['手冲咖啡的五个步骤', 5],
    ['三步教程', 3],
    ['Step diagram for beginners', 4],
    ['Diagram of 40 steps', 12],
  ])('reads the number of steps of %j', (prompt, count) => {
    expect(readSteps(prompt)).toEqual(Array.from({ length: count }, () => ''))
  })
})
