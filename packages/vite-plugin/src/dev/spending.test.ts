import { expect, it } from 'vitest'
import { spend } from './spending.ts'

it('gives work of one manifest its turn, and what is left of the sum', async () => {
  const lefts: number[] = []
  const pay = (usd: number) => async (left: number, tell: (usd: number) => void) => {
    lefts.push(left)
    await Promise.resolve()
    tell(usd / 2)
    tell(usd)
  }
  await Promise.all([
    spend('/a/images.yaml', 1, pay(0.25)),
    spend('/a/images.yaml', 1, pay(1)),
    spend('/a/images.yaml', 1, pay(0)),
    spend('/b/images.yaml', 1, pay(0.5)),
  ])
  expect(lefts.toSorted()).toEqual([0, 0.75, 1, 1])
})

it('goes on after work that failed, and remembers what it spent', async () => {
  const failing = spend('/c/images.yaml', 1, (_, tell) => {
    tell(0.5)
    return Promise.reject(new Error('broken'))
  })
  await expect(failing).rejects.toThrow('broken')
  await spend('/c/images.yaml', 1, (left) => Promise.resolve(expect(left).toBe(0.5)))
})
