import { expect, it } from 'vitest'
import { spend } from './spending.ts'

it('runs work on one manifest in turn, each with the remaining sum', async () => {
  const remaining: number[] = []
  const pay = (usd: number) => async (remainingUsd: number, report: (usd: number) => void) => {
    remaining.push(remainingUsd)
    await Promise.resolve()
    report(usd / 2)
    report(usd)
  }
  await Promise.all([
    spend({ manifest: '/a/images.yaml', maxUsd: 1, work: pay(0.25) }),
    spend({ manifest: '/a/images.yaml', maxUsd: 1, work: pay(1) }),
    spend({ manifest: '/a/images.yaml', maxUsd: 1, work: pay(0) }),
    spend({ manifest: '/b/images.yaml', maxUsd: 1, work: pay(0.5) }),
  ])
  expect(remaining.toSorted()).toEqual([0, 0.75, 1, 1])
})

it('continues after work that failed, and counts what it spent', async () => {
  const failing = spend({
    manifest: '/c/images.yaml',
    maxUsd: 1,
    work(_, report) {
      report(0.5)
      return Promise.reject(new Error('broken'))
    },
  })
  await expect(failing).rejects.toThrow('broken')
  await spend({
    manifest: '/c/images.yaml',
    maxUsd: 1,
    work: (remainingUsd) => Promise.resolve(expect(remainingUsd).toBe(0.5)),
  })
})
