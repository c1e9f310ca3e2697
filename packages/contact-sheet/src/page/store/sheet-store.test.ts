import { signal } from '@preact/signals'
import { describe, expect, it } from 'vitest'
import type { RunView, Sheet } from '../../protocol.ts'
import type { Connection, ConnectionStatus, ServerEvent } from '../connection/connection.ts'
import { applyChange, createSheetStore } from './sheet-store.ts'
import { createAsset } from './testing.ts'

const rest: Omit<Sheet, 'assets'> = {
  project: 'p',
  manifest: 'images.yaml',
  canAct: true,
  mistakes: [],
  planUsd: 0,
  budget: { run: null, month: null, spentThisMonth: 0, devLeft: null },
  currency: null,
  version: '1',
}
const sheet: Sheet = { ...rest, assets: ['a', 'c', 'e'].map((name) => createAsset(name)) }
const change = (assets: string[], gone: string[]) =>
  applyChange(sheet, {
    type: 'changed',
    sheet: { ...rest, planUsd: 1 },
    assets: assets.map((name) => createAsset(name, { why: 'new' })),
    gone,
  })

describe('applyChange', () => {
  it.each([
    [['c'], [], ['a', 'c', 'e']],
    [['b', 'f'], [], ['a', 'b', 'c', 'e', 'f']],
    [[], ['a', 'unknown'], ['c', 'e']],
    [['d'], ['e'], ['a', 'c', 'd']],
  ])('merges %j and removes %j', (assets, gone, names) => {
    const changed = change(assets, gone)
    expect(changed.assets.map(({ name }) => name)).toEqual(names)
    expect(changed.planUsd).toBe(1)
    for (const { name, why } of changed.assets) expect(why).toBe(assets.includes(name) ? 'new' : '')
  })
})

describe('createSheetStore', () => {
  it('forgets a run that may have ended while the connection was lost, and reads the sheet', () => {
    const status = signal<ConnectionStatus>('open')
    const calls: string[] = []
    let send: (event: ServerEvent) => void
    const store = createSheetStore({
      host: 'ui',
      status,
      call: async (name) => {
        calls.push(name)
        return sheet as never
      },
      listen(listener) {
        send = listener
        return () => {}
      },
      urlOf: () => null,
    } satisfies Connection)
    const run = { usd: 1, assets: [] as RunView['assets'] } as RunView
    send!({ type: 'run', run })
    status.value = 'closed'
    expect(store.run.value).toBe(run)
    status.value = 'open'
    expect(store.run.value).toBe(null)
    expect(calls).toEqual(['sheet'])
    // The run still goes on: the server says so to every page that connects.
    send!({ type: 'run', run })
    expect(store.run.value).toBe(run)
  })
})
