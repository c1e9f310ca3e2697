import { expect, test } from 'vitest'
import { currentProcess, isAlive, machine, nameMachine } from './process.ts'

const boot = '1d3a0c1e-6b1b-4f0e-9a36-7f2f5c9d3a10'
const namespace = 'pid:[4026531836]'

test('keeps one name for all processes of a machine', () => {
  const facts = { host: 'ci', linux: { boot, namespace }, cards: [] }
  expect(nameMachine(facts)).toBe(nameMachine({ ...facts }))
  const mac = { host: 'ci', linux: undefined, cards: ['02:00:00:00:00:01'] }
  expect(nameMachine(mac)).toBe(nameMachine({ ...mac }))
  expect(machine()).toBe(machine())
  expect(currentProcess().machine).toBe(machine())
})

test.each([
  ['hosts with the same name', { boot: 'another', namespace }],
  ['containers of one host', { boot, namespace: 'pid:[4026532281]' }],
  ['containers of hosts that started them alike', { boot: 'another', namespace }],
])('tells %s apart', (_, linux) => {
  const name = nameMachine({ host: 'ci', linux: { boot, namespace }, cards: [] })
  expect(nameMachine({ host: 'ci', linux, cards: [] })).not.toBe(name)
})

test('tells computers with the same name apart by their network cards', () => {
  const name = (card: string): string =>
    nameMachine({ host: 'mac', linux: undefined, cards: [card] })
  expect(name('02:00:00:00:00:01')).not.toBe(name('02:00:00:00:00:02'))
})

test('counts each process as a machine of its own if the system does not tell', () => {
  const facts = { host: 'sandbox', linux: undefined, cards: [] }
  expect(nameMachine(facts)).not.toBe(nameMachine(facts))
})

test('knows a running process from an ended one and from one with the same pid', () => {
  const self = currentProcess()
  expect(isAlive(self)).toBe(true)
  expect(isAlive({ ...self, pid: 2 ** 22 + 1 })).toBe(false)
  if (self.born !== null) expect(isAlive({ ...self, born: '1' })).toBe(false)
})
