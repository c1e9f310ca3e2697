import { describe, expect, it } from 'vitest'
import type { ToServer } from '../../protocol.ts'
import { CallFailure } from './connection.ts'
import { createReplies } from './replies.ts'

describe('createReplies', () => {
  it('resolves the call that a reply is for, in any order', async () => {
    const replies = createReplies()
    const sent: ToServer[] = []
    const first = replies.call('costs', {}, (message) => sent.push(message))
    const second = replies.call('price', { names: null, force: false }, (message) =>
      sent.push(message),
    )
    expect(sent.map(({ call }) => call)).toEqual(['costs', 'price'])
    expect(sent[0]!.id).not.toBe(sent[1]!.id)
    const price = { pictures: 1, usd: 2, refusal: null }
    replies.receive({ type: 'reply', id: sent[1]!.id, output: price })
    replies.receive({ type: 'reply', id: 999, output: price })
    replies.receive({ type: 'reply', id: sent[0]!.id, output: {} })
    expect(await second).toEqual(price)
    expect(await first).toEqual({})
  })

  it('rejects with the words of the server, and when the connection is lost', async () => {
    const replies = createReplies()
    const refused = replies.call('stop', {}, ({ id }) =>
      queueMicrotask(() =>
        replies.receive({
          type: 'reply',
          id,
          error: { code: 'NO', message: 'No run.', hint: 'Wait.' },
        }),
      ),
    )
    await expect(refused).rejects.toMatchObject({ message: 'No run.', hint: 'Wait.', code: 'NO' })
    const lost = replies.call('stop', {}, () => undefined)
    replies.fail({ code: 'DISCONNECTED', message: 'Gone.', hint: 'Start it again.' })
    await expect(lost).rejects.toBeInstanceOf(CallFailure)
  })

  it('passes events on until a listener leaves', () => {
    const replies = createReplies()
    const heard: string[] = []
    const stop = replies.listen(({ type }) => heard.push(type))
    replies.receive({ type: 'run', run: null })
    stop()
    replies.receive({ type: 'run', run: null })
    expect(heard).toEqual(['run'])
  })
})
