import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPictureLoads } from './picture-loads.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Loads of a grid that is 1000 px high. */
function testLoads() {
  let top = 0
  const loads = createPictureLoads()
  const loaded: string[] = []
  return {
    loads,
    loaded,
    wait: (name: string) => loads.wait(() => loaded.push(name)),
    scroll(by: number) {
      top += by
      loads.scrolled(top, 1000)
    },
    pass: (ms: number) => void vi.advanceTimersByTime(ms),
  }
}

test('loads pictures at once while the grid stands still', () => {
  const { wait, loaded, pass } = testLoads()
  wait('a')
  wait('b')
  pass(1)
  expect(loaded).toEqual(['a', 'b'])
})

test.each([
  ['a wheel that is turned fast', 400, 16],
  ['leaps of the scroll bar', 90_000, 80],
  ['upwards', -600, 50],
])('loads nothing that only scrolls by: %s', (_, by, ms) => {
  const { wait, loaded, scroll, pass } = testLoads()
  for (let step = 0; step < 100; step += 1) {
    scroll(by)
    const leave = wait(`${step}`)
    pass(ms)
    if (step < 99) leave()
  }
  expect(loaded).toEqual([])
  pass(400)
  expect(loaded).toEqual(['99'])
})

test.each([2, 20, 45])('loads pictures while a person scrolls %i px per frame', (by) => {
  const { wait, loaded, scroll, pass } = testLoads()
  for (let step = 0; step < 30; step += 1) {
    scroll(by)
    if (step % 5 === 0) wait(`${step}`)
    pass(16)
  }
  expect(loaded.length).toBeGreaterThan(4)
})

test('starts few pictures in one frame, the first ones first', () => {
  const { wait, loaded, pass } = testLoads()
  const names = Array.from({ length: 30 }, (_, index) => `${index}`)
  names.forEach(wait)
  pass(1)
  expect(loaded).toEqual(names.slice(0, 8))
  pass(100)
  expect(loaded).toEqual(names)
})

test('remembers what the browser has', () => {
  const { loads } = testLoads()
  loads.loaded('a')
  expect([loads.has('a'), loads.has('b')]).toEqual([true, false])
})
